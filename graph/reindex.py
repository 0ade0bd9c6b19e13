"""Rebuilding the search index from the mentions: after the words of an upgrade, and to be rid of deleted text."""

from __future__ import annotations

import orjson
import sqlalchemy as sa

from graph.bulk import Row, bulk
from graph.codes import ENTITY_NAMES
from graph.store import Transaction
from graph.words import search_words

_AT_ONCE = 5_000
_NEXT = (
    "SELECT record, no, type, properties FROM mention WHERE (record, no) > (:record, :no) "
    "ORDER BY record, no LIMIT :limit"
)


def reindex(tx: Transaction) -> int:
    """Empty the search index and fill it again; the answer is how many mentions have words."""
    empty = "INSERT INTO search (search) VALUES ('delete-all')" if tx.dialect == "sqlite" else "TRUNCATE search"
    tx.connection.execute(sa.text(empty))
    engine = bulk(tx)
    written = 0
    record, no = 0, -1
    while rows := tx.connection.execute(sa.text(_NEXT), {"record": record, "no": no, "limit": _AT_ONCE}).all():
        record, no = rows[-1][:2]
        words: list[Row] = [
            (row[0], row[1], text) for row in rows if (text := search_words(ENTITY_NAMES[row[2]], orjson.loads(row[3])))
        ]
        engine.insert("search", words)
        written += len(words)
    return written
