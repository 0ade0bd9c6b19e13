from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from textwrap import dedent

import pytest

from graph.feed import changes
from graph.publish import Published
from tests.integration.graph.builders import (
    ADMINISTRATOR,
    IDS,
    World,
    incident,
    mapped,
    officer,
    person,
    phone,
    uses,
)

CALL = phone("+16165550101")
CALL_NODE = IDS.node("Phone", "+16165550101").hex()


def told(world: World, since: int = 0) -> dict[str, list[str]]:
    """What the feed says of each node, in its order."""
    said: dict[str, list[str]] = {}
    for change in changes(world.store, ADMINISTRATOR, since):
        said.setdefault(change.node, []).append(change.kind)
    return said


def test_each_touched_node_is_told_once(world: World) -> None:
    for n in range(3):
        world.land("north", world.landing(str(n), mapped(person("p", f"Name {n}"), CALL, links=(uses(0, 1),))))
    assert world.publish() == Published(nodes=4, changes=4)
    assert set(map(tuple, told(world).values())) == {("created",)}
    assert world.publish() == Published(0, 0)


def test_the_numbers_of_the_feed_have_no_gaps_and_batches_do_not_matter(world: World) -> None:
    for n in range(7):
        world.land("north", world.landing(str(n), mapped(person("p", f"Name {n}"), CALL)))
    assert world.publish(limit=2).changes == 7 + 4
    assert [change.seq for change in changes(world.store, ADMINISTRATOR)] == list(range(1, 12))
    assert told(world)[CALL_NODE] == ["created", "changed", "changed", "changed"]
    assert world.count("dirty") == 0


def test_a_shared_node_changes_as_its_mentions_come_and_go(world: World) -> None:
    world.put("north", "1", mapped(CALL))
    world.put("south", "1", mapped(CALL))
    world.delete("north", "1")
    world.delete("south", "1")
    world.put("north", "1", mapped(CALL))
    assert told(world)[CALL_NODE] == ["created", "changed", "changed", "removed", "created"]


def test_a_node_that_comes_back_with_a_new_record_is_created_again(world: World) -> None:
    world.put("north", "1", mapped(CALL))
    world.delete("north", "1")
    world.put("north", "2", mapped(CALL))
    world.put("north", "3", mapped(CALL))
    assert told(world)[CALL_NODE] == ["created", "removed", "created", "changed"]


def test_a_mention_of_its_own_is_created_changed_and_removed(world: World) -> None:
    world.put("north", "1", mapped(person("p", "Ann Archer")))
    world.put("north", "1", mapped(person("p", "Anne Archer")))
    world.put("north", "1", mapped())
    assert told(world) == {IDS.mention("north", "1", "p").hex(): ["created", "changed", "removed"]}


def test_what_came_and_changed_before_publishing_is_told_as_it_is_now(world: World) -> None:
    world.land("north", world.landing("1", mapped(person("p", "Ann Archer"), CALL)))
    world.land("north", world.landing("1", mapped(person("p", "Anne Archer"), incident("1"))))
    world.publish()
    incident_node = IDS.node("Incident", incident("1").basis or "").hex()
    assert told(world)[IDS.mention("north", "1", "p").hex()] == ["created"]
    assert told(world)[incident_node] == ["created"]
    assert world.graph().counts() == (2, 0)


def test_what_went_and_came_back_before_publishing_has_changed(world: World) -> None:
    world.put("north", "1", mapped(person("p", "Ann Archer"), CALL))
    world.land("north", world.landing("1", mapped()))
    world.land("north", world.landing("1", mapped(person("p", "Ann Archer"), CALL)))
    world.publish()
    assert told(world) == {
        IDS.mention("north", "1", "p").hex(): ["created", "changed"],
        CALL_NODE: ["created", "changed"],
    }


def test_the_feed_is_read_from_a_cursor(world: World) -> None:
    world.put("north", "1", mapped(*(person(f"p{n}", f"Name {n}") for n in range(5))))
    first = changes(world.store, ADMINISTRATOR, limit=2)
    rest = changes(world.store, ADMINISTRATOR, first[-1].seq)
    assert [change.seq for change in first + rest] == [1, 2, 3, 4, 5]
    assert changes(world.store, ADMINISTRATOR, rest[-1].seq) == []


def test_the_feed_of_the_whole_is_not_for_everybody(world: World) -> None:
    with pytest.raises(PermissionError, match="officer"):
        changes(world.store, officer())


def test_two_publishers_tell_every_node_once(world: World) -> None:
    for n in range(60):
        world.land("north", world.landing(str(n), mapped(person("p", f"Name {n}"), phone(f"+1616555{n:04}"))))
    totals: list[int] = []
    threads = [threading.Thread(target=lambda: totals.append(world.publish(limit=3).changes)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(totals) == 120
    assert all(kinds == ["created"] for kinds in told(world).values())
    assert [change.seq for change in changes(world.store, ADMINISTRATOR)] == list(range(1, 121))


def test_two_sources_that_land_the_same_phones_at_once_share_their_nodes(world: World) -> None:
    """On PostgreSQL the two transactions overlap: the second waits for the nodes that the first has made."""
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def work(source: str) -> None:
        try:
            start.wait()
            for batch in range(6):
                landings = [
                    world.landing(
                        f"{batch}-{n}", mapped(person("p", "Ann Archer"), phone(f"+1616555{n:04}"), links=(uses(0, 1),))
                    )
                    for n in range(40)
                ]
                world.land(source, *(landings if source == "north" else reversed(landings)))
                world.publish()
        except BaseException as failure:  # noqa: BLE001 - shown by the test
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(source,)) for source in ("north", "south")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.count("node") == 40
    assert world.graph().search("6165550007")[0].mentions == 12
    assert world.graph().counts() == (40 + 480, 480)


KILLED = dedent(
    """
    import os, sys
    from tests.integration.graph.builders import IDS, World, mapped, person, phone, uses
    from graph.store import Store
    import graph.publish as publishing
    world = World(Store.open(sys.argv[1], IDS))
    done = 0
    for n in range(20):
        said = mapped(person("p", f"Name {n}"), phone("+16165550101"), links=(uses(0, 1),))
        world.land("north", world.landing(str(n), said))
    real = publishing._drain_sqlite, publishing._drain_postgresql
    def dying(drain):
        def drained(connection, limit):
            global done
            answer = drain(connection, limit)
            done += 1
            if done == 3:
                os.kill(os.getpid(), 9)
            return answer
        return drained
    publishing._drain_sqlite, publishing._drain_postgresql = map(dying, real)
    world.publish(limit=4)
    """
)


def test_killed_while_publishing_nothing_is_lost_and_nothing_told_twice(world: World, database_url: str) -> None:
    root = Path(__file__).resolve().parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, database_url], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    before = told(world)
    assert 0 < len(before) < 21
    assert world.count("dirty") > 0
    world.publish()
    after = told(world)
    assert len(after) == 21
    names = [kinds for node, kinds in after.items() if node != CALL_NODE]
    assert names == [["created"]] * 20
    assert world.graph().counts() == (21, 20)
