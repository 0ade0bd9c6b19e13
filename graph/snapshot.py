"""One consistent look at the graph through one principal's eyes: the queries that all reads are made of.

Inside, a node is a handle: the number of a node that mentions share, or minus the address (record, number) of a
mention that is a node of its own. Handles never leave the graph and say nothing about order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from graph.bulk import bulk
from graph.lines import LinkRow, MentionRow, is_keyed, node_view
from graph.store import Transaction
from graph.tables import MENTION_BITS
from graph.views import NodeView
from graph.visible import Sight
from schemas.ids import Ids

Handle = int

_RECORD_SPAN = 1 << MENTION_BITS


def handle_of(node: int | None, record: int, no: int) -> Handle:
    """The handle of a mention's node."""
    return -(record * _RECORD_SPAN + no) if node is None else node


def address_of(handle: Handle) -> tuple[int, int]:
    """Record and number of a mention that is a node of its own."""
    return divmod(-handle, _RECORD_SPAN)


class Tie(NamedTuple):
    """A visible link between two nodes."""

    record: int
    source: Handle
    target: Handle
    source_key: bytes
    """Id by which the node is ordered: the same for every viewer, whatever was loaded first."""
    target_key: bytes
    source_type: int
    target_type: int
    link: LinkRow


# In each query the few rows that are asked for are found first, as a materialized table: a planner without statistics
# would rather begin with every record of the viewer's agencies.
_MENTIONS = """
WITH found AS MATERIALIZED (SELECT * FROM mention WHERE {by} IN ({{}}))
SELECT m.node, m.record, m.no, n.id, m.id, m.type, m.local, m.properties, r.agency, s.name, r.key
FROM found m
JOIN record r ON r.seq = m.record{visible}
JOIN source s ON s.no = r.source
LEFT JOIN node n ON n.no = m.node
"""

# Of each hub no more mentions than `cap` are looked at: those with the smallest ids, which is the same choice for any
# order of arrival.
_PLACES = """
WITH found AS MATERIALIZED (SELECT node, record, no, id FROM mention WHERE node IN ({{}}))
SELECT node, record, no FROM (
  SELECT m.node, m.record, m.no, row_number() OVER (PARTITION BY m.node ORDER BY m.id) AS nth
  FROM found m{visible}
) AS places WHERE nth <= {cap}
"""

_TIES = """
WITH seen AS MATERIALIZED (SELECT r.seq, r.agency, r.source, r.key FROM record r WHERE r.seq IN ({{}}){visible})
SELECT l.record, l.source, l.target, a.node, b.node, coalesce(p.id, a.id), coalesce(q.id, b.id), a.type, b.type,
  l.type, l.role, l.data, a.id, b.id, r.agency, s.name, r.key
FROM seen r
JOIN source s ON s.no = r.source
JOIN link l ON l.record = r.seq
JOIN mention a ON a.record = l.record AND a.no = l.source
JOIN mention b ON b.record = l.record AND b.no = l.target
LEFT JOIN node p ON p.no = a.node
LEFT JOIN node q ON q.no = b.node
"""

_POINT_QUERIES = "; ".join(f"SET LOCAL enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin", "material"))
"""PostgreSQL guesses that a list of nodes has many mentions, and would read the tables whole."""

_STREAMED = 2_000
"""Rows that PostgreSQL sends at once."""


class Snapshot:
    """Queries on one transaction, all of them filtered by one sight."""

    def __init__(self, tx: Transaction, sight: Sight, ids: Ids, *, whole: bool = False) -> None:
        """Look through `sight` at the snapshot that `tx` is; `whole` when all of it is read, not a few nodes."""
        self.sight = sight
        self.ids = ids
        self.dialect = tx.dialect
        self._tx = tx
        self._bulk = bulk(tx)
        if tx.dialect == "postgresql" and not whole:
            tx.driver.execute(_POINT_QUERIES)

    def rows(self, statement: str, *parameters: Any) -> list[Any]:
        """The rows of a statement whose parameters are written as `?`."""
        if self.dialect == "sqlite":
            return list(self._tx.driver.execute(statement, parameters))
        with self._tx.driver.cursor(binary=True) as cursor:
            return list(cursor.execute(statement.replace("?", "%s"), parameters))

    def stream(self, statement: str) -> Iterator[Any]:
        """The rows of a large result, a few at a time."""
        if self.dialect == "sqlite":
            yield from self._tx.driver.execute(statement)
            return
        with self._tx.driver.cursor(name="casefold_stream", binary=True) as cursor:
            cursor.itersize = _STREAMED
            yield from cursor.execute(statement)

    def rows_in(self, statement: str, values: Iterable[Any], *leading: Any) -> list[Any]:
        """The rows of a statement with `IN ({})`, for any number of values."""
        return self._bulk.select(statement, values, *leading)

    def mentions(self, handles: Collection[Handle]) -> dict[Handle, tuple[bytes | None, list[MentionRow]]]:
        """For each of these nodes that has visible mentions: the id of its key, if any, and those mentions."""
        visible = self.sight.and_record()
        shared = [handle for handle in handles if handle > 0]
        own = {handle for handle in handles if handle < 0}
        rows = self.rows_in(_MENTIONS.format(visible=visible, by="node"), shared)
        records = {address_of(handle)[0] for handle in own}
        rows += self.rows_in(_MENTIONS.format(visible=visible, by="record"), records)
        found: dict[Handle, tuple[bytes | None, list[MentionRow]]] = {}
        wanted = own.union(shared)
        for node, record, no, key, *columns in rows:
            handle = handle_of(node, record, no)
            # A record that holds a node of its own may hold mentions of shared ones, which came by their number.
            if handle in wanted:
                found.setdefault(handle, (key, []))[1].append(MentionRow(*columns))
        return {handle: (key, list(dict.fromkeys(mentions))) for handle, (key, mentions) in found.items()}

    def describe(self, handles: Collection[Handle]) -> dict[Handle, NodeView]:
        """These nodes as the viewer sees them; those without visible mentions are left out."""
        return {
            handle: node_view(public_id(key, mentions), mentions)
            for handle, (key, mentions) in self.mentions(handles).items()
        }

    def records_of(self, handles: Collection[Handle], cap: int) -> tuple[dict[int, set[Handle]], set[Handle]]:
        """The visible records in which these nodes are mentioned, and the hubs of which only `cap` mentions count."""
        shared = [handle for handle in handles if handle > 0]
        query = _PLACES.format(visible=self.sight.join(), cap=cap + 1)
        places: dict[Handle, list[int]] = defaultdict(list)
        for node, record, _ in self.rows_in(query, shared):
            places[node].append(record)
        records: dict[int, set[Handle]] = defaultdict(set)
        capped = set()
        for handle, found in places.items():
            if len(found) > cap:
                capped.add(handle)
            for record in found[:cap]:
                records[record].add(handle)
        for handle in handles:
            if handle < 0:
                records[address_of(handle)[0]].add(handle)
        return records, capped

    def ties(self, records: Collection[int]) -> Iterator[Tie]:
        """All visible links of these records."""
        for row in self.rows_in(_TIES.format(visible=self.sight.and_record()), records):
            record, source, target, a, b, a_key, b_key, a_type, b_type = row[:9]
            yield Tie(
                record,
                handle_of(a, record, source),
                handle_of(b, record, target),
                a_key,
                b_key,
                a_type,
                b_type,
                LinkRow(*row[9:]),
            )


def public_id(key: bytes | None, mentions: Sequence[MentionRow]) -> bytes:
    """The id of a node for this viewer: that of its key, else its smallest visible mention's."""
    if key is not None and is_keyed(mentions[0].type):
        return key
    return min(mention.id for mention in mentions)
