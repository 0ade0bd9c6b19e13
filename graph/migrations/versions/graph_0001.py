"""The graph's first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "graph_0001"
down_revision = None
branch_labels = ("graph",)
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')",
    ),
    "postgresql": (
        """CREATE TABLE search (
             record BIGINT NOT NULL, no INTEGER NOT NULL, words TSVECTOR NOT NULL,
             CONSTRAINT pk_search PRIMARY KEY (record, no))""",
        "CREATE INDEX ix_search_words ON search USING gin (words)",
    ),
}


def upgrade() -> None:
    """Make the tables of the store."""
    _registers()
    _records()
    _graph()
    _feed()
    for statement in SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)


def _registers() -> None:
    op.create_table(
        "installation",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_installation"),
    )
    op.create_table(
        "source",
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_source"),
        sa.UniqueConstraint("name", name="uq_source_name"),
    )
    op.create_table(
        "recipe",
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_recipe"),
        sa.UniqueConstraint("hash", name="uq_recipe_hash"),
    )


def _version_columns() -> list[sa.Column[object]]:
    """Make the columns that a record and its superseded versions share."""
    return [
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("modified", sa.Text),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("locator", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("recipe", sa.Integer, nullable=False),
        sa.Column("protections", sa.Text, nullable=False, server_default=""),
        sa.Column("notes", sa.LargeBinary),
        sa.Column("reason", sa.Text),
    ]


def _records() -> None:
    op.create_table(
        "record",
        sa.Column("seq", ROW_NUMBER, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        *_version_columns(),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("seq", name="pk_record"),
        sa.UniqueConstraint("id", name="uq_record_id"),
    )
    op.create_index("ix_record_source_hash_recipe", "record", ["source", "hash", "recipe"])
    op.create_table(
        "record_body",
        sa.Column("record", ROW_NUMBER, nullable=False, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_record_body"),
    )
    op.create_table(
        "record_history",
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        *_version_columns(),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", "version", name="pk_record_history"),
    )


def _graph() -> None:
    op.create_table(
        "mention",
        sa.Column("record", sa.BigInteger, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("node", sa.BigInteger),
        sa.Column("type", sa.SmallInteger, nullable=False),
        sa.Column("local", sa.Text, nullable=False),
        sa.Column("protections", sa.Text, nullable=False, server_default=""),
        sa.Column("properties", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("record", "no", name="pk_mention"),
        sqlite_with_rowid=False,
    )
    shared = sa.text("node IS NOT NULL")
    op.create_index("ix_mention_node", "mention", ["node"], sqlite_where=shared, postgresql_where=shared)
    op.create_table(
        "link",
        sa.Column("record", sa.BigInteger, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("type", sa.SmallInteger, nullable=False),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("target", sa.Integer, nullable=False),
        sa.Column("role", sa.SmallInteger),
        sa.Column("data", sa.LargeBinary),
        sa.PrimaryKeyConstraint("record", "no", name="pk_link"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "node",
        sa.Column("no", ROW_NUMBER, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("type", sa.SmallInteger, nullable=False),
        sa.Column("born", sa.BigInteger, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False, server_default=sa.text("true")),
        sa.PrimaryKeyConstraint("no", name="pk_node"),
        sa.UniqueConstraint("id", name="uq_node_id"),
    )
    gone = sa.text("NOT live")
    op.create_index("ix_node_live", "node", ["live"], sqlite_where=gone, postgresql_where=gone)


def _feed() -> None:
    op.create_table(
        "dirty",
        sa.Column("seq", ROW_NUMBER, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("record", sa.BigInteger, nullable=False),
        sa.Column("node", sa.BigInteger),
        sa.Column("mention", sa.LargeBinary),
        sa.PrimaryKeyConstraint("seq", name="pk_dirty"),
    )
    op.create_table(
        "change",
        sa.Column("seq", ROW_NUMBER, nullable=False, autoincrement=False),
        sa.Column("node", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
    )


def downgrade() -> None:
    """Remove every table of the store."""
    tables = (
        "search", "change", "dirty", "node", "link", "mention",
        "record_history", "record_body", "record", "recipe", "source", "installation",
    )  # fmt: skip
    for table in tables:
        op.drop_table(table)
