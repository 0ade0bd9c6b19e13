"""The runner of one source: lease, pull, plan, one transaction per batch, publish.

It decides what happens next and writes nothing itself: `service.sync.writing` does, under the lease.
"""

from __future__ import annotations

import logging
import sqlite3
import time
import traceback
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from graph.publish import publish
from graph.register import recipe_number, source_number
from schemas.ids import content_hash
from schemas.records import BadConfiguration, Batch, FileProblem, SourceError, Stop
from service.sync import lease as leases
from service.sync import ledger, quarantine
from service.sync.again import remap_stale, retry
from service.sync.collector import few_collections
from service.sync.intake import Intake
from service.sync.ledger import Counts
from service.sync.memory import Memory, Overtaken
from service.sync.quarantine import Held
from service.sync.source import Source
from service.sync.writing import Writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

    from graph.store import Store
    from schemas.records import JsonObject

log = logging.getLogger("casefold.sync")


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
        run = _SourceRun(self, source, full=full)
        with few_collections():
            return await self._outcome(run, run.run())

    async def retry(self, source: Source, ids: Sequence[int]) -> SourceResult:
        """Run quarantined records through the current mapping again."""
        run = _SourceRun(self, source, full=False)
        return await self._outcome(run, run.run_retry(ids))

    async def _outcome(self, run: _SourceRun, running: Coroutine[None, None, None]) -> SourceResult:
        """How a run ends, whatever the source does."""
        result = SourceResult(run.source.name, run.counts)
        started = self._clock()
        try:
            await running
        except BadConfiguration as error:
            result.error, result.configuration = str(error), True
        except (SourceError, leases.LeaseLost) as error:
            result.error = str(error)
        except Exception as error:
            if not _busy(error):
                raise
            result.error = "the store is busy: another process has kept it from writing for too long; try again"
        result.seconds = round(self._clock() - started, 3)
        self._observe("end", run.source.name, result.counts)
        return result


_NOT_OUR_TURN = frozenset({"40001", "40P01", "55P03", "25P03"})
"""PostgreSQL's states: serialization failure, deadlock, lock not available, too long idle in a transaction."""


def _busy(error: Exception) -> bool:
    """True when it was not our turn to write, and nothing is wrong with the store."""
    cause = getattr(error, "orig", error)
    return getattr(cause, "sqlstate", None) in _NOT_OUR_TURN or (
        isinstance(cause, sqlite3.OperationalError) and "database is locked" in str(cause)
    )


class _SourceRun:
    """One run of one source, from taking the lease to giving it back."""

    def __init__(self, runner: Runner, source: Source, *, full: bool) -> None:
        self.store, self.source, self.full = runner.store, source, full
        self.counts = Counts()
        self._runner = runner

    def _point(self, name: str) -> None:
        self._runner._observe(name, self.source.name, self.counts)  # noqa: SLF001 - one class in two parts

    async def run(self) -> None:
        """Remap what is stale, then pull to the end."""
        writing = self._begin()
        try:
            remap_stale(writing)
            await self._pull(writing)
        except BaseException as error:
            self._end(writing, error)
            raise
        self._end(writing, None)

    async def run_retry(self, ids: Sequence[int]) -> None:
        """Put quarantined records through once more."""
        writing = self._begin()
        try:
            retry(writing, ids)
        except BaseException as error:
            self._end(writing, error)
            raise
        self._end(writing, None)

    def _begin(self) -> Writing:
        runner, source = self._runner, self.source
        digest = blake2b(source.mapping.recipe + f"{source.agency}|{source.label}".encode(), digest_size=16).digest()
        now = runner._now  # noqa: SLF001 - one class in two parts
        with self.store.write() as tx:
            number = source_number(tx.connection, source.name, source.agency, source.label)
            recipe = recipe_number(tx.connection, digest)
            lease = leases.acquire(tx.connection, number, runner._holder, now())  # noqa: SLF001
            run_number = ledger.begin_run(tx.connection, number, now())
        intake = Intake(source, self.store.ids, recipe, self.counts)
        publish(self.store)
        return Writing(
            store=self.store,
            source=source,
            number=number,
            run_number=run_number,
            recipe=recipe,
            lease=lease,
            intake=intake,
            counts=self.counts,
            now=now,
            point=self._point,
        )

    def _end(self, writing: Writing, error: BaseException | None) -> None:
        """Publish what landed, close the audit row, give the lease back."""
        outcome = "done" if error is None else "lost" if isinstance(error, leases.LeaseLost) else "failed"
        said = str(error) if isinstance(error, SourceError) else type(error).__name__ if error else None
        if not isinstance(error, leases.LeaseLost):
            publish(self.store)
        with self.store.write() as tx:
            ledger.end_run(tx.connection, writing.run_number, writing.now(), self.counts, outcome, said)
            leases.release(tx.connection, writing.lease)

    async def _pull(self, writing: Writing) -> None:
        memory = Memory(self.store, writing.number, writing.recipe, self.source.config, full=self.full)
        while True:
            since = None if self.full and not memory.advanced else self._checkpoint(writing)
            try:
                await self._drain(since, memory, writing)
            except Overtaken:
                log.info(
                    "source %s: versions of one record stand side by side; reading them in order", self.source.name
                )
                memory.exact = True
                continue
            return

    async def _drain(self, since: JsonObject | None, memory: Memory, writing: Writing) -> None:
        batches = self.source.connector.read(since, memory)
        try:
            async for batch in _named(batches):
                self._point("fetch")
                self._commit(batch, memory, writing)
        finally:
            close = getattr(batches, "aclose", None)
            if close is not None:
                await close()

    def _checkpoint(self, writing: Writing) -> JsonObject | None:
        with self.store.read() as reading:
            return ledger.load_checkpoint(reading.connection, writing.number, self.source.config)

    def _commit(self, batch: Batch, memory: Memory, writing: Writing) -> None:
        """Plan a batch outside the transaction, then write it, its quarantine and its checkpoint in one."""
        counts, intake = self.counts, writing.intake
        before = counts.copy()
        counts.pulled += len(batch.records) + len(batch.ignored) + batch.unchanged + len(batch.problems)
        counts.unchanged += batch.unchanged
        held: list[Held] = [_file_held(problem) for problem in batch.problems]
        plan = writing.read_plan(intake.prepare(batch.records, held) + intake.ignored(batch.ignored))
        try:
            memory.check(plan)
            self._point("map")
            writing.write_all(plan, held, batch, memory=memory)
        except Overtaken:
            counts.restore(before)
            raise
        self._point("checkpoint")
        memory.committed(batch)
        if plan.landings or plan.later:
            publish(self.store)
            self._point("publish")


async def _named(batches: AsyncIterator[Batch]) -> AsyncIterator[Batch]:
    """The connector's batches; whatever it raises that has no name of ours ends the run of this source alone."""
    try:
        async for batch in batches:
            yield batch
    except SourceError:
        raise
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        message = f"the connector failed: {type(error).__name__} in {frame.name}:{frame.lineno}; report this fault"
        raise Stop(message) from error


def _file_held(problem: FileProblem) -> Held:
    """A whole file as one entry of the quarantine."""
    digest = content_hash(problem.fingerprint)
    return Held(digest, problem.unit, problem.body, problem.problem, unit=problem.unit, kind=quarantine.FILE)
