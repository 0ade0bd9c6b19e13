"""What is one edge away from a node."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection

from graph.codes import ENTITY_NAMES
from graph.lines import Evidence, edge_view, evidence
from graph.snapshot import Handle, Snapshot, Tie
from graph.views import EdgeView, Neighbor, Neighborhood, NodeView

HUB_CAP = 5_000
"""Mentions of one node that are looked at for its neighbours."""


def neighborhood(
    snapshot: Snapshot, handle: Handle, types: Collection[str] | None, limit: int, hub_cap: int = HUB_CAP
) -> Neighborhood | None:
    """The node's neighbours of these types (all: None); None if the node has no visible mention."""
    records, capped = snapshot.records_of([handle], hub_cap)
    around: dict[Handle, list[Tie]] = defaultdict(list)
    order: dict[Handle, tuple[int, bytes]] = {}
    for tie in snapshot.ties(records):
        if handle == tie.source:
            other, place = tie.target, (tie.target_type, tie.target_key)
        elif handle == tie.target:
            other, place = tie.source, (tie.source_type, tie.source_key)
        else:
            continue
        if types is None or ENTITY_NAMES[place[0]] in types:
            around[other].append(tie)
            order[other] = place
    shown = sorted(around, key=lambda other: order[other])[:limit]
    views = snapshot.describe({handle, *shown})
    if handle not in views:
        return None
    return Neighborhood(
        node=views[handle],
        neighbors=tuple(Neighbor(views[other], edges_of(snapshot, around[other], views)) for other in shown),
        counts=_counts(order),
        capped=bool(capped),
    )


def _counts(order: dict[Handle, tuple[int, bytes]]) -> dict[str, int]:
    counts = Counter(type_code for type_code, _ in order.values())
    return {ENTITY_NAMES[type_code]: counts[type_code] for type_code in sorted(counts)}


def edges_of(snapshot: Snapshot, ties: Collection[Tie], views: dict[Handle, NodeView]) -> tuple[EdgeView, ...]:
    """The edges that these links make, sorted by type, then by direction."""
    grouped: dict[tuple[int, bytes, bytes], list[Evidence]] = defaultdict(list)
    for tie in ties:
        source, target = (bytes.fromhex(views[end].id) for end in (tie.source, tie.target))
        grouped[tie.link.type, source, target].append(evidence(snapshot.ids, tie.link))
    return tuple(edge_view(snapshot.ids, *key, links) for key, links in sorted(grouped.items()))
