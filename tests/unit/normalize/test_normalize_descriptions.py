"""How people are described, in the codes of NIBRS and NCIC."""

from __future__ import annotations

from typing import Any

import pytest

from mapping.normalize import Unreadable, bind

HEIGHTS: list[tuple[Any, int | None]] = [
    ("510", 178), ("5'10\"", 178), ("5'10", 178), ("5' 10\"", 178), ("5-10", 178), ("5\u201910\u201d", 178),
    ("5 ft 10 in", 178),
    ("5ft10", 178), ("5 feet 10 inches", 178), ("70", 178), ("70 INH", 178), ("70 in.", 178), ('70"', 178),
    ("178", 178),
    ("178 cm", 178), ("1.78 m", 178), ("1780 mm", 178), ("600", 183), ("6'", 183), ("6'0", 183), ("5'7 1/2\"", 171),
    ("5.5 ft", 168), ("000", None), ("0", None), ("UNKNOWN", None), ("", None),
    ({"value": "70", "unit": "INH"}, 178), ({"value": "5'10\"", "unit": "ft-in"}, 178),
     ({"value": "178", "unit": "CMT"}, 178),
    ({"value": "70"}, 178), ({"value": "nc:MeasureText", "unit": "nc:MeasureUnitText"}, None), ({}, None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "cm"), HEIGHTS)
def test_a_height_in_centimetres(raw: Any, cm: int | None) -> None:
    assert bind("height")(raw) == (None if cm is None else {"cm": cm})


@pytest.mark.parametrize(
    "raw",
    ["5'8-5'10", "714", "tall", "5.11 ft", "5", "999", {"value": "68", "unit": "4H"}, {"value": "68", "unit": "me"}],
)
def test_a_range_or_a_riddle_is_no_height(raw: Any) -> None:
    with pytest.raises(Unreadable):
        bind("height")(raw)


WEIGHTS: list[tuple[Any, int | None]] = [
    ("200", 91), ("200 LBR", 91), ("185 lbs", 84), ("185lbs.", 84), ("90 kg", 90), ("153.3", 70), ("000", None),
    ("", None),
    ({"value": "90", "unit": "KGM"}, 90), ({"value": "200", "unit": "LBS"}, 91), ({"value": ""}, None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "kg"), WEIGHTS)
def test_a_weight_in_kilograms(raw: Any, kg: int | None) -> None:
    assert bind("weight")(raw) == (None if kg is None else {"kg": kg})


@pytest.mark.parametrize("raw", ["180-200", "heavy", "9999", "1", {"value": "90", "unit": "ONZ"}])
def test_a_range_or_a_riddle_is_no_weight(raw: Any) -> None:
    with pytest.raises(Unreadable):
        bind("weight")(raw)


CODES = [
    ("sex", "M", "M"), ("sex", "female", "F"), ("sex", "X", "X"), ("sex", "Unknown", "U"), ("sex", "NA", None),
    ("sex", "nc:PersonSexText", None), ("race", "W", "W"), ("race", " white ", "W"), ("race", "AFRICAN  AMERICAN", "B"),
    ("race", "American Indian or Alaska Native", "I"), ("race", "Asian", "A"), ("race", "Pacific Islander", "P"),
    ("race", "UNK", "U"), ("ethnicity", "H", "H"), ("ethnicity", "Latino", "H"), ("ethnicity", "Not Hispanic", "N"),
    ("ethnicity", "U", "U"), ("eye_color", "BLU", "BLU"), ("eye_color", "Brown", "BRO"), ("eye_color", "BRN", "BRO"),
    ("eye_color", "hazel", "HAZ"), ("eye_color", "XXX", None), ("hair_color", "Blonde", "BLN"),
    ("hair_color", "bald", "BAL"),
    ("hair_color", "Red or Auburn", "RED"), ("hair_color", "SDY", "SDY"), ("hair_color", "UNK", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw", "value"), CODES)
def test_words_and_codes_are_one_code(name: str, raw: str, value: str | None) -> None:
    assert bind(name)(raw) == value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("sex", "Sex"),
        ("race", "H"),
        ("race", "5"),
        ("ethnicity", "W"),
        ("eye_color", "Glass"),
        ("hair_color", "Shaggy"),
    ],
)
def test_a_word_outside_the_code_is_not_guessed_at(name: str, raw: str) -> None:
    with pytest.raises(Unreadable, match=name.replace("_", " ")):
        bind(name)(raw)


AGES: list[tuple[Any, Any]] = [
    ("24", 24), ("48.0", 48), ("0", 0), ("20-25", {"min": 20, "max": 25}), ("25 to 20", {"min": 20, "max": 25}),
    ("25-25", 25), ("BABY", 0), ("NB", 0), ("nn", 0), ("BB", 0), ("6 months", 0), ("18 MO", 1), ("3 yrs", 3),
    ("17 years old", 17), ("17 y/o", 17), ("99", 99), ("00", None), ("UNKNOWN", None), ("", None),
    ({"value": "30", "unit": "ANN"}, 30), ({"value": "8", "unit": "MON"}, 0), ({"value": "30"}, 30), ({}, None),
    ({"min": "20", "max": "25"}, {"min": 20, "max": 25}), ({"min": "20"}, 20), ({"max": "25"}, 25),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), AGES)
def test_an_age_in_years(raw: Any, value: Any) -> None:
    assert bind("age")(raw) == value


@pytest.mark.parametrize("raw", ["150", "adult", "-3", {"value": "30", "unit": "4H"}])
def test_what_is_no_age_is_unreadable(raw: Any) -> None:
    with pytest.raises(Unreadable):
        bind("age")(raw)
