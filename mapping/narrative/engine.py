"""The first engine: a handful of recognizers, each for one kind, and one rule for what they both claim.

Of two finds that overlap the longer wins, then the more specific: a phone inside an e-mail address is no phone. The
order of the recognizers does not matter, so the same text gives the same finds in the same order on every machine.
Every recognizer first looks, quickly, whether the text holds a sign of its kind at all; most notes hold none. And every
pattern has bounded repetitions and starts at most once per word: time grows with the length of the text and no faster.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapping.narrative.emails import find_emails
from mapping.narrative.handles import find_handles
from mapping.narrative.note import Note
from mapping.narrative.payments import find_paid_accounts, find_tags
from mapping.narrative.phones import find_phones
from mapping.narrative.plates import find_plates
from mapping.narrative.port import Find
from mapping.narrative.sums import find_sums
from mapping.narrative.urls import find_urls

EXTRACTOR_VERSION = 1
"""Raise it whenever some text gives other finds: stored notes are then read again."""

_RECOGNIZERS = (find_phones, find_emails, find_urls, find_handles, find_tags, find_plates, find_sums)
_SPECIFIC = {kind: rank for rank, kind in enumerate(("payment", "handle", "plate", "email", "url", "phone", "money"))}


class RuleExtractor:
    """Reads a note by rules. It keeps no state: one serves all threads."""

    version = EXTRACTOR_VERSION

    def find(self, text: str) -> list[Find]:
        """All finds, in order of their start, none overlapping another."""
        note = Note.of(text)
        found: list[Find] = []
        for recognize in _RECOGNIZERS:
            found.extend(recognize(note))
        if not found:
            return found
        kept = without_overlaps(found)
        accounts = list(find_paid_accounts(note, kept))
        return without_overlaps([*kept, *accounts]) if accounts else kept


def without_overlaps(found: Iterable[Find]) -> list[Find]:
    """The finds in order of start; where some overlap, the longest of them, then the most specific, then the surest."""
    kept: list[Find] = []
    for find in sorted(found, key=lambda find: (find.start, -find.end, _SPECIFIC[find.kind], -find.confidence)):
        if not kept or find.start >= kept[-1].end:
            kept.append(find)
        elif _stronger(find, kept[-1]):
            kept[-1] = find
    return kept


def _stronger(find: Find, other: Find) -> bool:
    length, rival = find.end - find.start, other.end - other.start
    if length != rival:
        return length > rival
    return (_SPECIFIC[find.kind], -find.confidence) < (_SPECIFIC[other.kind], -other.confidence)
