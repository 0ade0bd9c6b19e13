"""A note as the recognizers see it: the text, and the same text in small letters with the same offsets."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """One text to be read."""

    text: str
    folded: str
    """In small letters, character for character: an offset in it is an offset in the text."""
    shouted: bool
    """No small letter stands in it, so capitals say nothing."""

    @classmethod
    def of(cls, text: str) -> Note:
        """The note of a text."""
        folded = text.lower()
        if len(folded) != len(text):  # some capitals have longer small letters
            folded = "".join(small if len(small := character.lower()) == 1 else character for character in text)
        return cls(text, folded, text.isupper())
