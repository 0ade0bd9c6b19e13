"""`./dev bench pipeline`: from an agency's files to the graph, beside what parsing and storing alone must cost.

One run, round after round, everything measured in turn (A B A B …), so that whatever else the machine does falls on
both sides of a ratio alike. Each measured thing is a fresh process; CPU time, never wall time.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks import homes
from benchmarks.figures import Figures
from benchmarks.shapes import SHAPES
from benchmarks.tasks.peer import is_here
from benchmarks.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.child import Call, Facts
    from benchmarks.server import Interface
    from tests.postgres import PostgresServer

SMALL = 20
"""The smaller load, for comparing memory, is this many times smaller: 10,000 of 200,000 cases."""
PEER_CASES = 20_000
"""What FollowTheMoney maps at most: its rate does not depend on how many cases there are, and it is slow."""
CEILING, STRETCH = 0.60, 0.75
SAME, CHANGED = 30.0, 5.0
MEMORY = 1.5
MAPPED, STORED = 10.0, 4.0
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass
class Plan:
    """What to measure, and with what."""

    cases: int
    runs: int
    folder: Path
    """A scratch folder of the run's own."""
    call: Call
    interface: Interface
    postgres: PostgresServer | None
    say: Callable[[str], None]
    shapes: tuple[str, ...] = tuple(SHAPES)
    peer: bool = field(default_factory=is_here)

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that there are."""
        return (SQLITE, POSTGRESQL) if self.postgres else (SQLITE,)


class Pipeline:
    """One run of the benchmark."""

    def __init__(self, plan: Plan) -> None:
        """Take what to measure."""
        self.plan, self.figures = plan, Figures()
        self._inputs = plan.folder / "inputs"
        self._small = max(plan.cases // SMALL, 20)
        self._homes = 0
        self.stages: dict[str, dict[str, float]] = {}
        """Of each shape and engine, the CPU seconds of this process's stages in the last round."""
        self.sizes: dict[str, dict[str, int]] = {}
        """Of each shape, how many rows each table ended with."""

    def run(self) -> Figures:
        """Write the inputs, then measure round after round."""
        self._write_inputs()
        for number in range(1, self.plan.runs + 1):
            peaks: dict[str, list[float]] = defaultdict(list)
            for shape in self.plan.shapes:
                self.plan.say(f"round {number} of {self.plan.runs}: {shape}")
                parse = self.plan.call("parse", shape=shape, folder=str(self._inputs / shape))
                self._report(f"parse_{shape}", self.plan.cases / parse["cpu"], f"parse only, {shape}: records/s")
                for engine in self.plan.engines:
                    peaks[shape].append(self._load(shape, engine, parse["cpu"]))
            for shape, ratios in peaks.items():
                means = f"peak memory at {self.plan.cases:,} cases, of that at {self._small:,}: {shape}"
                self.figures.note(f"memory_{shape}", max(ratios), means, MEMORY, "less")
            self.plan.say(f"round {number} of {self.plan.runs}: mapping alone")
            self._beside_peer()
            self._narratives()
        return self.figures

    def profiles(self) -> Iterator[tuple[str, str]]:
        """For each shape on SQLite, where a sync spends its time, by function."""
        self._write_inputs()
        for shape in self.plan.shapes:
            with self._home(shape, SQLITE, shape) as (home, _):
                yield shape, self.plan.call("profile", home=str(home))["table"]

    # --- what is measured ---------------------------------------------------------------------------------------

    def _load(self, shape: str, engine: str, parse: float) -> float:
        """One load end to end, the ways of syncing again, and the same rows stored alone; the ratio of peaks."""
        call, cases, what = self.plan.call, self.plan.cases, f"{shape}_{engine}"
        saved = self.plan.folder / f"{shape}.rows"
        with self._home(shape, engine, shape) as (home, server):
            loaded = call("sync", home=str(home), server=server)
            assert loaded["counts"]["mapped"] == cases
            if not saved.exists():
                call("save rows", home=str(home), path=str(saved))
            self._resync(shape, engine, home, server, loaded)
        with self._database(engine) as (database, server):
            stored = call("store", path=str(saved), database=database, server=server)
        _check_same_rows(loaded["rows"], stored["rows"])
        with self._home(shape, engine, f"{shape}-small") as (home, server):
            small = call("sync", home=str(home), server=server)
        self.stages[what] = loaded["stages"] | {"PostgreSQL": loaded["server"]}
        self.sizes[shape] = loaded["rows"]
        on = f"{shape} on {engine}"
        means = f"end to end, of parse only + store only: {on}"
        share = (parse + stored["cpu"]) / loaded["cpu"]
        self.figures.note(f"end_to_end_{what}", share, means, CEILING, stretch=STRETCH)
        self._report(f"store_{what}", cases / stored["cpu"], f"store only, {on}: records/s")
        self._report(f"load_{what}", cases / loaded["cpu"], f"end to end, {on}: records/s")
        self._report(f"rows_{what}", _rows(loaded) / loaded["cpu"], f"end to end, {on}: records, mentions and links/s")
        self._report(f"publish_{what}", loaded["stages"]["publishing"] / loaded["cpu"], f"share of publishing: {on}")
        if shape == "csv":
            self._loaded_csv = loaded
        return float(loaded.get("peak", 1) / small.get("peak", 1))

    def _resync(self, shape: str, engine: str, home: Path, server: str | None, loaded: Facts) -> None:
        """The same input again, then the one in which one case in a hundred is otherwise."""
        call, on = self.plan.call, f"{shape} on {engine}"
        same = call("sync", home=str(home), server=server)
        assert same["counts"]["mapped"] == 0
        with self._next_export(shape, home):
            changed = call("sync", home=str(home), server=server)
        revised = sum(map(World(self.plan.cases).is_revised, range(self.plan.cases)))
        assert changed["counts"]["mapped"] == revised
        goals = (SAME, CHANGED) if shape != "json" else (None, None)
        for name, facts, goal in (("same", same, goals[0]), ("changed", changed, goals[1])):
            how = {"same": "unchanged", "changed": "1 % changed"}[name]
            means = f"sync again, {how}, of the first load's rate: {on}"
            self.figures.note(f"resync_{name}_{shape}_{engine}", _times(loaded, facts), means, goal)

    def _beside_peer(self) -> None:
        """Mapping alone, ours and FollowTheMoney's, over the same CSV."""
        if "csv" not in self.plan.shapes:
            return
        with self._home("csv", SQLITE, "csv-peer") as (home, _):
            ours = self.plan.call("map", home=str(home))
        rate = (ours["mentions"] + ours["links"]) / ours["cpu"]
        self._report("mapping", rate, "mapping alone, csv: entities and links/s")
        if not self.plan.peer:
            return
        peer = self.plan.call("followthemoney", folder=str(self._inputs / "csv-peer"))
        theirs = peer["entities"] / peer["cpu"]
        self._report("followthemoney", theirs, "FollowTheMoney, csv: entities/s")
        self.figures.note("mapping_vs_followthemoney", rate / theirs, "mapping alone, of FollowTheMoney's rate", MAPPED)
        counts, cpu = self._loaded_csv["counts"], self._loaded_csv["cpu"]
        stored = (counts["mentions"] + counts["links"]) / cpu
        means = "with our store, of FollowTheMoney's rate of mapping"
        self.figures.note("stored_vs_followthemoney", stored / theirs, means, STORED)

    def _narratives(self) -> None:
        notes = self.plan.call("notes", cases=min(self.plan.cases, PEER_CASES))
        self._report("narratives", notes["notes"] / notes["cpu"], "narratives read: notes of 500 characters/s")

    def _report(self, name: str, value: float, means: str) -> None:
        self.figures.note(name, value, means)

    # --- with what ----------------------------------------------------------------------------------------------

    def _write_inputs(self) -> None:
        """The world in every shape: whole, small, as the second export has it, and for the peer."""
        self.plan.say(f"writing {self.plan.cases:,} cases as {', '.join(self.plan.shapes)}")
        for shape in self.plan.shapes:
            write = SHAPES[shape].write
            write(World(self.plan.cases), self._inputs / shape)
            write(World(self.plan.cases, changed=True), self._inputs / f"{shape}-changed")
            write(World(self._small), self._inputs / f"{shape}-small")
        if "csv" in self.plan.shapes:
            SHAPES["csv"].write(World(min(self.plan.cases, PEER_CASES)), self._inputs / "csv-peer")

    @contextmanager
    def _home(self, shape: str, engine: str, incoming: str) -> Iterator[tuple[Path, str | None]]:
        """A home over one input, gone afterwards, and the address to watch the server by."""
        address = self.plan.interface.serve(incoming, self._inputs / incoming) if shape == "json" else ""
        with self._database(engine) as (database, server):
            self._homes += 1
            home = self.plan.folder / f"home-{self._homes}"
            try:
                yield homes.make_home(home, shape, database, self._inputs / incoming, address), server
            finally:
                shutil.rmtree(home)

    @contextmanager
    def _next_export(self, shape: str, home: Path) -> Iterator[None]:
        """The next day: the agency's drop, or its interface, holds the second export."""
        incoming = self._inputs / f"{shape}-changed"
        if shape != "json":
            homes.drop(home, incoming)
            yield
            return
        self.plan.interface.serve(shape, incoming)
        try:
            yield
        finally:
            self.plan.interface.serve(shape, self._inputs / shape)

    @contextmanager
    def _database(self, engine: str) -> Iterator[tuple[str, str | None]]:
        """The URL of a database that does not exist yet or is empty, and the address to watch the server by."""
        if engine == SQLITE:
            self._homes += 1
            folder = self.plan.folder / f"database-{self._homes}"
            folder.mkdir()
            try:
                yield f"sqlite:///{folder / 'casefold.db'}", None
            finally:
                shutil.rmtree(folder)
            return
        postgres = self.plan.postgres
        assert postgres is not None
        with postgres.database() as url:
            yield url, f"host={postgres.folder} user=casefold dbname=postgres"


def _rows(loaded: Facts) -> int:
    counts = loaded["counts"]
    return int(counts["mapped"] + counts["mentions"] + counts["links"])


def _times(loaded: Facts, again: Facts) -> float:
    """How many times the first load's rate a second sync has; what took no measurable time counts as one tick."""
    return float(loaded["cpu"] / max(again["cpu"], 1e-3))


BOOKKEEPING = {"run", "lease", "dirty"}
"""Tables whose rows are about the run, not what it loaded."""


def _check_same_rows(loaded: dict[str, Any], stored: dict[str, Any]) -> None:
    """Store-only must store all that the sync did, or the ceiling would be too high."""
    differing = {name for name in loaded if loaded[name] != stored[name]}
    assert not differing - BOOKKEEPING, f"store only wrote other rows than the sync: {sorted(differing)}"
