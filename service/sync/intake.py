"""From what a connector yields to what the store lands: open, key, order, map; each bad record set aside by itself.

This is the one place of a run that catches broadly: whatever a record makes a mapping do, the others go on.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from graph.codes import State
from graph.land import Current, Landing, current_by_key
from mapping.apply import Identity
from schemas.ids import content_hash
from schemas.records import Problem, Quarantine, Received
from service.sync.quarantine import Held
from service.sync.stored import body_of
from service.sync.versions import Verdict, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from mapping.apply import Opened
    from schemas.ids import Ids
    from schemas.records import Ignored
    from service.sync.ledger import Counts
    from service.sync.source import Source

log = logging.getLogger("casefold.sync")


class Prepared(NamedTuple):
    """A record that was opened and keyed."""

    received: Received
    opened: Opened | None
    identity: Identity


@dataclass(slots=True)
class Plan:
    """What one batch will write."""

    landings: list[Landing] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    later: list[Prepared] = field(default_factory=list)
    """Further versions of keys that this batch holds already: they are compared once those have landed."""
    replaced: list[bytes] = field(default_factory=list)
    """Hashes of current versions that this plan replaces."""


class Intake:
    """Prepares and plans the records of one source under one recipe."""

    def __init__(self, source: Source, ids: Ids, recipe: int, counts: Counts) -> None:
        """Take what the source's records are read with, and where to count them."""
        self.source, self.ids, self.recipe, self.counts = source, ids, recipe, counts
        self.mapping, self.agency = source.mapping, source.agency

    def prepare(self, records: Sequence[Received], held: list[Held]) -> list[Prepared]:
        """Open and key records; what cannot be goes to `held`."""
        prepared: list[Prepared] = []
        for received in records:
            if received.problem is not None:
                held.append(_held(received, received.problem, received.key))
                continue
            if received.deleted and received.key is not None:
                identity = Identity(received.key, None, None, None, deleted=True, ignored=None)
                prepared.append(Prepared(received, None, identity))
                continue
            try:
                opened = self.mapping.open(received.body, received.parsed)
                prepared.append(Prepared(received, opened, self._identity(opened, received)))
            except Quarantine as error:
                held.append(_held(received, error.problem, received.key))
            except Exception as error:  # noqa: BLE001 - one bad record never stops the others
                held.append(_held(received, _unforeseen(error, received.locator), received.key))
        return prepared

    def _identity(self, opened: Opened, received: Received) -> Identity:
        identity = opened.identify()
        if identity.ignored is not None:
            return identity._replace(key=_ignored_key(received.hash))
        return identity._replace(deleted=True) if received.deleted else identity

    def plan(self, connection: Connection, prepared: Sequence[Prepared]) -> Plan:
        """Compare with what stands, and map what is new or changed."""
        plan = Plan()
        first: dict[str, Prepared] = {}
        for one in prepared:
            if one.identity.key in first:
                plan.later.append(one)
            else:
                first[one.identity.key] = one
        standing = current_by_key(connection, self.ids, self.source.name, first)
        for key, one in first.items():
            self._decide(one, standing.get(key), connection, plan)
        return plan

    def _decide(self, one: Prepared, current: Current | None, connection: Connection, plan: Plan) -> None:
        received, identity = one.received, one.identity
        verdict = compare(
            current,
            digest=received.hash,
            deleted=identity.deleted,
            modified=identity.modified,
            sequence=identity.sequence,
            recipe=self.recipe,
        )
        if verdict in (Verdict.UNCHANGED, Verdict.OLDER) or (
            verdict is Verdict.CHANGED and current is not None and self._same_content(one, current, connection)
        ):
            self.counts.unchanged += 1
            return
        landing = self._landing(one, current, plan.held)
        if landing is not None:
            plan.landings.append(landing)
            if current is not None:
                plan.replaced.append(current.hash)

    def _same_content(self, one: Prepared, current: Current, connection: Connection) -> bool:
        """True when only what the mapping calls volatile differs from the current version."""
        if one.opened is None or current.state != State.CURRENT or one.identity.deleted:
            return False
        if not one.opened.mapper.spec.volatile or current.recipe != self.recipe:
            return False
        old = body_of(connection, current.seq)
        mapper = one.opened.mapper
        return mapper.reader.content(old, mapper.spec.volatile) == mapper.reader.content(
            one.received.body, mapper.spec.volatile
        )

    def _landing(self, one: Prepared, current: Current | None, held: list[Held]) -> Landing | None:
        received, identity = one.received, one.identity
        mapped = None
        state = State.CURRENT
        if identity.ignored is not None:
            state = State.IGNORED
            self.counts.ignore(identity.ignored)
        elif identity.deleted:
            state = State.DELETED
            self.counts.deleted += 1
        elif one.opened is not None:
            try:
                owner = identity.owner or self.agency
                mapped = one.opened.map(owner)._replace(owner=owner)
                self.counts.mapped += 1
            except Quarantine as error:
                held.append(_held(received, error.problem, identity.key))
                return None
            except Exception as error:  # noqa: BLE001 - one bad record never stops the others
                held.append(_held(received, _unforeseen(error, received.locator), identity.key))
                return None
        return Landing(
            key=identity.key,
            state=state,
            body=received.body,
            hash=received.hash,
            content=received.hash,
            locator=received.locator,
            modified=identity.modified,
            sequence=identity.sequence,
            unit=received.unit,
            recipe=self.recipe,
            mapped=mapped,
            reason=identity.ignored,
            current=current,
        )

    def ignored(self, documents: Sequence[Ignored]) -> list[Prepared]:
        """Documents that the connector found to be no case records, kept with their reason."""
        return [
            Prepared(
                Received(document.body, document.hash, document.locator, unit=document.unit),
                None,
                Identity(_ignored_key(document.hash), None, None, None, deleted=False, ignored=document.reason),
            )
            for document in documents
        ]


def _ignored_key(digest: bytes) -> str:
    return f"ignored/{digest.hex()}"


def _held(received: Received, problem: Problem, key: str | None) -> Held:
    digest = received.hash or content_hash(received.body)
    return Held(digest, received.locator, received.body, problem, key, received.unit)


def _unforeseen(error: Exception, locator: str) -> Problem:
    """A fault of ours, named by its kind alone: its message might hold case data."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame else ""
    log.warning("a record could not be mapped: %s in %s at %s", type(error).__name__, place, locator)
    return Problem(f"mapping failed: {type(error).__name__} in {place}", "", "report this fault; the record is kept")
