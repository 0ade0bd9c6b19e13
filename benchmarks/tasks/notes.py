"""Narratives, reported apart: how fast identifiers are read out of officers' notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cpu import Meter
from benchmarks.world import World, narrative
from mapping.narrative import RuleExtractor

if TYPE_CHECKING:
    from benchmarks.child import Facts


def extract(cases: int) -> Facts:
    """CPU seconds of reading one note a case; how many characters they hold, and how many identifiers were found."""
    texts = [narrative(case, ordinal) for ordinal, case in enumerate(World(cases).cases())]
    extractor = RuleExtractor()
    meter = Meter()
    with meter.running():
        found = sum(len(extractor.find(text)) for text in texts)
    return {"cpu": meter.seconds, "notes": len(texts), "characters": sum(map(len, texts)), "found": found}
