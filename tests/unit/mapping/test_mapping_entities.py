"""Entity blocks: each, when, key, master, meet, always, protect, nesting, and what does not exist."""

from __future__ import annotations

from tests.unit.mapping.making import json, mapped, niem, shown, table, values, where

PEOPLE = {"K": "24-1", "people": [{"PID": "P1", "NAME": "ROE, JANE"}, {"PID": "P2", "NAME": "POE, AL"}]}


def test_each_gives_one_entity_an_item_and_without_it_one_a_record() -> None:
    record = mapped(
        table("""
            entities:
              incident: {type: Incident, properties: {number: K}}
              person: {each: people, type: Person, properties: {name: NAME}}
        """),
        PEOPLE,
    )
    assert [mention.type for mention in record.mentions] == ["Incident", "Person", "Person"]
    assert where(record, "Person", "name") == ["/people/0/NAME", "/people/1/NAME"]


def test_when_leaves_out_the_items_for_which_it_does_not_hold() -> None:
    record = mapped(
        table("""
            entities:
              person: {each: people, type: Person, when: {path: PID, equals: p2}, properties: {name: NAME}}
        """),
        PEOPLE,
    )
    assert [name[0]["full"] for name in values(record, "Person", "name")] == ["Al Poe"]


def test_a_key_is_the_local_key_and_names_its_type() -> None:
    record = mapped(table("entities: {person: {each: people, type: Person, key: PID}}"), PEOPLE)
    assert [mention.local for mention in record.mentions] == ["Person:P1", "Person:P2"]


def test_one_key_in_two_blocks_is_one_entity_with_the_values_of_both() -> None:
    record = mapped(
        table("""
            entities:
              suspect: {each: suspects, type: Person, key: PID, properties: {name: NAME}}
              owner: {each: owners, type: Person, key: PID, properties: {birth_date: DOB}}
        """),
        {"K": "1", "suspects": [{"PID": "7", "NAME": "Al Poe"}], "owners": [{"PID": "7", "DOB": "1990-02-03"}]},
    )
    assert len(record.mentions) == 1
    assert set(record.mentions[0].properties) == {"name", "birth_date"}


def test_one_key_of_two_types_is_two_entities() -> None:
    record = mapped(
        table("entities: {a: {type: Person, key: K}, b: {type: Organization, key: K}}"),
        {"K": "1"},
    )
    assert [mention.local for mention in record.mentions] == ["Person:1", "Organization:1"]


def test_a_key_of_several_fields_keeps_the_place_of_a_blank_one() -> None:
    block = table("entities: {person: {each: people, type: Person, key: [A, B]}}")
    people = [{"A": "1", "B": ""}, {"A": "", "B": "1"}, {"A": "1/2", "B": "3"}, {"A": "1", "B": "2/3"}]
    record = mapped(block, {"K": "1", "people": people})
    assert len({mention.local for mention in record.mentions}) == 4


def test_a_key_of_constants_alone_is_no_key() -> None:
    record = mapped(table("entities: {person: {type: Person, key: {set: x}}}"), {"K": "1"})
    assert record.mentions == []


def test_persons_of_one_source_meet_by_master_and_by_nothing_else() -> None:
    block = table("entities: {person: {each: people, type: Person, key: PID, master: MNI, properties: {name: NAME}}}")
    people = [
        {"PID": "1", "MNI": "M1", "NAME": "Jane Roe"},
        {"PID": "2", "MNI": "M1", "NAME": "J Roe"},
        {"PID": "3", "MNI": "", "NAME": "Jane Roe"},
    ]
    bases = [mention.basis for mention in mapped(block, {"K": "1", "people": people}).mentions]
    assert bases[0] == bases[1] is not None
    assert "src" in str(bases[0])
    assert bases[2] is None


def test_a_later_block_gives_a_keyed_entity_what_it_meets_on() -> None:
    record = mapped(
        table("""
            entities:
              a: {each: a, type: Vehicle, key: ID, properties: {make: MAKE}}
              b: {each: b, type: Vehicle, key: ID, properties: {vin: VIN}}
        """),
        {"K": "1", "a": [{"ID": "1", "MAKE": "FORD"}], "b": [{"ID": "1", "VIN": "1M8GDM9AXKP042788"}]},
    )
    assert [mention.basis for mention in record.mentions] == ["1M8GDM9AXKP042788"]


def test_meet_false_never_joins_by_canonical_value() -> None:
    body = "entities: {charge: {type: Offense, meet: MEET, properties: {number: K}}}"
    meets = mapped(table(body.replace("MEET", "true")), {"K": "1"})
    alone = mapped(table(body.replace("MEET", "false")), {"K": "1"})
    assert meets.mentions[0].basis is not None
    assert alone.mentions[0].basis is None


def test_an_entity_without_a_value_does_not_exist_and_its_links_fall_away() -> None:
    text = """
        entities:
          incident: {type: Incident, properties: {number: K}}
          person: {type: Person, ALWAYS properties: {name: NAME, hair_color: {set: BROWN}}}
        links:
          - {type: INVOLVED_IN, from: person, to: incident}
    """
    without = mapped(table(text.replace("ALWAYS", "")), {"K": "1", "NAME": " "})
    assert [mention.type for mention in without.mentions] == ["Incident"]
    assert without.links == []
    unknown = mapped(table(text.replace("ALWAYS", "always: true,")), {"K": "1", "NAME": "UNKNOWN"})
    assert [mention.type for mention in unknown.mentions] == ["Incident", "Person"]
    assert len(unknown.links) == 1


def test_a_constant_fills_an_entity_that_exists() -> None:
    record = mapped(table("entities: {i: {type: Incident, properties: {number: K, kind: {set: report}}}}"), {"K": "1"})
    assert values(record, "Incident", "kind") == [["report"]]


def test_protections_stand_on_the_entity_for_which_they_hold() -> None:
    record = mapped(
        table("""
            entities:
              person:
                each: people
                type: Person
                key: PID
                protect: {juvenile: {path: JUV, equals: Y}, sealed: [{path: SEAL, equals: Y}, {path: JUV, equals: Y}]}
        """),
        {"K": "1", "people": [{"PID": "1", "JUV": "y", "SEAL": "Y"}, {"PID": "2", "JUV": "N", "SEAL": "Y"}]},
    )
    assert [mention.protections for mention in record.mentions] == [("juvenile", "sealed"), ()]


NESTED = """
    entities:
      person:
        each: people
        type: Person
        key: PID
        entities:
          phone:
            each: phones
            type: Phone
            properties: {number: N}
            entities:
              carrier: {type: Organization, properties: {name: CARRIER}}
        links:
          - {type: USES, from: person, to: phone}
          - {type: MEMBER_OF, from: person, to: carrier}
          - {type: INVOLVED_IN, from: person, to: incident}
      incident: {type: Incident, properties: {number: K}}
    links:
      - {type: REGISTERED_TO, from: phone, to: incident}
"""


def test_nested_links_reach_only_what_stands_at_their_own_item() -> None:
    people = [
        {"PID": "1", "phones": [{"N": "313-555-0101", "CARRIER": "ACME"}, {"N": "313-555-0102", "CARRIER": "BELL"}]},
        {"PID": "2", "phones": []},
        {"PID": "3", "phones": [{"N": "313-555-0103"}]},
    ]
    links = shown(mapped(table(NESTED), {"K": "1", "people": people}))
    by_type = {
        kind: {(source, target.partition("~")[0]) for type_, source, target, _ in links if type_ == kind}
        for kind in ("USES", "MEMBER_OF")
    }
    assert by_type["USES"] == {
        ("Person:1", "Phone:+13135550101"),
        ("Person:1", "Phone:+13135550102"),
        ("Person:3", "Phone:+13135550103"),
    }
    assert {source for source, _ in by_type["MEMBER_OF"]} == {"Person:1"}, "nobody gets another person's carrier"
    assert len([1 for kind, *_ in links if kind == "MEMBER_OF"]) == 2


def test_a_nested_link_finds_a_block_that_is_written_below_it() -> None:
    links = shown(mapped(table(NESTED), {"K": "1", "people": [{"PID": "1"}, {"PID": "2"}]}))
    assert {source for kind, source, _, _ in links if kind == "INVOLVED_IN"} == {"Person:1", "Person:2"}


def test_a_link_outside_reaches_what_is_nested_in_every_item() -> None:
    people = [{"PID": str(n), "phones": [{"N": f"313-555-010{n}"}]} for n in range(3)]
    links = shown(mapped(table(NESTED), {"K": "1", "people": people}))
    assert len([1 for kind, *_ in links if kind == "REGISTERED_TO"]) == 3


def test_two_nested_blocks_of_one_name_are_both_in_reach_outside() -> None:
    record = mapped(
        table("""
            entities:
              incident: {type: Incident, properties: {number: K}}
              person:
                each: people
                type: Person
                key: PID
                entities: {phone: {type: Phone, properties: {number: CELL}}}
              phone: {type: Phone, properties: {number: CALLER}}
            links:
              - {type: INVOLVED_IN, from: phone, to: incident}
        """),
        {"K": "1", "CALLER": "313-555-0100", "people": [{"PID": "1", "CELL": "313-555-0101"}]},
    )
    assert len(record.links) == 2


def test_the_item_around_is_reached_by_two_dots_in_json() -> None:
    record = mapped(
        json("""
            entities:
              person:
                each: people
                type: Person
                key: id
                entities:
                  phone: {each: phones, type: Phone, properties: {number: number, kind: ../label}}
                  note: {each: phones, type: Note, properties: {text: ../../title}}
        """),
        {"k": 1, "title": "top", "people": [{"id": 5, "label": "home", "phones": [{"number": "313-555-0100"}]}]},
    )
    assert values(record, "Phone", "kind") == [["home"]]
    assert where(record, "Phone", "kind") == ["/people/0/label"]
    assert values(record, "Note", "text") == [["top"]]


def test_stepping_out_of_the_record_finds_nothing() -> None:
    record = mapped(table("entities: {note: {type: Note, properties: {text: ../K}}}"), {"K": "1"})
    assert record.mentions == []


NIEM = b"""<r xmlns="http://example.com/r" xmlns:nc="http://niem.gov/niem/niem-core/2.0"
  xmlns:s="http://niem.gov/niem/structures/2.0">
  <nc:Activity><nc:ActivityIdentification><nc:IdentificationID>24-1</nc:IdentificationID></nc:ActivityIdentification>
  </nc:Activity>
  <nc:Person s:id="P1"><nc:PersonName><nc:PersonFullName>Jane Roe</nc:PersonFullName></nc:PersonName></nc:Person>
  <nc:Subject><nc:RoleOfPersonReference s:ref="P1"/></nc:Subject>
</r>"""


def test_two_blocks_that_meet_one_niem_object_are_one_entity() -> None:
    record = mapped(
        niem("""
            entities:
              incident: {type: Incident, properties: {number: //nc:ActivityIdentification/nc:IdentificationID}}
              person: {each: //nc:Person, type: Person, properties: {name: nc:PersonName/nc:PersonFullName}}
              subject: {each: //nc:Subject, type: Person, properties: {alias: nc:PersonName/nc:PersonFullName}}
            links:
              - {type: INVOLVED_IN, from: subject, to: incident, role: {set: subject}}
        """),
        NIEM,
    )
    assert [(mention.type, mention.local) for mention in record.mentions][1:] == [("Person", "P1")]
    assert set(record.mentions[1].properties) == {"name", "alias"}
    assert [(link.source, link.role) for link in record.links] == [(1, "subject")]


def test_things_without_an_id_get_a_local_key_that_does_not_hold_their_name() -> None:
    record = mapped(
        table("entities: {person: {each: people, type: Person, properties: {name: NAME}}}"),
        {"K": "1", "people": [{"NAME": "Jane Roe"}, {"NAME": "Jane Roe"}, {"NAME": "Al Poe"}]},
    )
    locals_ = [mention.local for mention in record.mentions]
    assert len(set(locals_)) == 3, "two people of one name in one record stay two"
    assert locals_[1] == f"{locals_[0]}#2"
    assert not any("Roe" in local for local in locals_)


def test_a_thing_that_meets_by_value_has_it_for_a_local_key_so_one_phone_is_one_mention() -> None:
    record = mapped(
        table("entities: {phone: {each: phones, type: Phone, properties: {number: N}}}"),
        {"K": "1", "phones": [{"N": "313-555-0100"}, {"N": "(313) 555-0100"}]},
    )
    assert [mention.local for mention in record.mentions] == ["Phone:+13135550100"]
    assert len(record.mentions[0].properties["number"]) == 2, "both places are kept"


def test_local_keys_of_two_parts_cannot_be_taken_for_each_other() -> None:
    record = mapped(
        json("entities: {ad: {each: ads, type: Ad, properties: {site: site, ad_id: id}}}"),
        {"k": 1, "ads": [{"site": "a/b", "id": "c"}, {"site": "a", "id": "b/c"}]},
    )
    assert len(record.mentions) == 2
