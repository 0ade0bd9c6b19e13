"""Publishing: the dirty set becomes entries of the change feed, in small transactions.

Each transaction takes the oldest dirty rows, appends one change for every node that they touch, numbered under one
lock, and removes the rows it took: killed anywhere, nothing is lost and nothing is told twice.

Where rows of the dirty set turn into touched nodes (the common table `touched`) is the seam for resolution: a
clusterer takes the same rows, decides which mentions are one thing, and says which nodes that touches.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graph.store import Store

PER_TRANSACTION = 2_000
"""Dirty rows that one transaction drains. A new record is one row, however many nodes it has."""

_CHANGE_LOCK = 0x6361_7365_0002
"""Number of the PostgreSQL advisory lock under which changes are numbered; SQLite has one writer at a time."""


class Published(NamedTuple):
    """What publishing did."""

    nodes: int
    """Nodes that were touched and are there."""
    changes: int
    """Entries appended to the feed."""


def publish(store: Store, limit: int = PER_TRANSACTION) -> Published:
    """Drain the dirty set, `limit` rows in each transaction, until it is empty."""
    drain = _drain_sqlite if store.dialect == "sqlite" else _drain_postgresql
    nodes = changes = 0
    while True:
        with store.write() as tx:
            taken, there, appended = drain(tx.connection, limit)
        nodes += there
        changes += appended
        if taken < limit:
            return Published(nodes, changes)


# Codes are those of graph.codes.ChangeKind; 0 stands for all nodes of a new record's mentions, as they are now.
# - A shared node is there while a mention stands on it. It is created when the row, or the record that bore it, says
#   so, or when it had gone.
# - A mention that is its own node was there before if its oldest row does not say that it came.
_KINDS = """
touched (seq, kind, record, node, mention) AS (
  SELECT t.seq, 0, m.record, m.node, CASE WHEN m.node IS NULL THEN m.id END
  FROM taken t JOIN mention m ON m.record = t.record
  WHERE t.kind = 0
  UNION ALL
  SELECT seq, kind, record, node, mention FROM taken WHERE kind <> 0
),
shared (no, id, live, made, fresh) AS (
  SELECT n.no, n.id, n.live,
    max(CASE WHEN t.kind = 1 OR (t.kind = 0 AND n.born = t.record) THEN 1 ELSE 0 END),
    max(CASE WHEN t.kind = 0 THEN 1 ELSE 0 END)
  FROM touched t JOIN node n ON n.no = t.node
  GROUP BY n.no
),
own (id, record, made, fresh) AS (
  SELECT mention, min(record), CASE WHEN min(seq * 4 + kind) % 4 < 2 THEN 1 ELSE 0 END,
    max(CASE WHEN kind = 0 THEN 1 ELSE 0 END)
  FROM touched
  WHERE mention IS NOT NULL
  GROUP BY mention
),
kinds (id, kind, no, live) AS (
  SELECT id,
    CASE WHEN fresh = 1 OR EXISTS (SELECT 1 FROM mention m WHERE m.node = shared.no)
         THEN CASE WHEN made = 1 OR NOT live THEN 1 ELSE 2 END
         WHEN live THEN 3 END,
    no, live
  FROM shared
  UNION ALL
  SELECT id,
    CASE WHEN fresh = 1
           OR EXISTS (SELECT 1 FROM mention m WHERE m.record = own.record AND m.id = own.id AND m.node IS NULL)
         THEN CASE WHEN made = 1 THEN 1 ELSE 2 END
         WHEN made = 0 THEN 3 END,
    NULL, true
  FROM own
)
"""

_APPEND = """
INSERT INTO change (seq, node, kind)
SELECT (SELECT coalesce(max(seq), 0) FROM change) + row_number() OVER (), id, kind FROM kinds WHERE kind IS NOT NULL
"""

# The same for a batch of new records alone, which is what a first load publishes: a third of the time.
_SQLITE_NEW_OWN = """
INSERT INTO change (node, kind)
SELECT m.id, 1 FROM dirty d JOIN mention m ON m.record = d.record WHERE d.seq <= :last AND m.node IS NULL
"""
_SQLITE_NEW_SHARED = """
INSERT INTO change (node, kind)
SELECT n.id, 2 - max(n.born = m.record OR NOT n.live)
FROM dirty d JOIN mention m ON m.record = d.record JOIN node n ON n.no = m.node
WHERE d.seq <= :last
GROUP BY n.no
"""
_SQLITE_TAKEN = "WITH taken AS (SELECT seq, kind, record, node, mention FROM dirty WHERE seq <= :last),"
_SQLITE_APPENDED = "SELECT count(*), coalesce(sum(kind < 3), 0) FROM change WHERE seq > :before"
_SQLITE_LAST = "SELECT max(seq), count(*), max(kind) FROM (SELECT seq, kind FROM dirty ORDER BY seq LIMIT :limit)"
_SQLITE_APPEND = f"{_SQLITE_TAKEN}{_KINDS}{_APPEND}"
_SQLITE_GONE = """
UPDATE node SET live = false
WHERE live AND no IN (SELECT node FROM dirty WHERE seq <= :last AND node IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM mention m WHERE m.node = node.no)
"""
_SQLITE_ANY_GONE = "SELECT EXISTS (SELECT 1 FROM node WHERE NOT live)"
_SQLITE_BACK = f"""
{_SQLITE_TAKEN}{_KINDS}
UPDATE node SET live = true WHERE NOT live AND no IN (SELECT no FROM kinds WHERE kind < 3)
"""  # noqa: S608 - constants
_SQLITE_DONE = "DELETE FROM dirty WHERE seq <= :last"

# One statement, hence one snapshot: what another worker commits meanwhile is in the dirty set, and told next time.
_POSTGRESQL_TAKEN = """
WITH taken AS (DELETE FROM dirty WHERE seq = ANY(:rows) RETURNING seq, kind, record, node, mention),
"""
_POSTGRESQL_DONE = f"""
appended AS ({_APPEND} RETURNING kind),
flipped AS (
  UPDATE node SET live = (kinds.kind < 3) FROM kinds
  WHERE node.no = kinds.no AND kinds.kind IS NOT NULL AND kinds.live <> (kinds.kind < 3)
)
SELECT count(*) FILTER (WHERE kind < 3), count(*) FROM appended
"""  # noqa: S608 - constants
_POSTGRESQL = f"{_POSTGRESQL_TAKEN}{_KINDS},{_POSTGRESQL_DONE}"
_POSTGRESQL_NEW = f"""{_POSTGRESQL_TAKEN}
found AS MATERIALIZED (
  SELECT m.record, m.id, m.node FROM taken t JOIN mention m ON m.record = t.record
),
kinds (id, kind, no, live) AS (
  SELECT id, 1, NULL::bigint, true FROM found WHERE node IS NULL
  UNION ALL
  SELECT n.id, CASE WHEN bool_or(n.born = f.record) OR NOT n.live THEN 1 ELSE 2 END, n.no, n.live
  FROM found f JOIN node n ON n.no = f.node
  GROUP BY n.no
),{_POSTGRESQL_DONE}"""  # noqa: S608 - constants
_POSTGRESQL_OLDEST = """
SELECT array_agg(seq), max(kind) FROM (SELECT seq, kind FROM dirty ORDER BY seq LIMIT :limit) AS oldest
"""
# A batch touches few rows of large tables. The planner cannot know how few, and would read the tables whole.
_POSTGRESQL_SETTINGS = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
)


def _drain_sqlite(connection: Connection, limit: int) -> tuple[int, int, int]:
    """Rows taken, nodes that are there, changes appended."""
    last, taken, kind = connection.execute(sa.text(_SQLITE_LAST), {"limit": limit}).one()
    if not taken:
        return 0, 0, 0
    before = connection.execute(sa.text("SELECT coalesce(max(seq), 0) FROM change")).scalar()
    for statement in (_SQLITE_APPEND,) if kind else (_SQLITE_NEW_OWN, _SQLITE_NEW_SHARED):
        connection.execute(sa.text(statement), {"last": last})
    appended, there = connection.execute(sa.text(_SQLITE_APPENDED), {"before": before}).one()
    any_gone = connection.execute(sa.text(_SQLITE_ANY_GONE)).scalar()
    for statement in (_SQLITE_BACK, _SQLITE_GONE) if any_gone else (_SQLITE_GONE,):
        connection.execute(sa.text(statement), {"last": last})
    connection.execute(sa.text(_SQLITE_DONE), {"last": last})
    return taken, there, appended


def _drain_postgresql(connection: Connection, limit: int) -> tuple[int, int, int]:
    """Rows taken, nodes that are there, changes appended."""
    # A statement of its own: the next one's snapshot begins when the lock is held.
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHANGE_LOCK})
    connection.exec_driver_sql(_POSTGRESQL_SETTINGS)
    rows, kind = connection.execute(sa.text(_POSTGRESQL_OLDEST), {"limit": limit}).one()
    if not rows:
        return 0, 0, 0
    statement = _POSTGRESQL if kind else _POSTGRESQL_NEW
    there, appended = connection.execute(sa.text(statement), {"rows": rows}).one()
    return len(rows), there, appended
