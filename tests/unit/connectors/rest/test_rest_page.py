from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rest import RestConfig
from connectors.rest.answer import Answer, Transient
from connectors.rest.page import Page, PageReader
from schemas.ids import content_hash
from schemas.records import Stop

NST = Path(__file__).resolve().parents[4] / ".." / "shared" / "data" / "bad-input" / "json-nst" / "test_parsing"


def read(body: bytes, *, first: bool = True, **settings: Any) -> Page:
    config = RestConfig.model_validate({"url": "https://rms.example.gov", **settings})
    return PageReader(config).read(Answer(body, None), first=first)


def reasons(page: Page) -> list[str | None]:
    return [page.problems[place].reason if place in page.problems else None for place in range(len(page.records))]


def test_a_record_keeps_its_keys_in_their_order() -> None:
    page = read(b'{"data":{"items":[{"b":1,"a":"x"}]}}', records="data.items")
    assert page.bodies == [b'{"b":1,"a":"x"}']
    assert page.records == [{"b": 1, "a": "x"}]


@pytest.mark.parametrize(
    ("body", "records", "count"),
    [
        (b'[{"a":1},{"a":2}]', "@", 2),
        (b'\xef\xbb\xbf[{"a":1}]', "@", 1),
        (b'{"a":{"b":{"c":[{}]}}}', "a.b.c", 1),
        (b'{"items":[{"a":1},{"a":2}]}', "items[?a == `2`]", 1),
        (b'{"items":null}', "items", 0),
        (b'{"items":[]}', "items[*]", 0),
        (b'{"items":3}', "items[*]", 0),
    ],
)
def test_records_stand_where_the_settings_say(body: bytes, records: str, count: int) -> None:
    assert len(read(body, records=records).records) == count


@pytest.mark.parametrize(
    ("body", "records", "words"),
    [
        (b'{"itms":[]}', "items", "the nearest is `itms`"),
        (b"{}", "items", "the answer has no keys"),
        (b"[]", "items", "the answer is one list"),
        (b"5", "@", "finds one number"),
        (b"null", "@", "finds nothing"),
        (b'"text"', "@", "finds one text"),
    ],
)
def test_a_broken_contract_is_told_with_the_nearest_key(body: bytes, records: str, words: str) -> None:
    with pytest.raises(Stop, match=words):
        read(body, records=records)


def test_equal_keys_are_found_and_nothing_of_them_is_lost() -> None:
    page = read(b'{"x":1,"items":[{"a":1},{"b":{"a":1,"a":2,"a":3}}]}', records="items")
    assert reasons(page) == [None, "a key stands twice in one object"]
    assert page.problems[1].path == "/b/a"
    assert orjson.loads(page.bodies[1]) == {"b": {"a": 1, "a (2)": 2, "a (3)": 3}}


def test_equal_keys_in_the_envelope_are_not_a_records_fault() -> None:
    page = read(b'{"x":1,"x":2,"items":[{"a":1}]}', records="items")
    assert reasons(page) == [None]


def test_colons_in_texts_and_escapes_raise_no_false_alarm() -> None:
    page = read(b'[{"a":"b\\u003a: c"}, {"t" : "12:30"}]')
    assert reasons(page) == [None, None]
    assert page.bodies[0] == orjson.dumps({"a": "b:: c"})


def test_wide_numbers_keep_their_digits() -> None:
    page = read(b'[{"id":123456789012345678901234567890},{"big":1e300},{"n":-9223372036854775809}]')
    assert reasons(page) == [None, None, None]
    assert page.records[0]["id"] == 123456789012345678901234567890
    assert page.bodies[0] == b'{"id":123456789012345678901234567890}'
    assert page.bodies[2] == b'{"n":-9223372036854775809}'


@pytest.mark.parametrize(
    ("record", "reason", "path"),
    [
        (b'{"a":[1,NaN]}', "a number is not finite", "/a/1"),
        (b'{"a":-Infinity}', "a number is not finite", "/a"),
        (b'{"a":1e400}', "a number is not finite", "/a"),
        (b'{"a":"\\udfff"}', "a text is not valid Unicode", "/a"),
        (b'{"a":"\xff"}', "a text is not valid Unicode", "/a"),
        (b'{"\\ud800":1}', "a text is not valid Unicode", ""),
        (b"3", "record is not an object", ""),
        (b"[" * 300 + b"]" * 300, "record is not an object", ""),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "record is nested too deeply", ""),
    ],
)
def test_one_bad_record_leaves_its_neighbours_as_they_are(record: bytes, reason: str, path: str) -> None:
    good = b'{"n":1,"t":"\xc3\xa9"}'
    alone = read(b"[" + good + b"]")
    page = read(b"[" + good + b"," + record + b"," + good + b"]")
    assert reasons(page) == [None, reason, None]
    assert page.problems[1].path == path
    assert page.bodies[0] == page.bodies[2] == alone.bodies[0]
    assert page.bodies[1]


def test_nesting_without_end_is_told_not_crashed_on() -> None:
    with pytest.raises(Stop, match="nested too deeply"):
        read(b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize("body", [b'[{"a":1}', b"[,]", b"nul", b'{"a":1}}', "[]".encode("utf-16"), b"[1" + b"0" * 5000])
def test_what_is_no_json_may_have_been_cut_short(body: bytes) -> None:
    with pytest.raises(Transient, match="no JSON, or was cut short"):
        read(body)


@pytest.mark.skipif(not NST.is_dir(), reason="JSONTestSuite is not here")
def test_every_case_of_jsontestsuite_gets_the_right_answer_or_a_reason() -> None:
    seen = 0
    for path in sorted(NST.glob("*.json")):
        body = b'[{"v":' + path.read_bytes() + b"}]"
        try:
            page = read(body)
        except (Transient, Stop):
            outcome = "refused"
        else:
            outcome = "problem" if page.problems else "accepted"
        seen += 1
        if path.name.startswith("y_") and "duplicated" not in path.name:
            assert outcome == "accepted", path.name
        elif path.name.startswith("n_"):
            assert outcome != "accepted" or json.loads(body), path.name
            assert outcome in {"refused", "problem"}, path.name
    assert seen > 300


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.text(max_size=5), values, max_size=4), max_size=4), st.sampled_from([None, 1]))
def test_any_json_object_is_a_record_that_says_what_was_sent(records: list[dict[str, Any]], indent: int | None) -> None:
    text = json.dumps({"items": records, "more": {"x": ":"}}, indent=indent, ensure_ascii=bool(indent))
    if "\\ud" in text:
        text = json.dumps({"items": records, "more": {"x": ":"}}, ensure_ascii=False)
    try:
        body = text.encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair has tests of its own
    page = read(body, records="items")
    assert page.problems == {}
    assert [json.loads(text) for text in page.bodies] == records


@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers(), max_size=3), min_size=1, max_size=4))
def test_a_record_has_one_hash_whatever_its_neighbours_are(records: list[dict[str, int]]) -> None:
    alone = [content_hash(read(json.dumps([record]).encode()).bodies[0]) for record in records]
    beside = read(b"[" + json.dumps(records).encode()[1:-1] + b',{"bad":NaN}]')
    assert [content_hash(body) for body in beside.bodies[:-1]] == alone


def test_a_function_that_meets_what_it_does_not_take_finds_nothing() -> None:
    assert read(b'{"items":[{"a":1}]}', records="items[?starts_with(a, 'x')]").records == []


@pytest.mark.parametrize("ok", [None, 0, "done"])
def test_an_envelope_says_success_by_the_value_that_is_configured(ok: Any) -> None:
    settings: dict[str, Any] = {"records": "items", "envelope_error": {"path": "status", "ok": ok}}
    assert read(orjson.dumps({"items": [{}], "status": ok}), **settings).records == [{}]
    for other in (False, "failed", 0.0):
        with pytest.raises(Transient, match="says that it is an error"):
            read(orjson.dumps({"items": [{}], "status": other}), **settings)


def test_a_page_cut_anywhere_is_asked_for_again_and_never_believed() -> None:
    whole = orjson.dumps({"data": {"items": [{"n": number, "t": "é" * 20} for number in range(20)]}, "success": True})
    assert len(read(whole, records="data.items").records) == 20
    for percent in range(100):
        with pytest.raises(Transient):
            read(whole[: len(whole) * percent // 100], records="data.items")
