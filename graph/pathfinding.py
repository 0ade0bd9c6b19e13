"""The shortest path between two nodes: breadth first from both ends, in batched queries, bounded in hubs and nodes.

Of several shortest paths it is always the same one: the one whose nodes' ids come first, which depends neither on
the order of arrival nor on records that the viewer cannot see.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from graph.neighbors import edges_of
from graph.snapshot import Handle, Snapshot, Tie
from graph.views import PathResult

AT_ONCE = 200
"""Nodes whose neighbours one query finds."""
_ALL = 1_000_000
"""More mentions than the cap of any hub: the links between nodes of a found path are all shown."""


class Bounds(NamedTuple):
    """How far a search goes."""

    max_hops: int = 6
    hub_cap: int = 500
    """Mentions of one node that are looked at."""
    node_budget: int = 20_000
    """Nodes that are visited."""


@dataclass(slots=True)
class _Side:
    """The search from one end."""

    frontier: list[Handle]
    depth: dict[Handle, int]
    nearer: dict[Handle, set[Handle]] = field(default_factory=lambda: defaultdict(set))
    """For each node its neighbours that are one step nearer to this end."""
    level: int = 0


@dataclass(slots=True)
class _Search:
    """Both sides, and what they share."""

    snapshot: Snapshot
    bounds: Bounds
    keys: dict[Handle, bytes] = field(default_factory=dict)
    capped: set[Handle] = field(default_factory=set)
    visited: int = 2
    exhausted: bool = False

    def grow(self, side: _Side) -> None:
        """Go one step further from one end, over the whole frontier, unless the budget ends first."""
        side.level += 1
        reached: set[Handle] = set()
        ordered = sorted(side.frontier, key=lambda handle: self.keys.get(handle, b""))
        for start in range(0, len(ordered), AT_ONCE):
            if self.visited >= self.bounds.node_budget:
                self.exhausted = True
                break
            for near, far, key in self._steps(ordered[start : start + AT_ONCE]):
                self.keys[far] = key
                if far not in side.depth:
                    side.depth[far] = side.level
                    reached.add(far)
                    self.visited += 1
                if side.depth[far] == side.level:
                    side.nearer[far].add(near)
        side.frontier = list(reached)

    def _steps(self, handles: list[Handle]) -> list[tuple[Handle, Handle, bytes]]:
        """(node, neighbour, neighbour's key) for each of these nodes."""
        records, capped = self.snapshot.records_of(handles, self.bounds.hub_cap)
        self.capped |= capped
        steps = []
        for tie in self.snapshot.ties(records):
            here = records[tie.record]
            if tie.source in here:
                steps.append((tie.source, tie.target, tie.target_key))
            if tie.target in here:
                steps.append((tie.target, tie.source, tie.source_key))
        return steps


def shortest_path(snapshot: Snapshot, start: Handle, goal: Handle, bounds: Bounds) -> PathResult:
    """A shortest path between two visible nodes, or what was searched in vain."""
    if start == goal:
        return PathResult(nodes=(snapshot.describe([start])[start],), edges=(), visited=1)
    search = _Search(snapshot, bounds)
    near, far = _Side([start], {start: 0}), _Side([goal], {goal: 0})
    meeting: set[Handle] = set()
    while near.level + far.level < bounds.max_hops and not search.exhausted:
        side, other = (near, far) if len(near.frontier) <= len(far.frontier) else (far, near)
        if not side.frontier:
            break
        search.grow(side)
        # What one side has just reached the other can only have reached in its last step: earlier they would have met.
        meeting = {handle for handle in side.frontier if handle in other.depth}
        if meeting:
            break
    return _result(search, _way(search, near, far, meeting) if meeting else [])


def _way(search: _Search, near: _Side, far: _Side, meeting: set[Handle]) -> list[Handle]:
    """Of all shortest ways through the meeting nodes, the one whose ids come first."""
    onward: dict[Handle, set[Handle]] = defaultdict(set)
    # Turn the near side's steps round, along those that lead to a meeting node, and add the far side's as they are.
    layer = meeting
    while layer:
        for handle in layer:
            for before in near.nearer[handle]:
                onward[before].add(handle)
        layer = {before for handle in layer for before in near.nearer[handle]}
    for handle, nearer in far.nearer.items():
        onward[handle] |= nearer
    way = [next(iter(near.depth))]
    while way[-1] != next(iter(far.depth)):
        way.append(min(onward[way[-1]], key=lambda handle: search.keys.get(handle, b"")))
    return way


def _result(search: _Search, way: list[Handle]) -> PathResult:
    snapshot = search.snapshot
    views = snapshot.describe({*way, *search.capped})
    capped = sorted(f"{views[handle].type} {views[handle].id}" for handle in search.capped)
    edges = tuple(edges_of(snapshot, _between(snapshot, first, second), views) for first, second in pairwise(way))
    return PathResult(
        nodes=tuple(views[handle] for handle in way),
        edges=edges,
        visited=search.visited,
        capped=tuple(capped),
        exhausted=search.exhausted,
    )


def _between(snapshot: Snapshot, first: Handle, second: Handle) -> list[Tie]:
    """All visible links between two nodes."""
    records, _ = snapshot.records_of([first, second], _ALL)
    both = [record for record, handles in records.items() if len(handles) > 1]
    return [tie for tie in snapshot.ties(both) if {tie.source, tie.target} == {first, second}]
