"""What reads identifiers out of notes: text in, finds with exact character spans out.

The span is the proof: `text[find.start:find.end] == find.raw`, always, so a person can be shown the very words and
confirm or reject them. An engine learns nothing of records, mentions or links; the applier makes those of its finds.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, Protocol

Kind = Literal["phone", "email", "url", "handle", "payment", "plate", "money"]


class Find(NamedTuple):
    """One identifier in a text."""

    start: int
    end: int
    kind: Kind
    raw: str
    """The characters from start to end, as they stand."""
    value: dict[str, Any]
    """Properties as the entity schema names them: {number}, {address}, {url}, {service, handle},
    {kind, service, handle} of a payment, {plate, plate_state}, {amount, currency}."""
    confidence: float
    """How often such words in such a place mean this, from 0 to 1."""


class Extractor(Protocol):
    """An engine that reads one note."""

    version: int
    """Raised whenever some text would give other finds: stored notes are then read again."""

    def find(self, text: str) -> list[Find]:
        """All finds, in order of their start, none overlapping another."""
