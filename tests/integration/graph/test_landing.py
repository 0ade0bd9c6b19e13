from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest
import sqlalchemy as sa

from graph.codes import State
from graph.drafts import draft
from graph.feed import changes
from graph.known import current_by_key, current_hashes
from graph.register import recipe_number, source_number
from schemas.ids import content_hash
from schemas.mapped import MappedLink, MappedMention, MappedRecord, QualityNote
from tests.integration.graph.builders import (
    ADMINISTRATOR,
    IDS,
    NORTH,
    SOUTH,
    World,
    incident,
    involved,
    mapped,
    note,
    officer,
    person,
    phone,
    place,
    uses,
)

ANN = person("ann", "Ann Archer", "north|1")
BOB = person("bob", "Bob Baker", "north|2")
CALL = phone("+16165550101")
CASE = incident("24-1", status="open")
FIRST = mapped(ANN, BOB, CALL, CASE, links=(involved(0, 3), involved(1, 3, "victim"), uses(0, 2)))


def rows(world: World) -> dict[str, list[object]]:
    """Every row that says something of the graph."""
    tables = ("record", "record_body", "record_history", "mention", "link", "node", "change", "dirty")
    return {table: world.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


def writes(world: World, act: Callable[[], object]) -> dict[str, int]:
    """Rows that `act` writes, by table, as the engine itself counts them (SQLite)."""
    tables = ("record", "record_body", "record_history", "mention", "link", "node", "change")
    with world.store.write() as tx:
        tx.connection.execute(sa.text("CREATE TABLE IF NOT EXISTS counted (name TEXT)"))
        tx.connection.execute(sa.text("DELETE FROM counted"))
        for table in tables:
            for event in ("INSERT", "UPDATE", "DELETE"):
                tx.connection.execute(
                    sa.text(
                        f"CREATE TRIGGER IF NOT EXISTS count_{table}_{event} AFTER {event} ON {table} "
                        f"BEGIN INSERT INTO counted VALUES ('{table}'); END"
                    )
                )
    act()
    return {name: count for name, count in world.query("SELECT name, count(*) FROM counted GROUP BY name")}  # noqa: C416 - rows


class TestNewRecords:
    def test_a_new_record_brings_its_mentions_links_and_nodes(self, world: World) -> None:
        written = world.put("north", "1", FIRST)
        assert written == (1, 4, 3)
        assert [world.count(name) for name in ("record", "mention", "link", "node")] == [1, 4, 3, 4]
        assert world.graph().counts() == (4, 3)

    def test_mention_and_node_ids_are_those_of_the_schema(self, world: World) -> None:
        world.put("north", "1", FIRST)
        ids = {row[0]: row[1] for row in world.query("SELECT local, id FROM mention")}
        assert ids["ann"] == IDS.mention("north", "1", "ann")
        assert {row[0] for row in world.query("SELECT id FROM node")} == {
            IDS.node(mention.type, mention.basis) for mention in FIRST.mentions if mention.basis
        }

    def test_records_of_several_sources_meet_on_a_phone(self, world: World) -> None:
        world.put("north", "1", mapped(ANN, CALL, links=(uses(0, 1),)))
        world.put("south", "1", mapped(BOB, CALL, links=(uses(0, 1),)))
        (hit,) = world.graph().search("616 555 0101")
        assert hit.mentions == 2

    def test_what_is_deleted_or_ignored_from_the_start_says_nothing(self, world: World) -> None:
        gone = world.landing("1", FIRST, state=State.DELETED)
        skipped = world.landing("2", FIRST, state=State.IGNORED, reason="a subscription is no case record")
        assert world.land("north", gone, skipped) == (2, 0, 0)
        assert world.publish() == (0, 0)
        assert world.query("SELECT key, state, reason FROM record ORDER BY key") == [
            ("1", 1, None),
            ("2", 2, "a subscription is no case record"),
        ]
        assert world.graph().counts() == (0, 0)

    def test_a_record_that_names_its_owner_belongs_to_it(self, world: World) -> None:
        world.put("north", "1", mapped(ANN, owner=SOUTH))
        assert world.graph(officer(NORTH)).search("archer") == []
        assert len(world.graph(officer(SOUTH)).search("archer")) == 1

    def test_what_the_reader_noted_is_kept(self, world: World) -> None:
        said = MappedRecord([ANN], [], [QualityNote("/dob", "no date")], protections=("juvenile", "victim"))
        world.put("north", "1", said)
        ((notes, protections),) = world.query("SELECT notes, protections FROM record")
        assert orjson.loads(notes) == [["/dob", "no date"]]
        assert protections == "juvenile,victim"

    def test_text_that_no_database_holds_is_stored_all_the_same(self, world: World) -> None:
        odd = "Ann\x00 Archer\ud800"
        mention = MappedMention(
            f"p\x00{odd}", "Person", f"b{odd}", {"name": [({"full": odd}, odd, "/\ud800", "")], "age": [(2**70,)]}
        )
        said = MappedRecord([mention, CASE], [involved(0, 1, words=odd)], [QualityNote(odd, odd)])
        world.land("north", world.landing(f"k{odd}", said, body=b"1", unit=odd))
        world.publish()
        (hit,) = world.graph().search("archer")
        assert "Ann" in hit.label
        assert world.land("north", world.landing(f"k{odd}", said, body=b"1", unit=odd)) == (0, 0, 0)


class TestDrafts:
    def test_a_draft_made_where_the_record_is_mapped_lands_the_same(self, world: World) -> None:
        world.put("north", "1", FIRST)
        exported = world.export()
        drafted = world.landing("1", FIRST)._replace(mapped=draft(IDS, "north", "1", FIRST))
        assert world.land("north", drafted) == (0, 0, 0)
        assert world.export() == exported

    def test_a_draft_lands_once(self, world: World) -> None:
        drafted = world.landing("1", FIRST)._replace(mapped=draft(IDS, "north", "1", FIRST))
        world.land("north", drafted)
        with pytest.raises(ValueError, match="lands once"):
            world.land("north", drafted)


class TestKnown:
    def test_current_versions_are_found_by_key(self, world: World) -> None:
        world.put("north", "1", FIRST, body=b"one", modified="2024-05-01", sequence=7)
        with world.store.read() as tx:
            found = current_by_key(tx.connection, IDS, "north", ["1", "2"])
            assert current_by_key(tx.connection, IDS, "south", ["1"]) == {}
            assert current_by_key(tx.connection, IDS, "north", []) == {}
        digest = content_hash(b"one")
        assert set(found) == {"1"}
        assert found["1"][1:] == ("1", State.CURRENT, digest, digest, "2024-05-01", 7, 1, 1)

    def test_hashes_are_known_of_this_source_and_recipe_only(self, world: World) -> None:
        many = [world.landing(str(n), mapped(person("p", f"Name {n}")), body=b"%d" % n) for n in range(1_200)]
        world.land("north", *many)
        hashes = [content_hash(b"%d" % n) for n in range(1_201)]
        with world.store.write() as tx:
            north = source_number(tx.connection, "north", NORTH)
            south = source_number(tx.connection, "south", SOUTH)
            r1, r2 = (recipe_number(tx.connection, name) for name in (b"r1", b"r2"))
            assert current_hashes(tx.connection, north, hashes, r1) == set(hashes[:-1])
            assert current_hashes(tx.connection, north, hashes, r2) == set()
            assert current_hashes(tx.connection, south, hashes, r1) == set()

    def test_a_source_keeps_its_number_when_its_agency_changes(self, world: World) -> None:
        with world.store.write() as tx:
            number = source_number(tx.connection, "north", NORTH)
            assert source_number(tx.connection, "north", SOUTH, "shared") == number
        assert world.query("SELECT agency, label FROM source") == [(SOUTH, "shared")]


class TestReplacedRecords:
    def test_landing_the_same_again_writes_no_row(self, lone_world: World) -> None:
        world = lone_world
        world.put("north", "1", FIRST)
        before = rows(world)
        assert writes(world, lambda: world.put("north", "1", FIRST)) == {}
        assert rows(world) == before

    def test_only_rows_that_differ_are_written(self, lone_world: World) -> None:
        world = lone_world
        world.put("north", "1", FIRST)
        closed = incident("24-1", status="closed")
        second = mapped(ANN, BOB, CALL, closed, links=tuple(FIRST.links))
        counted = writes(world, lambda: world.put("north", "1", second))
        assert counted == {"record": 1, "record_body": 1, "record_history": 1, "mention": 1, "change": 1}

    def test_mentions_keep_their_numbers_whatever_order_they_come_in(self, world: World) -> None:
        world.put("north", "1", FIRST)
        before = dict(world.query("SELECT local, no FROM mention"))
        moved = mapped(CASE, place("1 Main St"), CALL, ANN, links=(involved(3, 0), uses(3, 2)))
        assert world.put("north", "1", moved) == (1, 2, 1)
        after = dict(world.query("SELECT local, no FROM mention"))
        assert {local: after[local] for local in ("ann", "Incident", CALL.local)} == {
            local: before[local] for local in ("ann", "Incident", CALL.local)
        }
        assert after["Location:1 Main St"] == before["bob"]
        assert world.graph().search("baker") == []

    def test_there_and_back_is_two_changes(self, world: World) -> None:
        world.put("north", "1", mapped(ANN), body=b"A")
        exported = world.export()
        world.put("north", "1", mapped(BOB), body=b"B")
        world.put("north", "1", mapped(ANN), body=b"A")
        assert world.query("SELECT version FROM record") == [(3,)]
        assert world.query("SELECT version, body FROM record_history ORDER BY version") == [(1, b"A"), (2, b"B")]
        assert world.export() == exported

    def test_a_deleted_record_says_nothing_and_comes_back(self, world: World) -> None:
        world.put("north", "1", FIRST)
        exported = world.export()
        world.delete("north", "1")
        assert world.export() == b""
        assert world.graph().counts() == (0, 0)
        assert world.query("SELECT state, body FROM record JOIN record_body ON record = seq") == [(1, b"gone")]
        world.put("north", "1", FIRST)
        assert world.export() == exported
        assert world.query("SELECT state, version FROM record") == [(0, 3)]

    def test_a_remap_of_the_same_bytes_is_no_new_version(self, world: World) -> None:
        world.put("north", "1", FIRST, body=b"same")
        world.land("north", world.landing("1", mapped(ANN, CASE), body=b"same"), recipe=b"r2")
        assert world.query("SELECT version, recipe FROM record") == [(1, 2)]
        assert world.count("record_history") == 0
        assert world.count("mention") == 2

    def test_a_mention_that_gets_a_key_leaves_its_own_node(self, world: World) -> None:
        world.put("north", "1", mapped(person("ann", "Ann Archer"), CASE, links=(involved(0, 1),)))
        own = IDS.mention("north", "1", "ann").hex()
        world.put("north", "1", mapped(ANN, CASE, links=(involved(0, 1),)))
        told = {change.node: change.kind for change in changes(world.store, ADMINISTRATOR, 2)}
        assert told == {own: "removed", IDS.node("Person", "north|1").hex(): "created"}

    def test_a_changed_owner_changes_who_sees_it(self, world: World) -> None:
        world.put("north", "1", mapped(ANN, CASE), body=b"same")
        world.put("north", "1", mapped(ANN, CASE, owner=SOUTH), body=b"same")
        assert world.graph(officer(NORTH)).counts() == (0, 0)
        assert world.graph(officer(SOUTH)).counts() == (2, 0)
        assert [change.kind for change in changes(world.store, ADMINISTRATOR, 2)] == ["changed", "changed"]

    def test_a_changed_link_touches_both_its_ends(self, world: World) -> None:
        world.put("north", "1", FIRST)
        told = len(changes(world.store, ADMINISTRATOR))
        links = (involved(0, 3), involved(1, 3, "witness"), uses(0, 2))
        world.put("north", "1", mapped(ANN, BOB, CALL, CASE, links=links))
        touched = {change.node for change in changes(world.store, ADMINISTRATOR, told)}
        assert touched == {IDS.node("Person", "north|2").hex(), IDS.node("Incident", CASE.basis or "").hex()}

    def test_links_that_differ_only_in_what_they_say_are_kept_apart(self, world: World) -> None:
        one = MappedLink("INVOLVED_IN", 0, 1, "suspect", "SUSP", "2024-01-01", "2024-01-02", "/a", "extracted", 0.5)
        two = one._replace(where="/b", confidence=0.9)
        plain = MappedLink("INVOLVED_IN", 0, 1)
        world.put("north", "1", mapped(ANN, CASE, links=(one, two, plain)))
        assert world.put("north", "1", mapped(ANN, CASE, links=(two, one, plain))) == (1, 0, 0)
        assert world.put("north", "1", mapped(ANN, CASE, links=(two,))) == (1, 0, 2)
        ((neighbor,), *_) = [world.graph().neighbors(IDS.node("Person", "north|1").hex()).neighbors]  # type: ignore[union-attr]
        (edge,) = neighbor.edges
        assert (edge.roles, edge.start, edge.end) == (("suspect",), "2024-01-01", "2024-01-02")
        assert [(item["where"], item["status"], item["confidence"]) for item in edge.evidence] == [
            ("/b", "extracted", 0.9)
        ]


class TestSearchIndex:
    def test_old_words_are_gone_after_a_change(self, world: World) -> None:
        world.put("north", "1", mapped(note("met at the Starlite motel")))
        world.put("north", "1", mapped(note("met at the Moonbeam motel")))
        assert world.graph().search("starlite") == []
        assert len(world.graph().search("moonbeam motel")) == 1

    def test_words_are_gone_after_a_delete_and_back_after_a_return(self, world: World) -> None:
        world.put("north", "1", mapped(note("met at the Starlite motel")))
        world.delete("north", "1")
        assert world.graph().search("starlite") == []
        world.put("north", "1", mapped(note("met at the Starlite motel")))
        assert len(world.graph().search("starlite")) == 1

    def test_a_number_that_is_used_again_has_only_its_new_words(self, world: World) -> None:
        world.put("north", "1", mapped(person("a", "Ann Archer"), person("b", "Bob Baker")))
        world.put("north", "1", mapped(person("b", "Bob Baker"), person("c", "Cyd Cooper")))
        assert [bool(world.graph().search(name)) for name in ("archer", "baker", "cooper")] == [False, True, True]

    def test_the_index_agrees_with_itself_after_all_this(self, lone_world: World) -> None:
        world = lone_world
        for n in range(40):
            said = [person(f"p{i}", f"Name{(n * i) % 7} Smith{i}") for i in range(n % 5)]
            world.put("north", str(n % 6), mapped(*said, note(f"text {n} of {n % 3}")))
        with world.store.write() as tx:
            tx.connection.execute(sa.text("INSERT INTO search (search) VALUES ('integrity-check')"))
        live = world.query("SELECT count(*) FROM mention")[0][0]
        assert (
            len(world.query('SELECT rowid FROM search WHERE search MATCH \'"text" OR "smith"* OR "smith0"\'')) == live
        )


def test_the_collector_is_left_as_it_was(world: World) -> None:
    import gc

    assert gc.isenabled()
    world.put("north", "1", FIRST)
    assert gc.isenabled()
    gc.disable()
    try:
        world.put("north", "2", FIRST)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_batch_that_fails_leaves_nothing(world: World) -> None:
    good = world.landing("1", FIRST)
    bad = world.landing("2", mapped(MappedMention("x", "Nothing", None, {})))
    with pytest.raises(KeyError):
        world.land("north", good, bad)
    assert [world.count(name) for name in ("record", "mention", "dirty")] == [0, 0, 0]
