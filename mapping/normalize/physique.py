"""Height and weight, from NCIC's three digits to `5'10"`, in whole centimetres and kilograms.

A range or a unit that nobody can mean for a body is left unread rather than averaged or guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Raw, Unreadable

PARTS = frozenset({"value", "unit"})

_INCH, _FOOT, _POUND = 2.54, 30.48, 0.45359237
_INCHES_OF_FOOT = 12
_SHORTEST, _TALLEST = 20, 260
_LIGHTEST, _HEAVIEST = 1, 500
_NCIC_SHORTEST, _NCIC_TALLEST = 3, 8
_MOST_INCHES = 99
_LENGTHS = {
    "IN": _INCH, "INH": _INCH, "INCH": _INCH, "INCHES": _INCH, '"': _INCH, "FT": _FOOT, "FOT": _FOOT, "FOOT": _FOOT,
    "FEET": _FOOT, "'": _FOOT, "CM": 1.0, "CMT": 1.0, "CMS": 1.0, "M": 100.0, "MTR": 100.0, "METER": 100.0,
    "METERS": 100.0, "MM": 0.1, "MMT": 0.1,
}  # fmt: skip
"""Centimetres by unit; the three-letter codes are UN/CEFACT's, which NIEM uses."""
_WEIGHTS = {
    "LB": _POUND, "LBS": _POUND, "LBR": _POUND, "POUND": _POUND, "POUNDS": _POUND, "#": _POUND, "KG": 1.0, "KGS": 1.0,
    "KGM": 1.0, "KILO": 1.0, "KILOS": 1.0, "KILOGRAM": 1.0, "KILOGRAMS": 1.0,
}  # fmt: skip
_FEET_AND_INCHES = frozenset({"FT-IN", "FT/IN", "FTIN", "FT IN", "FT. IN"})
_FEET = re.compile(
    r"([1-8])\s*(?:['\u2019`\u00b4]|-|ft\.?\s|ft\.?|feet\s?|foot\s?)\s*(?:(\d{1,2}(?:\.\d|\s?1/2)?)\s*(?:\"|''|\u201d|in\.?|inches)?)?",
    re.IGNORECASE | re.ASCII,
)
_PLAIN = re.compile(r"(\d{1,4}(?:\.\d{0,4})?)\s*([a-z\"'#.]*)", re.IGNORECASE | re.ASCII)
_MAYBE_INCHES = re.compile(r"\d\.(?:0\d|10|11)")
"""Feet and hundredths, or feet and inches behind a period: `5.11`."""


def height() -> Normalize:
    """A body height as {cm}; three digits without a unit are NCIC's feet and inches (`510`), two are inches."""
    return read_height


def weight() -> Normalize:
    """A body weight as {kg}; without a unit, pounds."""
    return read_weight


def read_height(raw: Raw) -> dict[str, int] | None:
    """{cm}, None where the source says nothing; raises Unreadable."""
    cm = _height(*_value_and_unit(raw))
    return None if cm is None else {"cm": cm}


def read_weight(raw: Raw) -> dict[str, int] | None:
    """{kg}, None where the source says nothing; raises Unreadable."""
    kg = _weight(*_value_and_unit(raw))
    return None if kg is None else {"kg": kg}


def _value_and_unit(raw: Raw) -> tuple[str, str]:
    if not isinstance(raw, str):
        return raw.get("value") or "", raw.get("unit") or ""
    return raw, ""


@lru_cache(maxsize=4_096)
def _height(raw: str, unit: str) -> int | None:
    text, unit = known(raw), _unit(unit)
    if not text.strip("0"):
        return None
    if match := _FEET.fullmatch(text):
        inches = (match[2] or "0").replace(" 1/2", ".5").replace("1/2", ".5")
        return _within((float(match[1]) * _INCHES_OF_FOOT + float(inches)) * _INCH, _SHORTEST, _TALLEST, "height")
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise Unreadable("not a height")
    unit = _unit(match[2]) or unit
    if unit in _LENGTHS:
        if _LENGTHS[unit] == _FOOT and _MAYBE_INCHES.fullmatch(match[1]):
            raise Unreadable("feet with hundredths, or inches")
        return _within(float(match[1]) * _LENGTHS[unit], _SHORTEST, _TALLEST, "height")
    if unit and unit not in _FEET_AND_INCHES:
        raise Unreadable("not a unit of height")
    return _bare_height(match[1])


def _bare_height(digits: str) -> int:
    """A number without unit: 510 is 5'10", 70 is inches, 178 can only be centimetres."""
    value = float(digits)
    feet, inches = divmod(value, 100)
    if _NCIC_SHORTEST <= feet <= _NCIC_TALLEST and inches < _INCHES_OF_FOOT and "." not in digits:
        return _within((feet * _INCHES_OF_FOOT + inches) * _INCH, _SHORTEST, _TALLEST, "height")
    return _within(value * (_INCH if value <= _MOST_INCHES else 1.0), _SHORTEST, _TALLEST, "height")


@lru_cache(maxsize=4_096)
def _weight(raw: str, unit: str) -> int | None:
    text, unit = known(raw), _unit(unit)
    if not text.strip("0"):
        return None
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise Unreadable("not a weight")
    unit = _unit(match[2]) or unit or "LB"
    if unit not in _WEIGHTS:
        raise Unreadable("not a unit of weight")
    return _within(float(match[1]) * _WEIGHTS[unit], _LIGHTEST, _HEAVIEST, "weight")


def _unit(raw: str) -> str:
    return known(raw).upper().rstrip(".")


def _within(value: float, least: int, most: int, what: str) -> int:
    if not least <= value <= most:
        raise Unreadable(f"no {what} of a person")
    return round(value)
