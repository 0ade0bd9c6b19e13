"""The cursor: the highest modification that the source itself has said, never our clock.

The source may list only what is strictly later than the cursor. So within an ordered read the cursor stays below
the last value, of which the next page may hold more, and reaches it when the list has come to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.rest.config import Incremental
from connectors.rest.expression import compiled
from schemas.records import JsonObject

_TOMORROW = timedelta(days=1)
_DATE_LENGTH = len("2024-01-05")
_UNIT = {"epoch": 1.0, "epoch_ms": 1000.0}

Moment = datetime


class Cursor:
    """Follows the modifications of one read."""

    def __init__(self, settings: Incremental, since: JsonObject | None) -> None:
        """Take up a checkpoint; one of another field or format is none."""
        self._settings = settings
        self._search = compiled(settings.field)
        start = (since or {}).get("since") if (since or {}).get("field") == settings.field else None
        moment = self.moment(start)
        self._start: Any = None if moment is None else start
        self._highest: tuple[Moment, Any] | None = None if moment is None else (moment, start)
        self._below: tuple[Moment, Any] | None = None
        self._disordered = False

    def parameter(self) -> str | None:
        """What to ask for: the cursor less the look-back, in the source's own format; None at the first read."""
        if self._start is None:
            return self._settings.initial
        return earlier(self._start, self._settings)

    def moment(self, value: Any) -> Moment | None:
        """When a value is; None for what is no moment."""
        try:
            if self._settings.format == "iso":
                moment = datetime.fromisoformat(value)
                return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
            if isinstance(value, bool):
                return None
            return datetime.fromtimestamp(float(value) / _UNIT[self._settings.format], UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            return None

    def watch(self, records: Sequence[Any], source_clock: datetime | None) -> None:
        """Take a page's records; a value beyond the source's own tomorrow is a slip of the pen and moves nothing."""
        latest = None
        if source_clock is not None:
            aware = source_clock if source_clock.tzinfo is not None else source_clock.replace(tzinfo=UTC)
            latest = aware + _TOMORROW
        last: Any = None
        for record in records:
            value = self._search(record)
            if value is None or value == last:
                continue
            last = value
            moment = self.moment(value)
            if moment is not None and (latest is None or moment <= latest):
                self._take(moment, value)

    def _take(self, moment: Moment, value: Any) -> None:
        if self._highest is None or moment > self._highest[0]:
            self._below, self._highest = self._highest, (moment, value)
        elif moment < self._highest[0] and self._highest[1] is not self._start:
            self._disordered = True  # before the start it is the look-back that comes

    def midway(self) -> JsonObject:
        """The checkpoint after a page that others follow."""
        if not self._settings.ordered or self._disordered or self._below is None:
            return self._checkpoint(self._start)
        return self._checkpoint(self._below[1])

    def end(self) -> JsonObject:
        """The checkpoint after the last page."""
        return self._checkpoint(None if self._highest is None else self._highest[1])

    def _checkpoint(self, value: Any) -> JsonObject:
        return {} if value is None else {"since": value, "field": self._settings.field}


def earlier(value: Any, settings: Incremental) -> str:
    """A cursor's value less the look-back, written as the source writes it."""
    if not settings.look_back:
        return str(value)
    if settings.format != "iso":
        shifted = float(value) - settings.look_back * _UNIT[settings.format]
        return str(int(shifted)) if isinstance(value, int) or str(value).isdigit() else repr(shifted)
    try:
        moment = datetime.fromisoformat(value) - timedelta(seconds=settings.look_back)
    except OverflowError:
        return str(value)
    if len(value) <= _DATE_LENGTH:
        return moment.date().isoformat()
    precision = "milliseconds" if moment.microsecond % 1000 == 0 else "microseconds"
    text = moment.isoformat("T" if "T" in value else " ", precision if "." in value else "seconds")
    return text.removesuffix("+00:00") + "Z" if value.endswith("Z") else text
