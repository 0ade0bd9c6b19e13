"""YAML files: every key knows its line, a key given twice is refused, and a text means what it looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapping.yamlfile import nearest, parse_yaml, read_yaml
from schemas.records import BadConfiguration


def test_codes_that_older_yaml_turns_into_something_else_stay_texts() -> None:
    text = "a: NO\nb: 012\nc: 12:30\nd: 2024-01-02\ne: 1_000\nf: 0x1F\ng: =\nh: 1e3\n01: on\nON: Yes\n"
    assert parse_yaml(text, "x").data == {
        "a": "NO", "b": "012", "c": "12:30", "d": "2024-01-02", "e": "1_000", "f": "0x1F", "g": "=", "h": "1e3",
        "01": "on", "ON": "Yes",
    }  # fmt: skip


def test_plain_numbers_truths_and_nothing_are_what_they_are() -> None:
    text = "a: 12\nb: -1.5\nc: true\nd: false\ne: null\nf: ~\ng:\nh: 0\n"
    data = {"a": 12, "b": -1.5, "c": True, "d": False, "e": None, "f": None, "g": None, "h": 0}
    assert parse_yaml(text, "x").data == data


def test_a_number_that_no_database_holds_stays_a_text() -> None:
    assert parse_yaml("a: 99999999999999999999", "x").data == {"a": "99999999999999999999"}


def test_anchors_and_merges_work() -> None:
    assert parse_yaml("a: &x {q: 1}\nb: {<<: *x, r: 2}\nc: *x\n", "x").data == {
        "a": {"q": 1},
        "b": {"q": 1, "r": 2},
        "c": {"q": 1},
    }


def test_an_empty_file_is_an_empty_map() -> None:
    assert parse_yaml("# nothing\n", "x").data == {}


def test_a_place_that_is_not_there_has_the_line_of_what_is_above_it() -> None:
    file = parse_yaml("a:\n  b:\n    - c\n    - d: 1\n", "x.yaml")
    assert file.line(("a", "b", 1, "d")) == ("x.yaml", 4)
    assert file.line(("a", "b", 7, "z")) == ("x.yaml", 2)
    assert file.line(("q",)) == ("x.yaml", 1)
    assert str(file.error(("a", "b", 0), "bad")) == "x.yaml:3: a.b.0: bad"
    assert str(file.error((), "bad")) == "x.yaml:1: bad"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: {c: 1, c: 2}", 2, "the key 'c' stands twice in one map; take one away"),
        ("a: 1\n1: a\n'1': b", 3, "the key '1' stands twice"),
        ("a: 1\n b: 2", 2, "not valid YAML: mapping values are not allowed here"),
        ("a: 1\nb: !!python/object:os.system {}", 2, "not valid YAML: could not determine a constructor"),
        ("a: *nowhere", 1, "not valid YAML: found undefined alias"),
        ("? [a, b]\n: 1", 1, "a key must be a plain text"),
        ("a: &a [*a]", 1, "not valid YAML (RecursionError)"),
        ("a: 1\n---\nb: 2", 2, "but found another document"),
        ("\x00", 1, "not valid YAML (ReaderError)"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        parse_yaml(text, "x.yaml")
    assert str(caught.value).startswith(f"x.yaml:{line}: ")
    assert said in str(caught.value)


def test_aliases_that_multiply_are_stopped() -> None:
    laughs = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(BadConfiguration, match="says more than 100000 things"):
        parse_yaml("\n".join(laughs), "x.yaml")


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"there is no such file"):
        read_yaml(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"a: \xff")
    with pytest.raises(BadConfiguration, match=r"^shown\.yaml: this file cannot be read as UTF-8 text"):
        read_yaml(tmp_path / "latin.yaml", "shown.yaml")


def test_where_no_word_is_near_all_are_offered() -> None:
    assert nearest("zzz", ["b", "a"]) == "valid: a, b"
    assert nearest("propertis", ["properties", "a"]) == "did you mean 'properties'?"
