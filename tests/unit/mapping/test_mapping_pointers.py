"""JSON Pointers: what a value says of its place leads to exactly that value in the stored body."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.readers.plain import JsonReader, Node, TableReader, _text, escape
from mapping.readers.port import PathError
from schemas.records import Quarantine
from tests.unit.mapping.making import json, mapped, where

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
ODD_NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"\\'), min_size=1, max_size=6)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8)
)


def objects(names: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    inner = st.recursive(
        SCALARS,
        lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(names, deeper, max_size=3),
        max_leaves=12,
    )
    return st.dictionaries(names, inner, max_size=4)


def follow(body: Any, pointer: str) -> Any:
    """RFC 6901, written apart from the reader."""
    value = body
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def paths(body: Any) -> list[str]:
    """Every path of plain steps that leads to something in a body, with `[*]` and with indices."""
    found: list[str] = []

    def walk(value: Any, path: str) -> None:
        if path:
            found.append(path)
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{path}.{key}" if path else key)
        elif isinstance(value, list) and path:
            for index, inner in enumerate(value):
                walk(inner, f"{path}[{index}]")
                walk(inner, f"{path}[*]")

    walk(body, "")
    return sorted(set(found))


@given(objects(NAMES), st.data())
def test_every_value_of_a_plain_path_is_where_it_says(body: dict[str, Any], data: st.DataObject) -> None:
    known = paths(body)
    if not known:
        return
    path = data.draw(st.sampled_from(known))
    reader = JsonReader()
    stored = orjson.loads(orjson.dumps(body))
    for text, pointer in reader.values(path)(reader.root(orjson.dumps(body), None)):
        assert _text(follow(stored, pointer)) == text


@given(objects(NAMES), st.data())
def test_every_item_of_a_plain_path_is_where_it_says_and_knows_what_it_stepped_from(
    body: dict[str, Any], data: st.DataObject
) -> None:
    known = paths(body)
    if not known:
        return
    reader = JsonReader()
    root = reader.root(orjson.dumps(body), None)
    for item in reader.items(data.draw(st.sampled_from(known)))(root):
        assert follow(root.value, item.pointer) is item.value
        assert item.parent is root


@given(st.dictionaries(ODD_NAMES, SCALARS, max_size=4))
def test_any_column_name_is_a_path_of_a_table(row: dict[str, Any]) -> None:
    reader = TableReader()
    root = reader.root(orjson.dumps(row), None)
    for column in row:
        for text, pointer in reader.values(column)(root):
            assert _text(follow(root.value, pointer)) == text


@given(st.dictionaries(ODD_NAMES, SCALARS, min_size=1, max_size=4))
def test_any_key_in_quotes_is_a_step_of_json(row: dict[str, Any]) -> None:
    reader = JsonReader()
    root = reader.root(orjson.dumps({"outer": row}), None)
    for key in row:
        assert reader.plain(f'outer."{key}"') == ("outer", key)
        for text, pointer in reader.values(f'outer."{key}"')(root):
            assert _text(follow(root.value, pointer)) == text


@given(st.text(st.characters(codec="utf-8"), max_size=8))
def test_an_escaped_key_is_one_step(key: str) -> None:
    assert follow({key: {"": 1}}, f"/{escape(key)}/") == 1


RICH = {
    "k": 1,
    "people": [
        {"id": 1, "kind": "x", "phones": [{"n": "313-555-0100"}]},
        {"id": 2, "kind": "y", "phones": [{"n": "313-555-0101"}, {"n": "313-555-0102"}]},
    ],
}


def test_items_that_a_filter_selects_keep_their_own_place() -> None:
    record = mapped(
        json("""
            entities:
              person:
                each: people[?kind=='y']
                type: Person
                key: id
                entities: {phone: {each: phones, type: Phone, properties: {number: n}}}
        """),
        RICH,
    )
    assert [mention.local for mention in record.mentions] == ["Person:2", "Phone:+13135550101", "Phone:+13135550102"]
    assert where(record, "Phone", "number") == ["/people/1/phones/0/n", "/people/1/phones/1/n"]


@pytest.mark.parametrize("path", ["people[].phones[]", "people[*].phones[?n] | []", "people[?kind].phones | []"])
def test_items_of_items_keep_their_own_place(path: str) -> None:
    reader = JsonReader()
    root = Node(RICH, "")
    items = reader.items(path)(root)
    assert [item.pointer for item in items] == ["/people/0/phones/0", "/people/1/phones/0", "/people/1/phones/1"]
    assert all(follow(RICH, item.pointer) is item.value for item in items)


def test_a_text_that_a_search_computes_points_at_its_item() -> None:
    reader = JsonReader()
    root = reader.items("people")(Node(RICH, ""))[1]
    assert reader.values("join('-', phones[*].n)")(root) == [("313-555-0101-313-555-0102", "/people/1")]
    assert [where for _, where in reader.values("phones[?n].n")(root)] == ["/people/1", "/people/1"]
    assert reader.values("{a: id}")(root) == []
    assert reader.values("nothing || id")(root) == [("2", "/people/1")]


def test_a_search_that_does_not_fit_the_record_quarantines_it_and_names_the_path() -> None:
    with pytest.raises(Quarantine) as caught:
        JsonReader().values("join('-', k)")(Node({"k": "SECRET"}, ""))
    assert caught.value.problem.path == "join('-', k)"
    assert "SECRET" not in str(caught.value.problem)


def test_a_path_that_is_no_jmespath_is_refused() -> None:
    with pytest.raises(PathError, match=r"'a\[' is not valid JMESPath"):
        JsonReader().values("a[")


@pytest.mark.parametrize(
    ("path", "body", "texts"),
    [
        ("a", {"a": ["x", " ", None, 1, True, 1.5, {"b": 1}, ["y"]]}, ["x", "1", "true", "1.5"]),
        ("a[1]", {"a": ["x", "y"]}, ["y"]),
        ("a[5]", {"a": ["x"]}, []),
        ("a[0]", {"a": "x"}, []),
        ("a[*]", {"a": "x"}, []),
        ("a.b", {"a": [{"b": 1}]}, []),
        ("a[*].b[*].c", {"a": [{"b": [{"c": 1}, {"c": 2}]}, {"b": [{"c": 3}]}]}, ["1", "2", "3"]),
        ("a[0][1]", {"a": [["x", "y"]]}, ["y"]),
        ("a[*][*]", {"a": [["x", "y"], ["z"]]}, ["x", "y", "z"]),
        ('"a b"', {"a b": "x"}, ["x"]),
        ("a.b.c", {"a": {"b": None}}, []),
        ("@", {"a": 1}, []),
    ],
)
def test_plain_paths_read_like_jmespath(path: str, body: Any, texts: list[str]) -> None:
    assert [text for text, _ in JsonReader().values(path)(Node(body, ""))] == texts


@pytest.mark.parametrize("body", [b"[1]", b"1", b"null", b'"x"', b"", b"{", b'{"a": NaN}', b"\xff", b"[" * 5000])
def test_a_body_that_is_no_json_object_goes_to_quarantine(body: bytes) -> None:
    with pytest.raises(Quarantine):
        JsonReader().root(body, None)
