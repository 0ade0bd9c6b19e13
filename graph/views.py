"""What the graph answers: plain frozen objects, made of what the viewer may see and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NodeView:
    """A thing of the real world, with what all visible mentions say of it."""

    id: str
    type: str
    label: str
    properties: dict[str, list[Any]]
    """Distinct values of each property, sorted; none is empty."""
    mentions: tuple[Json, ...]
    """{id, agency, source, record, local}, sorted by id."""

    def line(self) -> Json:
        """The node as a line of the export."""
        return {
            "kind": "node",
            "id": self.id,
            "type": self.type,
            "label": self.label,
            "properties": self.properties,
            "mentions": list(self.mentions),
        }


@dataclass(frozen=True, slots=True)
class EdgeView:
    """All visible links of one type between two nodes."""

    id: str
    type: str
    source: str
    """Id of the node that the links start from."""
    target: str
    """Id of the node that they lead to."""
    roles: tuple[str, ...]
    start: str | None
    end: str | None
    evidence: tuple[Json, ...]
    """{link, agency, source, record, where, status, confidence}, sorted."""

    def line(self) -> Json:
        """The edge as a line of the export."""
        return {
            "kind": "edge",
            "id": self.id,
            "type": self.type,
            "from": self.source,
            "to": self.target,
            "roles": list(self.roles),
            "start": self.start,
            "end": self.end,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """One node that a search found."""

    id: str
    type: str
    label: str
    mentions: int
    """How many visible mentions the node has."""
    exact: bool
    """One of its values is what was searched for, not just a text that has the words."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A node beside another, with the edges between the two."""

    node: NodeView
    edges: tuple[EdgeView, ...]


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """A node and what is one edge away from it."""

    node: NodeView
    neighbors: tuple[Neighbor, ...]
    """Sorted by type, then by a fixed id; at most as many as were asked for."""
    counts: dict[str, int]
    """How many neighbours of each type there are, those beyond the limit included."""
    capped: bool
    """The node has more mentions than were looked at: there may be more neighbours than counted."""

    @property
    def total(self) -> int:
        """How many neighbours there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class PathResult:
    """A shortest path between two nodes, or what was searched in vain."""

    nodes: tuple[NodeView, ...]
    """From one end to the other; empty when no path was found."""
    edges: tuple[tuple[EdgeView, ...], ...]
    """Between each node and the next."""
    visited: int
    """How many nodes the search looked at."""
    capped: tuple[str, ...] = field(default=())
    """Labels of hubs of which only a part was searched, as `Type id`: a shorter path may lead through them."""
    exhausted: bool = False
    """The search ended because it had visited as many nodes as it may; there may be a path all the same."""

    @property
    def found(self) -> bool:
        """There is a path."""
        return bool(self.nodes)

    @property
    def hops(self) -> int:
        """How many edges long it is."""
        return max(len(self.nodes) - 1, 0)
