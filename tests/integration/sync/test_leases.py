"""Two workers on one store: one writes, and who has lost the right to write writes nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from schemas.records import Retry
from service.sync import lease as leases
from service.sync.runner import Runner, SourceResult
from tests.integration.sync.stage import Feed, Stage, case, open_store, staged

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.sync.ledger import Counts


def named(holder: str) -> dict[str, Any]:
    """A worker of another machine, whose life cannot be asked after."""
    return {"holder": f"{holder}:1:2"}


def at_point(point: str, do: Callable[[], None], hearing: int = 1) -> Any:
    """An observer that does something when a point is heard for the n-th time."""
    heard = [0]

    def observe(name: str, source: str, counts: Counts) -> None:
        heard[0] += name == point
        if name == point and heard[0] == hearing:
            do()

    return observe


def two_batches() -> Feed:
    return Feed([case("1")], [case("2")])


def test_a_source_that_another_worker_runs_is_left_alone(stage: Stage) -> None:
    second: list[SourceResult] = []

    def meanwhile() -> None:
        second.append(stage.sync(stage.source(two_batches()), **named("b")))

    runner_thread(
        lambda: stage.sync(stage.source(two_batches()), observe=at_point("fetch", in_thread(meanwhile)), **named("a"))
    )
    assert second[0].error is not None
    assert "another process syncs this source now (b)" not in second[0].error
    assert "another process syncs this source now (a)" in second[0].error
    assert second[0].counts.pulled == 0
    assert stage.statuses() == {"1": "open", "2": "open"}


def in_thread(do: Callable[[], None]) -> Callable[[], None]:
    """Run something in a thread of its own, and wait: it needs an event loop of its own."""

    def run() -> None:
        runner_thread(do)

    return run


def runner_thread(do: Callable[[], object]) -> None:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    if failed:
        raise failed[0]


def test_other_sources_run_meanwhile(stage: Stage) -> None:
    def meanwhile() -> None:
        assert stage.sync(stage.source(two_batches(), name="other"), **named("b")).error is None

    result = stage.sync(stage.source(two_batches()), observe=at_point("map", in_thread(meanwhile)), **named("a"))
    assert result.error is None
    assert len(stage.rows("record")) == 4


@pytest.mark.parametrize("point", ["fetch", "map", "checkpoint", "publish"])
@pytest.mark.parametrize("hearing", [1, 2])
def test_a_worker_whose_lease_was_taken_over_writes_nothing_more(stage: Stage, point: str, hearing: int) -> None:
    """It stands still between two transactions; its lease expires; another does the work; then it goes on."""
    other = Stage(stage.store, stage.clock)

    def taken_over() -> None:
        other.clock.now += leases.LEASE_MS / 1000 + 1
        assert other.sync(other.source(two_batches()), **named("b")).error is None
        seen.update(other.dump())

    seen: dict[str, list[str]] = {}
    result = stage.sync(
        stage.source(two_batches()), observe=at_point(point, in_thread(taken_over), hearing), **named("a")
    )
    assert stage.dump() == seen, "nothing was written after the other had taken over"
    last = point in {"checkpoint", "publish"} and hearing == 2
    if not last:
        assert result.error is not None
        assert "another process took over this source" in result.error
    assert stage.statuses() == {"1": "open", "2": "open"}
    assert {row["version"] for row in stage.rows("record")} == {1}
    outcomes = [run["outcome"] for run in sorted(stage.rows("run"), key=lambda run: int(run["id"]))]
    assert outcomes == (["done", "done"] if last else ["lost", "done"])


def test_a_lease_is_renewed_by_every_batch(stage: Stage) -> None:
    def later() -> None:
        stage.clock.now += leases.LEASE_MS / 1000 - 1

    def meanwhile() -> None:
        later()
        assert stage.sync(stage.source(Feed()), **named("b")).error is not None

    def observe(name: str, source: str, counts: Counts) -> None:
        if name == "fetch":
            runner_thread(meanwhile)

    assert stage.sync(stage.source(two_batches()), observe=observe, **named("a")).error is None


def test_a_lease_that_expired_but_was_not_taken_is_still_held(stage: Stage) -> None:
    def later() -> None:
        stage.clock.now += 10 * leases.LEASE_MS

    assert stage.sync(stage.source(two_batches()), observe=at_point("fetch", later), **named("a")).error is None


def test_a_worker_that_ends_gives_the_lease_back_but_not_one_that_it_lost(stage: Stage) -> None:
    stage.sync(stage.source(two_batches()), **named("a"))
    assert stage.sync(stage.source(two_batches()), **named("b")).error is None
    with stage.store.write() as tx:
        mine = leases.acquire(tx.connection, 1, "a", 0)
        leases.acquire(tx.connection, 1, "b", leases.LEASE_MS + 1)
        leases.release(tx.connection, mine)
        with pytest.raises(leases.LeaseLost):
            leases.renew(tx.connection, mine, 0)
    assert stage.rows("lease")[0]["holder"] == "b"


def test_a_process_that_takes_its_own_lease_again_fences_off_its_former_self(stage: Stage) -> None:
    with stage.store.write() as tx:
        former = leases.acquire(tx.connection, 1, "a", 0)
        leases.acquire(tx.connection, 1, "a", 0)
        with pytest.raises(leases.LeaseLost):
            leases.renew(tx.connection, former, 0)


def test_a_lease_held_elsewhere_is_waited_for_until_it_expires(stage: Stage) -> None:
    with stage.store.write() as tx:
        leases.acquire(tx.connection, 1, "elsewhere:1:2", 1_000)
        with pytest.raises(Retry, match="try again when it is done") as caught:
            leases.acquire(tx.connection, 1, "here:1:2", leases.LEASE_MS)
        assert caught.value.after == 1.0
        assert leases.acquire(tx.connection, 1, "here:1:2", leases.LEASE_MS + 1_000).token == 2


def test_who_finds_another_writing_under_the_lease_does_not_wait_for_long(
    postgres_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been stopped in the middle of its transaction, for hours."""
    monkeypatch.setattr(leases, "LOCK_WAIT_MS", 50)
    stage = next(stages := staged(postgres_store))
    stage.sync(stage.source(two_batches()))

    def meanwhile() -> None:
        result = stage.sync(stage.source(two_batches()), **named("b"))
        assert result.error is not None
        assert "another process writes for this source at this moment" in result.error

    with stage.store.write() as tx:
        leases.acquire(tx.connection, 1, "a", 0)
        runner_thread(meanwhile)
    assert next(stages, None) is None


# -- holders of this machine -----------------------------------------------------------------------------------------


def test_this_process_lives_and_says_when_it_began() -> None:
    name = leases.process_name()
    assert name.startswith(f"{socket.gethostname()}:{os.getpid()}:")
    assert not leases.is_dead(name)


def test_a_process_that_ended_is_dead_and_one_with_its_number_is_another() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = f"{socket.gethostname()}:{child.pid}:{leases._started(child.pid)}"
    assert not leases.is_dead(name)
    assert leases.is_dead(f"{socket.gethostname()}:{child.pid}:1"), "another process had this number before"
    assert not leases.is_dead(f"{socket.gethostname()}:{child.pid}:"), "where nobody knows when it began, it lives"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert leases.is_dead(name)


@pytest.mark.parametrize("holder", ["elsewhere:1:2", "", "here", f"{socket.gethostname()}:x:1"])
def test_what_cannot_be_known_to_be_dead_lives(holder: str) -> None:
    assert not leases.is_dead(holder)


def test_a_process_of_somebody_else_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", kill)
    assert not leases.is_dead(f"{socket.gethostname()}:1:1")
    assert leases._started(2**30) == ""


def test_a_dead_holder_of_this_machine_is_replaced_at_once(stage: Stage) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    with stage.store.write() as tx:
        holder = f"{socket.gethostname()}:{child.pid}:123"
        leases.acquire(tx.connection, 1, holder, int(stage.clock.now * 1000))
    assert stage.sync(stage.source(two_batches())).error is None


def test_first_runs_of_one_source_at_the_same_moment_are_one_run(store_url: str) -> None:
    results: list[SourceResult] = []
    ready = threading.Barrier(3)

    def worker(name: str) -> Any:
        def run() -> None:
            store = open_store(store_url)
            stage = Stage(store)
            source = stage.source(two_batches())
            ready.wait(30)
            results.append(stage.sync(source, **named(name)))
            store.close()

        return run

    threads = [threading.Thread(target=worker(name)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    store = open_store(store_url)
    try:
        stage = Stage(store)
        assert len(results) == 3, "nobody failed"
        assert sum(result.counts.mapped for result in results) == 2
        assert stage.statuses() == {"1": "open", "2": "open"}
        assert {row["version"] for row in stage.rows("record")} == {1}
        assert isinstance(Runner(store), Runner)
    finally:
        store.close()
