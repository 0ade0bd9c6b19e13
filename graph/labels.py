"""What a node is called and what is known of it, from its mentions: pure, and the same whatever their order.

A label is the most frequent value, ties by value. A value of a lesser kind (an alias, an address for want of a name)
is only looked at when no mention has one of a better kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from schemas.mapped import Properties
from schemas.values import AgeRange, GeoPoint, Identifier, Length, Mass, Money, PersonName

_PARTS = (PersonName, Identifier, Length, Mass, AgeRange, GeoPoint, Money)
_KEY_ORDER = {
    key: place for place, key in enumerate(dict.fromkeys(key for part in _PARTS for key in part.model_fields))
}
_NOTE_LABEL = 80
"""Characters of a note that name it."""


def merged_properties(all_properties: Iterable[Properties]) -> dict[str, list[Any]]:
    """Distinct values of each property, sorted by their JSON; empty ones are left out, and so are rejected values."""
    found: dict[str, dict[bytes, Any]] = {}
    for properties in all_properties:
        for name, values in properties.items():
            distinct = found.setdefault(name, {})
            for item in values:
                value = _tidy(item[0])
                if value is not None and value != "" and "rejected" not in item[4:5]:
                    distinct.setdefault(orjson.dumps(value), value)
    return {name: [found[name][key] for key in sorted(found[name])] for name in sorted(found) if found[name]}


def _tidy(value: Any) -> Any:
    """A value with its parts in the order of the schema and without those that are not known."""
    if not isinstance(value, dict):
        return value
    known = [key for key in value if value[key] is not None]
    known.sort(key=lambda key: (_KEY_ORDER.get(key, len(_KEY_ORDER)), key))
    return {key: value[key] for key in known}


def label(entity_type: str, all_properties: Iterable[Properties]) -> str:
    """The name of a node; its type when no mention says anything that could name it."""
    tiers: dict[int, Counter[str]] = {}
    name = _NAMES[entity_type]
    for properties in all_properties:
        for tier, text in name(properties):
            tiers.setdefault(tier, Counter())[text] += 1
    if not tiers:
        return entity_type
    best = tiers[min(tiers)]
    return min(best, key=lambda text: (-best[text], text))


Named = Iterator[tuple[int, str]]


def _texts(properties: Properties, name: str) -> list[str]:
    """The values of a property as text."""
    return [text for item in properties.get(name, ()) if (text := _text(item[0]))]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("full") or value.get("value") or "")
    return str(value)


def _first(properties: Properties, *names: str) -> str:
    """The first values of these properties, those that there are, in one text."""
    return " ".join(texts[0] for name in names if (texts := _texts(properties, name)))


def _plain(*names: str) -> Callable[[Properties], Named]:
    """Names a thing by the first of these properties that it has."""

    def named(properties: Properties) -> Named:
        for tier, name in enumerate(names):
            for text in _texts(properties, name):
                yield tier, text

    return named


def _person(properties: Properties) -> Named:
    for tier, name in enumerate(("name", "alias")):
        for text in _texts(properties, name):
            yield tier, text
    for item in properties.get("identifier", ()):
        number = item[0]
        if isinstance(number, dict) and number.get("value"):
            yield 2, f"{number.get('kind') or 'identifier'} {number['value']}"


def _account(properties: Properties) -> Named:
    service = _first(properties, "service")
    for tier, name in enumerate(("handle", "number", "display_name")):
        for text in _texts(properties, name):
            yield tier, f"{text} ({service})" if service else text
    if service:
        yield 9, service


def _vehicle(properties: Properties) -> Named:
    looks = _first(properties, "year", "make", "model")
    state = _first(properties, "plate_state")
    for plate in _texts(properties, "plate"):
        yield 0, f"{looks} {plate}{f' ({state})' if state else ''}".strip()
    for vin in _texts(properties, "vin"):
        yield 1, f"{looks} {vin}".strip()
    if looks or properties.get("color"):
        yield 2, looks or _first(properties, "color")


def _location(properties: Properties) -> Named:
    for text in _texts(properties, "full"):
        yield 0, text
    for text in _texts(properties, "name"):
        yield 1, text
    parts = [text for name in ("street", "city", "state", "postal_code") if (text := _first(properties, name))]
    if parts:
        yield 2, ", ".join(parts)
    for item in properties.get("geo", ()):
        if isinstance(item[0], dict):
            yield 3, f"{item[0].get('lat')}, {item[0].get('lon')}"


def _thing(*names: str) -> Callable[[Properties], Named]:
    """Names a thing by its description, else by make, model and the like together."""

    def named(properties: Properties) -> Named:
        for text in _texts(properties, "description"):
            yield 0, text
        if text := _first(properties, *names):
            yield 1, text

    return named


def _event(entity_type: str) -> Callable[[Properties], Named]:
    """Names an event by its number, else by what it was about."""

    def named(properties: Properties) -> Named:
        for text in _texts(properties, "number"):
            yield 0, f"{entity_type} {text}"
        for tier, name in enumerate(("offense", "description", "statute", "code", "kind"), start=1):
            for text in _texts(properties, name):
                yield tier, f"{entity_type}: {text}"
        for text in _texts(properties, "start"):
            yield 9, f"{entity_type} of {text}"

    return named


def _offense(properties: Properties) -> Named:
    return _plain("description", "offense", "statute", "code", "number", "kind")(properties)


def _note(properties: Properties) -> Named:
    for text in _texts(properties, "text"):
        line = " ".join(text[: _NOTE_LABEL * 4].split())
        yield 0, line if len(line) <= _NOTE_LABEL else f"{line[: _NOTE_LABEL - 1]}…"


_NAMES: dict[str, Callable[[Properties], Named]] = {
    "Person": _person,
    "Organization": _plain("name", "ori", "identifier", "kind"),
    "Phone": _plain("number"),
    "Email": _plain("address"),
    "OnlineAccount": _account,
    "Ad": _plain("title", "url", "ad_id"),
    "Website": _plain("url"),
    "Vehicle": _vehicle,
    "Location": _location,
    "FinancialAccount": _account,
    "Device": _thing("make", "model", "serial", "kind"),
    "Document": _plain("title", "sha256"),
    "Item": _thing("kind", "make", "model", "serial"),
    "Incident": _event("Incident"),
    "Case": _event("Case"),
    "Arrest": _event("Arrest"),
    "Offense": _offense,
    "Citation": _event("Citation"),
    "Note": _note,
}
