"""All that a principal sees as nodes and edges, each sorted by id, one at a time: never the whole graph in memory.

The engine sorts the nodes. Edges are sorted by an id that only the identity key can make, so they pass through a
private SQLite file of their own, which has no name and goes when it is closed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import Any

import orjson

from graph.codes import ENTITY_NAMES, LINK_NAMES
from graph.lines import Evidence, LinkRow, MentionRow, edge_view, evidence, is_keyed, node_view
from graph.snapshot import Snapshot
from graph.views import EdgeView, NodeView

AT_ONCE = 1_000
"""Rows that travel together."""

_SMALLEST = {
    "sqlite": "min(m.id)",
    # PostgreSQL compares bytea but has no min() of it before version 18.
    "postgresql": "decode(min(encode(m.id, 'hex') COLLATE \"C\"), 'hex')",
}
_NAMES = """
WITH smallest (node, id) AS (
  SELECT m.node, {smallest} FROM mention m{visible}
  WHERE m.node IS NOT NULL AND m.type NOT IN ({keyed})
  GROUP BY m.node
)
"""
_NODES = (
    _NAMES
    + """
SELECT coalesce(f.id, n.id, m.id) AS public, m.id, m.type, m.local, m.properties, r.agency, s.name, r.key
FROM mention m
JOIN record r ON r.seq = m.record{and_record}
JOIN source s ON s.no = r.source
LEFT JOIN node n ON n.no = m.node
LEFT JOIN smallest f ON f.node = m.node
ORDER BY 1, 2
"""
)
_LINKS = (
    _NAMES
    + """
SELECT coalesce(e.id, p.id, a.id), coalesce(f.id, q.id, b.id),
  l.type, l.role, l.data, a.id, b.id, r.agency, s.name, r.key
FROM link l
JOIN mention a ON a.record = l.record AND a.no = l.source
JOIN mention b ON b.record = l.record AND b.no = l.target
JOIN record r ON r.seq = l.record{and_record}
JOIN source s ON s.no = r.source
LEFT JOIN node p ON p.no = a.node
LEFT JOIN node q ON q.no = b.node
LEFT JOIN smallest e ON e.node = a.node
LEFT JOIN smallest f ON f.node = b.node
"""
)


def nodes(snapshot: Snapshot) -> Iterator[NodeView]:
    """Every visible node, sorted by id."""
    for node_id, rows in groupby(snapshot.stream(_query(_NODES, snapshot)), key=lambda row: row[0]):
        yield node_view(node_id, [MentionRow(*row[1:]) for row in rows])


def edges(snapshot: Snapshot) -> Iterator[EdgeView]:
    """Every visible edge, sorted by id."""
    # An empty name is a private file that SQLite removes as soon as it has opened it.
    with closing(sqlite3.connect("", isolation_level=None)) as spool:
        spool.execute("PRAGMA journal_mode = OFF")
        spool.execute("CREATE TABLE link (edge BLOB, type INTEGER, source BLOB, target BLOB, said BLOB)")
        spool.execute("BEGIN")
        for rows in _batches(_spooled(snapshot)):
            spool.executemany("INSERT INTO link VALUES (?, ?, ?, ?, ?)", rows)
        query = "SELECT type, source, target, said FROM link ORDER BY edge, said"
        for (type_code, source, target), links in groupby(spool.execute(query), key=lambda row: row[:3]):
            said = (Evidence(*orjson.loads(link[3])) for link in links)
            yield edge_view(snapshot.ids, type_code, source, target, said)


def _spooled(snapshot: Snapshot) -> Iterator[tuple[bytes, int, bytes, bytes, bytes]]:
    """Every visible link with its edge's id, its type, its two nodes, and what it says."""
    for source, target, *columns in snapshot.stream(_query(_LINKS, snapshot)):
        link = LinkRow(*columns)
        edge = snapshot.ids.edge(LINK_NAMES[link.type], source, target)
        yield edge, link.type, source, target, orjson.dumps(list(evidence(snapshot.ids, link)))


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _query(query: str, snapshot: Snapshot) -> str:
    keyed = ", ".join(str(code) for code in ENTITY_NAMES if is_keyed(code))
    sight = snapshot.sight
    return query.format(
        smallest=_SMALLEST[snapshot.dialect], visible=sight.join(), and_record=sight.and_record(), keyed=keyed
    )
