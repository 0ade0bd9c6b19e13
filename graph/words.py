"""The words by which search finds a mention: a pure function, so that the index can be undone and rebuilt from rows.

Both engines index the very words made here (folded, split, in ASCII where the source was), so both find the same.
`VERSION` rises whenever the words of some mention change; `Store.migrate` then rebuilds the index.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from schemas.mapped import Properties
from schemas.vocabulary import EntityType

VERSION = "1"

MAX_WORD = 64
"""Longer words are cut: nobody types them, and PostgreSQL refuses lexemes over 2 kB."""
MAX_TEXT = 400_000
"""Characters of one mention that are indexed: a tsvector holds 1 MB."""

_EVENT = frozenset({"number", "offense", "description"})
SEARCHED: dict[str, frozenset[str]] = {
    EntityType.PERSON.value: frozenset({"name", "alias", "identifier"}),
    EntityType.ORGANIZATION.value: frozenset({"name", "ori", "identifier"}),
    EntityType.EMAIL.value: frozenset({"address"}),
    EntityType.ONLINE_ACCOUNT.value: frozenset({"handle", "service", "display_name"}),
    EntityType.AD.value: frozenset({"url", "ad_id", "title"}),
    EntityType.WEBSITE.value: frozenset({"url"}),
    EntityType.VEHICLE.value: frozenset({"plate", "vin", "make", "model"}),
    EntityType.LOCATION.value: frozenset({"name", "full", "street", "city", "postal_code"}),
    EntityType.FINANCIAL_ACCOUNT.value: frozenset({"handle", "number", "service"}),
    EntityType.DEVICE.value: frozenset({"serial", "make", "model"}),
    EntityType.DOCUMENT.value: frozenset({"title", "sha256"}),
    EntityType.ITEM.value: frozenset({"serial", "description", "make", "model"}),
    EntityType.INCIDENT.value: _EVENT,
    EntityType.CASE.value: _EVENT,
    EntityType.ARREST.value: _EVENT,
    EntityType.OFFENSE.value: _EVENT | {"code", "statute"},
    EntityType.CITATION.value: _EVENT,
    EntityType.NOTE.value: frozenset({"text"}),
}
"""The properties that are searched; a phone's number has a rule of its own."""

CODES = frozenset({"identifier", "plate", "vin", "number", "handle", "serial", "ad_id", "code", "statute"})
"""Properties whose values are also found without the dashes and blanks that divide them."""

_ASCII = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) + bytes(128)
_SEPARATORS = re.compile(r"[\W_]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_TWO_DIGIT_COUNTRIES = frozenset(
    map(str, (20, 27, *range(30, 35), 36, 39, 40, 41, *range(43, 50), *range(51, 59), *range(60, 67), 81, 82, 84, 86,
              *range(90, 96), 98))
)  # fmt: skip
"""ITU-T E.164: calling codes of one digit are 1 and 7, of two digits these, all others have three."""


def search_words(entity_type: str, properties: Properties) -> str:
    """All words of one mention, separated by spaces; empty when it has none."""
    if entity_type == "Phone":
        return " ".join([_phone_words(str(value[0])) for value in properties.get("number", ())])
    searched = SEARCHED[entity_type]
    parts: list[str] = []
    for name, values in properties.items():
        if name in searched:
            for value in values:
                item = value[0]
                text = item if type(item) is str else _text(item)
                parts.append(text)
                if name in CODES and not text.isalnum():
                    parts.append(joined(text))
    return fold(" ".join(parts)) if parts else ""


def searched_values(entity_type: str, properties: Properties) -> list[str]:
    """The values of one mention that search looks into, each as one text."""
    names = SEARCHED[entity_type]
    return [_text(value[0]) for name, values in properties.items() if name in names for value in values]


def fold(text: str) -> str:
    """The words of a text in the one form in which they are compared, separated by spaces."""
    if text.isascii():
        folded = text.encode().translate(_ASCII).decode()
    else:
        # Twice: folding may decompose (ß), and what decomposing gives may have capitals (mathematical letters).
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        folded = _SEPARATORS.sub(" ", "".join([char for char in plain if not unicodedata.combining(char)]))
    if len(folded) <= MAX_WORD:
        return folded
    words = dict.fromkeys([word[:MAX_WORD] for word in folded[:MAX_TEXT].split()])
    return " ".join(words)


def joined(text: str) -> str:
    """The words of a text as one: how a number is found however it is divided."""
    return fold(text).replace(" ", "")


def digits_of(text: str) -> str:
    """The digits of a telephone number however it is spelled, without an extension or dialling prefix."""
    main = re.split(r"(?i)\s*(?:;|x|ext)", text.strip(), maxsplit=1)[0]
    digits = _NOT_DIGITS.sub("", main)
    for prefix in ("011", "00"):
        if digits.startswith(prefix) and not main.startswith("+"):
            return digits[len(prefix) :]
    return digits


def national(digits: str) -> str:
    """An E.164 number's digits without the calling code of its country."""
    if digits[:1] in {"1", "7"}:
        return digits[1:]
    return digits[2 if digits[:2] in _TWO_DIGIT_COUNTRIES else 3 :]


def _phone_words(number: str) -> str:
    if number[:1] == "+":
        digits = number[1:].partition(";")[0]
        if not digits.isdecimal():
            digits = _NOT_DIGITS.sub("", digits)
        return f"{digits} {digits[1:] if digits[:1] == '1' else national(digits)}"
    return f"{fold(number)} {_NOT_DIGITS.sub('', number)}"


def _text(item: Any) -> str:
    """The words of a value in parts: a name's spelling, an identifier's number."""
    if isinstance(item, dict):
        return str(item.get("full") or item.get("value") or "")
    return str(item)
