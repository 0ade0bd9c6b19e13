"""Narratives, first level: identifiers that stand in a note's text as such, with the span that proves each.

Phones, e-mail addresses, web addresses, handles at a named service, payment tags, plates with their state, and sums.
What a text means (who did what, for how much) is a deeper level's business; the port is the same.
"""

from __future__ import annotations

from mapping.narrative.engine import EXTRACTOR_VERSION, RuleExtractor
from mapping.narrative.port import Extractor, Find, Kind

__all__ = ["EXTRACTOR_VERSION", "Extractor", "Find", "Kind", "RuleExtractor"]
