"""What the store knows of a source's records: asked before anything is parsed, mapped or written."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.engine import Connection

from graph.bulk import bulk
from graph.store import Transaction
from schemas.ids import Ids


class Current(NamedTuple):
    """The current version of a record."""

    seq: int
    key: str
    state: int
    """A `graph.codes.State`."""
    hash: bytes
    content: bytes
    modified: str | None
    sequence: int | None
    recipe: int
    version: int


def current_by_key(connection: Connection, ids: Ids, source_name: str, keys: Collection[str]) -> dict[str, Current]:
    """The current versions of those of these keys that the source has, whatever their state."""
    wanted = {ids.record(source_name, key): key for key in keys}
    rows = bulk(_on(connection)).select(
        "SELECT id, seq, state, hash, content, modified, sequence, recipe, version FROM record WHERE id IN ({})", wanted
    )
    return {(key := wanted[row[0]]): Current(row[1], key, *row[2:]) for row in rows}


def current_hashes(connection: Connection, source_no: int, hashes: Collection[bytes], recipe: int) -> set[bytes]:
    """Which of these hashes (of bytes as received) are current versions of this source, mapped by this recipe."""
    query = "SELECT hash FROM record WHERE source = ? AND recipe = ? AND hash IN ({})"
    return {row[0] for row in bulk(_on(connection)).select(query, hashes, source_no, recipe)}


def _on(connection: Connection) -> Transaction:
    return Transaction(connection, connection.dialect.name)
