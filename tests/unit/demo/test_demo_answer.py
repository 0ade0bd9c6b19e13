from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefold.answer import Answer, Question, names

CITY, COUNTY, BUREAU = "MI9901100", "MI9900000", "MI9990000"


def node(key: str, kind: str, *mentions: tuple[str, str], **properties: Any) -> dict[str, Any]:
    return {
        "kind": "node", "id": key, "type": kind, "label": key, "properties": properties,
        "mentions": [{"id": key, "agency": agency, "source": agency, "record": record, "local": ""}
                     for agency, record in mentions],
    }  # fmt: skip


def edge(kind: str, start: str, end: str, *evidence: tuple[str, str]) -> dict[str, Any]:
    return {
        "kind": "edge", "id": f"{kind}{start}{end}", "type": kind, "from": start, "to": end, "roles": [],
        "evidence": [{"link": "", "agency": agency, "source": agency, "record": record, "where": "",
                      "status": "asserted", "confidence": 1.0} for agency, record in evidence],
    }  # fmt: skip


def person(key: str, *mentions: tuple[str, str], full: str = "", alias: str = "") -> dict[str, Any]:
    properties = {"name": [{"full": full}]} if full else {}
    if alias:
        properties["alias"] = [{"full": alias}]
    return node(key, "Person", *mentions, **properties)


GRAPH = [
    *(node(f"ad{number}", "Ad") for number in range(4)),
    node("central", "Phone", number=["+12315550123"]),
    node("burner", "Phone", number=["+12315550199"]),
    node("mail", "Email", address=["post@inbox.example"]),
    node("other mail", "Email", address=["help@inbox.example"]),
    person("known", (COUNTY, "r1"), alias="ROOK"),
    person("named", (BUREAU, "b1"), full="John Roe", alias="Rook"),
    person("clerk", (CITY, "c9"), full="Ann Poe"),
    node("car", "Vehicle", vin=["1ZZBXUMW6CF776964"]),
    node("incident", "Incident", (COUNTY, "r1"), number=["TC-1"]),
    node("note", "Note", (COUNTY, "r1"), text=["She was calm. Rook calls from (231) 555-0123. No name."]),
    node("elsewhere", "Note", (COUNTY, "r2"), text=["Rook calls from 231-555-0123, says another record."]),
    *(edge("ADVERTISES", f"ad{number}", "central", (CITY, "c1")) for number in (0, 1, 2)),
    *(edge("ADVERTISES", f"ad{number}", "burner", (CITY, "c1")) for number in (0, 1)),
    *(edge("POSTED_BY", f"ad{number}", "mail", (BUREAU, "b2")) for number in (2, 3)),
    edge("INVOLVED_IN", "ad3", "other mail", (BUREAU, "b2")),
    edge("USES", "known", "central", (COUNTY, "r1")),
    edge("USES", "named", "mail", (BUREAU, "b1")),
    edge("USES", "clerk", "burner", (CITY, "c9")),
    edge("OWNS_OR_DRIVES", "known", "car", (COUNTY, "r1")),
    edge("OWNS_OR_DRIVES", "named", "car", (BUREAU, "b1")),
]


def seen_by(*agencies: str) -> Answer:
    """What the graph says to somebody who sees these agencies' evidence only."""
    lines = []
    for line in GRAPH:
        if line["kind"] == "edge":
            kept = [evidence for evidence in line["evidence"] if evidence["agency"] in agencies]
            if kept:
                lines.append({**line, "evidence": kept})
        else:
            lines.append(line)
    return Question(lines).answer()


def test_the_contact_of_most_ads_is_found_with_its_user_and_the_words_of_the_note() -> None:
    answer = seen_by(CITY, COUNTY, BUREAU)

    assert answer.complete
    assert answer.phone is not None
    assert (answer.phone.value, answer.phone.ads, answer.phone.agencies) == ("+12315550123", 3, (CITY,))
    (user,) = answer.phone.users
    assert (user.name, user.known_as) == ("", ("ROOK",))
    assert [(source.agency, source.record, source.number, source.words) for source in user.said_by] == [
        (COUNTY, "r1", "TC-1", "Rook calls from (231) 555-0123.")
    ]
    assert answer.email is not None
    assert (answer.email.value, answer.email.ads) == ("post@inbox.example", 2)
    assert [user.name for user in answer.email.users] == ["John Roe"]
    assert answer.email.users[0].said_by[0].number == "b1"


def test_ads_are_counted_once_however_many_contacts_they_show() -> None:
    answer = seen_by(CITY, COUNTY, BUREAU)

    assert (answer.ads, answer.ads_by_either, answer.ads_by_both) == (4, 4, 1)


def test_a_shared_street_name_and_car_are_named_letter_case_ignored() -> None:
    answer = seen_by(CITY, COUNTY, BUREAU)

    assert answer.shared_names == ("ROOK",)
    assert answer.shared_vehicles == ("1ZZBXUMW6CF776964",)


@pytest.mark.parametrize(
    "agencies", [(), (CITY,), (COUNTY,), (BUREAU,), (CITY, COUNTY), (CITY, BUREAU), (COUNTY, BUREAU)]
)
def test_with_fewer_than_all_three_the_answer_is_not_complete(agencies: tuple[str, ...]) -> None:
    assert not seen_by(*agencies).complete


def test_an_ad_that_comes_back_to_neither_leaves_the_answer_incomplete() -> None:
    assert not Question([*GRAPH, node("ad9", "Ad")]).answer().complete


def test_a_user_without_any_name_leaves_the_answer_incomplete() -> None:
    lines = [line if line["id"] != "named" else person("named", (BUREAU, "b1"), alias="Rook") for line in GRAPH]

    assert not Question(lines).answer().complete


def test_an_empty_graph_has_no_answer() -> None:
    answer = Question([]).answer()

    assert (answer.ads, answer.phone, answer.email, answer.complete) == (0, None, None, False)


def test_the_answer_for_machines_says_whether_it_is_complete() -> None:
    told = seen_by(CITY, COUNTY, BUREAU).as_json()

    assert told["complete"] is True
    assert told["phone"]["users"][0]["said_by"][0]["record"] == "r1"


@given(st.permutations(GRAPH))
def test_the_answer_does_not_depend_on_the_order_of_nodes_and_edges_that_follow_them(
    lines: list[dict[str, Any]],
) -> None:
    answer = Question(lines).answer()

    assert answer == seen_by(CITY, COUNTY, BUREAU)


def test_a_number_is_known_in_every_spelling_and_an_address_in_any_case() -> None:
    assert names("call 231.555.0123 now", "+12315550123")
    assert names("CALL +1 (231)555-0123", "+12315550123")
    assert not names("call 231.555.0124", "+12315550123")
    assert names("POST@INBOX.EXAMPLE wrote", "post@inbox.example")
