"""From what a connector yields to what the store lands: open, key, order, map; each bad record set aside by itself.

This is the one place of a run that catches broadly: whatever a record makes a mapping do, the others go on.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from graph.codes import State
from graph.drafts import Draft, draft
from graph.land import Current, Landing, current_by_key
from graph.tables import MENTION_BITS
from mapping.apply import Identity
from schemas.ids import content_hash
from schemas.records import Problem, Quarantine, Received
from service.sync.quarantine import RECORD, UNREAD, Held
from service.sync.stored import NO_RECIPE, body_of
from service.sync.versions import Verdict, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from mapping.apply import Mapper, Opened
    from schemas.ids import Ids
    from schemas.records import Ignored
    from service.sync.ledger import Counts
    from service.sync.source import Source
    from service.sync.versions import Order

log = logging.getLogger("casefold.sync")
T = TypeVar("T")


class Prepared(NamedTuple):
    """A record that was opened, keyed and mapped.

    All three at once: what was opened is let go before the next record, and almost every record that gets here is new.
    """

    received: Received
    mapper: Mapper | None
    """What reads it; None where the source or its connector says what becomes of it."""
    identity: Identity
    said: Draft | Held | None
    """What it says, or why that cannot be read; None for one that is deleted or ignored."""


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
                held.append(_held(received, received.problem, received.key, UNREAD))
                continue
            if received.deleted and received.key is not None:
                identity = Identity(received.key, None, None, None, deleted=True, ignored=None)
                prepared.append(Prepared(received, None, identity, None))
                continue
            opened = _guarded(partial(self._open, received), received, received.key, held)
            if opened is not None:
                prepared.append(opened)
        return prepared

    def _open(self, received: Received) -> Prepared:
        opened = self.mapping.open(received.body, received.parsed)
        identity = opened.identify()
        said: Draft | Held | None = None
        if identity.ignored is not None and not identity.key:
            identity = identity._replace(key=_ignored_key(received.hash))
        elif received.deleted:
            identity = identity._replace(deleted=True)
        if identity.ignored is None and not identity.deleted:
            unreadable: list[Held] = []
            said = _guarded(lambda: self._drafted(identity, opened), received, identity.key, unreadable)
            said = said or unreadable[0]
        opened.close()
        return Prepared(received, opened.mapper, identity, said)

    def order(self, body: bytes) -> Order:
        """What orders a body among the versions of its key; nothing where it cannot be read."""
        found = _guarded(lambda: self.mapping.open(body).identify(), Received(body, b"", ""), None, [])
        return (None, None) if found is None else (found.sequence, found.modified)

    def unreadable(self, one: Prepared) -> Held | None:
        """Why this record cannot be mapped; None when it can."""
        return one.said if isinstance(one.said, Held) else None

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
            recipe=self._recipe(one),
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

    def _recipe(self, one: Prepared) -> int:
        """The recipe that made this of the record: none where the source or its connector says what becomes of it."""
        return NO_RECIPE if one.mapper is None or one.received.deleted else self.recipe

    def _same_content(self, one: Prepared, current: Current, connection: Connection) -> bool:
        """True when only what the mapping calls volatile differs from the current version."""
        mapper = one.mapper
        if mapper is None or current.state != State.CURRENT or one.identity.deleted or one.identity.ignored:
            return False
        reader, volatile = mapper.reader, mapper.spec.volatile
        if not volatile or current.recipe != self.recipe:
            return False
        old = body_of(connection, current.seq)
        try:
            return reader.content(old, volatile) == reader.content(one.received.body, volatile)
        except Exception as error:  # noqa: BLE001 - what cannot be compared is taken as changed
            _log(error, one.received.locator)
            return False

    def _landing(self, one: Prepared, current: Current | None, held: list[Held]) -> Landing | None:
        received, identity, said = one.received, one.identity, one.said
        state = State.CURRENT
        if identity.ignored is not None:
            state = State.IGNORED
            self.counts.ignore(identity.ignored)
        elif identity.deleted:
            state = State.DELETED
            identity = _no_older(identity, current)
            self.counts.deleted += current is None or current.state != State.DELETED
        elif isinstance(said, Held):
            held.append(said)
            return None
        else:
            self.counts.mapped += 1
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
            recipe=self._recipe(one),
            mapped=said if isinstance(said, Draft) else None,
            reason=identity.ignored,
            current=current,
        )

    def _drafted(self, identity: Identity, opened: Opened) -> Draft:
        """What a record says as the store's rows: made at once, so that a batch need not hold both forms."""
        owner = identity.owner or self.agency
        mapped = opened.map(owner)
        if len(mapped.mentions) >> MENTION_BITS:
            raise Quarantine(Problem(f"the record has over {1 << MENTION_BITS} entities", "", "split it at the source"))
        said = mapped._replace(owner=owner, notes=[*identity.notes, *mapped.notes])
        return draft(self.ids, self.source.name, identity.key, said)

    def ignored(self, documents: Sequence[Ignored]) -> list[Prepared]:
        """Documents that the connector found to be no case records, kept with their reason."""
        return [
            Prepared(
                Received(document.body, document.hash, document.locator, unit=document.unit),
                None,
                Identity(_ignored_key(document.hash), None, None, None, deleted=False, ignored=document.reason),
                None,
            )
            for document in documents
        ]


def _no_older(identity: Identity, current: Current | None) -> Identity:
    """A deletion without a time of its own is as late as what it deletes: only a later version brings that back."""
    if current is None or identity.modified is not None or identity.sequence is not None:
        return identity
    return identity._replace(modified=current.modified, sequence=current.sequence)


def _guarded(read: Callable[[], T], received: Received, key: str | None, held: list[Held]) -> T | None:
    """What `read` gives; None, and an entry in `held`, where it raises anything at all."""
    try:
        return read()
    except Quarantine as error:
        held.append(_held(received, error.problem, key))
    except Exception as error:  # noqa: BLE001 - one bad record never stops the others
        held.append(_held(received, _log(error, received.locator), key))
    return None


def _ignored_key(digest: bytes) -> str:
    return f"ignored/{digest.hex()}"


def _held(received: Received, problem: Problem, key: str | None, kind: str = RECORD) -> Held:
    digest = received.hash or content_hash(received.body)
    return Held(digest, received.locator, received.body, problem, key, received.unit, kind)


def _log(error: Exception, locator: str) -> Problem:
    """A fault of ours, named by its kind alone: its message might hold case data."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame else ""
    log.warning("a record could not be mapped: %s in %s at %s", type(error).__name__, place, locator)
    return Problem(f"mapping failed: {type(error).__name__} in {place}", "", "report this fault; the record is kept")
