"""Plain words: make, model, status, description, narrative."""

from __future__ import annotations

from collections.abc import Sequence

from mapping.normalize.clean import PLACEHOLDERS, known, says_nothing, squeeze
from mapping.normalize.contract import Normalize
from mapping.normalize.word_list import phrases

_LONGEST_EMPTY_NOTE = 24

_NAMELESS_ORGANIZATIONS = phrases(
    "NAME|ORGANIZATION|ORGANIZATION NAME|AGENCY|AGENCY NAME|COMPANY|COMPANY NAME|BUSINESS|BUSINESS NAME|EMPLOYER"
    "|UNEMPLOYED|SELF|SELF EMPLOYED|SELF-EMPLOYED|UNKNOWN BUSINESS"
)


def text(*, placeholders: Sequence[str] = ()) -> Normalize:
    """One line with single blanks; `placeholders` are further words that say nothing in this field."""
    if not placeholders:
        return _text
    nothing = frozenset(word.upper() for word in placeholders)

    def normalize(raw: str) -> str | None:
        value = _text(raw)
        return None if value is None or value.upper() in nothing else value

    return normalize


def multiline() -> Normalize:
    """The text exactly as it is, so that character spans stay true; None if it is blank or a placeholder."""
    return _multiline


def upper() -> Normalize:
    """One line in capitals."""

    def normalize(raw: str) -> str | None:
        value = known(raw)
        return squeeze(value.upper()) if value else None

    return normalize


def lower() -> Normalize:
    """One line in small letters."""

    def normalize(raw: str) -> str | None:
        value = known(raw)
        return squeeze(value.lower()) if value else None

    return normalize


def organization_name() -> Normalize:
    """Like `text`, without words that stand in a form for the missing name of an organization."""
    return text(placeholders=tuple(_NAMELESS_ORGANIZATIONS))


def _text(raw: str) -> str | None:
    value = squeeze(raw)
    return None if not value or says_nothing(value) else value


def _multiline(raw: str) -> str | None:
    stripped = raw.strip()
    if not stripped or (len(stripped) <= _LONGEST_EMPTY_NOTE and stripped.upper() in PLACEHOLDERS):
        return None
    return raw
