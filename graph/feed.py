"""The change feed as it stands in the store: what happened to which node, in the order of commit.

It names nodes of the whole graph, so it is for the installation itself (caches, resolution) and for principals who
see everything. What others receive is compared with what they may see, under numbers of their own.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from graph.codes import ChangeKind
from graph.store import Store
from graph.visible import Sight
from schemas.access import Principal

_AFTER = sa.text("SELECT seq, node, kind FROM change WHERE seq > :cursor ORDER BY seq LIMIT :limit")


class Change(NamedTuple):
    """One entry of the feed."""

    seq: int
    """Give the last one back as the cursor for what comes after."""
    node: str
    """Id of the node's key, or of the mention that is a node of its own."""
    kind: str
    """created, changed or removed."""


def changes(store: Store, principal: Principal, cursor: int = 0, limit: int = 1_000) -> list[Change]:
    """The entries after a cursor, oldest first; raises PermissionError for a principal who does not see everything."""
    if not Sight.of(principal).everything:
        raise PermissionError(f"{principal.user} may not read the feed of the whole graph")
    with store.read() as tx:
        rows = tx.connection.execute(_AFTER, {"cursor": cursor, "limit": limit}).all()
    return [Change(seq, node.hex(), ChangeKind(kind).name.lower()) for seq, node, kind in rows]
