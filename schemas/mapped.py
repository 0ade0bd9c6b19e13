"""What a mapping makes of a record, as plain tuples: the form in which mentions and links travel to the store.

A value is `(value, raw, where, chain)` when a structured field asserts it (`raw` None: equal to the value), and
`(value, raw, where, chain, status, confidence)` otherwise. `as_values` turns them into `schemas.values.Value`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from schemas.links import Link
from schemas.values import Value
from schemas.vocabulary import LinkType, Role, ValueStatus

CompactValue = tuple[Any, ...]
"""(value, raw or None, where, chain[, status, confidence])."""

Properties = dict[str, list[CompactValue]]


class MappedMention(NamedTuple):
    """One entity as one record asserts it."""

    local: str
    """Local key: the source's own id of the person or item, else its uri, else type and identifying values."""
    type: str
    """An EntityType's value."""
    basis: str | None
    """The canonical key on which its node meets others; None: a node of its own."""
    properties: Properties
    protections: tuple[str, ...] = ()
    """Protection values on this mention alone, sorted."""


class MappedLink(NamedTuple):
    """One relationship; `source` and `target` are positions in the record's list of mentions."""

    type: str
    source: int
    target: int
    role: str | None = None
    words: str | None = None
    start: str | None = None
    end: str | None = None
    where: str = ""
    status: str = "asserted"
    confidence: float = 1.0


class QualityNote(NamedTuple):
    """Something in a record that could not be read or looks wrong, kept beside what was read."""

    path: str
    reason: str


class MappedRecord(NamedTuple):
    """All that one record says. Mentions have distinct local keys; links are distinct."""

    mentions: list[MappedMention]
    links: list[MappedLink]
    notes: list[QualityNote]
    protections: tuple[str, ...] = ()
    """Protection values on the record as a whole, sorted."""
    owner: str | None = None
    """ORI of the owning agency where the record itself names one; None: the source's agency."""


def as_values(compact: list[CompactValue]) -> list[Value]:
    """The same values as models, for every border: preview, explain, API."""
    return [as_value(item) for item in compact]


def as_value(item: CompactValue) -> Value:
    """One compact value as a model."""
    value, raw, where, chain, *rest = item
    status, confidence = rest or (ValueStatus.ASSERTED, 1.0)
    return Value(
        value=value,
        raw=str(value) if raw is None else raw,
        where=where,
        chain=chain,
        status=ValueStatus(status),
        confidence=confidence,
    )


def as_link(link: MappedLink, mentions: list[MappedMention]) -> Link:
    """One compact link as a model, its ends named by local key."""
    return Link(
        type=LinkType(link.type),
        source=mentions[link.source].local,
        target=mentions[link.target].local,
        role=Role(link.role) if link.role else None,
        words=link.words,
        start=link.start,
        end=link.end,
        where=link.where,
        status=ValueStatus(link.status),
        confidence=link.confidence,
    )
