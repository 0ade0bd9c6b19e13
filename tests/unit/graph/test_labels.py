from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.labels import _NAMES, label, merged_properties
from schemas.vocabulary import EntityType


def said(**properties: Any) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: [(item, None, "/x", "") for item in (value if isinstance(value, list) else [value])]
        for name, value in properties.items()
    }


def name(full: str) -> dict[str, str]:
    return {"full": full}


@pytest.mark.parametrize(
    ("entity_type", "properties", "expected"),
    [
        ("Person", said(name=name("Ann Archer"), alias=name("Smoke")), "Ann Archer"),
        ("Person", said(alias=name("Smoke")), "Smoke"),
        ("Person", said(identifier={"kind": "fbi", "value": "123"}), "fbi 123"),
        ("Person", said(sex="F"), "Person"),
        ("Organization", said(ori="MI0000001"), "MI0000001"),
        ("Phone", said(number="+16165550101", kind="mobile"), "+16165550101"),
        ("Email", said(address="a@example.org"), "a@example.org"),
        ("OnlineAccount", said(service="instagram", handle="annie"), "annie (instagram)"),
        ("OnlineAccount", said(service="instagram"), "instagram"),
        ("Ad", said(url="https://ads.example/1", ad_id="1"), "https://ads.example/1"),
        ("Website", said(url="https://example.org"), "https://example.org"),
        (
            "Vehicle",
            said(make="Ford", model="Focus", year=2012, plate="ABC123", plate_state="MI"),
            "2012 Ford Focus ABC123 (MI)",
        ),
        ("Vehicle", said(plate="ABC123"), "ABC123"),
        ("Vehicle", said(make="Ford", vin="1FA"), "Ford 1FA"),
        ("Vehicle", said(make="Ford"), "Ford"),
        ("Vehicle", said(color="BLU"), "BLU"),
        ("Location", said(full="1 Main St, Alma", city="Alma"), "1 Main St, Alma"),
        ("Location", said(name="Starlite Motel", city="Alma"), "Starlite Motel"),
        ("Location", said(street="1 Main St", city="Alma", state="MI"), "1 Main St, Alma, MI"),
        ("Location", said(geo={"lat": 1.5, "lon": -2.0}), "1.5, -2.0"),
        ("FinancialAccount", said(service="cashapp", handle="$annie"), "$annie (cashapp)"),
        ("FinancialAccount", said(number="0001"), "0001"),
        ("Device", said(make="Acme", model="X1"), "Acme X1"),
        ("Document", said(sha256="ab" * 32), "ab" * 32),
        ("Item", said(description="red bag", kind="bag"), "red bag"),
        ("Item", said(kind="handgun", serial="77"), "handgun 77"),
        ("Incident", said(number="24-1", offense="Assault"), "Incident 24-1"),
        ("Arrest", said(offense="Assault"), "Arrest: Assault"),
        ("Citation", said(start="2024-01-01"), "Citation of 2024-01-01"),
        ("Case", said(), "Case"),
        ("Offense", said(code="13A", description="Assault"), "Assault"),
        ("Offense", said(code="13A"), "13A"),
        ("Note", said(text="short\n  text"), "short text"),
    ],
)
def test_what_a_thing_is_called(entity_type: str, properties: dict[str, Any], expected: str) -> None:
    assert label(entity_type, [properties]) == expected


def test_a_long_note_is_called_by_its_beginning() -> None:
    text = label("Note", [said(text="word " * 100)])
    assert len(text) == 80
    assert text.endswith("…")


def test_the_most_frequent_name_wins_and_ties_go_by_value() -> None:
    people = [said(name=name(full)) for full in ("Bob", "Ann", "Bob", "Ann", "Cyd")]
    assert label("Person", people) == "Ann"
    assert label("Person", [*people, said(name=name("Bob"))]) == "Bob"


def test_a_name_goes_before_any_number_of_aliases() -> None:
    assert label("Person", [said(alias=name("Smoke"))] * 5 + [said(name=name("Ann"))]) == "Ann"


def test_every_type_has_a_way_to_be_called() -> None:
    assert set(_NAMES) == {entity_type.value for entity_type in EntityType}


def test_values_are_distinct_sorted_and_without_what_is_not_known() -> None:
    merged = merged_properties(
        [
            said(name={"surname": "Archer", "full": "Ann Archer", "suffix": None}, sex="F", age=[30, 29]),
            said(name={"full": "Ann Archer", "surname": "Archer"}, sex="F", race=[], alias=[None, ""]),
        ]
    )
    assert orjson.dumps(merged) == (b'{"age":[29,30],"name":[{"full":"Ann Archer","surname":"Archer"}],"sex":["F"]}')


def test_a_rejected_value_is_left_out() -> None:
    values = {"number": [("1", None, "/x", "", "rejected", 0.5), ("2", None, "/x", "", "extracted", 0.5)]}
    assert merged_properties([values]) == {"number": ["2"]}


value = st.one_of(st.text(max_size=3), st.integers(0, 5), st.fixed_dictionaries({"full": st.text(max_size=2)}))


@given(
    st.lists(st.dictionaries(st.sampled_from(["name", "alias", "age"]), st.lists(value, max_size=3)), max_size=5),
    st.randoms(),
)
def test_the_order_of_mentions_makes_no_difference(items: list[dict[str, list[Any]]], rng: Any) -> None:
    mentions = [said(**item) for item in items]
    shuffled = rng.sample(mentions, len(mentions))
    assert orjson.dumps(merged_properties(shuffled)) == orjson.dumps(merged_properties(mentions))
    assert label("Person", shuffled) == label("Person", mentions)
