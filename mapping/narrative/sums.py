"""Sums of money: `$120`, `$1,200.50`, `$5k`, `120 dollars`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from mapping.narrative.note import Note
from mapping.narrative.port import Find

_NUMBER = r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?![0-9])|[0-9]{1,9}(?![0-9]))(?:\.(?P<cents>[0-9]{1,2}))?"
_SIGNED = re.compile(rf"\$\s?{_NUMBER}(?:\s?(?P<scale>k|thousand|million|mil)(?!\w))?(?!\w)(?![.,][0-9])")
_SPELLED = re.compile(rf"(?<![\w.,$:/-]){_NUMBER}\s(?:us\s)?(?:dollars?|bucks|usd)(?!\w)")
_OTHER_DOLLARS = re.compile(r"[\w$]")
_SCALES = {"k": 1_000, "thousand": 1_000, "million": 1_000_000, "mil": 1_000_000}
_WORDS = ("dollar", "bucks", "usd")
_CENT = Decimal("0.01")


def find_sums(note: Note) -> Iterator[Find]:
    """Every sum in dollars."""
    folded = note.folded
    if "$" in folded:
        for match in _SIGNED.finditer(folded):
            start = match.start()
            if folded[max(0, start - 2) : start] == "us" and not folded[max(0, start - 3) : start - 2].isalnum():
                start -= 2
            elif start and _OTHER_DOLLARS.match(folded[start - 1]):
                continue  # A$120, C$120
            yield _find(note, start, match, _SCALES.get(match["scale"] or "", 1))
    if any(word in folded for word in _WORDS):
        for match in _SPELLED.finditer(folded):
            yield _find(note, match.start(), match, 1)


def _find(note: Note, start: int, match: re.Match[str], scale: int) -> Find:
    number = Decimal(f"{match['whole'].replace(',', '')}.{match['cents'] or '0'}")
    value = {"amount": str((number * scale).quantize(_CENT)), "currency": "USD"}
    return Find(start, match.end(), "money", note.text[start : match.end()], value, 0.95)
