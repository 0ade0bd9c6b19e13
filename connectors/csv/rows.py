"""Rows into bodies: the one loop that every record of a file goes through, so it does nothing that it need not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import orjson

from connectors.csv.sides import Lookup, ragged
from connectors.csv.table import OpenTable, Table, is_blank
from schemas.records import MAX_BATCH_BYTES, Problem

Joined = tuple[str, int, Lookup]
"""Name of a join, where its key stands in a main row, and the side rows of a key."""


@dataclass(slots=True)
class Chunk:
    """Records of a file on their way into a batch: at most `batch_size` and 8 MiB, or one oversize record alone."""

    lines: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    parsed: list[dict[str, Any]] = field(default_factory=list)
    problems: dict[int, Problem] = field(default_factory=dict)
    """What is wrong with a record, by its place in the chunk."""
    size: int = 0


def chunks(
    table: Table, opened: OpenTable, joined: Sequence[Joined], batch_size: int, *, ignore_blank: bool
) -> Iterator[Chunk]:
    """The records of an open table; the line of a record is the one on which its row starts."""
    rows, columns, width, dumps = opened.rows, table.columns, table.width, orjson.dumps
    chunk = Chunk()
    next_line = rows.line_num + 1
    for row in rows:
        line, next_line = next_line, rows.line_num + 1
        problem = None
        if len(row) == width:
            first = row[0]
            if ignore_blank and (not first or first.isspace()) and is_blank(row):
                continue
            record: dict[str, Any] = dict(zip(columns, row, strict=False))
            for name, index, lookup in joined:
                record[name] = lookup(row[index].strip())
        else:
            if ignore_blank and is_blank(row):
                continue
            record, problem = loose_cells(columns, row), ragged(row, width)
        body = dumps(record)
        size = len(body)
        if chunk.bodies and (len(chunk.bodies) >= batch_size or chunk.size + size > MAX_BATCH_BYTES):
            yield chunk
            chunk = Chunk()
        if problem is not None:
            chunk.problems[len(chunk.bodies)] = problem
        chunk.lines.append(line)
        chunk.bodies.append(body)
        chunk.parsed.append(record)
        chunk.size += size
    if chunk.bodies:
        yield chunk


def loose_cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """A row of any width: cells beyond the header are `column N`, columns beyond the row are left out."""
    taken = set(columns)
    named = {}
    for position, (column, cell) in enumerate(zip_longest(columns[: len(row)], row), start=1):
        name = column or f"column {position}"
        while column is None and name in taken:
            name += " (2)"
        named[name] = cell
    return named
