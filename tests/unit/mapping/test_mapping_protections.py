"""Who the record calls a victim or a minor is protected, without waiting for a mapping to say so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mapping.making import mapped, table

MAPPING = table("""
    lookup: {roles: {V: victim, SV: suspected_victim}}
    entities:
      incident: {type: Incident, properties: {number: K, start: START}}
      person:
        each: people
        type: Person
        key: PID
        properties:
          birth_date: DOB
          age: {parts: {min: FROM, max: TO, value: AGE}}
          minor: JUV
        links:
          - {type: INVOLVED_IN, from: person, to: incident, role: {path: ROLE, lookup: roles}}
      firm:
        each: firms
        type: Organization
        key: PID
        links: [{type: INVOLVED_IN, from: firm, to: incident, role: {set: victim}}]
""")


def protections(start: str = "2024-05-03T09:00", **person: Any) -> tuple[str, ...]:
    record = mapped(MAPPING, {"K": "1", "START": start, "people": [{"PID": "P", **person}]})
    return next(mention.protections for mention in record.mentions if mention.type == "Person")


@pytest.mark.parametrize(
    ("person", "protected"),
    [
        ({"ROLE": "V"}, ("victim",)),
        ({"ROLE": "SV"}, ("victim",)),
        ({"ROLE": "witness"}, ()),
        ({"JUV": "Y"}, ("juvenile",)),
        ({"JUV": "N"}, ()),
        ({"AGE": "17"}, ("juvenile",)),
        ({"AGE": "18"}, ()),
        ({"AGE": "0"}, ("juvenile",)),
        ({"FROM": "16", "TO": "20"}, ("juvenile",)),
        ({"FROM": "18", "TO": "20"}, ()),
        ({"DOB": "2006-05-04"}, ("juvenile",)),
        ({"DOB": "2006-05-03"}, ()),
        ({"DOB": "2006-06"}, ("juvenile",)),
        ({"DOB": "2006-05"}, ("juvenile",)),
        ({"DOB": "2006-04"}, ()),
        ({"DOB": "2006"}, ("juvenile",)),
        ({"DOB": "2005"}, ()),
        ({"DOB": "2010-01-01", "ROLE": "V"}, ("juvenile", "victim")),
    ],
)
def test_a_victim_and_a_minor_are_protected(person: dict[str, Any], protected: tuple[str, ...]) -> None:
    assert protections(**person) == protected


def test_a_birth_date_alone_says_nothing_where_the_event_has_no_date() -> None:
    assert protections(start="", DOB="2020-01-01") == ()
    assert protections(start="2024", DOB="2006-07-01") == ("juvenile",), "in doubt for the child"
    assert protections(start="2024", DOB="2005-07-01") == ()


def test_an_organization_is_no_protected_victim() -> None:
    record = mapped(MAPPING, {"K": "1", "firms": [{"PID": "F"}]})
    assert [mention.protections for mention in record.mentions] == [(), ()]
