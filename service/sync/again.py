"""Mapping again what is stored: records that another recipe mapped, and what could not be read until now.

Everything right of a record can be computed anew from its body. A record that a new mapping gives another key leaves
the old one; where the new key is held by a record that has yet to be mapped again, it waits its turn in quarantine,
so that two records may even change places, and a kill in between loses neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graph.codes import State
from graph.land import Landing, current_by_key
from graph.publish import publish
from schemas.records import Problem, Received
from service.sync import quarantine
from service.sync.quarantine import MOVING, Held
from service.sync.stored import NO_RECIPE, stale_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.land import Current
    from service.sync.intake import Prepared
    from service.sync.quarantine import Waiting
    from service.sync.stored import Stored
    from service.sync.writing import Writing

REMAP_BATCH = 500
_MOVING = Problem("the mapping gives this record another key", "", "the next sync moves it there")


class Moved(NamedTuple):
    """A stored record that its mapping gives another key."""

    one: Prepared
    stored: Stored


def remap_stale(writing: Writing) -> None:
    """Map again what was mapped under another recipe; then try what could not be read."""
    after = 0
    while True:
        with writing.store.read() as reading:
            stale = stale_records(reading.connection, writing.number, writing.recipe, after, REMAP_BATCH)
        if not stale:
            break
        after = stale[-1].seq
        _remap(writing, stale)
    with writing.store.read() as reading:
        waiting = quarantine.untried(reading.connection, writing.number, writing.recipe)
    retry(writing, waiting)


def _remap(writing: Writing, stale: Sequence[Stored]) -> None:
    held: list[Held] = []
    records = [Received(one.body, one.hash, one.locator, unit=one.unit) for one in stale]
    from_ = {id(received): stored for received, stored in zip(records, stale, strict=True)}
    prepared = writing.intake.prepare(records, held)
    moved = [Moved(one, stored) for one in prepared if one.identity.key != (stored := from_[id(one.received)]).key]
    blocked, moving = _blocked(writing, moved, held)
    plan = writing.read_plan([one for one in prepared if id(one.received) not in blocked])
    writing.point("map")
    aside = writing.write_all(plan, held, closes=_the_same)
    unread = {one.hash for one in aside}
    left = [move.stored for move in moved if move.stored.hash not in unread]
    stay = [move.stored.seq for move in moved if move.stored.hash in unread]
    if left or stay:
        writing.withdraw(_withdrawn(writing, left), moving, stay)
    publish(writing.store)


def _blocked(writing: Writing, moved: Sequence[Moved], held: list[Held]) -> tuple[set[int], list[Held]]:
    """Which records cannot go to their new key yet, and those of them that can be read, as entries that wait."""
    standing = _standing(writing, [move.one.identity.key for move in moved])
    blocked: set[int] = set()
    moving: list[Held] = []
    for one, stored in moved:
        current = standing.get(one.identity.key)
        if current is None or current.recipe in (writing.recipe, NO_RECIPE):
            continue
        blocked.add(id(one.received))
        problem = writing.intake.unreadable(one)
        if problem is not None:
            held.append(problem)
        else:
            moving.append(Held(stored.hash, stored.locator, stored.body, _MOVING, stored.key, stored.unit, MOVING))
    return blocked, moving


def _withdrawn(writing: Writing, stored: Sequence[Stored]) -> list[Landing]:
    """What takes back what stands under keys that their records have left."""
    standing = _standing(writing, [one.key for one in stored])
    return [
        Landing(
            key=one.key, state=State.DELETED, body=one.body, hash=one.hash, content=one.hash, locator=one.locator,
            unit=one.unit, recipe=NO_RECIPE, reason=_MOVING.reason, current=standing[one.key],
        )
        for one in stored
    ]  # fmt: skip


def _standing(writing: Writing, keys: Sequence[str]) -> dict[str, Current]:
    with writing.store.read() as reading:
        return current_by_key(reading.connection, writing.store.ids, writing.source.name, set(keys))


def retry(writing: Writing, ids: Sequence[int]) -> None:
    """Put quarantined bodies through the current mapping; those that land are resolved."""
    for start in range(0, len(ids), REMAP_BATCH):
        with writing.store.read() as reading:
            tried = quarantine.to_try(reading.connection, ids[start : start + REMAP_BATCH])
        if tried:
            _retry(writing, tried)
            publish(writing.store)


def _retry(writing: Writing, tried: Mapping[int, Held]) -> None:
    held: list[Held] = []
    records = [Received(one.body, one.hash, one.locator, unit=one.unit) for one in tried.values()]
    plan = writing.read_plan(writing.intake.prepare(records, held))
    arrived = {one.hash: number for number, one in tried.items() if one.kind != MOVING}

    def closes(entry: Waiting, landing: Landing) -> bool:
        """What came after the body that lands is not settled by it; one that only moves came before all that waits."""
        if entry.hash == landing.hash:
            return True
        return entry.id <= arrived.get(landing.hash, 0) and writing.settles(entry, landing)

    def settled(aside: Sequence[Held]) -> list[int]:
        """The entries of what could be read this time."""
        still = {(one.hash, quarantine.short(one.locator)) for one in aside}
        return [number for number, one in tried.items() if (one.hash, one.locator) not in still]

    writing.write_all(plan, held, closes=closes, settled=settled)


def _the_same(entry: Waiting, landing: Landing) -> bool:
    """Mapping a record again settles what was said of that very version, and of no other."""
    return entry.hash == landing.hash
