"""Writing under a lease: each plan is one transaction, with its quarantine, its checkpoint and the run's audit row.

What must always hold: the checkpoint in the store is never ahead of the data, because they are written together; and
nothing is written under a lease that another process has taken over.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.land import current_by_key, land
from service.sync import lease as leases
from service.sync import ledger, quarantine
from service.sync.stored import NO_RECIPE, forget_order
from service.sync.versions import later as later_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from graph.land import Landing
    from graph.store import Store, Transaction
    from schemas.records import Batch
    from service.sync.intake import Intake, Plan, Prepared
    from service.sync.ledger import Counts
    from service.sync.memory import Memory
    from service.sync.quarantine import Held, Waiting
    from service.sync.source import Source

    Closes = Callable[[Waiting, Landing], bool]
    """Whether a landing settles an open entry of the same record."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What one run writes with."""

    store: Store
    source: Source
    number: int
    """The source's number."""
    run_number: int
    recipe: int
    lease: leases.Lease
    intake: Intake
    counts: Counts
    now: Callable[[], int]
    """Unix time in milliseconds."""
    point: Callable[[str], None]

    def write_all(
        self,
        plan: Plan,
        held: Sequence[Held],
        batch: Batch | None = None,
        *,
        closes: Closes | None = None,
        memory: Memory | None = None,
        settled: Callable[[Sequence[Held]], Sequence[int]] | None = None,
    ) -> list[Held]:
        """Write a plan in one transaction; where it holds several versions of one record, one after the other.

        A batch is durable whole or not at all: half of it, read once more, would put versions without a time in
        another order. `memory` is asked about the plan of every later version, and may raise Overtaken; `settled` is
        asked which entries of the quarantine are done with, given all that was set aside, which is also the answer.
        """
        aside = [*held, *plan.held]
        with self._transaction() as tx:
            self._put(tx, plan, held, closes, memory)
            while plan.later:
                plan = self.intake.plan(tx.connection, plan.later)
                if memory is not None:
                    memory.check(plan)
                aside += plan.held
                self._put(tx, plan, (), closes, memory)
            if batch is not None:
                self._keep(tx, batch)
            if settled is not None:
                quarantine.close(tx.connection, settled(aside))
        return aside

    def withdraw(self, landings: Sequence[Landing], moving: Sequence[Held], stay: Sequence[int]) -> None:
        """Withdraw records from keys that they have left, and keep those that cannot go to their new one yet.

        Those that `stay` because they cannot be read give way to whatever has their old key now, older or later.
        """
        with self._transaction() as tx:
            forget_order(tx.connection, stay)
            self._land(tx, landings, _nothing)
            quarantine.hold(tx.connection, self.number, moving, NO_RECIPE, self.now())

    def read_plan(self, prepared: Sequence[Prepared]) -> Plan:
        """What these records are to those that stand."""
        with self.store.read() as reading:
            return self.intake.plan(reading.connection, prepared)

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        """One transaction under the lease, with the run's audit row brought up to date; raises LeaseLost."""
        with self.store.write() as tx:
            leases.renew(tx.connection, self.lease, self.now())
            yield tx
            ledger.update_run(tx.connection, self.run_number, self.counts)
            self.point("write")

    def _put(
        self, tx: Transaction, plan: Plan, held: Sequence[Held], closes: Closes | None, memory: Memory | None
    ) -> None:
        self._land(tx, plan.landings, closes or self.settles)
        self.point("land")
        aside = [*held, *plan.held]
        if aside:
            stands = self._stands(tx, aside, plan, memory)
            waiting = quarantine.hold(tx.connection, self.number, aside, self.recipe, self.now(), stands)
            self.counts.quarantined += waiting

    def _stands(self, tx: Transaction, aside: Sequence[Held], plan: Plan, memory: Memory | None) -> set[str]:
        """Keys of bad versions whose current version is sent too: further on in the batch, or left out as known."""
        keys = {one.key for one in aside if one.key is not None}
        later = {(one.identity.key, one.received.hash) for one in plan.later}
        return {
            key
            for key, current in current_by_key(tx.connection, self.store.ids, self.source.name, keys).items()
            if (key, current.hash) in later or (memory is not None and memory.told(current.hash))
        }

    def _land(self, tx: Transaction, landings: Sequence[Landing], closes: Closes) -> None:
        if not landings:
            return
        source = self.source
        written = land(tx, self.store.ids, self.number, source.name, source.agency, landings)
        self.counts.mentions += written.mentions
        self.counts.links += written.links
        if quarantine.has_open(tx.connection, self.number):
            by_key = {quarantine.short(landing.key): landing for landing in landings}
            entries = quarantine.of_keys(tx.connection, self.number, by_key)
            quarantine.close(tx.connection, [one.id for one in entries if closes(one, by_key[one.key])])

    def settles(self, entry: Waiting, landing: Landing) -> bool:
        """What the source sends now settles what it sent before, unless that says that it is the later version."""
        if entry.kind != quarantine.RECORD or entry.hash == landing.hash:
            return True
        order = later_of((landing.sequence, landing.modified), self.intake.order(entry.body))
        return order is None or order >= 0

    def _keep(self, tx: Transaction, batch: Batch) -> None:
        """The files that were read to their end, and the checkpoint."""
        connection, config = tx.connection, self.source.config
        if batch.units:
            ledger.save_units(connection, self.number, config, batch.units)
            if quarantine.has_open(connection, self.number):
                quarantine.resolve_units(connection, self.number, [unit.name for unit in batch.units])
        if batch.checkpoint is not None:
            ledger.save_checkpoint(connection, self.number, config, batch.checkpoint)


def _nothing(_entry: Waiting, _landing: Landing) -> bool:
    return False
