"""Store-only: the rows that a sync ended with, into a fresh database of the same schema, by the engine's fastest way.

On SQLite that is `executemany` of sorted rows in large transactions, on PostgreSQL binary COPY. Indexes and full text
are there from the start, as they are for the sync: a store that takes new records every day cannot drop them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import service.sync.migrations as sync_migrations
from benchmarks import rows
from benchmarks.cpu import Meter, Server
from benchmarks.homes import KEY
from casefold.settings import load_settings
from casefold.wiring import open_store
from graph.store import Store
from schemas.ids import Ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.child import Facts

_KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.SmallInteger, "int2"),
    (sa.BigInteger, "int8"),
    (sa.Integer, "int4"),
    (sa.Boolean, "bool"),
    (sa.Text, "text"),
    (sa.LargeBinary, "bytea"),
)
"""PostgreSQL's names of column types, for binary COPY."""
TRANSACTION_ROWS = 500_000


def save_rows(home: str, path: str) -> Facts:
    """Read all rows out of a home's store into a file."""
    store = open_store(load_settings(Path(home)))
    rows.save(store, Path(path))
    store.close()
    return {}


def store(path: str, database: str, server: str | None = None) -> Facts:
    """CPU seconds of writing the rows of a file into an empty database; how many rows each table then has."""
    target = Store.open(database, Ids(KEY.encode()))
    target.migrate(sync_migrations.VERSIONS)
    watched = Server(server) if server else None
    if watched:
        target.engine.dispose()
        watched.begin()
    meter = Meter()
    if target.dialect == "sqlite":
        _into_sqlite(target, Path(path), meter)
    else:
        _into_postgresql(target, Path(path), meter)
    with meter.running():
        target.close()
    behind = watched.end() if watched else 0.0
    again = Store.open(database, Ids(KEY.encode()))
    found = rows.counts(again)
    again.close()
    return {"cpu": meter.seconds + behind, "server": behind, "rows": found}


def _into_sqlite(target: Store, path: Path, meter: Meter) -> None:
    connection = target.engine.raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    waiting = 0
    driver.execute("BEGIN IMMEDIATE")
    for chunk in rows.saved(path):
        statement, values = _sqlite(chunk)
        with meter.running():
            driver.executemany(statement, values)
            waiting += len(values)
            if waiting >= TRANSACTION_ROWS:
                driver.execute("COMMIT")
                driver.execute("BEGIN IMMEDIATE")
                waiting = 0
    with meter.running():
        driver.execute("COMMIT")
    connection.close()


def _sqlite(chunk: rows.Chunk) -> tuple[str, Sequence[tuple[Any, ...]]]:
    if chunk.table == rows.SEARCH:
        values = [(record << 20 | no, words) for record, no, words in chunk.rows]
        return "INSERT INTO search (rowid, words) VALUES (?, ?)", values
    marks = ", ".join("?" * len(chunk.rows[0]))
    return f"INSERT INTO {chunk.table} VALUES ({marks})", chunk.rows  # noqa: S608 - names are ours


def _into_postgresql(target: Store, path: Path, meter: Meter) -> None:
    kinds = {table.name: [_kind(column) for column in table.columns] for table in rows.TABLES}
    connection = target.engine.raw_connection()
    driver: Any = connection.driver_connection
    for chunk in rows.saved(path):
        names = ", ".join(("record", "no", "words") if chunk.table == rows.SEARCH else _columns(chunk.table))
        types = kinds.get(chunk.table)
        form = " (FORMAT BINARY)" if types else ""  # psycopg has no binary form of a tsvector
        with meter.running(), driver.cursor() as cursor:
            with cursor.copy(f"COPY {chunk.table} ({names}) FROM STDIN{form}") as copy:
                if types:
                    copy.set_types(types)
                write = copy.write_row
                for row in chunk.rows:
                    write(row)
            driver.commit()
    connection.close()


def _columns(name: str) -> list[str]:
    return next(list(table.columns.keys()) for table in rows.TABLES if table.name == name)


def _kind(column: sa.Column[Any]) -> str:
    return next(name for kind, name in _KINDS if isinstance(column.type, kind))
