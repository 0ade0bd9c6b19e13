"""The graph as one principal sees it: the one door through which everything is read.

Each question is answered from one consistent snapshot. There is no reading without a principal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from graph import totals
from graph.export import lines
from graph.finding import AmbiguousId, find
from graph.neighbors import HUB_CAP, neighborhood
from graph.pathfinding import Bounds, shortest_path
from graph.searching import search
from graph.snapshot import Snapshot
from graph.store import Store
from graph.views import EdgeView, Hit, Json, Neighbor, Neighborhood, NodeView, PathResult
from graph.visible import Sight
from schemas.access import Principal

__all__ = [
    "AmbiguousId",
    "EdgeView",
    "Graph",
    "Hit",
    "Neighbor",
    "Neighborhood",
    "NodeView",
    "PathResult",
]


class Graph:
    """The visible graph of one principal."""

    def __init__(self, store: Store, principal: Principal) -> None:
        """Read this store as this principal."""
        self._store = store
        self._sight = Sight.of(principal)

    def search(self, text: str, types: Collection[str] | None = None, limit: int = 20) -> list[Hit]:
        """Nodes that have all these words, the last perhaps begun only; of these entity types, best first."""
        with self._snapshot() as snapshot:
            return search(snapshot, text, types, limit)

    def node(self, node_id: str) -> NodeView | None:
        """The node that an id names, or at least eight digits of one: its own or any visible mention's.

        None if there is none that the principal may see; raises AmbiguousId if the digits begin several.
        """
        with self._snapshot() as snapshot:
            handle = find(snapshot, node_id)
            return None if handle is None else snapshot.describe([handle])[handle]

    def neighbors(
        self, node_id: str, types: Collection[str] | None = None, limit: int = 50, hub_cap: int = HUB_CAP
    ) -> Neighborhood | None:
        """What is one edge away from a node; None if the principal sees no such node."""
        with self._snapshot() as snapshot:
            handle = find(snapshot, node_id)
            return None if handle is None else neighborhood(snapshot, handle, types, limit, hub_cap)

    def path(
        self, start: str, goal: str, max_hops: int = 6, hub_cap: int = 500, node_budget: int = 20_000
    ) -> PathResult | None:
        """A shortest path between two nodes; None if the principal does not see both.

        Of each node at most `hub_cap` mentions are looked at, and at most about `node_budget` nodes are visited; the
        answer says where that mattered.
        """
        with self._snapshot() as snapshot:
            ends = find(snapshot, start), find(snapshot, goal)
            if ends[0] is None or ends[1] is None:
                return None
            return shortest_path(snapshot, ends[0], ends[1], Bounds(max_hops, hub_cap, node_budget))

    def counts(self) -> tuple[int, int]:
        """How many nodes and edges the principal sees."""
        with self._snapshot(whole=True) as snapshot:
            last = totals.stand(snapshot) if self._sight.everything else None
            if last is not None and (known := totals.remembered(snapshot, last)):
                return known
            counts = totals.counted(snapshot)
        if last is not None:
            totals.keep(self._store, last, counts)
        return counts

    def export(self) -> Iterator[Json]:
        """Every visible node, then every visible edge, each as a line of the export and sorted by id."""
        with self._snapshot(whole=True) as snapshot:
            for node in lines.nodes(snapshot):
                yield node.line()
            for edge in lines.edges(snapshot):
                yield edge.line()

    @contextmanager
    def _snapshot(self, *, whole: bool = False) -> Iterator[Snapshot]:
        """One consistent look; `whole` when all of the graph is read, not a few nodes of it."""
        with self._store.read() as tx:
            yield Snapshot(tx, self._sight, self._store.ids, whole=whole)
