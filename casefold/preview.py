"""Preview and explain: one record, everything that a mapping makes of it, as models for people to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from schemas.mapped import as_link, as_values
from schemas.records import NothingKnown, Problem, Quarantine
from service.sync.quarantine import entries
from service.sync.stored import source_names, stored_record

if TYPE_CHECKING:
    from graph.store import Store
    from schemas.links import Link
    from schemas.mapped import MappedRecord, QualityNote
    from schemas.records import Received
    from schemas.values import Value
    from service.sync.source import Source


class ShownMention(NamedTuple):
    """One entity that a record asserts."""

    local: str
    type: str
    protections: tuple[str, ...]
    values: dict[str, list[Value]]


class Shown(NamedTuple):
    """One record as it would be, or is, stored."""

    key: str | None
    locator: str
    problem: Problem | None = None
    ignored: str | None = None
    mentions: tuple[ShownMention, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[QualityNote, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as JSON-able data."""
        return {
            "key": self.key,
            "locator": self.locator,
            "problem": self.problem._asdict() if self.problem else None,
            "ignored": self.ignored,
            "mentions": [
                {
                    "local": mention.local,
                    "type": mention.type,
                    "protections": mention.protections,
                    "properties": {
                        name: [value.model_dump(mode="json") for value in values]
                        for name, values in mention.values.items()
                    },
                }
                for mention in self.mentions
            ],
            "links": [link.model_dump(mode="json") for link in self.links],
            "notes": [note._asdict() for note in self.notes],
        }


async def preview_records(source: Source, count: int) -> list[Shown]:
    """What the first records of a source would become; nothing is stored."""
    shown: list[Shown] = []
    batches = source.connector.read(None, NothingKnown())
    try:
        async for batch in batches:
            shown += [Shown(None, problem.unit, problem.problem) for problem in batch.problems]
            shown += [Shown(None, document.locator, ignored=document.reason) for document in batch.ignored]
            for received in batch.records:
                if len(shown) < count:
                    shown.append(show(source, received))
            if len(shown) >= count:
                break
    finally:
        close = getattr(batches, "aclose", None)
        if close is not None:
            await close()
    return shown[:count]


def show(source: Source, received: Received) -> Shown:
    """What one record becomes."""
    if received.problem is not None:
        return Shown(received.key, received.locator, received.problem)
    return _shown(source, received.body, received.parsed, received.locator)


def explain_record(store: Store, source: Source, key: str) -> Shown | None:
    """A stored record, mapped once more from its body; None when there is none of this key."""
    with store.read() as reading:
        stored = stored_record(reading.connection, store.ids.record(source.name, key))
    return None if stored is None else _shown(source, stored.body, None, stored.locator)


def held_under(store: Store, source: str, key: str) -> list[int]:
    """Numbers of the quarantine's entries that wait under a record's key."""
    with store.read() as reading:
        names = source_names(reading.connection)
        return [entry.id for entry in entries(reading.connection) if entry.key == key and names[entry.source] == source]


def _shown(source: Source, body: bytes, parsed: Any | None, locator: str) -> Shown:
    key = None
    try:
        opened = source.mapping.open(body, parsed)
        identity = opened.identify()
        key = identity.key
        if identity.ignored is not None:
            return Shown(key, locator, ignored=identity.ignored)
        mapped = opened.map(identity.owner or source.agency)
    except Quarantine as error:
        return Shown(key, locator, error.problem)
    return _as_shown(key, locator, mapped)


def _as_shown(key: str, locator: str, mapped: MappedRecord) -> Shown:
    mentions = tuple(
        ShownMention(
            mention.local,
            mention.type,
            mention.protections,
            {name: as_values(values) for name, values in mention.properties.items()},
        )
        for mention in mapped.mentions
    )
    links = tuple(as_link(link, mapped.mentions) for link in mapped.links)
    return Shown(key, locator, None, None, mentions, links, tuple(mapped.notes))
