"""End to end: what `casefold sync` does, by the real runner with the real connector, mapping and store.

The count begins when the home is wired and ends when the store is closed, so that start-up (the interpreter, imports,
migrations), which does not grow with the input, is left out on this side as on the other.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import rows
from benchmarks.cpu import Meter, Server
from casefold.settings import load_settings
from casefold.wiring import build, open_store
from service.sync.runner import Runner, SourceResult

if TYPE_CHECKING:
    from benchmarks.child import Facts
    from casefold.wiring import Casefold
    from service.sync.ledger import Counts

STAGES = {
    "fetch": "connector", "map": "mapping", "land": "landing", "write": "bookkeeping", "checkpoint": "commit",
    "publish": "publishing", "end": "end",
}  # fmt: skip
"""The observer's points, and what went on before each."""
TOP = 45


class Stages:
    """Watches a run and adds up this process's CPU time by what it did."""

    def __init__(self) -> None:
        """Begin now."""
        self.seconds: dict[str, float] = dict.fromkeys(STAGES.values(), 0.0)
        self._last = time.process_time()

    def __call__(self, point: str, source: str, counts: Counts) -> None:  # noqa: ARG002 - the observer's signature
        """Hear that a point was reached."""
        now = time.process_time()
        self.seconds[STAGES[point]] += now - self._last
        self._last = now


def sync(home: str, server: str | None = None) -> Facts:
    """CPU seconds of one sync of a home, by stage and in all; its counts, and how many rows each table then has."""
    app = build(load_settings(Path(home)))
    watched = Server(server) if server else None
    if watched:
        app.store.engine.dispose()
        watched.begin()
    meter = Meter()
    with meter.running():
        stages = Stages()
        result = _run(app, stages)
        app.close()
    behind = watched.end() if watched else 0.0
    return {
        "cpu": meter.seconds + behind,
        "server": behind,
        "stages": stages.seconds,
        "counts": _checked(result),
        "rows": _rows(home),
    }


def profile(home: str) -> Facts:
    """Where a sync spends its time, by function: the profiler's own table, by own time."""
    app = build(load_settings(Path(home)))
    watching = cProfile.Profile(time.process_time)
    result = watching.runcall(_run, app, Stages())
    app.close()
    _checked(result)
    table = _Text()
    pstats.Stats(watching, stream=table).strip_dirs().sort_stats("tottime").print_stats(TOP)  # type: ignore[arg-type]
    return {"table": table.text}


class _Text:
    """Something that can be printed into."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


def _run(app: Casefold, stages: Stages) -> SourceResult:
    (wired,) = app.sources.values()
    return asyncio.run(Runner(app.store, observe=stages).sync(wired.source))


def _checked(result: SourceResult) -> dict[str, int]:
    """The counts of a run that went as it should; a benchmark of a failed run would measure nothing."""
    counts = result.counts
    assert result.error is None, result.error
    assert not counts.quarantined, f"{counts.quarantined} records went to quarantine"
    names = ("pulled", "unchanged", "mapped", "deleted", "mentions", "links")
    return {name: int(getattr(counts, name)) for name in names}


def _rows(home: str) -> dict[str, int]:
    store = open_store(load_settings(Path(home)))
    found = rows.counts(store)
    store.close()
    return found
