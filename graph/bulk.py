"""How rows reach each engine fastest: prepared statements run many times on SQLite, binary COPY on PostgreSQL.

Everything here runs inside the caller's transaction. Numbers of records and nodes are handed out here too, because
that differs between one writer at a time (SQLite) and many (PostgreSQL).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Protocol

from graph.store import Transaction

Row = Sequence[Any]


NodeKey = tuple[int, int]
"""What a node needs when it is new: its type's code, and the record that first names it."""


COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    # Table: (column, PostgreSQL type), in the order of the rows that `insert` takes.
    "record": (
        ("seq", "int8"), ("id", "bytea"), ("source", "int4"), ("key", "text"), ("agency", "text"), ("state", "int2"),
        ("hash", "bytea"), ("content", "bytea"), ("modified", "text"), ("sequence", "int8"), ("locator", "text"),
        ("unit", "text"), ("recipe", "int4"), ("protections", "text"), ("notes", "bytea"), ("reason", "text"),
        ("version", "int4"),
    ),
    "record_body": (("record", "int8"), ("body", "bytea")),
    "mention": (
        ("record", "int8"), ("no", "int4"), ("id", "bytea"), ("node", "int8"), ("type", "int2"), ("local", "text"),
        ("protections", "text"), ("properties", "bytea"),
    ),
    "link": (
        ("record", "int8"), ("no", "int4"), ("type", "int2"), ("source", "int4"), ("target", "int4"), ("role", "int2"),
        ("data", "bytea"),
    ),
    "dirty": (("kind", "int2"), ("record", "int8"), ("node", "int8"), ("mention", "bytea")),
    "search": (("record", "int8"), ("no", "int4"), ("words", "tsvector")),
}  # fmt: skip

CHUNK = 500
"""Values in one IN list on SQLite: statements of few different lengths stay in its cache of prepared ones."""


_KNOWN_NODES = "SELECT id, no FROM node WHERE id IN ({})"
_NEW_NODES = (
    "INSERT INTO node (id, type, born) SELECT * FROM unnest(%b::bytea[], %s::int2[], %s::int8[]) "
    "ON CONFLICT (id) DO NOTHING RETURNING id, no"
)


class Bulk(Protocol):
    """What writing needs from an engine."""

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Append rows in the order of COLUMNS."""

    def execute_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement, its parameters written as `?`, for each row."""

    def select(self, statement: str, values: Iterable[Any], *leading: Any) -> list[Any]:
        """Select `… IN ({})` for any number of values; `leading` are the parameters before them."""

    def delete_words(self, rows: Sequence[Row]) -> None:
        """Take (record, no, words) out of the search index; the words must be those that were indexed."""

    def record_numbers(self, count: int) -> Sequence[int]:
        """Numbers for that many new records."""

    def node_numbers(self, wanted: dict[bytes, NodeKey]) -> tuple[dict[bytes, int], set[int]]:
        """The number of each node id, and which of these numbers were made just now."""


def bulk(tx: Transaction) -> Bulk:
    """The way of writing that suits the transaction's engine."""
    return SqliteBulk(tx.driver) if tx.dialect == "sqlite" else PostgresBulk(tx.driver)


class SqliteBulk:
    """Rows through prepared statements; numbers by counting on, since there is one writer at a time."""

    def __init__(self, driver: Any) -> None:
        """Write on this DBAPI connection."""
        self._driver = driver

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Append rows in the order of COLUMNS."""
        if rows:
            self._driver.executemany(_SQLITE_INSERTS[table], rows)

    def execute_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row."""
        if rows:
            self._driver.executemany(statement, rows)

    def select(self, statement: str, values: Iterable[Any], *leading: Any) -> list[Any]:
        """Select `… IN ({})` in chunks; sorted, so that neighbours in the index are read together."""
        ordered = sorted(values)
        rows: list[Any] = []
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            rows += self._driver.execute(statement.format(",".join("?" * len(chunk))), (*leading, *chunk)).fetchall()
        return rows

    def delete_words(self, rows: Sequence[Row]) -> None:
        """Take words out of the contentless index, which must be told them."""
        statement = "INSERT INTO search (search, rowid, words) VALUES ('delete', (? << 20) | ?, ?)"
        self.execute_many(statement, rows)

    def record_numbers(self, count: int) -> Sequence[int]:
        """Numbers for that many new records."""
        last = self._last("SELECT max(seq) FROM record")
        return range(last + 1, last + 1 + count)

    def node_numbers(self, wanted: dict[bytes, NodeKey]) -> tuple[dict[bytes, int], set[int]]:
        """The number of each node id; new ones are inserted in the order of their index."""
        numbers: dict[bytes, int] = dict(self.select(_KNOWN_NODES, wanted))
        missing = sorted(wanted.keys() - numbers.keys())
        first = self._last("SELECT max(no) FROM node") + 1 if missing else 0
        rows = [(number, id_, *wanted[id_]) for number, id_ in enumerate(missing, first)]
        self.execute_many("INSERT INTO node (no, id, type, born) VALUES (?, ?, ?, ?)", rows)
        numbers.update(zip(missing, range(first, first + len(missing)), strict=True))
        return numbers, set(range(first, first + len(missing)))

    def _last(self, query: str) -> int:
        return int(self._driver.execute(query).fetchone()[0] or 0)


class PostgresBulk:
    """Rows through COPY; numbers from sequences, and nodes by anti-join, since several workers may write."""

    def __init__(self, driver: Any) -> None:
        """Write on this DBAPI connection."""
        self._driver = driver

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Append rows in the order of COLUMNS."""
        if not rows:
            return
        columns = COLUMNS[table]
        names = ", ".join(name for name, _ in columns)
        # A tsvector has no binary form in psycopg; its text form is the words themselves, which hold no quotes.
        form = "" if table == "search" else " (FORMAT BINARY)"
        with self._driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN{form}") as copy:
            if form:
                copy.set_types([kind for _, kind in columns])
            for row in rows:
                copy.write_row(row)

    def execute_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row."""
        if rows:
            with self._driver.cursor() as cursor:
                cursor.executemany(statement.replace("?", "%s"), rows)

    def select(self, statement: str, values: Iterable[Any], *leading: Any) -> list[Any]:
        """Select `… IN ({})`, value by value through an index, whatever the planner believes of the tables."""
        listed = list(values)
        if not listed:
            return []
        # Binary both ways: ids in hexadecimal take longer to write and read than to look up.
        with self._driver.cursor(binary=True) as cursor:
            rows: list[Any] = cursor.execute(_each(statement), (listed, *leading)).fetchall()
        return rows

    def delete_words(self, rows: Sequence[Row]) -> None:
        """Take the rows out of the index; PostgreSQL knows their words."""
        self.execute_many("DELETE FROM search WHERE record = ? AND no = ?", [row[:2] for row in rows])

    def record_numbers(self, count: int) -> Sequence[int]:
        """Numbers for that many new records."""
        query = "SELECT nextval('record_seq_seq') FROM generate_series(1, %s)"
        return [row[0] for row in self._driver.execute(query, (count,)).fetchall()] if count else []

    def node_numbers(self, wanted: dict[bytes, NodeKey]) -> tuple[dict[bytes, int], set[int]]:
        """The number of each node id. Inserted in one order by all, so that two workers wait, never deadlock."""
        numbers: dict[bytes, int] = dict(self.select(_KNOWN_NODES, wanted))
        missing = sorted(wanted.keys() - numbers.keys())
        if not missing:
            return numbers, set()
        with self._driver.cursor(binary=True) as cursor:
            rows = cursor.execute(
                _NEW_NODES, (missing, *(_array(part) for part in zip(*[wanted[id_] for id_ in missing], strict=True)))
            )
            made: dict[bytes, int] = dict(rows.fetchall())
        # What is neither known nor made was made by another worker, for whose commit the insert has waited.
        numbers.update(made)
        others = [id_ for id_ in missing if id_ not in made]
        numbers.update(dict(self.select(_KNOWN_NODES, others)))
        return numbers, set(made.values())


@cache
def _each(statement: str) -> str:
    """`SELECT … WHERE … IN ({})` as one look-up for each value.

    As `= ANY(array)` in a prepared statement it became a filter, once the planner took another column for the better
    condition: every row of the index was compared with every value, and a load took time squared.
    """
    inner = statement.replace("IN ({})", "= wanted.value").replace("?", "%s")
    return f"SELECT found.* FROM unnest(%b) AS wanted (value) CROSS JOIN LATERAL ({inner} OFFSET 0) AS found"  # noqa: S608 - statements are ours


def _array(numbers: Iterable[int]) -> str:
    """An array as PostgreSQL reads it: psycopg writes one number at a time."""
    return f"{{{','.join(map(str, numbers))}}}"


def _sqlite_insert(table: str) -> str:
    if table == "search":
        return "INSERT INTO search (rowid, words) VALUES ((? << 20) | ?, ?)"
    names = [name for name, _ in COLUMNS[table]]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names are ours


_SQLITE_INSERTS = {table: _sqlite_insert(table) for table in COLUMNS}
