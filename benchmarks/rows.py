"""The rows of a store as they came to be, read out of one database to be written into another by the fastest way.

The store-only half of the ceiling writes these. They are kept in a file of pickled chunks, so that reading them
(which is not counted) takes little memory.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import sqlalchemy as sa

import service.sync.tables  # noqa: F401 - puts the runner's tables beside the graph's
from graph.codes import ENTITY_NAMES
from graph.tables import metadata
from graph.words import search_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graph.store import Store

AT_ONCE = 50_000
MADE_BY_MIGRATION = {"installation"}
"""Its rows are there in a fresh database."""
TABLES = [table for table in metadata.sorted_tables if table.name not in MADE_BY_MIGRATION]
SEARCH = "search"


class Chunk(NamedTuple):
    """Some rows of one table, in the order of its primary key."""

    table: str
    rows: list[tuple[Any, ...]]


def counts(store: Store) -> dict[str, int]:
    """How many rows each table has; of the search index, how many entries (a word of a mention)."""
    with store.write() as writing:  # not `read`, in which not even a temporary table can be made
        connection = writing.connection
        found = {table.name: _one(connection, f"SELECT count(*) FROM {table.name}") for table in TABLES}  # noqa: S608 - names are ours
        if store.dialect == "sqlite":
            connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, 'row')")
            found[SEARCH] = _one(connection, "SELECT coalesce(sum(doc), 0) FROM temp.words")
            connection.exec_driver_sql("DROP TABLE temp.words")
        else:
            found[SEARCH] = _one(connection, "SELECT coalesce(sum(length(words)), 0) FROM search")
        return found


def _one(connection: sa.Connection, query: str) -> int:
    return int(connection.exec_driver_sql(query).scalar_one())


def save(store: Store, path: Path) -> None:
    """Write every row of the store to a file."""
    with path.open("wb") as file, store.read() as reading:
        for chunk in _chunks(reading.connection):
            pickle.dump(tuple(chunk), file, pickle.HIGHEST_PROTOCOL)


def saved(path: Path) -> Iterator[Chunk]:
    """The rows of such a file, table by table."""
    with path.open("rb") as file:
        while file.peek(1):
            yield Chunk(*pickle.load(file))  # noqa: S301 - this benchmark has just written it


def _chunks(connection: sa.Connection) -> Iterator[Chunk]:
    for table in TABLES:
        query = sa.select(table).order_by(*table.primary_key)
        for part in connection.execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
            rows = [tuple(row) for row in part]
            yield Chunk(table.name, rows)
            if table.name == "mention":
                yield Chunk(SEARCH, _words(table, rows))


def _words(mention: sa.Table, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What search finds these mentions by: an index keeps no text, so it is made again from what it was made of."""
    names = list(mention.columns.keys())
    record, no, kind, properties = (names.index(name) for name in ("record", "no", "type", "properties"))
    found = ((r[record], r[no], search_words(ENTITY_NAMES[r[kind]], orjson.loads(r[properties]))) for r in rows)
    return [row for row in found if row[2]]
