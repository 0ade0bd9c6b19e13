"""Closed lists of words, written as text so that a person can read and extend them."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The phrases of a text, which are parted by `|` and may run over lines."""
    return frozenset(filter(None, (" ".join(phrase.split()) for phrase in text.split("|"))))
