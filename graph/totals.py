"""How many nodes and edges a principal sees, counted by the engine; for the administrator remembered until it changes.

A sync says these two figures each time, and most syncs change nothing.
"""

from __future__ import annotations

from graph.snapshot import Snapshot
from graph.store import Store, remember

_NODES = """
SELECT (SELECT count(*) FROM mention m{visible} WHERE m.node IS NULL)
     + (SELECT count(*) FROM (SELECT DISTINCT m.node FROM mention m{visible} WHERE m.node IS NOT NULL) AS shared)
"""
# A node of its own is known by its mention's address, as minus a number that no shared node has.
_EDGES = """
SELECT count(*) FROM (
  SELECT DISTINCT l.type, coalesce(a.node, -(a.record * 1048576 + a.no)), coalesce(b.node, -(b.record * 1048576 + b.no))
  FROM link l
  JOIN mention a ON a.record = l.record AND a.no = l.source
  JOIN mention b ON b.record = l.record AND b.no = l.target{visible}
) AS edges
"""
_STAND = (
    "SELECT (SELECT coalesce(max(seq), 0) FROM change), (SELECT count(*) FROM (SELECT 1 FROM dirty LIMIT 1) AS any_row)"
)
_KEY = "tally"


def counted(snapshot: Snapshot) -> tuple[int, int]:
    """Visible nodes and edges."""
    sight = snapshot.sight
    nodes = snapshot.rows(_NODES.format(visible=sight.join()))[0][0]
    edges = snapshot.rows(_EDGES.format(visible=sight.join("a")))[0][0]
    return nodes, edges


def stand(snapshot: Snapshot) -> str | None:
    """What the figures of the whole hold for: the last change, if everything that landed is published."""
    last, waiting = snapshot.rows(_STAND)[0]
    return None if waiting else str(last)


def remembered(snapshot: Snapshot, last: str) -> tuple[int, int] | None:
    """The figures of the whole, if they were counted at this change."""
    row = snapshot.rows("SELECT value FROM installation WHERE key = ?", _KEY)
    known_at, *counts = row[0][0].split() if row else ("",)
    return (int(counts[0]), int(counts[1])) if known_at == last else None


def keep(store: Store, last: str, counts: tuple[int, int]) -> None:
    """Remember the figures of the whole."""
    with store.write() as tx:
        remember(tx.connection, _KEY, f"{last} {counts[0]} {counts[1]}")
