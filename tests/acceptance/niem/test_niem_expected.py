"""Three real documents, read by hand: everything that they say is in the graph, and nothing that they do not say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.acceptance.niem.graph import CROSSWALK, DATA, Graph, flat, plain

NAMES = ["04_maine_incident.json", "08_vehicle_crash.json", "09_crashdriver_niem6.json"]

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real NIEM documents are not beside the project")


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graph]:
    return {name: Graph(tmp_path_factory.mktemp("niem") / "home", name) for name in NAMES}


@pytest.fixture(params=NAMES)
def graph(request: pytest.FixtureRequest, graphs: dict[str, Graph]) -> Graph:
    return graphs[request.param]


@pytest.fixture
def maine(graphs: dict[str, Graph]) -> Graph:
    return graphs[NAMES[0]]


@pytest.fixture
def crash(graphs: dict[str, Graph]) -> Graph:
    return graphs[NAMES[1]]


@pytest.fixture
def wimsey(graphs: dict[str, Graph]) -> Graph:
    return graphs[NAMES[2]]


def test_every_entity_and_event_is_there(graph: Graph) -> None:
    for thing in graph.expected["entities"] + graph.expected["events"]:
        assert graph.find(thing["key"])["type"] == graph.type_of(thing), thing["key"]


def test_no_entity_is_there_that_the_document_does_not_name(graph: Graph) -> None:
    expected = Counter(graph.type_of(thing) for thing in graph.expected["entities"])
    found = Counter(node["type"] for node in graph.nodes.values())
    for entity in ("Person", "Organization", "Location", "Vehicle", "Phone", "Email"):
        assert found[entity] == expected[entity], entity


def test_names_and_birth_dates_are_the_documents(graph: Graph) -> None:
    for person in (thing for thing in graph.expected["entities"] if thing["type"] == "person"):
        found = graph.find(person["key"])["properties"]
        for part, text in person["name"].items():
            assert any(plain(text) == plain(name.get(part)) for name in found["name"]), (person["key"], part)
        if "dob" in person:
            assert found["birth_date"] == [person["dob"]]


def numbers(ids: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Kind, number and issuer of the identifiers of an answer."""
    found = []
    for kind, one in ids.items():
        given = one if isinstance(one, dict) else {"number": one}
        found.append((CROSSWALK["identifiers"][kind], given.get("number") or given["number_raw"], given.get("state")))
    return found


def test_every_identifier_is_there_with_its_kind_and_issuer(graph: Graph) -> None:
    for thing in graph.expected["entities"]:
        have = graph.find(thing["key"])["properties"].get("identifier", [])
        for kind, number, issuer in numbers(thing.get("ids", {})):
            match = [one for one in have if one["kind"] == kind and plain(one["value"]) == plain(number)]
            assert match, (thing["key"], kind)
            assert issuer is None or match[0].get("issuer") == issuer


def test_every_role_is_there_at_its_event(graph: Graph) -> None:
    for role in graph.expected["roles"]:
        edges = [edge for edge in graph.between(role["person"], role["event"]) if edge["type"] == "INVOLVED_IN"]
        said = {one for edge in edges for one in edge["roles"]}
        assert said & set(CROSSWALK["roles"][role["role"]]), (role, said)


def test_nobody_has_a_role_that_the_document_does_not_give(graph: Graph) -> None:
    people = {node["id"] for node in graph.of("Person")}
    given = Counter(graph.find(role["person"])["id"] for role in graph.expected["roles"])
    found = Counter(
        edge["from"]
        for edge in graph.edges
        if edge["type"] == "INVOLVED_IN" and edge["from"] in people
        for _ in edge["roles"]
    )
    for person in people:
        extra = 1 if graph.name.startswith("04") and graph.nodes[person]["mentions"][0]["local"] == "DEFENDANT1" else 0
        assert found[person] <= given[person] + extra  # the defendant's citation is in the document, not in the answer


def test_every_link_is_there(graph: Graph) -> None:
    for link in graph.expected["links"]:
        kinds = {edge["type"] for edge in graph.between(link["from"], link["to"])}
        assert CROSSWALK["relations"][link["rel"]] in kinds, link


def test_every_narrative_is_there_and_about_its_owner(graph: Graph) -> None:
    for narrative in graph.expected["narratives"]:
        wanted = plain(narrative["text"])
        (note,) = [node for node in graph.of("Note") if plain(node["properties"]["text"][0]) == wanted]
        owner = graph.find(narrative["owner"])["id"]
        assert any({edge["from"], edge["to"]} == {note["id"], owner} for edge in graph.edges), narrative["owner"]


def test_every_link_says_where_it_stands(graph: Graph) -> None:
    for edge in graph.edges:
        for evidence in edge["evidence"]:
            assert evidence["where"].startswith(("/*", "local-name(/*")), evidence


# --- the traps, one by one ------------------------------------------------------------------------------------------


def test_contacts_of_submitter_and_owner_are_no_case_persons(maine: Graph) -> None:
    everything = " ".join(flat([node["properties"] for node in maine.nodes.values()]))
    for name in ("Joe Contact", "Frank Smith", "Bill Johnson", "Contact", "999-9999", "9999999999", "CJIS data center"):
        assert name not in everything


def test_one_person_with_two_roles_is_one_person(maine: Graph) -> None:
    (edge,) = [edge for edge in maine.between("VP1", "INCIDENT1") if edge["type"] == "INVOLVED_IN"]
    assert set(edge["roles"]) == {"victim", "witness"}


def test_a_vehicle_without_an_association_has_no_link(maine: Graph) -> None:
    vehicle = maine.find("VEHICLE1")["id"]
    assert [edge for edge in maine.edges if vehicle in {edge["from"], edge["to"]}] == []


def test_nonsense_associations_of_the_extension_make_no_link(maine: Graph) -> None:
    places = {node["id"] for node in maine.of("Location")}
    defendant = maine.find("DEFENDANT1")["id"]
    reached = {edge["to"] for edge in maine.edges if edge["from"] == defendant and edge["to"] in places}
    assert reached == {maine.find("LOCATION1")["id"]}


def test_name_parts_of_the_payload_join_the_digests_name(maine: Graph) -> None:
    (name,) = maine.find("DEFENDANT1")["properties"]["name"]
    assert (name["given"], name["middle"], name["surname"], name["suffix"]) == ("Dwight", "Kurt", "Schrute", "I")
    assert plain(name["prefix"]) == "mr"


def test_an_offense_code_in_words_stays_as_it_is(maine: Graph) -> None:
    assert maine.find("Offense1")["properties"]["code"] == ["Burglary_forced entry_residence"]


def test_the_case_numbers_lead_to_their_events(maine: Graph) -> None:
    for number, event in (("1234", "INCIDENT1"), ("239478295", "Arrest1")):
        (case,) = maine.holding("Case", number)
        ends = {case["id"], maine.find(event)["id"]}
        assert [edge["type"] for edge in maine.edges if {edge["from"], edge["to"]} == ends] == ["PART_OF_CASE"]


def test_a_phone_that_cannot_exist_joins_nothing(maine: Graph) -> None:
    assert maine.find("PHONE1")["properties"]["valid"] == [False]


def test_a_licence_ruined_by_a_float_is_kept_raw_and_marked(crash: Graph) -> None:
    for key in ("d1e252", "d1e425"):
        (licence,) = crash.find(key)["properties"]["identifier"]
        assert licence["damaged"] is True
        assert licence["value"].endswith("e+006")


def test_one_person_is_once_in_one_vehicle(crash: Graph) -> None:
    (edge,) = [edge for edge in crash.between("d1e425", "d1e347") if edge["type"] == "OWNS_OR_DRIVES"]
    assert edge["from"] == crash.find("d1e425")["id"]


def test_the_plate_comes_through_the_registration(crash: Graph) -> None:
    assert crash.find("d1e174")["properties"]["plate"] == ["9344NR"]
    assert crash.find("d1e347")["properties"]["plate"] == ["5285KS"]


def test_a_lost_sign_is_not_put_back(crash: Graph) -> None:
    assert crash.find("d1e44")["properties"]["geo"] == [{"lat": 44.8, "lon": 68.7}]


def test_names_in_the_narrative_are_no_persons(crash: Graph) -> None:
    people = " ".join(flat([node["properties"] for node in crash.of("Person")]))
    assert "Matulonis" not in people
    assert "Lovett" not in people


def test_two_waltons_are_two(crash: Graph) -> None:
    assert crash.find("d1e425")["id"] != crash.find("d1e523")["id"]


def test_a_time_zone_that_does_not_exist_costs_nothing_else(crash: Graph) -> None:
    assert crash.summary["sources"][0]["quarantined"] == 0
    assert crash.find("d1e25")["properties"]["start"] == ["2014-07-08T00:00:00-04:00"]


def test_same_uri_is_one_person_and_nil_is_none(wimsey: Graph) -> None:
    (person,) = wimsey.of("Person")
    assert person["mentions"][0]["local"] == "http://some.uri/"
    assert len(wimsey.of("Offense")) == 1


def test_two_middle_names_stay_in_order(wimsey: Graph) -> None:
    (name,) = wimsey.of("Person")[0]["properties"]["name"]
    assert name["middle"] == "Death Bredon"


def test_contradictory_points_are_both_kept(wimsey: Graph) -> None:
    (place,) = wimsey.of("Location")
    assert len(place["properties"]["geo"]) == 2
