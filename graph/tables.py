"""The graph's tables: integer keys inside, keyed 16-byte hashes outside.

Mentions and links are clustered by their record: a first load only appends, and what one record says is one range
scan. Links never cross records, so a link needs no index of its own: a node's mentions lead to their records, and
those hold the links. Random keys are what a bulk load pays for, so there are few: one per record (its id, half of
which is in every id of its mentions), one per content hash, one per node that mentions share.

Full text is a table `search` of each engine's own kind, made by the first migration: on SQLite an FTS5 table whose
row number is record << 20 | no, on PostgreSQL a tsvector a mention. The words come folded and split (graph.words).

docs/decisions/0003-store.md says what was measured. The runner's tables join this `metadata` from their own folder.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RowNumber = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is spelled INTEGER."""

# Facts about the whole: fingerprint of the identity key, version of the search words, tallies.
installation = Table(
    "installation",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("agency", Text, nullable=False),
    Column("label", Text, nullable=False),
)

# Mapping, normalizer and extractor version under which a record was mapped.
recipe = Table(
    "recipe",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
)

record = Table(
    "record",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),  # keyed hash of source and key
    Column("source", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("agency", Text, nullable=False),  # ORI of the owner
    Column("state", SmallInteger, nullable=False),  # 0 current, 1 deleted, 2 ignored
    Column("hash", LargeBinary, nullable=False),  # of the bytes as received
    Column("content", LargeBinary, nullable=False),  # without the volatile parts
    Column("modified", Text),
    Column("sequence", BigInteger),
    Column("locator", Text, nullable=False),
    Column("unit", Text),
    Column("recipe", Integer, nullable=False),
    Column("protections", Text, nullable=False, server_default=""),
    Column("notes", LargeBinary),  # quality notes, JSON
    Column("reason", Text),  # why it is ignored
    Column("version", Integer, nullable=False, server_default="1"),
    # Serves: which of these hashes are known, without touching the rows.
    Index(None, "source", "hash", "recipe"),
)

# Apart from record, so that asking who owns a record never reads past bodies.
record_body = Table(
    "record_body",
    metadata,
    Column("record", RowNumber, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

# Versions that a later one replaced.
record_history = Table(
    "record_history",
    metadata,
    Column("seq", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("agency", Text, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("modified", Text),
    Column("sequence", BigInteger),
    Column("locator", Text, nullable=False),
    Column("unit", Text),
    Column("recipe", Integer, nullable=False),
    Column("protections", Text, nullable=False, server_default=""),
    Column("notes", LargeBinary),
    Column("reason", Text),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("seq", "version"),
)

mention = Table(
    "mention",
    metadata,
    Column("record", BigInteger, nullable=False),
    Column("no", Integer, nullable=False),
    Column("id", LargeBinary, nullable=False),  # holds half of the record's id: schemas.ids.record_part
    Column("node", BigInteger),  # null: a node of its own, whose id is the mention's
    Column("type", SmallInteger, nullable=False),
    Column("local", Text, nullable=False),
    Column("protections", Text, nullable=False, server_default=""),
    Column("properties", LargeBinary, nullable=False),  # schemas.mapped.Properties, JSON
    PrimaryKeyConstraint("record", "no"),
    sqlite_with_rowid=False,
)
# Serves: the mentions of a node. Partial, because most mentions share theirs with nobody.
Index(
    "ix_mention_node",
    mention.c.node,
    sqlite_where=text("node IS NOT NULL"),
    postgresql_where=text("node IS NOT NULL"),
)

link = Table(
    "link",
    metadata,
    Column("record", BigInteger, nullable=False),
    Column("no", Integer, nullable=False),
    Column("type", SmallInteger, nullable=False),
    Column("source", Integer, nullable=False),  # mention.no within the record
    Column("target", Integer, nullable=False),  # mention.no within the record
    Column("role", SmallInteger),
    Column("data", LargeBinary),  # where, words, start, end, status, confidence; JSON, defaults cut off
    PrimaryKeyConstraint("record", "no"),
    sqlite_with_rowid=False,
)

# Nodes on which mentions meet by key; all others are their mention.
node = Table(
    "node",
    metadata,
    Column("no", RowNumber, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("type", SmallInteger, nullable=False),
    Column("born", BigInteger, nullable=False),  # record that first named it
    Column("live", Boolean, nullable=False, server_default=text("true")),  # false: no mention is left
)

# Serves: has any node gone, which publishing asks each time.
Index(
    "ix_node_live",
    node.c.live,
    sqlite_where=text("NOT live"),
    postgresql_where=text("NOT live"),
)

# What landed and is not published yet.
dirty = Table(
    "dirty",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("kind", SmallInteger, nullable=False),  # 0: every node of the new record; else graph.codes.ChangeKind
    Column("record", BigInteger, nullable=False),
    Column("node", BigInteger),
    Column("mention", LargeBinary),  # id of a mention that is a node of its own
)

# The feed, numbered at commit under one lock; its last row is never pruned, for the numbers go on from it.
change = Table(
    "change",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=False),
    Column("node", LargeBinary, nullable=False),
    Column("kind", SmallInteger, nullable=False),
)

MENTION_BITS = 20
"""A record holds at most 2**20 mentions."""
