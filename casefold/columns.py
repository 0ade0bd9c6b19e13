"""A column that a mapping reads and no file has is nearly always a slip of the pen, so `check` names it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from mapping.spec import MappingTest
from mapping.yamlfile import nearest
from schemas.joins import Join

if TYPE_CHECKING:
    from mapping.load import LoadedMapping
    from mapping.yamlfile import Place

_PATHS = {"path", "at", "each", "first", "parts"}
"""Keys of the grammar under which paths stand."""


def missing_columns(loaded: LoadedMapping, columns: Collection[str]) -> list[str]:
    """A complaint with file and line for each path of a table's mapping that is neither a column nor a join."""
    known = {*columns, *loaded.spec.join}
    said: dict[str, None] = {}
    for place, path in _paths(loaded.spec, ()):
        column = path.rpartition("../")[2]
        if column not in known:
            there: Place = ()
            for step in place:  # without the steps that only the opened short forms have
                there = (*there, step) if (*there, step) in loaded.file.lines else there
            said[
                str(loaded.file.error(there, f"no file has a column {column!r}; {nearest(column, sorted(known))}"))
            ] = None
    return list(said)


def _paths(node: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Every path that a mapping reads, with its place."""
    if isinstance(node, Join | MappingTest):
        return
    for key, value in _parts(node):
        if key in _PATHS:
            yield from (((*place, key), path) for path in _texts(value))
        else:
            yield from _paths(value, (*place, key))


def _parts(node: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(node, BaseModel):
        yield from ((field.alias or name, getattr(node, name)) for name, field in type(node).model_fields.items())
    elif isinstance(node, dict):
        yield from node.items()
    elif isinstance(node, tuple):
        yield from enumerate(node)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for text in value.values() if isinstance(text, str)]
    return [value] if isinstance(value, str) else list(value or ())
