"""Dates with the precision that the source gave: 1995, 1995-05, 1995-05-14. Nothing is filled in.

Numeric dates are read in the order that the mapping declares and in no other: a file read half one way and half the
other is worse than one that says `not a date` until its order is set.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Literal, NamedTuple

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Unreadable
from mapping.normalize.word_list import words

Order = Literal["mdy", "dmy", "ymd"]

EVENT_PIVOT = 68
"""Two-digit years above it are 19xx, as POSIX has it."""
BIRTH_PIVOT = 30
"""People are older than events: `31` is 1931. Declare `today` or `century_pivot` where that is wrong."""

_ISO_LENGTH = 10
_STAMP_AT = 10
_LONGEST = 64
_MONTHS, _DAYS, _LAST_YEAR = 12, 31, 9999
_FIRST_PLAUSIBLE, _LAST_PLAUSIBLE = 1800, 2199
_TWO_DIGITS = 2
NEVER = frozenset({"0001-01-01", "9999-12-31", "9999-01-01"})
_NO_BIRTH = words(
    "1900-01-01 1900 1901-01-01 1800-01-01 1753-01-01 1111-11-11 1899-12-30 1899-12-31 1900-01 9999 2999-12-31"
)
_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = {name: number for number, name in enumerate(_NAMES, 1)}
_FULL_MONTHS = words("january february march april june july august september sept october november december")

_MONTH_WORD = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_HEADS = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?:(?P=sep)(?P<d>\d{1,2}))?(?![\d/.])",
        r"(?P<a>\d{1,2})(?P<sep>[-/. ])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{4}|\d{2})(?!\d)",
        r"(?P<eight>\d{8})(?=$|\D|\d{4}(?:\d{2})?(?!\d))",
        rf"(?:[a-z]{{3,9}}\.?,?\s+)?{_MONTH_WORD}[\s-]+{_DAY},?[\s-]+(?P<year>\d{{4}})(?!\d)",
        rf"(?:[a-z]{{3,9}}\.?,?\s+)?{_DAY}[\s-]*(?:of\s+)?{_MONTH_WORD},?[\s-]*(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        rf"{_MONTH_WORD},?[\s-]+(?P<year>\d{{4}})$",
        r"(?P<m>\d{1,2})[-/](?P<y>\d{4})$",
        r"(?P<six>\d{6})$",
        r"(?P<y>\d{4})$",
    )
)

_fromisoformat = dt.date.fromisoformat


class Head(NamedTuple):
    """The date at the start of a text, and where it ends."""

    date: str | None
    end: int


def date(*, order: Order = "mdy", century_pivot: int = EVENT_PIVOT) -> Normalize:
    """ISO date; a time of day behind it is left to `datetime`."""
    _check_pivot(century_pivot)
    month_first = order == "mdy"

    def normalize(raw: str) -> str | None:
        if len(raw) == _ISO_LENGTH:
            iso = raw
            if month_first and raw[2] == "/" == raw[5]:
                iso = f"{raw[6:]}-{raw[:2]}-{raw[3:5]}"
            if iso[4] == "-" == iso[7]:
                try:
                    _fromisoformat(iso)
                except ValueError:
                    pass  # 2014-00-00 and others that want a closer look
                else:
                    return None if iso in NEVER else iso
        return read_date(raw, order, century_pivot)

    return normalize


def birth_date(
    *, order: Order = "mdy", century_pivot: int | None = None, today: dt.date | str | None = None
) -> Normalize:
    """ISO date of a birth: system defaults such as 1900-01-01 say nothing; none lies after `today` if that is given."""
    limit = None if today is None else today if isinstance(today, str) else today.isoformat()
    if limit is not None and iso_day(limit) is None:
        raise ValueError("today: an ISO date is needed, such as 2024-05-14")
    pivot = century_pivot
    if pivot is None:
        pivot = int(limit[2:4]) if limit else BIRTH_PIVOT
    plain = date(order=order, century_pivot=pivot)

    def normalize(raw: str) -> str | None:
        value = plain(raw)
        if value is None or value in _NO_BIRTH:
            return None
        if limit is not None and value > limit:  # type: ignore[operator]  # `date` yields text
            raise Unreadable("a birth date in the future")
        return value  # type: ignore[return-value]  # the same

    return normalize


@lru_cache(maxsize=16_384)
def read_date(raw: str, order: Order, pivot: int) -> str | None:
    """The ISO date at the start of a text, None where it says nothing; raises Unreadable."""
    text = known(raw)
    if not text:
        return None
    head = read_head(text, order, pivot)
    if head is None or not _only_time(text[head.end :]):
        raise Unreadable("not a date" if order == "mdy" else f"not a date in {order} order")
    return head.date


def read_head(text: str, order: Order, pivot: int) -> Head | None:
    """The date with which a text begins: a real day of the calendar, or None as its date where it is all zeros."""
    if len(text) > _LONGEST:
        return None
    for pattern in _HEADS:
        match = pattern.match(text)
        if match is None:
            continue
        numbers = _numbers(match.groupdict(), order, pivot)
        if numbers is None:
            continue
        if not any(numbers) or _all_nines(match):
            return Head(None, match.end())
        iso = iso_date(*numbers)
        if iso is not None:
            return Head(None if iso in NEVER else iso, match.end())
    return None


def iso_day(text: str) -> str | None:
    """The text if it is a whole ISO date, else None."""
    try:
        return _fromisoformat(text).isoformat() if len(text) == _ISO_LENGTH else None
    except ValueError:
        return None


def iso_date(year: int, month: int, day: int) -> str | None:
    """ISO text of a date whose unknown parts are 0; None if the calendar has no such day."""
    if not 1 <= year <= _LAST_YEAR or not 0 <= month <= _MONTHS or not 0 <= day <= _DAYS or (day and not month):
        return None
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


_TIME_TAIL = re.compile(
    r"(?:[T,\s@]*(?:at\s+)?[\d:.,]*\s*(?:[ap]\.?\s?m\.?)?\s*(?:hrs?\.?|hours)?\s*[A-Z]{0,4}[-+\d:]*)", re.IGNORECASE
)


def _only_time(rest: str) -> bool:
    return not rest or _TIME_TAIL.fullmatch(rest) is not None


def _all_nines(match: re.Match[str]) -> bool:
    return not match.group().strip("9/-. ")


def _numbers(found: dict[str, str | None], order: Order, pivot: int) -> tuple[int, int, int] | None:
    """(year, month, day) of a match; 0 for what is not given, None if this form does not fit after all."""
    if word := found.get("month"):
        month = _month(word.lower())
        return None if month is None else (_year(found["year"] or "", pivot), month, int(found.get("day") or 0))
    if eight := found.get("eight"):
        return _compact(eight, order)
    if six := found.get("six"):
        return _short(six, order, pivot)
    if first := found.get("a"):
        return _ordered(first, found["b"] or "", found["c"] or "", order, pivot)
    return int(found["y"] or 0), int(found.get("m") or 0), int(found.get("d") or 0)


def _month(word: str) -> int | None:
    number = _MONTH.get(word[:3])
    return number if number and (word in _MONTH or word in _FULL_MONTHS) else None


def _year(digits: str, pivot: int) -> int:
    year = int(digits)
    if len(digits) > _TWO_DIGITS:
        return year
    return year + (1900 if year > pivot else 2000)


def _ordered(first: str, second: str, third: str, order: Order, pivot: int) -> tuple[int, int, int] | None:
    if order == "ymd":
        return None if len(third) > _TWO_DIGITS else (_year(first.zfill(2), pivot), int(second), int(third))
    month, day = (first, second) if order == "mdy" else (second, first)
    if not int(month) and not int(day) and not int(third):
        return 0, 0, 0
    return _year(third, pivot), int(month), int(day)


def _compact(digits: str, order: Order) -> tuple[int, int, int] | None:
    """Eight digits: 20190713 in any order that is declared, else 07132019."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not year and not month and not day:
        return 0, 0, 0
    if _FIRST_PLAUSIBLE <= year <= _LAST_PLAUSIBLE and iso_date(year, month, day):
        return year, month, day
    if order == "ymd":
        return None
    one, two, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return (year, one, two) if order == "mdy" else (year, two, one)


def _short(digits: str, order: Order, pivot: int) -> tuple[int, int, int] | None:
    """Six digits: 010590 in the declared order, else 201905."""
    numbers = _ordered(digits[:2], digits[2:4], digits[4:], order, pivot)
    if numbers is not None and (not any(numbers) or iso_date(*numbers)):
        return numbers
    year, month = int(digits[:4]), int(digits[4:])
    return (year, month, 0) if _FIRST_PLAUSIBLE <= year <= _LAST_PLAUSIBLE and month else None


def _check_pivot(pivot: int) -> None:
    if not 0 <= pivot <= 99:  # noqa: PLR2004  # a two-digit year
        raise ValueError("century_pivot: a two-digit year from 0 to 99")
