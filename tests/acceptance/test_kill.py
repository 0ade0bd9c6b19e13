"""`kill -9` at named points and at random moments: what was interrupted ends where an uninterrupted run ends.

Every kill is a SIGKILL to a real process. After each, the cursor is never ahead of the data; after the last run of a
store, its export, its records and its quarantine are those of a store whose workers nobody killed.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schemas.ids import content_hash
from tests.acceptance.agencies import write_day
from tests.acceptance.nursery import Nursery
from tests.acceptance.stores import Stores, stores, told
from tests.integration.sync.fixtures import postgres_template, sqlite_template
from tests.integration.sync.stage import Stage, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["postgres_template", "sqlite_template", "stores"]

POINTS = ("fetch", "map", "land", "write", "checkpoint", "publish")
KILLS = 200
KILLS_A_DAY = 3
STANDING = "SELECT DISTINCT coalesce(n.id, m.id) FROM mention m LEFT JOIN node n ON n.no = m.node"


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    one = Nursery()
    yield one
    one.close()


def feed_agrees_with_the_graph(url: str) -> bool:
    """Whether the nodes that the feed of changes leaves alive are those on which mentions stand."""
    store = open_store(url)
    try:
        alive: dict[bytes, bool] = {}
        for change in sorted(Stage(store).rows("change"), key=lambda row: int(row["seq"])):
            alive[bytes(change["node"])] = change["kind"] != 3
        with store.read() as reading:
            standing = {bytes(row[0]) for row in reading.connection.execute(sa.text(STANDING))}
        return {node for node, there in alive.items() if there} == standing
    finally:
        store.close()


def known_files(url: str) -> dict[str, bytes]:
    """The files that a store has read to their end, as they were then."""
    store = open_store(url)
    try:
        return {row["name"]: bytes(row["fingerprint"]) for row in Stage(store).rows("unit")}
    finally:
        store.close()


def cursor_is_not_ahead(url: str, folder: Path, before: dict[str, bytes]) -> None:
    """Everything is in the store that a checkpoint claims, or a file that was not known `before`."""
    store = open_store(url)
    try:
        stage = Stage(store)
        keys = {row["key"] for row in stage.rows("record")}
        tables = ("record", "record_history", "quarantine")
        hashes = {bytes(row["hash"]) for table in tables for row in stage.rows(table)}
        for row in stage.rows("checkpoint", "source = (SELECT no FROM source WHERE name = 'journal')"):
            read = json.loads(row["data"]).get("line", 0)
            for line in (folder / "journal.jsonl").read_bytes().splitlines()[:read]:
                said = json.loads(line)
                may_be_old = said.get("at") == "2023-01-01" or "deleted" in said
                assert may_be_old or content_hash(line) in hashes, f"lost: {line!r}"
        for unit in stage.rows("unit", "source = (SELECT no FROM source WHERE name = 'rows') AND name LIKE 'cases%'"):
            if before.get(unit["name"]) == bytes(unit["fingerprint"]):
                continue
            rows = (folder / "rows" / unit["name"]).read_text(encoding="utf-8").splitlines()[1:]
            wanted = {row.split(",")[0] for row in rows if row.split(",")[1]}
            assert wanted <= keys, f"lost of {unit['name']}: {wanted - keys}"
    finally:
        store.close()


class Campaign:
    """Workers on one store after another, killed as planned, until there were enough kills."""

    def __init__(self, nursery: Nursery, stores: Stores, folders: dict[int, Path], rng: random.Random) -> None:
        self.nursery, self.stores, self.folders, self.rng = nursery, stores, folders, rng
        self.sizes = (1, 7, 1_000)
        self.killed: dict[str, int] = dict.fromkeys((*POINTS, "random"), 0)
        self.expected: dict[int, dict[str, Any]] = {}
        self.points: dict[tuple[int, int], list[str]] = {}
        """What is heard in a whole run, by day and batch size."""
        self.seconds = 0.5

    def order(self, url: str, day: int, size: int, **more: Any) -> dict[str, Any]:
        return self.nursery.order(url=url, folder=str(self.folders[day]), size=size, version=day, **more)

    def learn(self) -> None:
        """What stores say whose workers nobody kills: the same for every size of batches."""
        for size in self.sizes:
            url = self.stores.new()
            for day in (1, 2):
                answer = self.order(url, day, size)
                finished(answer)
                self.points[day, size] = answer["points"]
                said = told(url)
                said.pop("held") if size != self.sizes[0] and day in self.expected else None
                known = self.expected.setdefault(day, said)
                assert said["export"] == known["export"], f"batches of {size} give another graph on day {day}"

    def kill(self, url: str, day: int, size: int, before: dict[str, bytes]) -> None:
        """One worker, killed at a point that has its turn, or at any moment."""
        name = min(self.killed, key=lambda one: (self.killed[one], self.rng.random()))
        if name == "random":
            answer = self.order(url, day, size, delay=self.rng.uniform(0.0, self.seconds))
        else:
            heard = self.points[day, size].count(name)
            answer = self.order(url, day, size, point=name, hearing=self.rng.randint(1, max(1, heard)))
        if answer["killed"]:
            self.killed[name] += 1
        else:
            finished(answer)
        cursor_is_not_ahead(url, self.folders[day], before)

    def run(self, kills: int) -> None:
        self.learn()
        stores = 0
        while sum(self.killed.values()) < kills:
            url, size = self.stores.new(), self.sizes[stores % len(self.sizes)]
            stores += 1
            for day in (1, 2):
                before = known_files(url)
                for _ in range(KILLS_A_DAY):
                    self.kill(url, day, size, before)
                finished(self.order(url, day, size))
                said = told(url)
                expected = self.expected[day]
                for part, text in said.items():
                    assert text == expected[part], f"{part} differ on day {day}, batches of {size}"
            assert feed_agrees_with_the_graph(url)


def finished(answer: dict[str, Any]) -> None:
    assert not answer["killed"]
    assert not answer["failed"], answer["outcome"]
    assert [one["error"] for one in answer["outcome"]] == [None, None, None]


def test_whatever_is_killed_whenever_the_end_is_the_same(
    nursery: Nursery, stores: Stores, tmp_path: Path, rng: random.Random, tenth: Callable[[int], int]
) -> None:
    folders = {day: tmp_path / f"day-{day}" for day in (1, 2)}
    seed = rng.randrange(1_000_000)
    for day, folder in folders.items():
        write_day(folder, day, random.Random(seed))
    campaign = Campaign(nursery, stores, folders, rng)
    campaign.run(tenth(KILLS))
    assert all(campaign.killed.values()), campaign.killed
