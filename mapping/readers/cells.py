"""Fields whose path is one key of a row or JSON object: a look-up, and an answer that is remembered.

That is most of what a load does: a case has some forty such fields, and a year of cases has few different colours,
races, ages and dates. What a text becomes is worked out once and then looked up; the compact values themselves are
shared, so nobody may change a list of values in place. A field that is anything else is read as it always is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

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

REMEMBERED = 1_024
"""Answers kept for one field (of one place); then they are forgotten, for what varies that much is not worth it."""
LONGEST = 64
"""Longer texts are not remembered: narratives do not come twice."""
PLACES = 16
"""Places of items (`/persons/0`, `/persons/1` …) for which a block's fields are laid out."""


class Cell(NamedTuple):
    """One field of a block, and what it takes to read it quickly."""

    name: str
    """The property."""
    fill: Fill
    """How it is read where the quick way does not fit."""
    key: str | None = None
    """The key in the item's object; None: there is no quick way."""
    suffix: str = ""
    """What the key adds to the item's JSON Pointer."""
    convert: Convert = str
    chain: str = ""


def fill_all(cells: Sequence[Cell]) -> Fill:
    """All fields of a block as one function."""
    places: dict[str, list[_Laid]] = {}

    def lay(pointer: str) -> list[_Laid]:
        if len(places) >= PLACES:
            places.clear()
        laid = places[pointer] = [_laid(cell, pointer) for cell in cells]
        return laid

    def fill(item: Node, properties: Properties, notes: Notes) -> None:
        row, pointer, _ = item
        if type(row) is not dict:
            for cell in cells:
                cell.fill(item, properties, notes)
            return
        get = row.get
        for name, key, known, answer, fill_otherwise in places.get(pointer) or lay(pointer):
            if key is not None:
                raw = get(key)
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


_Laid = tuple[str, str | None, dict[str, Any], "Callable[[str, Notes], Found]", "Fill"]


def _laid(cell: Cell, pointer: str) -> _Laid:
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

    return cell.name, cell.key, known, answer, cell.fill


def read_one(key: str, suffix: str, convert: Convert, chain: str, otherwise: Read) -> Read:
    """One field by itself: a key, a role, a code."""
    known: dict[str, tuple[Any, str | None] | tuple[()]] = {}

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
        raw = row.get(key)
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
    key: str
    suffix: str


Origin = "Callable[[Node], Sequence[tuple[Any, str, str]]]"


def gather(parts: Sequence[Part], otherwise: Callable[[Node], Sequence[tuple[Any, str, str]]]) -> Any:
    """Parts put together at one item, when all of them are texts or missing."""
    laid = [tuple(part) for part in parts]

    def read(item: Node) -> Sequence[tuple[Any, str, str]]:
        row, pointer, _ = item
        if type(row) is not dict:
            return otherwise(item)
        get = row.get
        found: dict[str, str] = {}
        where = ""
        for name, key, suffix in laid:
            raw = get(key)
            if type(raw) is str:
                if raw and not raw.isspace():
                    found[name] = raw
                    where = where or pointer + suffix
            elif raw is not None:
                return otherwise(item)
        return ((found, " ".join(found.values()), where),) if found else ()

    return read
