"""The runner's own tables, in the graph's MetaData, so that one transaction covers a batch and its bookkeeping."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from graph.tables import metadata

lease = Table(
    "lease",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False, comment="host:pid:start of the process that runs this source"),
    Column("token", BigInteger, nullable=False, comment="fencing token; grows with every change of holder"),
    Column("expires", BigInteger, nullable=False, comment="Unix time in milliseconds"),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("config", LargeBinary, nullable=False, comment="hash of the connector's settings it was made under"),
    Column("data", LargeBinary, nullable=False, comment="the connector's checkpoint, JSON"),
)

unit = Table(
    "unit",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("records", BigInteger, nullable=False),
)
"""Files that were read to their end, as they were then: while they stay so, they are skipped whole."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("source", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("locator", Text, nullable=False),
    Column("key", Text),
    Column("path", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="record, unread, file or moving"),
    Column("state", Text, nullable=False, comment="open, resolved or dismissed"),
    Column("unit", Text),
    Column("recipe", Integer, nullable=False, comment="recipe under which it was last tried"),
    Column("body", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False, comment="Unix time in milliseconds"),
    UniqueConstraint("source", "hash", "locator"),
    Index("quarantine_by_key", "source", "key"),
    # Serves: does anything of this source wait, which every batch asks.
    Index("quarantine_by_state", "source", "state"),
)
"""What could not be read, verbatim, until it could or somebody dismissed it."""

run = Table(
    "run",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("source", Integer, nullable=False),
    Column("started", BigInteger, nullable=False, comment="Unix time in milliseconds"),
    Column("finished", BigInteger, comment="Unix time in milliseconds; null: still running, or killed"),
    Column("counts", LargeBinary, nullable=False, comment="JSON of what the run counted so far"),
    Column("outcome", Text, comment="done, failed or lost; null: still running, or killed"),
    Column("error", Text),
)
"""The audit of runs: one row each, brought up to date with every batch."""
