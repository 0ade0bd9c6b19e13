from __future__ import annotations

import random
import re
from collections import Counter, deque
from itertools import pairwise

import orjson
import pytest

from graph import finding, searching
from graph.read import AmbiguousId
from schemas.access import Principal
from schemas.export import EdgeLine, NodeLine
from schemas.mapped import MappedLink, MappedMention
from tests.integration.graph.builders import (
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
    values,
)

NOBODY = Principal(user="nobody")


def labels(world: World, text: str, principal: Principal | None = None, **more: object) -> list[str]:
    graph = world.graph(principal) if principal else world.graph()
    return [hit.label for hit in graph.search(text, **more)]  # type: ignore[arg-type]


class TestSearch:
    @pytest.fixture(autouse=True)
    def _some_people(self, world: World) -> None:
        jose = person("jose", "José Núñez", alias={"full": "Smoke"})
        licensed = person(
            "lee", "Lee Long", identifier={"kind": "driver_license", "value": "S-530 1234", "issuer": "MI"}
        )
        car = MappedMention("car", "Vehicle", None, {"plate": values("ABC1234"), "plate_state": values("MI")})
        mail = MappedMention("mail", "Email", "ann@example.org", {"address": values("ann@example.org")})
        world.put(
            "north", "1", mapped(person("ann", "Ann Archer"), person("anna", "Anna Archerson"), jose, licensed, car)
        )
        world.put(
            "north", "2", mapped(mail, phone("+16165550101"), phone("+442079460958"), place("12 Main St, Alma MI"))
        )
        world.put("north", "3", mapped(note("Ann Archer left the Starlite with $40"), incident("24-001")))

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("ann archer", ["Ann Archer", "Ann Archer left the Starlite with $40"]),
            ("ANN ARCHER", ["Ann Archer", "Ann Archer left the Starlite with $40"]),
            ("archer ann", ["Ann Archer", "Ann Archer left the Starlite with $40"]),
            ("jose nunez", ["José Núñez"]),
            ("smoke", ["José Núñez"]),
            ("s530-1234", ["Lee Long"]),
            ("S5301234", ["Lee Long"]),
            ("24001", ["Incident 24-001"]),
            ("anna archer", ["Anna Archerson"]),
            ("abc-1234", ["ABC1234 (MI)"]),
            ("ABC 12", ["ABC1234 (MI)"]),
            ("ann@example.org", ["ann@example.org"]),
            ("12 main", ["12 Main St, Alma MI"]),
            ("24-001", ["Incident 24-001"]),
            ("starlite", ["Ann Archer left the Starlite with $40"]),
            ("archer baker", []),
            ("  ", []),
            ("?!", []),
        ],
    )
    def test_all_words_and_the_last_perhaps_begun(self, world: World, text: str, found: list[str]) -> None:
        hits = labels(world, text)
        assert hits[:1] == found[:1]
        assert set(found) <= set(hits)
        if not found:
            assert hits == []

    @pytest.mark.parametrize(
        "text", ["616 555 0101", "(616) 555-0101", "+1 616-555-0101", "1.616.555.0101", "6165550101 x12", "616555"]
    )
    def test_a_phone_however_it_is_spelled(self, world: World, text: str) -> None:
        assert labels(world, text) == ["+16165550101"]

    @pytest.mark.parametrize("text", ["+44 20 7946 0958", "011 44 20 7946 0958", "0044 20 79460958", "2079460958"])
    def test_a_foreign_phone_however_it_is_dialled(self, world: World, text: str) -> None:
        assert labels(world, text) == ["+442079460958"]

    def test_a_value_that_is_just_this_comes_first(self, world: World) -> None:
        for n in range(5):
            world.put("south", str(n), mapped(person("p", f"Ann{n} Archer"), person("q", "Ann")))
        hits = world.graph().search("ann", limit=5)
        assert [(hit.label, hit.exact) for hit in hits] == [("Ann", True)] * 5

    def test_whole_words_are_found_among_any_number_of_beginnings(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(searching, "PER_TYPE", 2)
        world.put("south", "1", mapped(*(incident(f"7{n:03}", SOUTH)._replace(local=f"i{n}") for n in range(20))))
        world.put("south", "2", mapped(incident("7", SOUTH)))
        hits = world.graph().search("7", types=["Incident"])
        assert [(hit.label, hit.exact) for hit in hits[:1]] == [("Incident 7", True)]
        assert len(hits) == 3

    def test_only_the_types_that_are_asked_for(self, world: World) -> None:
        assert labels(world, "ann archer", types=["Note"]) == ["Ann Archer left the Starlite with $40"]
        assert labels(world, "ann archer", types=["Nonsense"]) == []

    def test_the_limit_comes_after_what_may_be_seen(self, world: World) -> None:
        for n in range(20):
            world.put("south", str(n), mapped(person("ann", "Ann Archer")))
        assert labels(world, "ann archer", officer(NORTH), limit=1) == ["Ann Archer"]
        assert labels(world, "ann archer", NOBODY) == []

    def test_words_are_data_never_syntax(self, world: World) -> None:
        odd = ('"', "ann* OR", "' | !", "NEAR(ann)", "words:ann", "ann & archer:*", "a" * 500, "%", "é'")
        for text in (*odd, "é" * 90 + " b" * 50, "12345678 " * 99):
            world.graph().search(text)

    def test_a_node_is_found_once_however_often_it_is_mentioned(self, world: World) -> None:
        for n in range(30):
            world.put("south", str(n), mapped(person("kim", "Kim Kane", "south|kim")))
        (hit,) = world.graph().search("kim kane")
        assert (hit.mentions, hit.exact) == (30, True)


class TestNode:
    def test_every_visible_mention_leads_to_its_node(self, world: World) -> None:
        world.put("north", "1", mapped(person("a", "Ann Archer", "MNI|1")))
        world.put("north", "2", mapped(person("b", "Ann Archer", "MNI|1")))
        ids = sorted(IDS.mention("north", key, local).hex() for key, local in (("1", "a"), ("2", "b")))
        graph = world.graph()
        found = [graph.node(i) for i in (*ids, ids[1][:9], ids[0].upper(), IDS.node("Person", "MNI|1").hex())]
        assert {node.id for node in found if node} == {ids[0]}
        assert found[0] is not None
        assert [item["id"] for item in found[0].mentions] == ids

    def test_a_key_of_an_identifier_names_its_node_for_everybody(self, world: World) -> None:
        world.put("north", "1", mapped(phone("+16165550101")))
        world.put("south", "1", mapped(phone("+16165550101")))
        key = IDS.node("Phone", "+16165550101").hex()
        for principal in (officer(NORTH), officer(SOUTH), Principal.administrator()):
            node = world.graph(principal).node(key[:8])
            assert node is not None
            assert node.id == key
            assert len(node.mentions) == (2 if principal.agency is None else 1)

    def test_a_person_is_named_by_the_smallest_mention_that_one_sees(self, world: World) -> None:
        world.put("north", "1", mapped(person("a", "Ann Archer", "MNI|1")))
        world.put("south", "1", mapped(person("a", "Ann Archer", "MNI|1")))
        north, south = (IDS.mention(source, "1", "a").hex() for source in ("north", "south"))
        for principal, wanted in ((officer(NORTH), north), (officer(SOUTH), south)):
            assert [hit.id for hit in world.graph(principal).search("archer")] == [wanted]
        assert world.graph(officer(NORTH)).node(south) is None
        assert [hit.id for hit in world.graph().search("archer")] == [min(north, south)]

    def test_what_is_no_id_or_too_short_names_nothing(self, world: World) -> None:
        world.put("north", "1", mapped(phone("+16165550101")))
        key = IDS.node("Phone", "+16165550101").hex()
        graph = world.graph()
        assert [graph.node(text) for text in (key[:7], "x" * 32, "", f"{key}0", "f" * 32)] == [None] * 5
        assert graph.neighbors("0" * 32) is None
        assert graph.path(key, "0" * 32) is None

    def test_digits_that_begin_several_ids_are_not_enough(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(finding, "_ID", re.compile("[0-9a-f]{1,32}"))
        world.put("north", "1", mapped(*(phone(f"+1616555{n:04}") for n in range(40))))
        many = Counter(IDS.node("Phone", f"+1616555{n:04}").hex()[0] for n in range(40)).most_common(1)[0][0]
        with pytest.raises(AmbiguousId, match="more digits"):
            world.graph().node(many)


class TestNeighbors:
    def test_neighbors_come_with_their_edges(self, world: World) -> None:
        ann, bob, case = person("ann", "Ann Archer", "MNI|1"), person("bob", "Bob Baker"), incident("1")
        links = (
            involved(0, 2, "victim", start="2024-02-01", where="/v"),
            involved(0, 2, "witness", start="2024-01", end="2024-03-01", where="/w"),
            MappedLink("ASSOCIATE_OF", 1, 0, where="/a"),
        )
        world.put("north", "1", mapped(ann, bob, case, links=links))
        around = world.graph().neighbors(world.graph().search("archer")[0].id)
        assert around is not None
        assert around.counts == {"Person": 1, "Incident": 1}
        assert (around.total, around.capped) == (2, False)
        beside = {item.node.label: item.edges for item in around.neighbors}
        (edge,) = beside["Incident 1"]
        assert (edge.type, edge.source, edge.roles) == ("INVOLVED_IN", around.node.id, ("victim", "witness"))
        assert (edge.start, edge.end) == ("2024-01", "2024-03-01")
        assert {item["where"] for item in edge.evidence} == {"/v", "/w"}
        assert [(edge.type, edge.target) for edge in beside["Bob Baker"]] == [("ASSOCIATE_OF", around.node.id)]

    def test_the_edges_are_those_of_the_export(self, world: World) -> None:
        world.put("north", "1", mapped(person("a", "Ann Archer"), phone("+16165550101"), links=(uses(0, 1),)))
        world.put("south", "1", mapped(person("b", "Bob Baker"), phone("+16165550101"), links=(uses(0, 1),)))
        exported = [line for line in world.graph().export() if line["kind"] == "edge"]
        around = world.graph().neighbors(IDS.node("Phone", "+16165550101").hex())
        assert around is not None
        shown = [edge.line() for item in around.neighbors for edge in item.edges]
        assert sorted(shown, key=lambda line: line["id"]) == exported

    def test_types_and_limit_and_counts(self, world: World) -> None:
        people = [person(f"p{n}", f"Name {n}") for n in range(6)]
        links = tuple(uses(n, 6) for n in range(6))
        world.put(
            "north", "1", mapped(*people, phone("+16165550101"), note("x"), links=(*links, MappedLink("ABOUT", 7, 6)))
        )
        graph = world.graph()
        key = IDS.node("Phone", "+16165550101").hex()
        few = graph.neighbors(key, limit=2)
        assert few is not None
        assert (len(few.neighbors), few.counts) == (2, {"Person": 6, "Note": 1})
        notes = graph.neighbors(key, types=["Note"])
        assert notes is not None
        assert [item.node.type for item in notes.neighbors] == ["Note"]

    def test_of_a_hub_a_part_is_looked_at_and_that_is_said(self, world: World) -> None:
        for n in range(12):
            world.put("north", str(n), mapped(person("p", f"Name {n}"), phone("+16165550101"), links=(uses(0, 1),)))
        key = IDS.node("Phone", "+16165550101").hex()
        some = world.graph().neighbors(key, hub_cap=5)
        assert some is not None
        assert (some.capped, some.total) == (True, 5)
        every = world.graph().neighbors(key, hub_cap=12)
        assert every is not None
        assert (every.capped, every.total) == (False, 12)
        # Those with the smallest ids, whatever came first.
        smallest = sorted(IDS.mention("north", str(n), "Phone:+16165550101") + bytes([n]) for n in range(12))[:5]
        assert {item.node.label for item in some.neighbors} == {f"Name {mention[-1]}" for mention in smallest}

    def test_a_node_linked_to_itself_is_its_own_neighbor(self, world: World) -> None:
        twice = (person("a", "Ann Archer", "MNI|1"), person("b", "Annie Archer", "MNI|1"))
        world.put("north", "1", mapped(*twice, links=(MappedLink("ASSOCIATE_OF", 0, 1),)))
        around = world.graph().neighbors(IDS.node("Person", "MNI|1").hex())
        assert around is not None
        assert [item.node.id for item in around.neighbors] == [around.node.id]


class TestPath:
    def _random_world(self, world: World, seed: int) -> dict[str, set[str]]:
        """People and phones, linked at random; what is linked to what, by label."""
        rng = random.Random(seed)
        beside: dict[str, set[str]] = {}
        for n in range(40):
            who, number = rng.randrange(25), f"+1616555{rng.randrange(20):04}"
            name = f"Name {who}"
            said = mapped(person("p", name, f"MNI|{who}"), phone(number), links=(uses(0, 1),))
            world.land("north", world.landing(str(n), said))
            beside.setdefault(name, set()).add(number)
            beside.setdefault(number, set()).add(name)
        world.publish()
        return beside

    def test_the_path_is_a_shortest_one(self, world: World) -> None:
        beside = self._random_world(world, 7)
        graph = world.graph()
        ids = {line["label"]: line["id"] for line in graph.export() if line["kind"] == "node"}
        start = min(ids)
        distance = {start: 0}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for there in beside[here] - distance.keys():
                distance[there] = distance[here] + 1
                queue.append(there)
        for goal, node_id in ids.items():
            result = graph.path(ids[start], node_id, max_hops=20)
            assert result is not None
            assert result.found == (goal in distance)
            if result.found:
                assert result.hops == distance[goal]
                names = [node.label for node in result.nodes]
                assert (names[0], names[-1]) == (start, goal)
                assert all(second in beside[first] for first, second in pairwise(names))
                for (first, second), edges in zip(pairwise(result.nodes), result.edges, strict=True):
                    assert edges
                    assert all({edge.source, edge.target} == {first.id, second.id} for edge in edges)

    def test_no_further_than_asked(self, world: World) -> None:
        chain = [phone(f"+1616555{n:04}") for n in range(6)]
        world.put(
            "north", "1", mapped(*chain, links=tuple(MappedLink("COMMUNICATED_WITH", n, n + 1) for n in range(5)))
        )
        ends = IDS.node("Phone", chain[0].basis or "").hex(), IDS.node("Phone", chain[5].basis or "").hex()
        graph = world.graph()
        near, far = graph.path(*ends, max_hops=4), graph.path(*ends, max_hops=5)
        assert near is not None
        assert far is not None
        assert (near.found, near.hops, near.exhausted) == (False, 0, False)
        assert (far.found, far.hops) == (True, 5)
        same = graph.path(ends[0], ends[0])
        assert same is not None
        assert (same.hops, len(same.nodes), same.found) == (0, 1, True)

    def test_of_equal_paths_always_the_same(self, world: World) -> None:
        def build(order: list[int]) -> list[str]:
            world.clear()
            for n in order:
                said = mapped(
                    phone("+16165550000"),
                    person("p", f"Name {n}"),
                    phone("+16165559999"),
                    links=(uses(1, 0), uses(1, 2)),
                )
                world.land("north", world.landing(str(n), said))
            world.publish()
            ends = IDS.node("Phone", "+16165550000").hex(), IDS.node("Phone", "+16165559999").hex()
            result = world.graph().path(*ends)
            assert result is not None
            return [node.id for node in result.nodes]

        first = build(list(range(9)))
        assert len(first) == 3
        assert build(list(reversed(range(9)))) == first

    def test_bounds_are_kept_and_said(self, world: World) -> None:
        for n in range(30):
            world.land(
                "north",
                world.landing(str(n), mapped(person("p", f"Name {n}"), phone("+16165550101"), links=(uses(0, 1),))),
            )
        world.publish()
        graph = world.graph()
        first, last = (IDS.mention("north", key, "p").hex() for key in ("0", "29"))
        whole = graph.path(first, last)
        assert whole is not None
        assert (whole.hops, whole.capped, whole.exhausted) == (2, (), False)
        hub = IDS.node("Phone", "+16165550101").hex()
        missing = graph.path(first, IDS.node("Phone", "+16165550101").hex(), hub_cap=3)
        assert missing is not None
        assert missing.found
        world.put("south", "1", mapped(phone("+16165550102"), person("z", "Zed Zane"), links=(uses(1, 0),)))
        stray = IDS.mention("south", "1", "z").hex()
        vain = graph.path(first, stray, hub_cap=3)
        assert vain is not None
        assert (vain.found, vain.capped) == (False, (f"Phone {hub}",))
        tired = graph.path(first, stray, node_budget=4)
        assert tired is not None
        assert (tired.found, tired.exhausted) == (False, True)

    def test_a_path_leads_through_visible_records_only(self, world: World) -> None:
        world.put("north", "1", mapped(person("a", "Ann Archer"), phone("+16165550101"), links=(uses(0, 1),)))
        world.put(
            "south",
            "1",
            mapped(phone("+16165550101"), phone("+16165550102"), links=(MappedLink("COMMUNICATED_WITH", 0, 1),)),
        )
        world.put("north", "2", mapped(person("b", "Bob Baker"), phone("+16165550102"), links=(uses(0, 1),)))
        ends = IDS.mention("north", "1", "a").hex(), IDS.mention("north", "2", "b").hex()
        seen, unseen = world.graph().path(*ends), world.graph(officer(NORTH)).path(*ends)
        assert seen is not None
        assert seen.hops == 3
        assert unseen is not None
        assert not unseen.found


class TestExport:
    def test_lines_are_as_the_schema_says_and_sorted(self, world: World) -> None:
        ann = person("ann", "Ann Archer", "MNI|1", birth_date="1990-05-14")
        world.put(
            "north",
            "1",
            mapped(ann, phone("+16165550101"), incident("1"), links=(uses(0, 1), involved(0, 2, "victim"))),
        )
        world.put("north", "2", mapped(ann, incident("1"), links=(involved(0, 1, "witness", start="2024-01-01"),)))
        raw = [orjson.loads(line) for line in world.export().splitlines()]
        nodes = [NodeLine.model_validate(line) for line in raw if line["kind"] == "node"]
        edges = [EdgeLine.model_validate(line) for line in raw if line["kind"] == "edge"]
        assert [line["kind"] for line in raw] == ["node"] * 3 + ["edge"] * 2
        assert [node.id for node in nodes] == sorted(node.id for node in nodes)
        assert [edge.id for edge in edges] == sorted(edge.id for edge in edges)
        assert {edge.source for edge in edges} | {edge.target for edge in edges} == {node.id for node in nodes}
        assert [line.model_dump(mode="json", by_alias=True) for line in (*nodes, *edges)] == raw
        assert list(raw[0]) == ["kind", "id", "type", "label", "properties", "mentions"]
        assert list(raw[-1]) == ["kind", "id", "type", "from", "to", "roles", "start", "end", "evidence"]

    def test_what_two_records_say_of_one_node_is_merged(self, world: World) -> None:
        world.put("north", "1", mapped(person("a", "Ann Archer", "MNI|1", sex="F")))
        world.put("north", "2", mapped(person("b", "Anne Archer", "MNI|1", sex="F", birth_date="1990")))
        world.put("south", "1", mapped(person("c", "Ann Archer", "MNI|1")))
        (node,) = [line for line in world.graph().export() if line["kind"] == "node"]
        assert node["label"] == "Ann Archer"
        assert node["properties"] == {
            "birth_date": ["1990"],
            "name": [
                {"full": "Ann Archer", "given": "Ann", "surname": "Archer"},
                {"full": "Anne Archer", "given": "Anne", "surname": "Archer"},
            ],
            "sex": ["F"],
        }
        assert {(item["agency"], item["source"], item["record"], item["local"]) for item in node["mentions"]} == {
            (NORTH, "north", "1", "a"), (NORTH, "north", "2", "b"), (SOUTH, "south", "1", "c"),
        }  # fmt: skip

    def test_a_large_export_arrives_in_parts(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.export.lines.AT_ONCE", 3)
        monkeypatch.setattr("graph.snapshot._STREAMED", 2)
        for n in range(8):
            world.land(
                "north",
                world.landing(
                    str(n), mapped(person("p", f"Name {n}"), phone(f"+1616555{n % 3:04}"), links=(uses(0, 1),))
                ),
            )
        world.publish()
        lines = list(world.graph().export())
        assert len(lines) == 8 + 3 + 8
        assert world.graph().counts() == (11, 8)

    def test_an_export_that_is_left_half_way_lets_go(self, world: World) -> None:
        world.put("north", "1", mapped(person("p", "Ann Archer")))
        lines = world.graph().export()
        next(lines)
        lines.close()  # type: ignore[attr-defined]
        world.put("north", "2", mapped(person("p", "Ann Archer")))


class TestCounts:
    def test_counts_are_those_of_the_export(self, world: World) -> None:
        for n in range(6):
            said = mapped(
                person("p", f"Name {n % 4}", f"MNI|{n % 4}"),
                phone(f"+1616555{n % 2:04}"),
                links=(uses(0, 1), uses(0, 1, "/b")),
            )
            world.land("north" if n % 2 else "south", world.landing(str(n), said))
        for _ in range(2):
            for principal in (Principal.administrator(), officer(NORTH), NOBODY):
                lines = list(world.graph(principal).export())
                kinds = [line["kind"] for line in lines]
                assert world.graph(principal).counts() == (kinds.count("node"), kinds.count("edge"))
            world.publish()

    def test_counting_again_asks_nothing_of_the_graph(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        world.put("north", "1", mapped(person("p", "Ann Archer")))
        assert world.graph().counts() == (1, 0)
        monkeypatch.setattr("graph.totals.counted", lambda snapshot: pytest.fail("counted again"))
        assert world.graph().counts() == (1, 0)
        monkeypatch.undo()
        world.put("north", "2", mapped(person("p", "Ann Archer")))
        assert world.graph().counts() == (2, 0)
