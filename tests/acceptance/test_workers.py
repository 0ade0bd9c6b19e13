"""Two workers on one store: whatever stops one of them in mid-batch, nothing is written twice and nothing is lost."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import graph.store
from service.sync import lease
from tests.acceptance.agencies import write_day
from tests.acceptance.nursery import Nursery, every_mapping, sources
from tests.acceptance.stores import Stores, stores, told
from tests.integration.sync.fixtures import postgres_template, sqlite_template
from tests.integration.sync.stage import Stage, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapping.apply import SourceMapping
    from service.sync.runner import SourceResult

__all__ = ["postgres_template", "sqlite_template", "stores"]

SIZE = 7


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    one = Nursery()
    yield one
    one.close()


@pytest.fixture(scope="module")
def mappings() -> dict[tuple[str, int], SourceMapping]:
    return every_mapping()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("day") / "one"
    write_day(path, 1, random.Random(11))
    return path


class Second:
    """The second worker, in the test's own process, with a clock that the test sets."""

    def __init__(self, url: str, folder: Path, mappings: dict[tuple[str, int], SourceMapping]) -> None:
        self.store = open_store(url)
        self.stage = Stage(self.store)
        self.stage.clock.now = time.time()
        self._sources = sources(folder, SIZE, 1, mappings)

    def sync(self, *only: str) -> list[SourceResult]:
        return [self.stage.sync(source) for source in self._sources if not only or source.name in only]

    def wait_for_the_lease_to_expire(self) -> None:
        self.stage.clock.now += lease.LEASE_MS / 1000 + 5


@pytest.fixture
def second(stores: Stores, folder: Path, mappings: Any) -> Iterator[Callable[[str], Second]]:
    made: list[Second] = []

    def make(url: str) -> Second:
        made.append(Second(url, folder, mappings))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def expected(stores: Stores, folder: Path, second: Callable[[str], Second]) -> dict[str, Any]:
    """What a store says on which one worker ran alone."""
    url = stores.new()
    assert [result.error for result in second(url).sync()] == [None, None, None]
    return told(url)


@pytest.mark.parametrize(("point", "hearing"), [("fetch", 1), ("map", 2), ("checkpoint", 1), ("publish", 3)])
def test_a_worker_that_stood_still_until_another_took_over_writes_nothing_more(
    nursery: Nursery,
    stores: Stores,
    folder: Path,
    second: Callable[[str], Second],
    expected: dict[str, Any],
    point: str,
    hearing: int,
) -> None:
    url = stores.new()
    order = {"url": url, "folder": str(folder), "size": SIZE, "version": 1, "only": ["journal"]}
    child = nursery.order(**order, point=point, hearing=hearing, stop=True)["child"]
    other = second(url)
    early = other.sync()
    assert early[0].error is not None
    assert "another process syncs this source now" in early[0].error
    other.wait_for_the_lease_to_expire()
    assert [result.error for result in other.sync()] == [None, None, None]
    before = other.stage.dump()
    assert told(url) == expected
    nursery.order(child=child, signal=signal.SIGCONT)
    answer = nursery.order(wait=child)
    assert not answer["killed"]
    assert answer["outcome"] == [
        {"name": "journal", "error": "another process took over this source; nothing of this batch was written",
         "mapped": answer["outcome"][0]["mapped"]}
    ]  # fmt: skip
    assert other.stage.dump() == before
    assert told(url) == expected
    assert [result.counts.mapped for result in other.sync()] == [0, 0, 0]


@pytest.mark.parametrize("point", ["land", "write"])
def test_a_worker_that_stood_still_in_its_transaction_ends_what_it_began(
    nursery: Nursery,
    stores: Stores,
    folder: Path,
    second: Callable[[str], Second],
    expected: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    """While it has the lock nobody can take over; who tries is told so and not kept waiting for ever."""
    monkeypatch.setattr(graph.store, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(lease, "LOCK_WAIT_MS", 200)
    url = stores.new()
    order = {"url": url, "folder": str(folder), "size": SIZE, "version": 1, "only": ["journal"]}
    child = nursery.order(**order, point=point, hearing=2, stop=True)["child"]
    other = second(url)
    other.wait_for_the_lease_to_expire()
    error = other.sync("journal")[0].error
    assert error is not None
    assert "another process writes for this source" in error or "the store is busy" in error
    nursery.order(child=child, signal=signal.SIGCONT)
    assert [one["error"] for one in nursery.order(wait=child)["outcome"]] == [None]
    assert [result.error for result in other.sync()] == [None, None, None]
    assert told(url) == expected


def test_on_postgresql_who_stands_still_in_a_transaction_for_a_leases_time_is_undone(
    nursery: Nursery,
    stores: Stores,
    folder: Path,
    second: Callable[[str], Second],
    expected: dict[str, Any],
) -> None:
    url = stores.new()
    if url.startswith("sqlite"):
        # There the transaction ends with the process, and nobody else can end it.
        return
    order = {"url": url, "folder": str(folder), "size": SIZE, "version": 1, "only": ["journal"], "lease_ms": 400}
    child = nursery.order(**order, point="land", hearing=2, stop=True)["child"]
    other = second(url)
    other.wait_for_the_lease_to_expire()
    assert [result.error for result in other.sync()] == [None, None, None], "the server has ended the transaction"
    assert told(url) == expected
    nursery.order(child=child, signal=signal.SIGCONT)
    answer = nursery.order(wait=child)
    assert not answer["failed"], answer["outcome"]
    assert answer["outcome"][0]["error"].startswith("the store is busy")
    assert told(url) == expected


@pytest.mark.parametrize("point", ["map", "land"])
def test_a_dead_holder_of_this_machine_is_replaced_at_once(
    nursery: Nursery,
    stores: Stores,
    folder: Path,
    second: Callable[[str], Second],
    expected: dict[str, Any],
    point: str,
) -> None:
    url = stores.new()
    order = {"url": url, "folder": str(folder), "size": SIZE, "version": 1, "only": ["journal"]}
    assert nursery.order(**order, point=point, hearing=2)["killed"]
    assert [result.error for result in second(url).sync()] == [None, None, None]
    assert told(url) == expected


def test_two_workers_at_the_same_time_double_nothing(
    nursery: Nursery, stores: Stores, folder: Path, expected: dict[str, Any], tenth: Callable[[int], int]
) -> None:
    twin = Nursery()
    try:
        for _ in range(tenth(30)):
            url = stores.new()
            order = {"url": url, "folder": str(folder), "size": SIZE, "version": 1}
            for _ in range(2):
                nursery.send(**order)
                twin.send(**order)
                for answer in (nursery.hear(), twin.hear()):
                    assert not answer["failed"], answer["outcome"]
                    errors = [one["error"] for one in answer["outcome"] if one["error"]]
                    assert all("another process" in error for error in errors), errors
            assert not nursery.order(**order)["failed"]
            assert told(url) == expected
    finally:
        twin.close()
