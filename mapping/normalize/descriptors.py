"""Sex, race, ethnicity, colours and age, in the codes of NIBRS and NCIC that every agency can translate to.

`U` is an answer (an officer looked and could not tell); an empty field is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mapping.normalize.clean import known, squeeze
from mapping.normalize.contract import Normalize, Raw, Unreadable

AGE_PARTS = frozenset({"value", "unit", "min", "max"})

_UNKNOWN = {"U": "U", "UNKNOWN": "U", "UNK": "U", "UNKN": "U"}
_SEX = {
    **_UNKNOWN, "M": "M", "MALE": "M", "MAN": "M", "BOY": "M", "F": "F", "FEMALE": "F", "WOMAN": "F", "GIRL": "F",
    "X": "X", "NON-BINARY": "X", "NONBINARY": "X", "NON BINARY": "X",
}  # fmt: skip
_RACE = {
    **_UNKNOWN, "W": "W", "WHITE": "W", "CAUCASIAN": "W", "B": "B", "BLACK": "B", "AFRICAN AMERICAN": "B",
    "AFRICAN-AMERICAN": "B", "BLACK OR AFRICAN AMERICAN": "B", "BLACK/AFRICAN AMERICAN": "B", "I": "I",
    "AMERICAN INDIAN": "I", "NATIVE AMERICAN": "I", "ALASKA NATIVE": "I", "ALASKAN NATIVE": "I",
    "AMERICAN INDIAN OR ALASKA NATIVE": "I", "AMERICAN INDIAN/ALASKA NATIVE": "I",
    "AMERICAN INDIAN OR ALASKAN NATIVE": "I", "AMERICAN INDIAN/ALASKAN NATIVE": "I", "A": "A", "ASIAN": "A",
    "ORIENTAL": "A", "P": "P", "PACIFIC ISLANDER": "P", "NATIVE HAWAIIAN": "P", "HAWAIIAN": "P",
    "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": "P", "NATIVE HAWAIIAN OR PACIFIC ISLANDER": "P",
    "NATIVE HAWAIIAN/PACIFIC ISLANDER": "P", "NATIVE HAWAIIAN/OTHER PACIFIC ISLANDER": "P",
}  # fmt: skip
_ETHNICITY = {
    **_UNKNOWN, "H": "H", "HISPANIC": "H", "LATINO": "H", "LATINA": "H", "L": "H", "HISPANIC OR LATINO": "H",
    "HISPANIC/LATINO": "H", "HISPANIC ORIGIN": "H", "N": "N", "NOT HISPANIC": "N", "NON-HISPANIC": "N",
    "NON HISPANIC": "N", "NOT HISPANIC OR LATINO": "N", "NOT OF HISPANIC ORIGIN": "N", "NON-HISPANIC OR LATINO": "N",
    "NOT HISPANIC/LATINO": "N",
}  # fmt: skip
_COLORS = {
    "BLK": "BLK", "BLACK": "BLK", "BLU": "BLU", "BLUE": "BLU", "BRO": "BRO", "BRN": "BRO", "BROWN": "BRO", "GRN": "GRN",
    "GREEN": "GRN", "GRY": "GRY", "GRAY": "GRY", "GREY": "GRY", "PNK": "PNK", "PINK": "PNK", "XXX": "", "UNK": "",
}  # fmt: skip
_EYES = {**_COLORS, "HAZ": "HAZ", "HAZEL": "HAZ", "HZL": "HAZ", "MAR": "MAR", "MAROON": "MAR", "MUL": "MUL",
         "MULTICOLORED": "MUL", "MULTI-COLORED": "MUL", "MULTICOLOR": "MUL"}  # fmt: skip
_HAIR = {
    **_COLORS, "BAL": "BAL", "BLD": "BAL", "BALD": "BAL", "BLN": "BLN", "BLO": "BLN", "BLOND": "BLN", "BLONDE": "BLN",
    "STRAWBERRY": "BLN", "BLOND OR STRAWBERRY": "BLN", "BLONDE OR STRAWBERRY": "BLN", "ONG": "ONG", "ORANGE": "ONG",
    "PLE": "PLE", "PURPLE": "PLE", "RED": "RED", "AUBURN": "RED", "RED OR AUBURN": "RED", "SDY": "SDY", "SANDY": "SDY",
    "WHI": "WHI", "WHITE": "WHI", "GRAY OR PARTIALLY GRAY": "GRY",
}  # fmt: skip

_OLDEST = 125
_INFANTS = frozenset({"NN", "NB", "BB", "BABY", "NEWBORN", "INFANT"})
"""NIBRS: NN is under a day, NB under a week, BB under a year."""
_YEARS = frozenset({"", "Y", "YR", "YRS", "YO", "Y/O", "YOA", "YEAR", "YEARS", "ANN", "YEARS OLD", "YRS OLD", "YR OLD"})
_PARTS_OF_YEAR = {
    "MO": 12, "MOS": 12, "MON": 12, "MONTH": 12, "MONTHS": 12, "M": 12, "WK": 52, "WKS": 52, "WEEK": 52, "WEEKS": 52,
    "WEE": 52, "DY": 365, "DAY": 365, "DAYS": 365, "D": 365, "HR": 8760, "HUR": 8760, "HOUR": 8760, "HOURS": 8760,
}  # fmt: skip
_AGE = re.compile(r"(\d{1,3})(?:\.\d{0,3})?\s*([a-z/ ]*)", re.IGNORECASE | re.ASCII)
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|\u2013|to|/)\s*(\d{1,3})\s*([a-z/ ]*)", re.IGNORECASE | re.ASCII)
_OLD = re.compile(r"\s*old\b", re.IGNORECASE)


def sex() -> Normalize:
    """M, F, X or U."""
    return _coded(_SEX, "sex")


def race() -> Normalize:
    """W, B, I, A, P or U. `H` is an ethnicity and is left unread here."""
    return _coded(_RACE, "race")


def ethnicity() -> Normalize:
    """H, N or U."""
    return _coded(_ETHNICITY, "ethnicity")


def eye_color() -> Normalize:
    """NCIC's three-letter code."""
    return _coded(_EYES, "eye color")


def hair_color() -> Normalize:
    """NCIC's three-letter code, and BAL."""
    return _coded(_HAIR, "hair color")


def age() -> Normalize:
    """Whole years, or {min, max}; infants are 0, and NIBRS's 00 says nothing."""
    return read_age


def read_age(raw: Raw) -> int | dict[str, int] | None:
    """Years or a range, None where the source says nothing; raises Unreadable."""
    value, unit = (raw, "") if isinstance(raw, str) else (_span(raw), raw.get("unit") or "")
    found = _age(value, unit)
    return {"min": found[0], "max": found[1]} if isinstance(found, tuple) else found


def _span(parts: Mapping[str, str]) -> str:
    least, most = parts.get("min"), parts.get("max")
    return parts.get("value") or (f"{least}-{most}" if least and most else least or most or "")


@lru_cache(maxsize=1_024)
def _age(raw: str, unit: str) -> int | tuple[int, int] | None:
    text = known(raw)
    if not text or text == "00":
        return None
    if text.upper() in _INFANTS:
        return 0
    if match := _RANGE.fullmatch(text):
        least, most = sorted((_years(match[1], match[3] or unit), _years(match[2], match[3] or unit)))
        return least if least == most else (least, most)
    match = _AGE.fullmatch(text)
    if match is None:
        raise Unreadable("not an age")
    return _years(match[1], match[2] or unit)


def _years(digits: str, unit: str) -> int:
    name = " ".join(_OLD.sub("", known(unit)).upper().replace(".", "").split())
    if name in _YEARS:
        years = int(digits)
    elif name in _PARTS_OF_YEAR:
        years = int(digits) // _PARTS_OF_YEAR[name]
    else:
        raise Unreadable("not a unit of age")
    if years > _OLDEST:
        raise Unreadable("no age of a person")
    return years


def _coded(table: Mapping[str, str], what: str) -> Normalize:
    message = f"not a code or word for {what}"

    def normalize(raw: str) -> Any:
        code = table.get(raw)
        if code is None:
            text = squeeze(raw)
            code = table.get(text.upper())
            if code is None:
                if not known(text):
                    return None
                raise Unreadable(message)
        return code or None

    return normalize
