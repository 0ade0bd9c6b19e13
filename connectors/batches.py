"""Fills batches up to the port's limits: at most `batch_size` records and 8 MiB, an oversize record alone.

A chunk that goes in together comes out together, so the checkpoint of a batch is always one that a whole chunk had
when it was added, and never says more than what the batches up to it hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from schemas.records import MAX_BATCH_BYTES, Batch, FileProblem, Ignored, JsonObject, Received, UnitDone


class Chosen(NamedTuple):
    """What of a chunk goes on: at most `batch_size` records and 8 MiB, or one oversize record."""

    records: Sequence[Received]
    size: int
    """Bytes of the bodies."""
    known: int = 0
    """How many were left out because the store knows them."""


class Batches:
    """Gathers chunks of records, and what is known of their files, into batches."""

    def __init__(self, batch_size: int) -> None:
        """Take the most records that a batch may hold."""
        self._limit = batch_size
        self._records: list[Received] = []
        self._units: list[UnitDone] = []
        self._problems: list[FileProblem] = []
        self._ignored: list[Ignored] = []
        self._bytes = 0
        self._unchanged = 0
        self._checkpoint: JsonObject | None = None

    def add(self, records: Sequence[Received], size: int, checkpoint: JsonObject | None) -> Iterator[Batch]:
        """Take a chunk of at most `batch_size` records and 8 MiB (`size`, in bytes); give the batch it did not fit."""
        yield from self._without_room_for(Chosen(records, size))
        self._records.extend(records)
        self._bytes += size
        self._checkpoint = checkpoint

    def put(self, choose: Callable[[], Chosen], checkpoint: JsonObject | None) -> Iterator[Batch]:
        """Take what `choose` finds new in a chunk, and give the batch that it did not fit.

        What is known changes when a batch is made durable, so after one went out `choose` is asked anew.
        """
        chosen = choose()
        for batch in self._without_room_for(chosen):
            yield batch
            chosen = choose()
        self._unchanged += chosen.known
        yield from self.add(chosen.records, chosen.size, checkpoint)

    def _without_room_for(self, chosen: Chosen) -> Iterator[Batch]:
        """The batch that is full once a chunk comes that it cannot hold."""
        full = len(self._records) + len(chosen.records) > self._limit or self._bytes + chosen.size > MAX_BATCH_BYTES
        if self._records and full:
            yield self.flush()

    def skipped(self, count: int) -> None:
        """Count records that were left out because they are known."""
        self._unchanged += count

    def done(self, unit: UnitDone) -> None:
        """Let a file's end travel with the last of its records."""
        self._units.append(unit)

    def problem(self, problem: FileProblem) -> Iterator[Batch]:
        """Take a file that cannot be read, and give the batch that its bytes did not fit."""
        if self._bytes + len(problem.body) > MAX_BATCH_BYTES:
            yield self.flush()
        self._problems.append(problem)
        self._bytes += len(problem.body)

    def ignore(self, ignored: Ignored) -> Iterator[Batch]:
        """Take a document that is no case record, and give the batch that its bytes did not fit."""
        if self._bytes + len(ignored.body) > MAX_BATCH_BYTES:
            yield self.flush()
        self._ignored.append(ignored)
        self._bytes += len(ignored.body)

    @property
    def pending(self) -> bool:
        """Whether anything was gathered that no batch has taken yet."""
        return bool(self._records or self._units or self._problems or self._ignored or self._unchanged)

    def finish(self, checkpoint: JsonObject | None) -> Batch:
        """Give what is left, with the checkpoint of a read that came to its end."""
        self._checkpoint = checkpoint
        return self.flush()

    def flush(self) -> Batch:
        """Give what was gathered, and start anew."""
        batch = Batch(
            self._records,
            self._checkpoint,
            self._unchanged,
            tuple(self._units),
            tuple(self._ignored),
            tuple(self._problems),
        )
        self._records, self._units, self._problems, self._ignored = [], [], [], []
        self._bytes = self._unchanged = 0
        return batch
