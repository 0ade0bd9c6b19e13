"""The words by which a text names a service, taken from the one table of services.

Some names are everyday words (signal, line, discord) or initials of much else (SC, TT): those count only right before
or behind a handle with its @, or before a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mapping.normalize.services import BY_ALIAS, SERVICES
from mapping.normalize.word_list import phrases

_WORDS_TOO = phrases(
    """
    x|line|signal|discord|messenger|tagged|hinge|bumble|reddit|google|chime|bitcoin|of|tt|wa|tg|yt|sc|cl|stg|gv|btc|wu|aim
    |seeking|icloud|backpage|craigslist|tinder|roblox|instagram dm|gamertag|aol
    """
)
"""Aliases that need more than a blank between them and a handle."""
_NEVER = phrases(
    "of|cl|gmail|google|google account|apple id|appleid|aim|wu|stg|gv|seeking|imessage|facetime|paypal.me|x.com"
)
"""Aliases that in a sentence mean something else, or have a pattern of their own."""

_DOMAINS = {domain for service in SERVICES for domain in service.domains}
SOCIAL = {
    alias: service.name
    for alias, service in BY_ALIAS.items()
    if not service.payment and alias not in _NEVER and alias not in _DOMAINS
}
"""Service by the words that name it in a text."""
PAYMENT = {
    alias: service.name for alias, service in BY_ALIAS.items() if service.payment and alias not in _NEVER | _DOMAINS
}
"""The same for services that move money."""
WORDS_TOO = _WORDS_TOO
_STEM, _INITIALS = 6, 2


def alternatives(aliases: dict[str, str]) -> str:
    """A pattern for any of the words, longest first."""
    return "|".join(re.escape(alias).replace(r"\ ", r"[\s-]?") for alias in sorted(aliases, key=lambda a: (-len(a), a)))


def service_of(aliases: dict[str, str], words: str) -> str:
    """The service that the matched words name."""
    plain = " ".join(words.replace("-", " ").split())
    return aliases.get(plain) or aliases.get(plain.replace(" ", "")) or aliases[words]


def hints(aliases: Iterable[str]) -> tuple[str, ...]:
    """The fewest pieces of text of which one stands in every text that names one of the services."""
    pieces = {alias if " " in alias else alias[:_STEM] for alias in aliases if len(alias) > _INITIALS}
    return tuple(sorted(piece for piece in pieces if not any(other != piece and other in piece for other in pieces)))


def mentioned(pieces: tuple[str, ...], folded: str) -> bool:
    """Whether any of the pieces stands in a text: a quick look before a slow one."""
    return any(piece in folded for piece in pieces)
