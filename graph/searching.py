"""Full-text search: which nodes have all these words, the last of them perhaps begun only.

Ranking knows no corpus statistics, which would tell about hidden records: first nodes with a value that is just what
was typed, then nodes that have all the words in full, then the rest; among these by type, then by a fixed id.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NamedTuple

import orjson

from graph.codes import ENTITY_CODES, ENTITY_NAMES
from graph.snapshot import Handle, Snapshot, handle_of
from graph.views import Hit
from graph.words import MAX_WORD, digits_of, fold, joined, search_words, searched_values

PER_TYPE = 200
"""Nodes of one type that are ranked, those with the smallest ids, when there are more."""
PER_NODE = 20
"""Matching mentions of one node that are looked at for an exact value."""
MAX_WORDS = 16

_PHONE = re.compile(r"[\s+(]*\d[\d\s().+/-]{5,}(?:\s*(?:x|ext\.?|;ext=)\s*\d{1,6})?\s*", re.IGNORECASE)
_EXACT, _BEGUN = 0, 2

_MATCHES = {
    "sqlite": "SELECT rowid >> 20 AS record, rowid & 1048575 AS no FROM search WHERE search MATCH ?",
    "postgresql": "SELECT record, no FROM search WHERE words @@ CAST(? AS tsquery)",
}
# The words decide first: a planner without statistics would begin with every record of the viewer's agencies.
_HITS = """
WITH matching AS MATERIALIZED ({matches}
), hit AS (
  SELECT m.record, m.no, m.node, m.type, m.id, coalesce(n.id, m.id) AS key
  FROM matching s JOIN mention m ON m.record = s.record AND m.no = s.no{types}{visible}
  LEFT JOIN node n ON n.no = m.node
), ranked AS (
  SELECT record, no, node, type, key,
    dense_rank() OVER (PARTITION BY type ORDER BY key) AS place,
    row_number() OVER (PARTITION BY key ORDER BY id) AS nth
  FROM hit
)
SELECT h.record, h.no, h.node, h.type, h.key, m.properties
FROM ranked h JOIN mention m ON m.record = h.record AND m.no = h.no
WHERE h.place <= {per_type} AND h.nth <= {per_node}
"""


class Wanted(NamedTuple):
    """What was typed, as it is compared."""

    words: tuple[str, ...]
    """All of which a mention must have, the last one perhaps only begun."""
    joined: tuple[str, ...]
    """Or one word that begins with one of these: a plate typed with a dash, a telephone number with brackets."""


def search(snapshot: Snapshot, text: str, types: Collection[str] | None, limit: int) -> list[Hit]:
    """The visible nodes that `text` finds, best first."""
    wanted = parse(text)
    codes = sorted(ENTITY_CODES[name] for name in types if name in ENTITY_CODES) if types is not None else None
    if wanted is None or codes == []:
        return []
    best: dict[Handle, tuple[int, int, bytes]] = {}
    # Whole words first: among thousands of beginnings, what was meant might not be ranked at all.
    for begun in (False, True):
        if len(best) < limit:
            for record, no, node, type_code, key, properties in _rows(snapshot, wanted, codes, begun=begun):
                handle = handle_of(node, record, no)
                rank = (_rank(wanted, ENTITY_NAMES[type_code], properties), type_code, key)
                best[handle] = min(rank, best.get(handle, rank))
    shown = sorted(best, key=lambda handle: best[handle])[:limit]
    views = snapshot.describe(shown)
    return [
        Hit(view.id, view.type, view.label, len(view.mentions), best[handle][0] == _EXACT)
        for handle in shown
        if (view := views.get(handle))
    ]


def parse(text: str) -> Wanted | None:
    """The words of a query; None when there is none."""
    words = tuple(fold(text).split()[:MAX_WORDS])
    if not words:
        return None
    alternatives = {"".join(words)[:MAX_WORD]} if len(words) > 1 else set()
    if _PHONE.fullmatch(text) and (digits := digits_of(text)):
        alternatives.add(digits[:MAX_WORD])
    return Wanted(words, tuple(sorted(alternatives)))


def _rows(snapshot: Snapshot, wanted: Wanted, codes: list[int] | None, *, begun: bool) -> list[Any]:
    """(record, no, node, type, key, properties) of the mentions that match."""
    query = _HITS.format(
        matches=_MATCHES[snapshot.dialect],
        visible=snapshot.sight.join(),
        types="" if codes is None else f" AND m.type IN ({', '.join(map(str, codes))})",
        per_type=PER_TYPE,
        per_node=PER_NODE,
    )
    return snapshot.rows(query, _expression(wanted, snapshot.dialect, begun=begun))


def _expression(wanted: Wanted, dialect: str, *, begun: bool) -> str:
    """The query in the engine's own language. Words are letters and digits, so quotes hold them safely."""
    quote, and_, or_, prefix = ('"', " AND ", " OR ", "*") if dialect == "sqlite" else ("'", " & ", " | ", ":*")
    alternatives = [wanted.words, *([word] for word in wanted.joined)]
    ending = prefix if begun else ""
    return or_.join("(" + and_.join(f"{quote}{word}{quote}" for word in words) + ending + ")" for words in alternatives)


def _rank(wanted: Wanted, entity_type: str, stored: bytes) -> int:
    """0: a value is just this; 1: all words are there in full; 2: the last one is only begun."""
    properties = orjson.loads(stored)
    words = search_words(entity_type, properties).split()
    alike = {"".join(wanted.words), *wanted.joined}
    if entity_type == "Phone":
        return _EXACT if alike.intersection(words) else _BEGUN
    if any(joined(value) in alike for value in searched_values(entity_type, properties)):
        return _EXACT
    return 1 if set(wanted.words) <= set(words) else _BEGUN
