"""What the notes of a record name: extracted values become mentions of their own, tied to the note and its events.

An extracted value never overwrites an asserted one; where the record already holds the same phone or plate in a
field, the find is laid beside it, with its span, and says where the officer wrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapping.blocks import Run, anonymous_local, place
from mapping.identity import basis
from schemas.mapped import MappedLink, MappedMention
from schemas.vocabulary import EntityType, LinkType, Role, ValueStatus

if TYPE_CHECKING:
    from mapping.narrative.port import Extractor, Find
    from schemas.mapped import CompactValue, Properties

TYPES = {
    "phone": EntityType.PHONE,
    "email": EntityType.EMAIL,
    "url": EntityType.WEBSITE,
    "handle": EntityType.ONLINE_ACCOUNT,
    "payment": EntityType.FINANCIAL_ACCOUNT,
    "plate": EntityType.VEHICLE,
}
EXTRACTED = str(ValueStatus.EXTRACTED)
CHAIN = "narrative"


def read_notes(run: Run, extractor: Extractor) -> None:
    """Read every note of a mapped record and add what it names."""
    for position in range(len(run.mentions)):
        note = run.mentions[position]
        if note.type != EntityType.NOTE:
            continue
        events = [link.target for link in run.links if link.source == position and link.type == LinkType.ABOUT]
        for text, _, where, *_ in list(note.properties.get("text", ())):
            for find in extractor.find(text):
                _add(run, position, events, find, f"{where}#{find.start}-{find.end}")


def _add(run: Run, note: int, events: list[int], find: Find, where: str) -> None:
    if find.kind == "money":
        _lay(run.mentions[note].properties, "amount", (find.value, find.raw, where, CHAIN, EXTRACTED, find.confidence))
        return
    thing = _mention(run, find, where)
    run.links.setdefault(_link(LinkType.MENTIONED_IN, thing, note, None, find, where))
    for event in events:
        run.links.setdefault(_link(LinkType.INVOLVED_IN, thing, event, str(Role.OTHER), find, where))


def _link(kind: LinkType, thing: int, target: int, role: str | None, find: Find, where: str) -> MappedLink:
    words = "named in the narrative" if role else None
    return MappedLink(str(kind), thing, target, role, words, None, None, where, EXTRACTED, find.confidence)


def _mention(run: Run, find: Find, where: str) -> int:
    """The mention of what was found: one that the record has already, or a new one."""
    entity_type = str(TYPES[find.kind])
    properties: Properties = {
        name: [(value, find.raw, where, CHAIN, EXTRACTED, find.confidence)] for name, value in find.value.items()
    }
    canonical = basis(entity_type, properties, run.agency)
    known = _already(run, entity_type, canonical, find.value)
    if known is None:
        local = anonymous_local(run, entity_type, properties, canonical)
        return place(run, MappedMention(local, entity_type, canonical, properties))
    for name, values in properties.items():
        _lay(run.mentions[known].properties, name, values[0])
    return known


def _already(run: Run, entity_type: str, canonical: str | None, value: dict[str, Any]) -> int | None:
    for position, mention in enumerate(run.mentions):
        if mention.type != entity_type:
            continue
        if canonical is not None and mention.basis == canonical:
            return position
        if entity_type == EntityType.VEHICLE and _same_plate(mention.properties, value):
            return position
    return None


def _same_plate(properties: Properties, value: dict[str, Any]) -> bool:
    plates = {found[0] for found in properties.get("plate", ())}
    states = {found[0] for found in properties.get("plate_state", ())}
    return value.get("plate") in plates and (not states or value.get("plate_state") in states)


def _lay(properties: Properties, name: str, value: CompactValue) -> None:
    present = properties.setdefault(name, [])
    if value not in present:
        properties[name] = [*present, value]
