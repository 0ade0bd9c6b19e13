"""Link blocks: ends by name, by key and by reference; each, when, role, words, start and end."""

from __future__ import annotations

from typing import Any

from schemas.mapped import as_link
from tests.unit.mapping.making import json, mapped, niem, shown, table

PERSONS = """
entities:
  incident: {type: Incident, properties: {number: K}}
  person: {each: people, type: Person, key: PID}
"""


def links(rest: str, *people: dict[str, Any], **row: Any) -> Any:
    """The links of a row with these people, as models."""
    made = mapped(table(PERSONS + rest), {"K": "1", "people": list(people), **row})
    return [as_link(link, made.mentions) for link in made.links]


def test_an_end_by_name_is_each_of_its_entities() -> None:
    made = links("links: [{type: INVOLVED_IN, from: person, to: incident}]", {"PID": "1"}, {"PID": "2"})
    assert [link.source for link in made] == ["Person:1", "Person:2"]


def test_an_end_may_list_several_blocks() -> None:
    made = links("links: [{type: ASSOCIATE_OF, from: [person, incident], to: incident}]", {"PID": "1"})
    assert [(link.source, link.target) for link in made] == [("Person:1", "Incident:MI1234500//1")]


def test_nothing_is_linked_to_itself() -> None:
    assert links("links: [{type: ASSOCIATE_OF, from: person, to: person}]", {"PID": "1"}) == []


def test_one_block_at_both_ends_links_each_pair_once() -> None:
    made = links("links: [{type: ASSOCIATE_OF, from: person, to: person}]", {"PID": "1"}, {"PID": "2"}, {"PID": "3"})
    pairs = [(link.source, link.target) for link in made]
    assert pairs == [("Person:1", "Person:2"), ("Person:1", "Person:3"), ("Person:2", "Person:3")]


def test_the_same_link_twice_is_one() -> None:
    twice = "links: [{type: INVOLVED_IN, from: person, to: incident}, {type: INVOLVED_IN, from: person, to: incident}]"
    assert len(links(twice, {"PID": "1"})) == 1


ROLE = """
links: [{type: INVOLVED_IN, from: person, to: incident, role: {path: ROLE, lookup: {VIC: victim, 'S U S': suspect}}}]
"""


def test_a_role_keeps_the_sources_words_and_their_place() -> None:
    made = mapped(
        table("""
            entities:
              incident: {type: Incident, properties: {number: K}}
              person:
                each: people
                type: Person
                key: PID
                links:
                  - {type: INVOLVED_IN, from: person, to: incident, role: {path: ROLE, lookup: {VIC: victim}}}
        """),
        {"K": "1", "people": [{"PID": "1", "ROLE": "vic"}]},
    )
    assert [(link.role, link.words, link.where) for link in made.links] == [("victim", "vic", "/people/0/ROLE")]


def test_a_word_that_is_no_role_of_ours_is_other_and_is_kept() -> None:
    made = links(ROLE, {"PID": "1"}, ROLE="Bystander w/ dog")
    assert [(link.role, link.words) for link in made] == [("other", "Bystander w/ dog")]


def test_our_own_words_for_roles_need_no_table() -> None:
    assert [link.role for link in links(ROLE, {"PID": "1"}, ROLE=" Witness ")] == ["witness"]


def test_an_involvement_without_a_role_is_other_and_other_links_have_none() -> None:
    made = links(
        "links: [{type: INVOLVED_IN, from: person, to: incident}, {type: LOCATED_AT, from: person, to: incident}]",
        {"PID": "1"},
    )
    assert {(link.type, link.role) for link in made} == {("INVOLVED_IN", "other"), ("LOCATED_AT", None)}


def test_of_several_words_the_first_that_is_a_role_counts() -> None:
    made = mapped(
        json("""
            entities:
              incident: {type: Incident, properties: {number: k}}
              person:
                each: people
                type: Person
                key: id
                links: [{type: INVOLVED_IN, from: person, to: incident, role: "roles[*]"}]
        """),
        {"k": 1, "people": [{"id": 1, "roles": ["friend", "victim", "witness"]}]},
    )
    assert [(link.role, link.words) for link in made.links] == [("victim", "victim")]


def test_each_with_an_own_role_gives_a_link_for_every_role() -> None:
    made = mapped(
        json("""
            entities:
              incident: {type: Incident, properties: {number: k}}
              person:
                each: people
                type: Person
                key: id
                links: [{type: INVOLVED_IN, each: roles, from: person, to: incident, role: "@"}]
        """),
        {"k": 1, "people": [{"id": 1, "roles": ["victim", "witness"]}]},
    )
    assert [(link.role, link.where) for link in made.links] == [
        ("victim", "/people/0/roles/0"),
        ("witness", "/people/0/roles/1"),
    ]


def test_words_of_their_own_go_before_those_of_the_role() -> None:
    rest = "links: [{type: INVOLVED_IN, from: person, to: incident, role: {set: suspect}, words: SAID}]"
    assert [(link.role, link.words) for link in links(rest, {"PID": "1"}, SAID="ran off")] == [("suspect", "ran off")]


def test_start_and_end_are_dates() -> None:
    rest = "links: [{type: LOCATED_AT, from: person, to: incident, start: A, end: {path: B, normalize: date}}]"
    made = links(rest, {"PID": "1"}, A="05/03/2024 09:00", B="2024-06-01")
    assert [(link.start, link.end) for link in made] == [("2024-05-03T09:00", "2024-06-01")]


def test_when_decides_for_each_item() -> None:
    made = mapped(
        json("""
            entities: {person: {each: people, type: Person, key: id}}
            links:
              - each: ties
                when: {path: kind, not: none}
                type: ASSOCIATE_OF
                from: {entity: person, at: a}
                to: {entity: person, at: b}
                words: kind
        """),
        {
            "k": 1,
            "people": [{"id": 1}, {"id": 2}, {"id": "x  y"}],
            "ties": [
                {"a": 1, "b": 2, "kind": "brother"},
                {"a": 2, "b": 1, "kind": "None"},
                {"a": 2, "b": "x  y", "kind": "boss"},
                {"a": 2, "b": 9, "kind": "nobody"},
            ],
        },
    )
    assert {
        (made.mentions[link.source].local, made.mentions[link.target].local, link.words) for link in made.links
    } == {
        ("Person:1", "Person:2", "brother"),
        ("Person:2", "Person:x y", "boss"),
    }


BY_KEY = """
entities:
  person: {each: people, type: Person, key: id}
  firm: {each: firms, type: Organization, key: id}
  car: {each: cars, type: Vehicle, key: id}
links:
  - {each: ties, type: ASSOCIATE_OF, from: {at: a, entity: ENTITY}, to: {at: b}}
"""
TIES = {"k": 1, "people": [{"id": 1}], "firms": [{"id": 1}, {"id": 2}], "cars": [{"id": 3}], "ties": [{"a": 1, "b": 3}]}


def test_an_end_found_by_key_may_be_narrowed_to_some_blocks() -> None:
    one = mapped(json(BY_KEY.replace("ENTITY", "person")), TIES)
    assert {source for _, source, _, _ in shown(one)} == {"Person:1"}
    two = mapped(json(BY_KEY.replace("ENTITY", "[person, firm]")), TIES)
    assert {source for _, source, _, _ in shown(two)} == {"Person:1", "Organization:1"}


def test_an_end_found_by_key_alone_is_an_entity_of_any_block() -> None:
    record = mapped(json(BY_KEY.replace(", entity: ENTITY", "")), TIES)
    assert {source for _, source, _, _ in shown(record)} == {"Person:1", "Organization:1"}


def test_in_niem_an_end_is_the_object_that_the_path_leads_to() -> None:
    body = b"""<r xmlns="http://example.com/r" xmlns:nc="http://niem.gov/niem/niem-core/2.0"
      xmlns:s="http://niem.gov/niem/structures/2.0">
      <nc:Person s:id="P1"/><nc:Person s:id="P2"/>
      <nc:PersonAssociation>
        <nc:PersonReference s:ref="P2"/><nc:PersonReference s:ref="P1"/>
        <nc:AssociationDescriptionText>cousins</nc:AssociationDescriptionText>
      </nc:PersonAssociation>
    </r>"""
    record = mapped(
        niem("""
            entities: {person: {each: //nc:Person, type: Person, always: true}}
            links:
              - each: //nc:PersonAssociation
                type: FAMILY_OF
                from: {entity: person, at: "nc:Person[1]|nc:PersonReference[1]"}
                to: {entity: person, at: "nc:Person[2]|nc:PersonReference[2]"}
                words: nc:AssociationDescriptionText
        """),
        body,
    )
    ends = [(record.mentions[one.source].local, record.mentions[one.target].local, one.words) for one in record.links]
    assert ends == [("P2", "P1", "cousins")]
    assert record.links[0].where == "/*/*[3]/*[3]", "the place of the words"
