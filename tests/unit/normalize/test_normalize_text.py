"""Words, numbers and codes: what is blank, what is a placeholder, what is neither."""

from __future__ import annotations

import pytest

from mapping.normalize import Unreadable, bind

PLACEHOLDERS = [
    "", "  ", "UNKNOWN", "unknown", "Unk", "N/A", "NA", "NONE", "null", "-", "---", "?", "string", "Not Provided",
    "nc:TelephoneNumberFullID", "@sub_end_date@", "@SUB_QUAL_ID@", "${name}", "{{ name }}", "%s", "%NAME%",
]  # fmt: skip


@pytest.mark.parametrize("raw", PLACEHOLDERS)
@pytest.mark.parametrize(
    "name", ["text", "upper", "lower", "organization_name", "person_name", "plate", "vin", "email"]
)
def test_a_placeholder_says_nothing(name: str, raw: str) -> None:
    assert bind(name)(raw) is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("  Honolulu\n\t  PD ", "Honolulu PD"),
        ("a\x00b\x1fc", "a b c"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u00a0no\u00a0break ", "no break"),
        ("half \ud800 a character", "half \ufffd a character"),
        ("note:Called", "note:Called"),
        ("http://Site.example", "http://Site.example"),
        ("@home", "@home"),
        ("Unknown Ave", "Unknown Ave"),
        ("N", "N"),
    ],
)
def test_text_becomes_one_line_of_plain_words(raw: str, value: str) -> None:
    assert bind("text")(raw) == value


def test_a_field_may_have_placeholders_of_its_own() -> None:
    normalize = bind("text", {"placeholders": ["See Narrative"]})
    assert normalize("SEE NARRATIVE") is None
    assert normalize("see the narrative") == "see the narrative"
    assert normalize("") is None


def test_a_note_keeps_every_character() -> None:
    note = "  Line one\r\n\tline two \u00a0 \ufeff UNKNOWN  "
    assert bind("multiline")(note) == note
    assert bind("multiline")(" \n ") is None
    assert bind("multiline")(" N/A\n") is None


@pytest.mark.parametrize("raw", ["Name", "ORGANIZATION NAME", "Self Employed", "Agency"])
def test_a_form_s_word_for_an_organization_is_no_organization(raw: str) -> None:
    assert bind("organization_name")(raw) is None
    assert bind("organization_name")("Name Brand Motel") == "Name Brand Motel"


def test_capitals_and_small_letters() -> None:
    assert bind("upper")(" blu ford ") == "BLU FORD"
    assert bind("lower")(" BLU Ford ") == "blu ford"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12", 12),
        ("007", 7),
        ("1,234", 1234),
        ("24.0", 24),
        ("-5", -5),
        (" 3 ", 3),
        ("9" * 18, int("9" * 18)),
        ("UNK", None),
    ],
)
def test_whole_numbers(raw: str, value: int | None) -> None:
    assert bind("integer")(raw) == value


@pytest.mark.parametrize("raw", ["1.5", "12a", "1,23", "9" * 25, "9" * 19, "1_000", "\u00b2", "1e3"])
def test_what_is_no_whole_number_is_unreadable(raw: str) -> None:
    with pytest.raises(Unreadable):
        bind("integer")(raw)


@pytest.mark.parametrize(
    ("raw", "value"), [("1.5", 1.5), ("-.5", -0.5), ("1e5", 1e5), ("1,234.5", 1234.5), ("N/A", None)]
)
def test_numbers(raw: str, value: float | None) -> None:
    assert bind("number")(raw) == value


@pytest.mark.parametrize("raw", ["inf", "1e999", "1.2.3", "e5", "abc", "+"])
def test_what_is_no_finite_number_is_unreadable(raw: str) -> None:
    with pytest.raises(Unreadable):
        bind("number")(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("Y", True), ("yes", True), ("1", True), ("true", True), ("N", False), ("No", False), ("0", False), ("U", None)],
)
def test_yes_and_no(raw: str, value: bool | None) -> None:  # noqa: FBT001  # a table's column
    assert bind("boolean")(raw) is value


def test_neither_yes_nor_no_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="not a yes or no"):
        bind("boolean")("perhaps")


def test_a_table_of_codes_ignores_letter_case() -> None:
    normalize = bind("code", {"table": {"VIC": "victim", "NA": "none of it", 1: True}})
    assert normalize("VIC") == "victim"
    assert normalize(" vic ") == "victim"
    assert normalize("NA") == "none of it"  # the table knows better than our list of placeholders
    assert normalize("1") is True
    assert normalize("UNK") is None
    with pytest.raises(Unreadable, match="not in the table"):
        normalize("SUS")


def test_otherwise_answers_for_codes_that_the_table_lacks() -> None:
    normalize = bind("code", {"table": {"VIC": "victim"}, "otherwise": "other"})
    assert normalize("SUS") == "other"
    assert normalize("") is None
