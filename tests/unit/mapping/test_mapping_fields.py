"""Fields: path, first, parts, each, set, lookup, normalize, split, when, required; and conditions."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.records import BadConfiguration, Quarantine
from tests.unit.mapping.making import compiled, json, mapped, table, values, where


def person(fields: str, **record: Any) -> Any:
    """The one entity that these properties of a Person make of a row."""
    made = mapped(
        table(f"entities: {{p: {{type: Person, always: true, properties: {{{fields}}}}}}}"), {"K": "1", **record}
    )
    return made.mentions[0].properties, made.notes


def texts(properties: Any, name: str) -> list[Any]:
    return [value[0] for value in properties.get(name, ())]


def test_a_bare_path_takes_the_propertys_own_normalizer() -> None:
    properties, _ = person("birth_date: DOB", DOB="02/03/1990")
    assert properties["birth_date"] == [("1990-02-03", "02/03/1990", "/DOB", "birth_date")]


def test_a_value_that_was_not_changed_keeps_no_raw_text_twice() -> None:
    properties, _ = person("eye_color: {path: EYE, normalize: text}", EYE="BLUE")
    assert properties["eye_color"] == [("BLUE", None, "/EYE", "text")]


def test_all_fields_of_a_list_that_have_values_count() -> None:
    properties, _ = person("alias: [A, B, C]", A="Ace Roe", B="", C="Bo Roe")
    assert [value["full"] for value in texts(properties, "alias")] == ["Ace Roe", "Bo Roe"]


def test_one_value_from_two_fields_is_two_values_with_their_places() -> None:
    made = mapped(
        table("entities: {p: {type: Phone, properties: {number: [A, B]}}}"),
        {"K": "1", "A": "3135550100", "B": "3135550100"},
    )
    assert where(made, "Phone", "number") == ["/A", "/B"]


def test_first_takes_the_first_that_has_a_value_and_a_placeholder_is_none() -> None:
    field = "birth_date: {first: [A, B, C]}"
    assert texts(person(field, A="", B="1990-02-03", C="1991-02-03")[0], "birth_date") == ["1990-02-03"]
    assert texts(person(field, A="UNKNOWN", B="N/A", C="1991-02-03")[0], "birth_date") == ["1991-02-03"]
    assert texts(person(field)[0], "birth_date") == []


def test_first_goes_past_what_cannot_be_read_and_says_so() -> None:
    properties, notes = person("birth_date: {first: [A, B]}", A="soon", B="1990-02-03")
    assert texts(properties, "birth_date") == ["1990-02-03"]
    assert [note.path for note in notes] == ["/A"]


def test_parts_are_put_together_and_the_place_is_the_first_parts() -> None:
    properties, _ = person("name: {parts: {given: F, surname: L}}", F="", L="ROE")
    assert properties["name"] == [({"full": "Roe", "surname": "Roe"}, "ROE", "/L", "person_name")]


def test_parts_without_any_value_are_no_value() -> None:
    assert person("name: {parts: {given: F, surname: L}}", F=" ")[0] == {}


def test_each_in_a_field_reads_it_once_at_each_item() -> None:
    made = mapped(
        json("entities: {p: {type: Person, properties: {name: {each: names, parts: {given: f, surname: l}}}}}"),
        {"k": 1, "names": [{"f": "Jane", "l": "Roe"}, {"f": "Jan", "l": "Poe"}, {}]},
    )
    assert [value["full"] for value in values(made, "Person", "name")[0]] == ["Jane Roe", "Jan Poe"]
    assert where(made, "Person", "name") == ["/names/0/f", "/names/1/f"]


def test_first_within_each_chooses_at_every_item() -> None:
    made = mapped(
        json("entities: {p: {type: Person, properties: {birth_date: {each: ids, first: [dob, born]}}}}"),
        {"k": 1, "ids": [{"born": "1990"}, {"dob": "1991", "born": "1992"}]},
    )
    assert values(made, "Person", "birth_date") == [["1990", "1991"]]


def test_set_is_a_constant_with_no_place() -> None:
    made = mapped(
        table("entities: {p: {type: Phone, properties: {number: N, kind: {set: cell}}}}"), {"K": "1", "N": "3135550100"}
    )
    assert made.mentions[0].properties["kind"] == [("cell", None, "", "set")]


def test_set_with_when_holds_only_where_it_holds() -> None:
    text = table(
        "entities: {i: {type: Incident, properties: {number: K, status: {set: open, when: {path: S, equals: O}}}}}"
    )
    assert values(mapped(text, {"K": "1", "S": "O"}), "Incident", "status") == [["open"]]
    assert values(mapped(text, {"K": "1", "S": "C"}), "Incident", "status") == [[]]


def test_a_constant_is_the_same_for_every_record_whatever_a_record_adds() -> None:
    text = table("entities: {n: {type: Incident, properties: {number: K, offense: [{set: base}, OFF]}}}")
    mapper = compiled(text)

    def offense(record: dict[str, str]) -> list[Any]:
        made = mapper.map(mapper.reader.root(b"", record), "MI1234500")
        return values(made, "Incident", "offense")[0]

    assert sorted(offense({"K": "1", "OFF": "more"})) == ["base", "more"]
    assert offense({"K": "2"}) == ["base"]


def test_lookup_ignores_letter_case_and_blanks_and_lets_the_rest_through() -> None:
    text = "hair_color: {path: H, lookup: {'dk  br': Brown}, normalize: text}"
    assert texts(person(text, H=" DK BR ")[0], "hair_color") == ["Brown"]
    assert texts(person(text, H="RED")[0], "hair_color") == ["RED"]


def test_lookup_otherwise_takes_what_the_table_lacks() -> None:
    text = "hair_color: {path: H, lookup: {B: Brown}, otherwise: Other, normalize: text}"
    assert person(text, H="X")[0]["hair_color"] == [("Other", "X", "/H", "lookup|text")]
    assert texts(person(text, H="")[0], "hair_color") == []


def test_a_table_of_the_mapping_is_used_by_name() -> None:
    text = table("""
        lookup: {colors: {1: RED, NO: none at all, 01: BLUE}}
        entities: {v: {type: Vehicle, properties: {color: {path: C, lookup: colors}}}}
    """)
    assert values(mapped(text, {"K": "1", "C": "1"}), "Vehicle", "color") == [["RED"]]
    assert values(mapped(text, {"K": "1", "C": "01"}), "Vehicle", "color") == [["BLUE"]], "codes are texts, not numbers"
    assert values(mapped(text, {"K": "1", "C": "no"}), "Vehicle", "color") == [["none at all"]]


def test_a_normalizer_reads_what_a_table_answers_whatever_its_type() -> None:
    assert texts(person("minor: {path: J, lookup: {JUV: true, ADULT: false}}", J="JUV")[0], "minor") == [True]
    assert texts(person("age: {path: J, lookup: {BABY: 0}}", J="BABY")[0], "age") == [0]


def test_without_a_normalizer_a_table_answers_as_it_is_written() -> None:
    properties, _ = person("minor: {path: J, lookup: {JUV: true}, normalize: none}", J="JUV")
    assert properties["minor"] == [(True, "JUV", "/J", "lookup")]


def test_normalize_none_takes_the_text_as_it_is() -> None:
    properties, _ = person("hair_color: {path: H, normalize: none}", H="  N/A ")
    assert properties["hair_color"] == [("  N/A ", None, "/H", "")]


def test_normalizers_work_in_order_and_the_chain_names_them() -> None:
    properties, _ = person("hair_color: {path: H, normalize: [upper, {text: {placeholders: [NIX]}}]}", H="dk  brown")
    assert properties["hair_color"] == [("DK BROWN", "dk  brown", "/H", "upper|text")]
    assert person("hair_color: {path: H, normalize: [upper, {text: {placeholders: [NIX]}}]}", H="nix")[0] == {}


def test_parts_go_to_the_first_normalizer_of_several() -> None:
    made = mapped(
        table(
            "entities: {i: {type: Incident, properties: "
            "{number: K, start: {parts: {date: D, time: T}, normalize: [datetime]}}}}"
        ),
        {"K": "1", "D": "2024-05-03", "T": "0900"},
    )
    assert values(made, "Incident", "start") == [["2024-05-03T09:00"]]


def test_split_separates_several_values_in_one_field() -> None:
    properties, _ = person("alias: {path: A, split: ;}", A="Ace Roe; Bo Roe;; ")
    assert [(value[0]["full"], value[2]) for value in properties["alias"]] == [("Ace Roe", "/A"), ("Bo Roe", "/A")]


def test_a_field_with_when_is_read_only_where_it_holds() -> None:
    field = "birth_date: {path: D, when: {path: KIND, equals: DOB}}"
    assert texts(person(field, D="1990-01-02", KIND="dob")[0], "birth_date") == ["1990-01-02"]
    assert person(field, D="1990-01-02", KIND="x")[0] == {}


def test_what_cannot_be_read_is_a_note_with_its_path_and_never_the_data() -> None:
    properties, notes = person("birth_date: D, name: N", D="31/31/1990", N="Jane Roe")
    assert "birth_date" not in properties
    assert [note.path for note in notes] == ["/D"]
    assert "1990" not in notes[0].reason


def test_a_required_field_without_a_value_quarantines_the_record_with_its_path() -> None:
    with pytest.raises(Quarantine) as caught:
        person("name: {path: N, required: true}", N="UNKNOWN")
    assert caught.value.problem.path == "N"
    assert caught.value.problem.hint


def test_a_required_field_that_cannot_be_read_quarantines_with_the_reason_and_never_the_data() -> None:
    with pytest.raises(Quarantine) as caught:
        person("birth_date: {path: D, required: true}", D="Octember 3rd")
    assert caught.value.problem.path == "/D"
    assert "Octember" not in str(caught.value.problem)


def test_a_required_field_is_content_with_one_readable_value() -> None:
    made = mapped(
        json("entities: {p: {type: Person, properties: {birth_date: {path: 'd[*]', required: true}}}}"),
        {"k": 1, "d": ["x", "1990-01-02"]},
    )
    assert values(made, "Person", "birth_date") == [["1990-01-02"]]
    assert [note.path for note in made.notes] == ["/d/0"]


def test_a_required_field_whose_when_does_not_hold_is_not_missed() -> None:
    assert person("name: {path: N, required: true, when: {path: W, equals: Y}}", N="", W="N")[0] == {}


def test_an_address_fills_the_parts_of_a_location_from_one_text() -> None:
    made = mapped(
        table(
            "entities: {l: {type: Location, properties: {full: {parts: {street: S, city: C, state: ST}}, city: C2}}}"
        ),
        {"K": "1", "S": "12 Oak St", "C": "Alden", "ST": "MI", "C2": "Port Alden"},
    )
    assert values(made, "Location", "city") == [["Alden", "Port Alden"]]
    assert values(made, "Location", "state") == [["MI"]]


def test_an_impossible_phone_says_so_and_meets_nobody() -> None:
    made = mapped(table("entities: {p: {type: Phone, properties: {number: N}}}"), {"K": "1", "N": "12345"})
    assert values(made, "Phone", "valid") == [[False]]
    assert made.mentions[0].basis is None


# -- conditions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "text", "holds"),
    [
        ("equals: vic", " VIC ", True),
        ("equals: vic", "VICTIM", False),
        ("equals: NO", "no", True),
        ("equals: 01", "1", False),
        ("equals: true", "TRUE", True),
        ("in: [A, b]", "B", True),
        ("in: [A, b]", "C", False),
        ("in: []", "C", False),
        ("not: A", "B", True),
        ("not: A", "a", False),
        ("not: [A, B]", "b", False),
        ("not: A", "", True),
        ("empty: true", "  ", True),
        ("empty: true", "x", False),
        ("empty: false", "x", True),
        ("empty: false", None, False),
    ],
)
def test_conditions_hold_as_they_read(condition: str, text: str | None, holds: bool) -> None:  # noqa: FBT001 - a table of cases
    made = mapped(
        table(f"entities: {{i: {{type: Incident, when: {{path: C, {condition}}}, properties: {{number: K}}}}}}"),
        {"K": "1", "C": text},
    )
    assert bool(made.mentions) is holds


def test_a_list_of_conditions_means_all_of_them() -> None:
    text = table(
        "entities: {i: {type: Incident, when: [{path: A, equals: 1}, {path: B, equals: 2}], properties: {number: K}}}"
    )
    assert mapped(text, {"K": "1", "A": "1", "B": "2"}).mentions
    assert not mapped(text, {"K": "1", "A": "1", "B": "3"}).mentions


def test_a_condition_holds_when_any_value_at_its_path_does() -> None:
    text = json("entities: {i: {type: Incident, when: {path: 'a[*].b', equals: x}, properties: {number: k}}}")
    assert mapped(text, {"k": 1, "a": [{"b": "y"}, {"b": "x"}]}).mentions
    assert not mapped(text, {"k": 1, "a": []}).mentions


def test_json_truths_and_numbers_are_compared_as_they_read() -> None:
    text = json(
        "entities: {i: {type: Incident, properties: {number: k}, "
        "when: [{path: a, equals: true}, {path: b, equals: 7}]}}"
    )
    assert mapped(text, {"k": 1, "a": True, "b": 7}).mentions


@pytest.mark.parametrize(
    "field",
    [
        "{path: A, first: [B]}",
        "{lookup: {A: B}}",
        "{path: A, otherwise: B}",
        "{set: A, normalize: text}",
        "{set: A, required: true}",
        "{parts: {value: A}, lookup: {A: B}}",
        "{parts: {value: A}, split: ;}",
        "{path: A, normalize: {text: , upper: }}",
    ],
)
def test_a_field_that_says_two_things_at_once_is_refused(field: str) -> None:
    with pytest.raises(BadConfiguration, match=r"^m\.yaml:\d+: entities\.p\.properties\.alias"):
        compiled(table(f"entities: {{p: {{type: Person, properties: {{alias: {field}}}}}}}"))
