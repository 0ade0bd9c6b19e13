"""The runner of one source: lease, pull, plan, one transaction per batch, publish.

What must always hold: the checkpoint in the store is never ahead of the data, because they are written together; and
nothing is written under a lease that another process has taken over.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Protocol

from graph.codes import State
from graph.land import Landing, current_by_key, current_hashes, land
from graph.publish import publish
from graph.register import recipe_number, source_number
from schemas.ids import content_hash
from schemas.records import BadConfiguration, Batch, FileProblem, Received, SourceError
from service.sync import lease as leases
from service.sync import ledger, quarantine
from service.sync.collector import few_collections
from service.sync.intake import Intake, Plan, Prepared
from service.sync.ledger import Counts
from service.sync.quarantine import Held
from service.sync.source import Source
from service.sync.stored import Stored, stale_records

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from graph.store import Store, Transaction
    from schemas.records import JsonObject

log = logging.getLogger("casefold.sync")
REMAP_BATCH = 500


class Observer(Protocol):
    """Who wants to know how a run goes: a progress bar, a test that kills it at a named point."""

    def __call__(self, point: str, source: str, counts: Counts) -> None:
        """Hear of a point: fetch, map, land, write, checkpoint, publish, end."""


@dataclass(slots=True)
class SourceResult:
    """How the run of one source ended."""

    name: str
    counts: Counts = field(default_factory=Counts)
    seconds: float = 0.0
    error: str | None = None
    configuration: bool = False
    """The error is one of configuration: nothing was pulled."""


def unheard(point: str, source: str, counts: Counts) -> None:
    """Observe nothing."""


class Overtaken(Exception):
    """A batch replaces a version that the connector left out as known: their order must be read again."""


class Memory:
    """The runner's answer to a connector's `Known`, from the store as it is at that moment."""

    def __init__(self, store: Store, source: int, recipe: int, *, full: bool) -> None:
        """Look things up for one source under one recipe; `full` knows no files."""
        self._store, self._source, self._recipe = store, source, recipe
        self.exact = False
        self.told: set[bytes] = set()
        with store.read() as reading:
            self._units = {} if full else ledger.known_units(reading.connection, source)

    def unit(self, name: str, fingerprint: bytes) -> int | None:
        """How many records this very file gave when it was last read whole."""
        known = self._units.get(name)
        return known[1] if known is not None and known[0] == fingerprint else None

    def hashes(self, hashes: list[bytes]) -> set[bytes]:
        """Which of these are current records of this source, mapped as they would be now."""
        if self.exact:
            return set()
        with self._store.read() as reading:
            found = current_hashes(reading.connection, self._source, hashes, self._recipe)
        self.told |= found
        return found


class Runner:
    """Syncs sources into one store."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], float] = time.time,
        holder: str | None = None,
        observe: Observer | None = None,
    ) -> None:
        """Take the store, a clock in Unix seconds, this process's name, and who watches."""
        self.store, self._clock = store, clock
        self._holder = holder or leases.process_name()
        self._observe = observe or unheard

    def _now(self) -> int:
        return int(self._clock() * 1000)

    async def sync(self, source: Source, *, full: bool = False) -> SourceResult:
        """Run one source once. Its failure is in the result; only faults of ours and of the store are raised."""
        result = SourceResult(source.name)
        started = self._clock()
        try:
            with few_collections():
                await _SourceRun(self, source, result.counts, full=full).run()
        except BadConfiguration as error:
            result.error, result.configuration = str(error), True
        except (SourceError, leases.LeaseLost) as error:
            result.error = str(error)
        result.seconds = round(self._clock() - started, 3)
        self._observe("end", source.name, result.counts)
        return result

    async def retry(self, source: Source, ids: Sequence[int]) -> SourceResult:
        """Run quarantined records through the current mapping again."""
        result = SourceResult(source.name)
        try:
            await _SourceRun(self, source, result.counts, full=False).run_retry(ids)
        except (SourceError, leases.LeaseLost) as error:
            result.error = str(error)
        return result


class _SourceRun:
    """One run of one source, from taking the lease to giving it back."""

    def __init__(self, runner: Runner, source: Source, counts: Counts, *, full: bool) -> None:
        self.store, self.source, self.counts, self.full = runner.store, source, counts, full
        self._runner = runner
        self._held_lease: leases.Lease | None = None

    def _point(self, name: str) -> None:
        self._runner._observe(name, self.source.name, self.counts)  # noqa: SLF001 - one class in two parts

    async def run(self) -> None:
        """Remap what is stale, then pull to the end."""
        self._begin()
        try:
            self._remap_stale()
            await self._pull()
        except BaseException as error:
            self._end(error)
            raise
        self._end(None)

    async def run_retry(self, ids: Sequence[int]) -> None:
        """Put quarantined records through once more."""
        self._begin()
        try:
            self._retry(ids)
        except BaseException as error:
            self._end(error)
            raise
        self._end(None)

    def _begin(self) -> None:
        runner, source = self._runner, self.source
        recipe = blake2b(source.mapping.recipe + f"{source.agency}|{source.label}".encode(), digest_size=16).digest()
        now = runner._now()  # noqa: SLF001 - one class in two parts
        with self.store.write() as tx:
            self.number = source_number(tx.connection, source.name, source.agency, source.label)
            self.recipe = recipe_number(tx.connection, recipe)
            self._held_lease = leases.acquire(tx.connection, self.number, runner._holder, now)  # noqa: SLF001
            self.run_number = ledger.begin_run(tx.connection, self.number, now)
        self.intake = Intake(source, self.store.ids, self.recipe, self.counts)
        publish(self.store)

    def _end(self, error: BaseException | None) -> None:
        """Publish what landed, close the audit row, give the lease back."""
        outcome = "done" if error is None else "lost" if isinstance(error, leases.LeaseLost) else "failed"
        said = str(error) if isinstance(error, SourceError) else type(error).__name__ if error else None
        if not isinstance(error, leases.LeaseLost):
            publish(self.store)
        now = self._runner._now()  # noqa: SLF001 - one class in two parts
        with self.store.write() as tx:
            ledger.end_run(tx.connection, self.run_number, now, self.counts, outcome, said)
            if self._held_lease is not None:
                leases.release(tx.connection, self._held_lease)

    async def _pull(self) -> None:
        memory = Memory(self.store, self.number, self.recipe, full=self.full)
        fresh = self.full
        while True:
            since = None if fresh else self._checkpoint()
            batches = self.source.connector.read(since, memory)
            try:
                await self._drain(batches, memory)
            except Overtaken:
                log.info(
                    "source %s: versions of one record stand side by side; reading them in order", self.source.name
                )
                memory.exact, fresh = True, False
                continue
            return

    async def _drain(self, batches: AsyncIterator[Batch], memory: Memory) -> None:
        try:
            async for batch in batches:
                self._point("fetch")
                self._commit(batch, memory)
                memory.told.clear()
        finally:
            close = getattr(batches, "aclose", None)
            if close is not None:
                await close()

    def _checkpoint(self) -> JsonObject | None:
        with self.store.read() as reading:
            return ledger.load_checkpoint(reading.connection, self.number, self.source.config)

    def _commit(self, batch: Batch, memory: Memory) -> None:
        """Plan a batch outside the transaction, then write it, its quarantine and its checkpoint in one."""
        counts = self.counts
        before = (counts.mapped, counts.deleted, counts.ignored, counts.unchanged)
        counts.pulled += len(batch.records) + len(batch.ignored) + batch.unchanged + len(batch.problems)
        counts.unchanged += batch.unchanged
        held: list[Held] = [_file_held(problem) for problem in batch.problems]
        prepared = self.intake.prepare(batch.records, held) + self.intake.ignored(batch.ignored)
        with self.store.read() as reading:
            plan = self.intake.plan(reading.connection, prepared)
        if not memory.exact and not memory.told.isdisjoint(plan.replaced):
            counts.mapped, counts.deleted, counts.ignored, counts.unchanged = before
            counts.pulled -= len(batch.records) + len(batch.ignored) + batch.unchanged + len(batch.problems)
            raise Overtaken
        self._point("map")
        plan = self._write_earlier(plan, held)
        self._write(plan, held, batch)
        self._point("checkpoint")
        if plan.landings:
            publish(self.store)
            self._point("publish")

    def _write_earlier(self, plan: Plan, held: list[Held]) -> Plan:
        """Where a batch holds several versions of one record: write all but the last, and give the plan for that."""
        while plan.later:
            self._write(plan, held, None)
            held.clear()
            with self.store.read() as reading:
                plan = self.intake.plan(reading.connection, plan.later)
        return plan

    def _write(self, plan: Plan, held: list[Held], batch: Batch | None) -> list[Held]:
        """One transaction; the answer is what it set aside."""
        runner, counts = self._runner, self.counts
        now = runner._now()  # noqa: SLF001 - one class in two parts
        with self.store.write() as tx:
            connection = tx.connection
            if self._held_lease is not None:
                leases.renew(connection, self._held_lease, now)
            self._land(tx, plan)
            self._point("land")
            set_aside = [*held, *plan.held]
            if set_aside:
                counts.quarantined += len(set_aside)
                quarantine.hold(connection, self.number, set_aside, self.recipe, now)
            if batch is not None:
                ledger.save_units(connection, self.number, batch.units)
                quarantine.resolve_units(connection, self.number, [unit.name for unit in batch.units])
                if batch.checkpoint is not None:
                    ledger.save_checkpoint(connection, self.number, self.source.config, batch.checkpoint)
            ledger.update_run(connection, self.run_number, counts)
            self._point("write")
        return set_aside

    def _land(self, tx: Transaction, plan: Plan) -> None:
        if not plan.landings:
            return
        source = self.source
        written = land(tx, self.store.ids, self.number, source.name, source.agency, plan.landings)
        self.counts.mentions += written.mentions
        self.counts.links += written.links
        if quarantine.has_open(tx.connection, self.number):
            quarantine.resolve_keys(tx.connection, self.number, [one.key for one in plan.landings])

    def _remap_stale(self) -> None:
        """Map again what was mapped under another recipe, from the stored bodies; and try what could not be read."""
        after = 0
        while True:
            with self.store.read() as reading:
                stale = stale_records(reading.connection, self.number, self.recipe, after, REMAP_BATCH)
            if not stale:
                break
            after = stale[-1].seq
            self._remap(stale)
        with self.store.read() as reading:
            waiting = quarantine.untried(reading.connection, self.number, self.recipe)
        self._retry(waiting)

    def _remap(self, stale: Sequence[Stored]) -> None:
        records = [Received(one.body, one.hash, one.locator, unit=one.unit) for one in stale]
        held: list[Held] = []
        prepared = self.intake.prepare(records, held)
        with self.store.read() as reading:
            plan = self.intake.plan(reading.connection, prepared)
            withdrawn = self._withdrawn(reading.connection, stale, prepared)
        self._point("map")
        plan = self._write_earlier(plan, held)
        plan.landings += withdrawn
        self._write(plan, held, None)
        publish(self.store)

    def _withdrawn(
        self, connection: Connection, stale: Sequence[Stored], prepared: Sequence[Prepared]
    ) -> list[Landing]:
        """Take back what stood under a key that the mapping no longer gives to that record."""
        now_under = {one.received.hash: one.identity.key for one in prepared}
        moved = [one for one in stale if now_under.get(one.hash, one.key) != one.key]
        standing = current_by_key(connection, self.store.ids, self.source.name, [one.key for one in moved])
        return [
            Landing(
                key=one.key, state=State.DELETED, body=one.body, hash=one.hash, content=one.hash, locator=one.locator,
                modified=None, sequence=None, unit=one.unit, recipe=self.recipe, mapped=None,
                reason="the mapping gives this record another key", current=standing[one.key],
            )
            for one in moved
        ]  # fmt: skip

    def _retry(self, ids: Sequence[int]) -> None:
        """Put quarantined bodies through the current mapping; those that land are resolved."""
        for start in range(0, len(ids), REMAP_BATCH):
            chunk = ids[start : start + REMAP_BATCH]
            with self.store.read() as reading:
                found = [(number, quarantine.body(reading.connection, number)) for number in chunk]
            bodies = {number: row for number, row in found if row is not None}
            records = [Received(row.body, row.hash, row.locator, unit=row.unit) for row in bodies.values()]
            held: list[Held] = []
            prepared = self.intake.prepare(records, held)
            with self.store.read() as reading:
                plan = self.intake.plan(reading.connection, prepared)
            plan = self._write_earlier(plan, held)
            self._resolve(bodies, self._write(plan, held, None))
            publish(self.store)

    def _resolve(self, tried: Mapping[int, Any], held: Sequence[Held]) -> None:
        """Close the entries of what could be read this time."""
        still = {(one.hash, one.locator) for one in held}
        mended = [number for number, row in tried.items() if (row.hash, row.locator) not in still]
        with self.store.write() as tx:
            quarantine.set_state(tx.connection, mended, quarantine.RESOLVED)


def _file_held(problem: FileProblem) -> Held:
    """A whole file as one entry of the quarantine."""
    body = problem.body
    return Held(content_hash(problem.fingerprint), problem.unit, body, problem.problem, unit=problem.unit, kind="file")
