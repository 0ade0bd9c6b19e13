"""The two kinds of line of `casefold export --format jsonl`, version 1: a stable contract that others test against."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from schemas.values import Frozen, PartialDate
from schemas.vocabulary import EntityType, LinkType, Role, ValueStatus

EXPORT_VERSION = 1


class ExportedMention(Frozen):
    """A mention of a node, by where it stands."""

    id: str
    agency: str = Field(description="ORI of the agency that owns the record.")
    source: str
    record: str = Field(description="The record's key.")
    local: str = Field(description="The mention's local key in that record.")


class ExportedNode(Frozen):
    """One node with its distinct values, sorted."""

    kind: Literal["node"] = "node"
    id: str
    type: EntityType
    label: str
    properties: dict[str, list[Any]] = Field(description="Only properties that have a value.")
    mentions: tuple[ExportedMention, ...] = Field(description="Sorted by id.")


class ExportedEvidence(Frozen):
    """One link that an edge rests on."""

    link: str
    agency: str
    source: str
    record: str
    where: str
    status: ValueStatus
    confidence: float


class ExportedEdge(Frozen):
    """All links of one type from one node to another."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: Literal["edge"] = "edge"
    id: str
    type: LinkType
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    roles: tuple[Role, ...] = Field(description="Sorted.")
    start: PartialDate | None = Field(description="The earliest start that the evidence names.")
    end: PartialDate | None = Field(description="The latest end that the evidence names.")
    evidence: tuple[ExportedEvidence, ...] = Field(description="Sorted by link.")
