"""The store: one database, one transaction at a time for writing, consistent snapshots for reading.

Whatever is written in one `with store.write()` becomes visible as a whole or not at all; the runner's own rows
travel on the same connection. The identity key never enters the store, only its fingerprint.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from graph import words
from schemas.ids import Ids
from schemas.records import BadConfiguration

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 60
MINIMUM_POSTGRESQL = 150_000
MINIMUM_SQLITE = (3, 38, 0)

SQLITE_PRAGMAS: dict[str, tuple[str, object]] = {
    # Name: what is set, what must be read back.
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "secure_delete": ("ON", 1),
    # Fewer, larger checkpoints: pages of the indexes that a load touches again and again are copied once.
    "wal_autocheckpoint": ("8000", 8000),
    "journal_size_limit": ("67108864", 67_108_864),
    "cache_size": ("-32000", -32_000),
}

_MIGRATION_LOCK = 0x6361_7365_0001
"""Number of the PostgreSQL advisory lock under which migrations run."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction on one connection: `connection` for SQLAlchemy, `driver` for what must be fast."""

    connection: Connection
    dialect: str

    @property
    def driver(self) -> Any:
        """The DBAPI connection of the same transaction."""
        return self.connection.connection.driver_connection


class Store:
    """An open store. Make one with `Store.open`; it may be shared by threads."""

    def __init__(self, engine: Engine, ids: Ids) -> None:
        """Use `Store.open`, which checks what it opens."""
        self.engine = engine
        self.ids = ids
        self.dialect = engine.dialect.name

    @classmethod
    def open(cls, url: str, ids: Ids) -> Store:
        """Open `sqlite:///path` or `postgresql://…`; raises BadConfiguration when it cannot serve as a store."""
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise BadConfiguration("the store's URL cannot be read; write sqlite:///FILE or postgresql://…") from error
        engine = _engine(parsed)
        store = cls(engine, ids)
        try:
            store._check()
        except sa.exc.DBAPIError as error:
            engine.dispose()
            raise BadConfiguration(f"the store {_where(parsed)} cannot be opened: {_reason(error)}") from error
        except BaseException:
            engine.dispose()
            raise
        return store

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def migrate(self, *locations: Path) -> None:
        """Bring the tables up to date, in one transaction; `locations` hold other folders' revisions."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", "\n".join(str(p) for p in (MIGRATIONS / "versions", *locations)))
        with self.write() as tx:
            if self.dialect == "postgresql":
                tx.connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config.attributes["connection"] = tx.connection
            command.upgrade(config, "heads")
            self._install(tx)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One read-write transaction: committed at the end of the block, rolled back when it raises."""
        with self.engine.connect() as connection:
            writer = connection.execution_options(casefold_write=True)
            with writer.begin():
                yield Transaction(writer, self.dialect)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent snapshot; nothing can be written in it."""
        options: dict[str, Any] = {}
        if self.dialect == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect() as connection:
            reader = connection.execution_options(**options)
            with reader.begin():
                yield Transaction(reader, self.dialect)

    def _check(self) -> None:
        with self.engine.connect() as connection:
            if self.dialect == "sqlite":
                _check_sqlite(connection)
            else:
                _check_postgresql(connection)
            if sa.inspect(connection).has_table("installation"):
                self._check_identity(connection)

    def _check_identity(self, connection: Connection) -> None:
        query = sa.text("SELECT value FROM installation WHERE key = 'identity'")
        known = connection.execute(query).scalar()
        if known is not None and known != self.ids.fingerprint():
            raise BadConfiguration(
                f"the store was made with identity key {known}, this key is {self.ids.fingerprint()}; "
                "put the installation's own key back: with another one every id would be another"
            )

    def _install(self, tx: Transaction) -> None:
        """Keep what belongs to the installation, and rebuild the search index when its words have changed."""
        self._check_identity(tx.connection)
        remember(tx.connection, "identity", self.ids.fingerprint())
        if recall(tx.connection, "words") != words.VERSION:
            from graph.reindex import reindex  # noqa: PLC0415 - it is seldom needed, and needs this module

            reindex(tx)
            remember(tx.connection, "words", words.VERSION)


def recall(connection: Connection, key: str) -> str | None:
    """One fact about the installation."""
    query = sa.text("SELECT value FROM installation WHERE key = :key")
    value = connection.execute(query, {"key": key}).scalar()
    return None if value is None else str(value)


def remember(connection: Connection, key: str, value: str) -> None:
    """Keep one fact about the installation; nothing is written when it is known."""
    if recall(connection, key) == value:
        return
    statement = sa.text(
        "INSERT INTO installation (key, value) VALUES (:key, :value) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    )
    connection.execute(statement, {"key": key, "value": value})


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise BadConfiguration("the store needs a file: sqlite:///FILE")
        _create_private(Path(url.database))
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
        sa.event.listen(engine, "connect", _set_pragmas)
        sa.event.listen(engine, "begin", _begin)
        return engine
    if url.get_backend_name() == "postgresql":
        # Compiling a query would take longer than running it: they are short, and many.
        options = {"options": "-c jit=off"}
        return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=options)
    raise BadConfiguration(f"a store on {url.get_backend_name()} is not known; sqlite and postgresql are")


def _create_private(path: Path) -> None:
    """Make the file readable by its owner alone before the first byte of case data is in it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise BadConfiguration(f"the store {path} cannot be opened: {error.strerror}") from error


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for name, (value, _) in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Start the transaction that was asked for: SQLite's driver would start none before the first write."""
    write = connection.get_execution_options().get("casefold_write", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _check_sqlite(connection: Connection) -> None:
    version = connection.dialect.dbapi.sqlite_version_info  # type: ignore[union-attr]  # the dialect has its driver
    if version < MINIMUM_SQLITE:
        raise BadConfiguration(f"SQLite {'.'.join(map(str, version))} is too old; 3.38 or later is needed")
    for name, (_, wanted) in SQLITE_PRAGMAS.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        if found != wanted:
            raise BadConfiguration(f"SQLite says {name} = {found}; the store needs {wanted}: is the file on a share?")
    if not connection.exec_driver_sql("SELECT sqlite_compileoption_used('ENABLE_FTS5')").scalar():
        raise BadConfiguration("this SQLite has no FTS5, which search needs")


def _check_postgresql(connection: Connection) -> None:
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < MINIMUM_POSTGRESQL:
        raise BadConfiguration(f"PostgreSQL {version // 10_000} is too old; 15 or later is needed")
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise BadConfiguration(f"the PostgreSQL database has encoding {encoding}; it must be UTF8")


def _where(url: URL) -> str:
    """Which store, for a message: never the whole URL, in which a password that was badly quoted can be anywhere."""
    return f"on {url.host}" if url.host else str(url.database)


def _reason(error: sa.exc.DBAPIError) -> str:
    """The driver's own first line: it names hosts and files, never data."""
    return str(error.orig).strip().partition("\n")[0]
