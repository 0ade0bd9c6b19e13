"""However records arrive, the graph is what their last versions say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.codes import State
from graph.store import Store
from schemas.access import Principal
from schemas.mapped import MappedLink, MappedMention, MappedRecord
from tests.integration.graph.builders import IDS, NORTH, SOUTH, World, incident, note, officer, person, phone, place
from tests.postgres import PostgresServer

KEYS = ("1", "2", "3")
SOURCES = ("north", "south")
POOL: tuple[MappedMention, ...] = (
    person("ann", "Ann Archer", "MNI|1"),
    person("ann", "Anne Archer", "MNI|1", birth_date="1990-05-14"),
    person("bob", "Bob Baker"),
    person("cyd", "Cyd Cooper", "MNI|2"),
    phone("+16165550101"),
    phone("+16165550102"),
    incident("24-1"),
    incident("24-1", status="closed"),
    incident("24-2", SOUTH),
    place("1 Main St"),
    note("Ann was seen at 1 Main St"),
)
LINK_TYPES = ("INVOLVED_IN", "USES", "LOCATED_AT")
ROLES = (None, "victim", "suspect")


@st.composite
def said(draw: st.DrawFn) -> MappedRecord:
    """What one record may say: distinct mentions, distinct links between them."""
    mentions = draw(st.lists(st.sampled_from(POOL), max_size=5, unique_by=lambda item: item.local))
    if not mentions:
        return MappedRecord([], [], [])
    ends = st.integers(0, len(mentions) - 1)
    link = st.builds(
        MappedLink,
        st.sampled_from(LINK_TYPES),
        ends,
        ends,
        st.sampled_from(ROLES),
        where=st.sampled_from(["/a", "/b"]),
        start=st.sampled_from([None, "2024-01-01", "2024-02"]),
    )
    links = draw(st.lists(link, max_size=4, unique=True))
    owner = draw(st.sampled_from([None, NORTH, SOUTH]))
    return MappedRecord(mentions, links, [], owner=owner)


arrival = st.tuples(
    st.sampled_from(SOURCES),
    st.sampled_from(KEYS),
    st.one_of(st.none(), said()),
    st.sampled_from([b"r1", b"r2"]),
    st.booleans(),
)
"""(source, key, what it says or None for a delete, recipe, publish afterwards?)"""
arrivals = st.lists(arrival, min_size=1, max_size=12)


def play(world: World, history: list[tuple[str, str, MappedRecord | None, bytes, bool]]) -> None:
    world.clear()
    for source, key, record, recipe, publish in history:
        state = State.DELETED if record is None else State.CURRENT
        world.land(source, world.landing(key, record, state=state), recipe=recipe)
        if publish:
            world.publish()
    world.publish()


def last_words(history: list[Any]) -> list[Any]:
    """The last version of each record that is not deleted, in another order, as if nothing had been before."""
    last = {(source, key): (source, key, record, b"r1", False) for source, key, record, _, _ in history}
    return [last[place] for place in sorted(last, reverse=True) if last[place][2] is not None]


def everything(world: World) -> list[Any]:
    """All that can be asked, by several viewers."""
    answers: list[Any] = []
    for principal in (Principal.administrator(), officer(NORTH), officer(SOUTH)):
        graph = world.graph(principal)
        answers += [world.export(principal), graph.counts()]
        answers += [graph.search(text) for text in ("archer", "an", "616 555 0101", "24", "main")]
    return answers


def check_index(world: World) -> None:
    if world.store.dialect == "sqlite":
        with world.store.write() as tx:
            tx.connection.execute(sa.text("INSERT INTO search (search) VALUES ('integrity-check')"))


@pytest.fixture(scope="module")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path: Path = tmp_path_factory.mktemp("convergence") / "store.sqlite"
    store = Store.open(f"sqlite:///{path}", IDS)
    store.migrate()
    yield World(store)
    store.close()


@pytest.fixture(scope="module")
def postgres_world(postgres: PostgresServer) -> Iterator[World]:
    with postgres.database() as url:
        store = Store.open(url, IDS)
        store.migrate()
        yield World(store)
        store.close()


LEAN = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@LEAN
@given(history=arrivals)
def test_any_history_ends_where_its_last_versions_alone_would(sqlite_world: World, history: list[Any]) -> None:
    play(sqlite_world, history)
    check_index(sqlite_world)
    found = everything(sqlite_world)
    play(sqlite_world, last_words(history))
    assert everything(sqlite_world) == found


@settings(LEAN, max_examples=15)
@given(history=arrivals)
def test_both_engines_answer_the_same_bytes(sqlite_world: World, postgres_world: World, history: list[Any]) -> None:
    play(sqlite_world, history)
    play(postgres_world, history)
    assert everything(postgres_world) == everything(sqlite_world)


@settings(LEAN, max_examples=30)
@given(records=st.lists(said(), min_size=1, max_size=9), data=st.data())
def test_neither_the_order_nor_the_size_of_batches_matters(sqlite_world: World, records: list[Any], data: Any) -> None:
    world = sqlite_world
    landings = [world.landing(str(n), record) for n, record in enumerate(records)]
    world.clear()
    world.land("north", *landings)
    world.publish()
    found = world.export()
    world.clear()
    shuffled = data.draw(st.permutations(landings))
    size = data.draw(st.integers(1, 4))
    for start in range(0, len(shuffled), size):
        world.land("north", *shuffled[start : start + size])
    world.publish(limit=data.draw(st.integers(1, 5)))
    assert world.export() == found


@settings(LEAN, max_examples=30)
@given(history=arrivals)
def test_hidden_records_change_no_byte_of_any_answer(sqlite_world: World, history: list[Any]) -> None:
    """A viewer of a store answers as would a store that never had what this viewer may not see."""
    world = sqlite_world
    play(world, history)
    seen = [
        step for step in last_words(history) if (step[2].owner or {"north": NORTH, "south": SOUTH}[step[0]]) == NORTH
    ]
    nodes = [line["id"] for line in world.graph().export() if line["kind"] == "node"]
    viewer = world.graph(officer(NORTH))
    own = [line["id"] for line in viewer.export() if line["kind"] == "node"]

    def answers() -> list[Any]:
        graph = world.graph(officer(NORTH))
        found: list[Any] = [world.export(officer(NORTH)), graph.counts()]
        found += [graph.search(text, limit=limit) for text in ("archer", "a", "616", "24") for limit in (1, 20)]
        found += [
            (graph.node(node), graph.neighbors(node), graph.neighbors(node, limit=1, hub_cap=1)) for node in nodes
        ]
        found += [graph.path(own[0], node) for node in nodes if own]
        return found

    before = answers()
    play(world, seen)
    assert answers() == before
