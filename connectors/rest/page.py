"""A page of JSON into records, each with its own bytes.

The fast parser loses three things silently: all but the last of equal keys, digits of integers beyond 64 bits, and
the page when one value in it is no JSON (NaN, half a surrogate pair). Cheap signs of these send a page through a
careful parser, which finds the record that is at fault; the others land.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import orjson

from connectors.rest.answer import Answer, Transient
from connectors.rest.config import RestConfig
from connectors.rest.expression import compiled, names
from schemas.records import Problem, Stop

_BOM = b"\xef\xbb\xbf"
_ROUNDED = re.compile(rb"\de\+\d")
_64_BITS = range(-(2**63), 2**64)


class _Doubled(dict[str, Any]):
    """An object of the careful parser in which a key stood twice."""

    key = ""

    @classmethod
    def of(cls, pairs: list[tuple[str, Any]]) -> _Doubled:
        """Keep every value: the second of a key under a name of its own."""
        made = cls()
        for key, value in pairs:
            name, count = key, 1
            while name in made:
                count += 1
                name, made.key = f"{key} ({count})", key
            made[name] = value
        return made


@dataclass(frozen=True, slots=True)
class Page:
    """The records of a page, and the whole that names the next one."""

    whole: Any
    records: Sequence[Any]
    bodies: Sequence[bytes]
    problems: dict[int, Problem]


class PageReader:
    """Reads the pages of one source."""

    def __init__(self, config: RestConfig) -> None:
        """Compile where the records stand."""
        self._path = config.records
        self._search = compiled(config.records)
        self._names = names(config.records)
        self.pointer = "".join(f"/{name}" for name in self._names) if self._names is not None else f"({config.records})"
        error = config.envelope_error
        self._error = None if error is None else (error, compiled(error.path))

    def read(self, answer: Answer, *, first: bool) -> Page:
        """The page; on a later one than the `first`, null may stand in the list's place.

        Raises Transient when it seems cut off or says an error, Stop when it is no such page at all.
        """
        if answer.no_content:
            return Page(None, [], [], {})
        if answer.looks_like_html:
            raise Stop(
                "the source answers with a web page, not with JSON: a login page does this when a credential "
                "has expired; else correct `url` or `path`"
            )
        body = answer.body.removeprefix(_BOM)
        if not body.strip():
            raise Transient("the answer is empty")
        try:
            whole = orjson.loads(body)
        except orjson.JSONDecodeError:
            return self._careful(body, first=first)
        records = self._records(whole, first=first)
        try:
            bodies = list(map(orjson.dumps, records))
            suspicious = self._suspicious(body, whole, records, bodies)
        except TypeError:  # nested deeper than it writes
            suspicious = True
        if suspicious:
            return self._careful(body, first=first)
        odd = {place: _not_an_object() for place, record in enumerate(records) if type(record) is not dict}
        return Page(whole, records, bodies, odd)

    def _records(self, whole: Any, *, first: bool) -> list[Any]:
        """The list of records; an empty or null one is an empty page."""
        if self._error is not None:
            error, search = self._error
            if (seen := search(whole)) != error.ok or type(seen) is not type(error.ok):
                raise Transient(f"the answer says that it is an error (`{error.path}`)")
        found = self._search(whole) if self._names != [] else whole
        if isinstance(found, list):
            return found
        if found is None and self._present(whole, first=first):
            return []
        kind = "nothing" if found is None else f"one {_kind(found)}"
        raise Stop(f"`records: {self._path}` finds {kind} where a list of records should be; {self._nearest(whole)}")

    def _present(self, whole: Any, *, first: bool) -> bool:
        """Whether the list is there and null; an expression that is more than a path cannot tell."""
        if self._names is None:
            return True
        for name in self._names:
            if whole is None:
                return not first
            if not isinstance(whole, dict) or name not in whole:
                return False
            whole = whole[name]
        return bool(self._names)

    def _nearest(self, whole: Any) -> str:
        if not isinstance(whole, dict):
            return f"the answer is one {_kind(whole)}"
        last = (self._names or [""])[-1]
        near = get_close_matches(last, list(whole), 1, 0.6)
        return f"the nearest is `{near[0]}`" if near else f"the answer has {', '.join(sorted(whole)[:12]) or 'no keys'}"

    def _suspicious(self, body: bytes, whole: Any, records: Sequence[Any], bodies: Sequence[bytes]) -> bool:
        """Whether something may have been lost: fewer colons written than read, or a rounded number."""
        if not records:
            return False
        if body.count(b":") != sum(text.count(b":") for text in bodies) + self._colons_around(whole, records):
            return True
        return any(b"e+" in text and _ROUNDED.search(text) for text in bodies)

    def _colons_around(self, whole: Any, records: Sequence[Any]) -> int:
        """Colons of the envelope: of the whole with an empty list of records."""
        if self._names is None:
            return orjson.dumps(whole).count(b":") - sum(orjson.dumps(record).count(b":") for record in records)
        if not self._names:
            return 0
        top = dict(whole)
        level = top
        for name in self._names[:-1]:
            level[name] = dict(level[name])
            level = level[name]
        level[self._names[-1]] = None
        return orjson.dumps(top).count(b":")

    def _careful(self, body: bytes, *, first: bool) -> Page:
        """The same with Python's parser, slowly, so that only the records at fault are lost."""
        try:
            whole = json.loads(body.decode("utf-8", "surrogateescape"), object_pairs_hook=_pairs)
        except RecursionError as error:
            raise Stop("the answer is nested too deeply to be read") from error
        except ValueError as error:
            where = f" at byte {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
            raise Transient(f"the answer is no JSON, or was cut short{where}") from error
        records = self._records(whole, first=first)
        bodies: list[bytes] = []
        problems: dict[int, Problem] = {}
        for place, record in enumerate(records):
            text, problem = _examined(record)
            bodies.append(text)
            if problem is not None:
                problems[place] = problem
        return Page(whole, records, bodies, problems)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Doubled.of(pairs)


def _examined(record: Any) -> tuple[bytes, Problem | None]:
    """A record's bytes, the same as the fast way gives, and what is wrong with it."""
    problem = _flaw(record) if isinstance(record, dict) else _not_an_object()
    if problem is None:
        try:
            return orjson.dumps(record), None
        except TypeError:  # what it does not write: wide integers, deep nesting
            problem = _too_deep(record)
    try:
        return json.dumps(record, separators=(",", ":")).encode(), problem
    except RecursionError:
        return b"{}", problem


def _flaw(record: Any) -> Problem | None:
    """The first thing in a record that JSON does not allow."""
    waiting: list[tuple[Any, str]] = [(record, "")]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, _Doubled):
            hint = "nobody can say which of the values is meant; the source must send one"
            return Problem("a key stands twice in one object", f"{at}/{value.key}", hint)
        if isinstance(value, dict):
            waiting += [(inner, f"{at}/{key}") for key, inner in value.items()]
            waiting += [(key, at) for key in value]
        elif isinstance(value, list):
            waiting += [(inner, f"{at}/{place}") for place, inner in enumerate(value)]
        elif isinstance(value, float) and not math.isfinite(value):
            return Problem("a number is not finite", at, "the source must send null for a number that it lacks")
        elif isinstance(value, str) and not _is_text(value):
            return Problem(
                "a text is not valid Unicode", at.encode("utf-8", "replace").decode(), "mend it at the source"
            )
    return None


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _too_deep(record: Any) -> Problem | None:
    """A problem for what only nesting can have kept from being written; wide integers are none."""
    waiting = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, int) and value not in _64_BITS:
            return None
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return Problem("record is nested too deeply", hint="ask the source's vendor; no case record looks so")


def _not_an_object() -> Problem:
    return Problem("record is not an object", hint="`records` must lead to a list of objects")


def _kind(value: Any) -> str:
    kinds = {dict: "object", list: "list", str: "text", bool: "truth value", int: "number", float: "number"}
    return kinds.get(type(value), "value")
