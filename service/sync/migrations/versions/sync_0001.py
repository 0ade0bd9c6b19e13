"""The runner's first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "sync_0001"
down_revision = None
branch_labels = ("sync",)
depends_on = "graph_0001"

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of leases, checkpoints, files, quarantine and runs."""
    op.create_table(
        "lease",
        sa.Column("source", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "checkpoint",
        sa.Column("source", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("config", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "unit",
        sa.Column("source", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("records", sa.BigInteger, nullable=False),
    )
    _quarantine()
    op.create_table(
        "run",
        sa.Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("finished", sa.BigInteger),
        sa.Column("counts", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("error", sa.Text),
    )


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("locator", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("hint", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("recipe", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("source", "hash", "locator", name="uq_quarantine_source_hash_locator"),
    )
    op.create_index("quarantine_by_key", "quarantine", ["source", "key"])
    op.create_index("quarantine_by_state", "quarantine", ["source", "state"])
