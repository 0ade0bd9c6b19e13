"""What holds for every normalizer and every text: no crash, JSON in the schema's shape, and twice is once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize import NORMALIZERS, Unreadable, bind
from schemas.values import AgeRange, GeoPoint, Identifier, Length, Mass, Money, PersonName

BOUND = {name: bind(name, {"table": {"a": "b"}, "otherwise": "c"} if name == "code" else {}) for name in NORMALIZERS}
SHAPES: dict[str, Any] = {
    "person_name": PersonName, "length": Length, "mass": Mass, "identifier": Identifier, "money": Money,
    "geo": GeoPoint,
}  # fmt: skip
SEEDS = [
    "ROE, JANE A JR", "5/14/1995 10:00 PM", "(313) 555-0123 ext 4", "jane@example.com", "https://example.com/x?utm_a=1",
    "123 N Oak St Apt 4, Detroit, MI 48201", "1HGCM82633A004352", "5'10\"", "200 LBR", "$1,200.50", "20-25", "DXR 4471",
    "650-40-6401", "O'BRIEN-SMITH", "8.61673e+006", "03RD ST \\ HOLLISTER AVE", "37.7, -122.4", "@lil_red",
    "\u0130\u0131\u00df\u01c4",
]  # fmt: skip
TEXTS = (
    st.text(max_size=60)
    | st.sampled_from(SEEDS)
    | st.tuples(st.sampled_from(SEEDS), st.text(max_size=6), st.sampled_from(SEEDS)).map("".join)
    | st.tuples(st.sampled_from(SEEDS), st.integers(0, 30)).map(lambda pair: pair[0][: pair[1]])
    | st.text(alphabet="ABCabc019 .,-'\"/\\#@$:()[]+xX\u00e9\u0130\u1e9e\u0345\t\n", max_size=40)
)
SHAPELESS = {"code", "multiline"}


def normalized(name: str, raw: Any) -> Any:
    try:
        return BOUND[name](raw)
    except Unreadable:
        return None


def check_shape(name: str, value: Any) -> None:
    json.dumps(value)
    kind = NORMALIZERS[name].kind
    if value is None:
        return
    if kind in SHAPES:
        SHAPES[kind].model_validate(value)
    elif kind == "age" and isinstance(value, dict):
        AgeRange.model_validate(value)
    elif kind in {"text", "date", "email", "url"}:
        assert isinstance(value, str), name
        assert value, name


@given(raw=TEXTS)
def test_any_text_gives_json_of_the_declared_kind_or_is_unreadable(raw: str) -> None:
    for name in NORMALIZERS:
        check_shape(name, normalized(name, raw))


@given(raw=TEXTS)
def test_what_is_normal_stays_as_it_is(raw: str) -> None:
    for name in set(NORMALIZERS) - SHAPELESS:
        value = normalized(name, raw)
        if isinstance(value, str):
            assert BOUND[name](value) == value, name


@given(raw=TEXTS)
def test_a_note_is_never_altered(raw: str) -> None:
    assert BOUND["multiline"](raw) in {raw, None}


@given(texts=st.lists(TEXTS, min_size=13, max_size=13), kept=st.integers(0, 2**13 - 1))
def test_any_parts_give_json_of_the_declared_kind_or_are_unreadable(texts: list[str], kept: int) -> None:
    for name, normalizer in NORMALIZERS.items():
        names = sorted(normalizer.parts)
        if names:
            parts = {part: text for at, (part, text) in enumerate(zip(names, texts, strict=False)) if kept >> at & 1}
            check_shape(name, normalized(name, parts))


@given(raw=TEXTS)
def test_parts_of_names_and_addresses_read_again_are_the_same(raw: str) -> None:
    for name in ("person_name", "address"):
        once = normalized(name, raw)
        if once:
            again = normalized(name, once)
            assert again == once, name


def naughty_strings() -> list[str]:
    folder = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "bad-input" / "strings-blns"
    files = sorted(folder.glob("**/*.json")) if folder.is_dir() else []
    if not files:
        pytest.skip("the list of naughty strings is not beside the project")
    return [text for file in files for text in json.loads(file.read_text(encoding="utf-8")) if isinstance(text, str)]


def test_naughty_strings_break_nothing() -> None:
    strings = naughty_strings()
    assert len(strings) > 100
    for name in NORMALIZERS:
        for raw in strings:
            value = normalized(name, raw)
            json.dumps(value)
            if isinstance(value, str) and name not in SHAPELESS:
                assert BOUND[name](value) == value, name
