"""Fields whose path is a key of a row, or a few keys of nested JSON objects: a look-up, and an answer remembered.

That is most of what a load does: a case has some forty such fields, and a year of cases has few different colours,
races, ages and dates. What a text becomes is worked out once and then looked up; the compact values themselves are
shared, so nobody may change a list of values in place. A field that is anything else is read as it always is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mapping.normalize import Unreadable
from schemas.mapped import QualityNote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapping.readers.plain import Node
    from schemas.mapped import CompactValue, Properties

    Convert = Callable[[Any], Any]
    Notes = list[QualityNote]
    Found = list[CompactValue]
    Fill = Callable[[Node, Properties, Notes], None]
    Read = Callable[[Node, Notes], list[CompactValue]]
    Dig = Callable[[dict[str, Any]], Any]
    Laid = tuple[str, str | None, Dig | None, dict[str, Any], Callable[[str, Notes], Found], Fill]

REMEMBERED = 512
"""Answers kept for one field (of one place); then they are forgotten, for what varies that much is not worth it."""
LONGEST = 64
"""Longer texts are not remembered: narratives do not come twice."""
PLACES = 16
"""Places of items (`/persons/0`, `/persons/1` …) for which a block's fields are laid out; few lists are longer."""


class Cell(NamedTuple):
    """One field of a block, and what it takes to read it quickly."""

    name: str
    """The property."""
    fill: Fill
    """How it is read where the quick way does not fit."""
    keys: tuple[str, ...] = ()
    """The keys to it from the item's object; none: there is no quick way."""
    suffix: str = ""
    """What the keys add to the item's JSON Pointer."""
    convert: Convert = str
    chain: str = ""


def fill_all(cells: Sequence[Cell]) -> Fill:
    """All fields of a block as one function."""
    places: dict[str, list[Laid]] = {}

    def lay(pointer: str) -> list[Laid] | None:
        if len(places) >= PLACES:
            return None
        laid = places[pointer] = [_laid(cell, pointer) for cell in cells]
        return laid

    def fill(item: Node, properties: Properties, notes: Notes) -> None:
        row, pointer, _ = item
        laid = places.get(pointer) or lay(pointer)
        if laid is None or type(row) is not dict:
            for cell in cells:
                cell.fill(item, properties, notes)
            return
        get = row.get
        for name, key, dig, known, answer, fill_otherwise in laid:
            if key is not None:
                raw = get(key) if dig is None else dig(row)
                if type(raw) is str:
                    found = known.get(raw)
                    if found is None:
                        found = answer(raw, notes)
                    if found:
                        properties[name] = found
                    continue
                if raw is None:
                    continue
            fill_otherwise(item, properties, notes)

    return fill


def _laid(cell: Cell, pointer: str) -> Laid:
    """A field at one place: with a memory of its own, because a value says where it stood."""
    known: dict[str, Found] = {}
    where, convert, chain = pointer + cell.suffix, cell.convert, cell.chain

    def answer(raw: str, notes: Notes) -> Found:
        found: Found = []
        if raw and not raw.isspace():
            try:
                value = convert(raw)
            except Unreadable as error:
                notes.append(QualityNote(where, str(error)))
                return found
            if value is not None:
                found = [(value, None if value == raw else raw, where, chain)]
        if len(raw) <= LONGEST:
            if len(known) >= REMEMBERED:
                known.clear()
            known[raw] = found
        return found

    return cell.name, cell.keys[-1] if cell.keys else None, digger(cell.keys), known, answer, cell.fill


def digger(keys: tuple[str, ...]) -> Dig | None:
    """What gets a value out of objects in objects; None where one look-up does."""
    if len(keys) < 2:  # noqa: PLR2004 - a single key needs no digging
        return None
    *outer, last = keys

    def dig(row: dict[str, Any]) -> Any:
        for key in outer:
            inner = row.get(key)
            if type(inner) is not dict:
                return None if inner is None else ELSEWHERE
            row = inner
        return row.get(last)

    return dig


ELSEWHERE: Final = object()
"""Neither missing nor a text: this item wants to be read the usual way."""


def read_one(keys: tuple[str, ...], suffix: str, convert: Convert, chain: str, otherwise: Read) -> Read:
    """One field by itself: a key, a role, a code."""
    known: dict[str, tuple[Any, str | None] | tuple[()]] = {}
    key, dig = keys[-1], digger(keys)

    def answer(raw: str, pointer: str, notes: Notes) -> tuple[Any, str | None] | tuple[()]:
        found: tuple[Any, str | None] | tuple[()] = ()
        if raw and not raw.isspace():
            try:
                value = convert(raw)
            except Unreadable as error:
                notes.append(QualityNote(pointer + suffix, str(error)))
                return ()
            if value is not None:
                found = (value, None if value == raw else raw)
        if len(raw) <= LONGEST:
            if len(known) >= REMEMBERED:
                known.clear()
            known[raw] = found
        return found

    def read(item: Node, notes: Notes) -> list[CompactValue]:
        row, pointer, _ = item
        if type(row) is not dict:
            return otherwise(item, notes)
        raw = row.get(key) if dig is None else dig(row)
        if type(raw) is not str:
            return [] if raw is None else otherwise(item, notes)
        found = known.get(raw)
        if found is None:
            found = answer(raw, pointer, notes)
        return [(*found, pointer + suffix, chain)] if found else []

    return read


class Part(NamedTuple):
    """One of the fields that a normalizer puts together."""

    name: str
    keys: tuple[str, ...]
    suffix: str


def read_parts(parts: Sequence[Part], convert: Convert, chain: str, otherwise: Read) -> Read:
    """Parts put together at one item, when all of them are texts or missing; the place is the first part's."""
    laid = [(part.name, part.keys[-1], digger(part.keys), part.suffix) for part in parts]

    def read(item: Node, notes: Notes) -> list[CompactValue]:
        row, pointer, _ = item
        if type(row) is not dict:
            return otherwise(item, notes)
        get = row.get
        found: dict[str, str] = {}
        where = ""
        for name, key, dig, suffix in laid:
            raw = get(key) if dig is None else dig(row)
            if type(raw) is str:
                if raw and not raw.isspace():
                    found[name] = raw
                    where = where or pointer + suffix
            elif raw is not None:
                return otherwise(item, notes)
        if not found:
            return []
        try:
            value = convert(found)
        except Unreadable as error:
            notes.append(QualityNote(where, str(error)))
            return []
        if value is None:
            return []
        said = " ".join(found.values())
        return [(value, None if value == said else said, where, chain)]

    return read
