"""What the runner tells a connector of what it knows, and what it must remember of having told it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.land import current_hashes
from service.sync import ledger

if TYPE_CHECKING:
    from graph.store import Store
    from schemas.records import Batch
    from service.sync.intake import Plan


class Overtaken(Exception):
    """A batch replaces a version that the connector left out as known: their order must be read again."""


class Memory:
    """The runner's answer to a connector's `Known`, from the store as it is at that moment."""

    def __init__(self, store: Store, source: int, recipe: int, config: bytes, *, full: bool) -> None:
        """Look things up for one source under one recipe and some settings; `full` knows no files."""
        self._store, self._source, self._recipe, self._config = store, source, recipe, config
        self.exact = False
        """Know nothing: every version is read, in the order in which they stand."""
        self.advanced = False
        """Whether a checkpoint of this very run is kept."""
        self._told: set[bytes] = set()
        self._told_before: set[bytes] = set()
        with store.read() as reading:
            self._units = {} if full else ledger.known_units(reading.connection, source)

    def unit(self, name: str, fingerprint: bytes) -> int | None:
        """How many records this very file gave when it was last read whole."""
        known = self._units.get(name)
        return known[1] if known is not None and known[0] == ledger.fingerprint(self._config, fingerprint) else None

    def hashes(self, hashes: list[bytes]) -> set[bytes]:
        """Which of these are current records of this source, mapped as they would be now."""
        if self.exact:
            return set()
        with self._store.read() as reading:
            found = current_hashes(reading.connection, self._source, hashes, self._recipe)
        self._told |= found
        return found

    def told(self, digest: bytes) -> bool:
        """Whether a connector was told that this version is current, so that it left it out."""
        return digest in self._told or digest in self._told_before

    def check(self, plan: Plan) -> None:
        """Raise Overtaken where a plan replaces what a connector was told is current and has left out.

        A connector may ask about the records of a batch one batch early, so what it was told is kept for two.
        """
        if not self.exact and any(map(self.told, plan.replaced)):
            raise Overtaken

    def committed(self, batch: Batch) -> None:
        """Take note that a batch is durable."""
        self._told_before, self._told = self._told, set()
        self.advanced = self.advanced or batch.checkpoint is not None
