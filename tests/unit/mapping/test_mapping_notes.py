"""Narratives: finds become mentions with spans that select the very text; extracted never overwrites asserted."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mapping.narrative import RuleExtractor
from schemas.mapped import as_link, as_values
from schemas.vocabulary import ValueStatus
from tests.unit.mapping.making import Finding, found, json, mapped, shown, table, values

REPORT = """
entities:
  incident: {type: Incident, properties: {number: K}}
  offense: {type: Offense, properties: {number: OFF}}
  phone: {type: Phone, properties: {number: PHONE}}
  car: {type: Vehicle, properties: {plate: PLATE, plate_state: STATE}}
  note: {type: Note, properties: {text: T}}
links:
  - {type: ABOUT, from: note, to: incident}
  - {type: ABOUT, from: note, to: offense}
"""
TEXT = "Caller at (313) 555-0100 saw plate ABC1234 MI. Paid $80."


def report(text: str = TEXT, *finds: Any, **row: str) -> Any:
    return mapped(table(REPORT), {"K": "1", "T": text, **row}, Finding(*finds))


PHONE = found(TEXT, "(313) 555-0100", "phone", {"number": "+13135550100"})
PLATE = found(TEXT, "ABC1234 MI", "plate", {"plate": "ABC1234", "plate_state": "MI"})
MONEY = found(TEXT, "$80", "money", {"amount": "80", "currency": "USD"})


def test_a_find_is_an_extracted_mention_tied_to_the_note_and_to_the_events_it_is_about() -> None:
    record = report(TEXT, PHONE, OFF="7")
    (value,) = as_values(next(m for m in record.mentions if m.type == "Phone").properties["number"])
    assert (value.value, value.raw, value.status) == ("+13135550100", "(313) 555-0100", ValueStatus.EXTRACTED)
    assert value.confidence == 0.9
    assert value.where == "/T#10-24"
    assert {
        (kind, target.partition(":")[0].partition("~")[0], role)
        for kind, source, target, role in shown(record)
        if "Phone" in source
    } == {
        ("MENTIONED_IN", "Note", None),
        ("INVOLVED_IN", "Incident", "other"),
        ("INVOLVED_IN", "Offense", "other"),
    }
    for link in record.links:
        if link.type != "ABOUT":
            assert as_link(link, record.mentions).status is ValueStatus.EXTRACTED
            assert link.where == "/T#10-24"


def test_a_find_never_overwrites_what_a_field_asserts_but_is_laid_beside_it() -> None:
    record = report(TEXT, PHONE, PHONE="313.555.0100")
    assert len([m for m in record.mentions if m.type == "Phone"]) == 1
    first, second = as_values(next(m for m in record.mentions if m.type == "Phone").properties["number"])
    assert (first.status, first.where) == (ValueStatus.ASSERTED, "/PHONE")
    assert (second.status, second.where) == (ValueStatus.EXTRACTED, "/T#10-24")


def test_a_plate_in_a_note_is_the_car_of_the_record_unless_their_states_differ() -> None:
    same = report(TEXT, PLATE, PLATE="ABC 1234", STATE="MI")
    assert values(same, "Vehicle", "plate") == [["ABC1234", "ABC1234"]]
    unsaid = report(TEXT, PLATE, PLATE="ABC 1234")
    assert values(unsaid, "Vehicle", "plate_state") == [["MI"]]
    other = report(TEXT, PLATE, PLATE="ABC 1234", STATE="OH")
    assert values(other, "Vehicle", "plate_state") == [["OH"], ["MI"]]


def test_a_sum_stays_with_the_note() -> None:
    record = report(TEXT, MONEY)
    assert values(record, "Note", "amount") == [[{"amount": "80", "currency": "USD"}]]
    assert [m.type for m in record.mentions] == ["Incident", "Note"]


def test_the_same_find_twice_is_one_mention_with_two_places() -> None:
    text = "313-555-0100 or 313-555-0100"
    again = found(text, "313-555-0100", "phone", {"number": "+13135550100"})
    record = report(text, again, again._replace(start=16, end=28))
    assert values(record, "Phone", "number") == [["+13135550100", "+13135550100"]]
    assert {link.where for link in record.links if link.type == "MENTIONED_IN"} == {"/T#0-12", "/T#16-28"}


def test_finds_without_a_canonical_value_stay_apart() -> None:
    text = "plate ABC1234 MI, plate XYZ9876 MI"
    record = report(
        text,
        found(text, "ABC1234 MI", "plate", {"plate": "ABC1234", "plate_state": "MI"}),
        found(text, "XYZ9876 MI", "plate", {"plate": "XYZ9876", "plate_state": "MI"}),
    )
    assert values(record, "Vehicle", "plate") == [["ABC1234"], ["XYZ9876"]]


def test_what_a_note_names_is_not_read_again_as_a_note() -> None:
    record = report("", PHONE)
    assert [m.type for m in record.mentions] == ["Incident"]


WORDS = st.sampled_from(
    ["call", "313-555-0100", "(517) 555-0199", "j.roe@example.com", "https://example.com/a?b=1", "ig: @night_owl22",
     "cashapp $nightowl", "plate MI ABC1234", "$80", "\n", "  ", "é", "\U0001f600", "…", "24-000123", "ext 5", "\t",
     "“quoted”"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=6).map("\n".join))
def test_every_span_selects_exactly_the_words_that_were_read(one: str, two: str) -> None:
    record = mapped(
        json("""
            entities:
              incident: {type: Incident, properties: {number: k}}
              note:
                each: notes
                type: Note
                properties: {text: body}
                links: [{type: ABOUT, from: note, to: incident}]
        """),
        {"k": 1, "notes": [{"body": one}, {"body": two}]},
        RuleExtractor(),
    )
    texts = {"/notes/0/body": one, "/notes/1/body": two}
    for mention in record.mentions:
        for value in (value for found_values in mention.properties.values() for value in found_values):
            if len(value) > 4:
                pointer, _, span = value[2].partition("#")
                start, end = map(int, span.split("-"))
                assert texts[pointer][start:end] == as_values([value])[0].raw
                assert value[4] == "extracted"
