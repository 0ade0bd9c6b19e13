"""The lines of `export --format jsonl`, version 1: a stable contract that other programs test against.

One JSON object a line; nodes first, sorted by id, then edges, sorted by id. What these models say is what is written.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from schemas.values import Frozen
from schemas.vocabulary import EntityType, LinkType, Role, ValueStatus

EXPORT_VERSION = 1

Id = str
"""A keyed hash of 128 bits, as 32 hexadecimal digits."""


class MentionLine(Frozen):
    """One mention of a node: which record of which source asserts it."""

    id: Id
    agency: str = Field(description="ORI of the record's owner.")
    source: str
    record: str = Field(description="The record's key within its source.")
    local: str = Field(description="The mention's key within its record.")


class NodeLine(Frozen):
    """A thing of the real world, with what all visible mentions say of it."""

    kind: Literal["node"] = "node"
    id: Id
    type: EntityType
    label: str
    properties: dict[str, list[Any]] = Field(description="Distinct values of each property, sorted; none is empty.")
    mentions: list[MentionLine] = Field(description="Sorted by id.")


class EvidenceLine(Frozen):
    """One link that an edge stands on."""

    link: Id
    agency: str
    source: str
    record: str
    where: str = Field(description="The place in the record that says it.")
    status: ValueStatus
    confidence: float


class EdgeLine(Frozen):
    """All links of one type between two nodes."""

    kind: Literal["edge"] = "edge"
    id: Id
    type: LinkType
    source: Id = Field(alias="from")
    target: Id = Field(alias="to")
    roles: list[Role] = Field(description="Distinct and sorted.")
    start: str | None = Field(description="Earliest start that a link gives.")
    end: str | None = Field(description="Latest end that a link gives.")
    evidence: list[EvidenceLine] = Field(description="Sorted by link id, agency, source, record and place.")
