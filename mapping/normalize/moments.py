"""Points in time: ISO 8601, local unless the source or the mapping says in which zone.

An offset that no clock on earth has (`-010:12`, as one RMS writes it) is dropped and the local time kept.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Raw, Unreadable
from mapping.normalize.dates import EVENT_PIVOT, NEVER, Order, date, read_date, read_head

_DATE_LENGTH = 10
_HOURS, _NOON, _SIXTY = 24, 12, 60
_WIDEST_OFFSET = 14

_ZONE = r"(?P<zone>Z|UTC|GMT|[ECMP][SD]T|AK[SD]T|HST|[-+]\d{1,3}:?\d{2})?"
_CLOCK = re.compile(
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?\s*"
    rf"(?P<half>[ap])?(?:\.?\s?m\.?)?\s*(?:hrs?\.?|hours)?\s*{_ZONE}",
    re.ASCII | re.IGNORECASE,
)
_MILITARY = re.compile(
    rf"(?P<h>\d{{2}})(?P<m>\d{{2}})(?P<s>\d{{2}})?\s*(?:hrs?\.?|hours|h)?\s*{_ZONE}", re.ASCII | re.IGNORECASE
)
_HOUR = re.compile(r"(?P<h>\d{1,2})\s*(?P<half>[ap])\.?\s?m\.?", re.ASCII | re.IGNORECASE)
_BARE_HOUR = re.compile(r"(?P<h>\d{1,2})|(?P<h3>\d)(?P<m>\d{2})", re.ASCII)
_ONLY_ZONE = re.compile(_ZONE.removesuffix("?"), re.ASCII | re.IGNORECASE)
_LEAD = re.compile(r"(?:[T,\s@]+|\bat\b)*", re.IGNORECASE)

_OFFSETS = {
    "Z": "Z", "UTC": "Z", "GMT": "Z", "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00",
    "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "AKST": "-09:00", "AKDT": "-08:00",
    "HST": "-10:00", "HDT": "-09:00",
}  # fmt: skip
"""Zone abbreviations of the United States; elsewhere they are ambiguous."""

_STAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?P<offset>Z|[-+](?:0\d|1[0-4]):[0-5]\d)?", re.ASCII
)
_fromisoformat = dt.datetime.fromisoformat

_CLOCKS = {
    written: f"{hour:02}:{minute:02}"
    for hour in range(24)
    for minute in range(60)
    for written in (f"{hour:02}:{minute:02}", f"{hour:02}{minute:02}")
}
"""Nine times in ten a time stands in one of these two forms."""


def datetime(*, zone: str | None = None, order: Order = "mdy", century_pivot: int = EVENT_PIVOT) -> Normalize:
    """ISO date and time; local times get the offset of `zone` (an IANA name); a date without a time stays a date."""
    clock = None if zone is None else _zone(zone)
    plain_date = date(order=order, century_pivot=century_pivot)

    def at(day: str | None, time: str) -> str | None:
        """The moment of a normalized date and a time of `_CLOCKS`."""
        if day is None or len(day) != _DATE_LENGTH:
            return day
        moment = f"{day}T{time}"
        return moment if clock is None else moment + _offset_at(_fromisoformat(moment), clock)

    def whole(raw: str) -> str | None:
        match = _STAMP.fullmatch(raw)
        if match:
            stamp = raw if raw[_DATE_LENGTH] == "T" else f"{raw[:_DATE_LENGTH]}T{raw[_DATE_LENGTH + 1 :]}"
            try:
                moment = _fromisoformat(stamp)
            except ValueError:
                pass  # T24:00 and others that want a closer look
            else:
                if stamp[:_DATE_LENGTH] in NEVER:
                    return None
                return stamp if clock is None or match["offset"] else stamp + _offset_at(moment, clock)
        elif raw[_DATE_LENGTH : _DATE_LENGTH + 1] == " " and (time := _CLOCKS.get(raw[_DATE_LENGTH + 1 :])):
            return at(plain_date(raw[:_DATE_LENGTH]), time)  # type: ignore[arg-type]  # `date` yields text
        return read_moment(raw, order, century_pivot, clock)

    def normalize(raw: Raw) -> str | None:
        if not isinstance(raw, str):
            day, time = raw.get("date") or "", raw.get("time") or ""
            known_time = _CLOCKS.get(time)
            if known_time and len(day) == _DATE_LENGTH:
                return at(plain_date(day), known_time)  # type: ignore[arg-type]  # the same
            return read_parts(day, time, order, century_pivot, clock)
        return whole(raw)

    return normalize


@lru_cache(maxsize=16_384)
def read_moment(raw: str, order: Order, pivot: int, zone: ZoneInfo | None) -> str | None:
    """The ISO moment or date that a text gives, None where it says nothing; raises Unreadable."""
    text = known(raw)
    if not text:
        return None
    head = read_head(text, order, pivot)
    if head is None:
        raise Unreadable("not a date")
    if head.date is None:
        return None
    rest = _LEAD.sub("", text[head.end :], count=1)
    if not rest or _ONLY_ZONE.fullmatch(rest):
        return head.date
    clock = read_time(rest, bare=False)
    if clock is None:
        raise Unreadable("not a time of day")
    return _join(head.date, clock, zone)


@lru_cache(maxsize=16_384)
def read_parts(date: str, time: str, order: Order, pivot: int, zone: ZoneInfo | None) -> str | None:
    """The ISO moment of a date and a time that stand apart; either may carry an idle half of the other."""
    day = read_date(date, order, pivot)
    if day is None:
        return None
    text = known(time)
    if not text:
        return read_moment(date, order, pivot, zone)
    head = read_head(text, order, pivot) if not text.isdigit() else None
    clock = read_time(text if head is None else _LEAD.sub("", text[head.end :], count=1), bare=True)
    if clock is None:
        raise Unreadable("not a time of day")
    return _join(day, clock, zone)


def read_time(text: str, *, bare: bool) -> tuple[str, str] | None:
    """(ISO time, offset or nothing) of a whole text; `bare`: an hour may stand alone."""
    patterns = (_CLOCK, _MILITARY, _HOUR, _BARE_HOUR) if bare else (_CLOCK, _MILITARY, _HOUR)
    match = next(filter(None, (pattern.fullmatch(text) for pattern in patterns)), None)
    if match is None:
        return None
    found = match.groupdict()
    hour, minute, second = int(found.get("h") or found.get("h3") or 0), int(found.get("m") or 0), found.get("s")
    if half := found.get("half"):
        if not 1 <= hour <= _HOURS:
            return None
        if hour <= _NOON:  # `13:05 PM` is written too
            hour = hour % _NOON + (_NOON if half in "pP" else 0)
    if (
        hour > _HOURS
        or minute >= _SIXTY
        or int(second or 0) >= _SIXTY
        or (hour == _HOURS and (minute or int(second or 0)))
    ):
        return None
    iso = f"{hour:02}:{minute:02}" + (f":{second}" if second else "") + (f".{found['f']}" if found.get("f") else "")
    return iso, _offset(found.get("zone"))


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    named = _OFFSETS.get(zone.upper())
    if named:
        return named
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:-2]), int(digits[-2:])
    if len(digits) > len("hhmm") or hours > _WIDEST_OFFSET or minutes >= _SIXTY:
        return ""
    return f"{zone[0]}{hours:02}:{minutes:02}"


def _join(day: str, clock: tuple[str, str], zone: ZoneInfo | None) -> str:
    time, offset = clock
    if len(day) != _DATE_LENGTH:
        return day  # a time of an unknown day is no moment
    if time.startswith("24"):
        day = (_fromisoformat(day) + dt.timedelta(days=1)).date().isoformat()
        time = "00" + time[2:]
    if not offset and zone is not None:
        offset = _offset_at(_fromisoformat(f"{day}T{time[:8]}"), zone)
    return f"{day}T{time}{offset}"


def _offset_at(moment: dt.datetime, zone: ZoneInfo) -> str:
    delta = moment.replace(tzinfo=zone).utcoffset()
    return "" if delta is None else _offset_text(delta)


@lru_cache(maxsize=256)
def _offset_text(delta: dt.timedelta) -> str:
    minutes = round(delta.total_seconds() / _SIXTY)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // _SIXTY:02}:{abs(minutes) % _SIXTY:02}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"zone: no time zone is named {name!r}; an IANA name such as America/Detroit is needed"
        ) from None
