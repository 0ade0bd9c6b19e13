"""What holds for any record: mapping is a pure function, local keys are distinct and stable, nothing escapes."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from mapping.blocks import key_of
from schemas.mapped import as_link, as_values
from schemas.records import Quarantine
from tests.unit.mapping.making import AGENCY, compiled, table

MAPPER = compiled(
    table("""
        modified: M
        owner: {path: ORI, normalize: {ori: {lenient: true}}}
        lookup: {roles: {V: victim, S: suspect}}
        entities:
          person:
            each: people
            type: Person
            key: PID
            master: MNI
            protect: {juvenile: {path: JUV, equals: Y}}
            properties:
              name: [NAME, {parts: {given: FIRST, surname: LAST}}]
              birth_date: DOB
              identifier: {parts: {value: OLN, issuer: OLS}, normalize: {identifier: {kind: driver_license}}}
            entities:
              phone: {each: phones, type: Phone, properties: {number: N}}
              home: {type: Location, properties: {full: {parts: {street: STREET, city: CITY, state: ST}}}}
            links:
              - {type: INVOLVED_IN, from: person, to: incident, role: {path: ROLE, lookup: roles}}
              - {type: USES, from: person, to: phone}
              - {type: LOCATED_AT, from: person, to: home}
          incident: {type: Incident, properties: {number: K, start: M, offense: {path: OFF, split: ;}}}
          car: {type: Vehicle, properties: {vin: VIN, plate: PLATE, plate_state: ST}}
        links:
          - {type: ASSOCIATE_OF, each: ties, from: {at: A, entity: person}, to: {at: B, entity: person}, words: W}
    """)
)

HOSTILE = st.sampled_from(
    ["", " ", "\x00", "\ud7ff", "\u202eevil", "N/A", "0", "-1", "99999999999999999999999", "1e400", "2024-02-30",
     "0000-00-00", "9999-12-31T23:59:60Z", "24:00", "' OR 1=1 --", "<script>", "{{7*7}}", "${x}", "../../etc",
     "\U0010ffff", "a" * 5000, "+1 (313) 555-0100", "ROE, JANE", "é" * 40, "\uff11\uff12", "\u0663", "\ufb03", "NaN",
     "true", "=cmd|'/c'!A1"]
)  # fmt: skip
TEXTS = HOSTILE | st.text(st.characters(codec="utf-8"), max_size=12)
CELLS = (
    TEXTS
    | st.none()
    | st.integers().filter(lambda n: -(2**63) <= n < 2**64)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
)
PERSON_COLUMNS = ["PID", "MNI", "JUV", "NAME", "FIRST", "LAST", "DOB", "OLN", "OLS", "STREET", "CITY", "ST", "ROLE"]
PEOPLE = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(PERSON_COLUMNS, CELLS))
    | st.fixed_dictionaries(
        {"PID": st.sampled_from("12"), "phones": st.lists(st.fixed_dictionaries({"N": CELLS}), max_size=3)}
    ),
    max_size=4,
)
RECORDS = st.fixed_dictionaries(
    {"K": CELLS},
    optional={
        "people": PEOPLE | CELLS,
        "ties": st.lists(
            st.fixed_dictionaries({"A": st.sampled_from("12") | CELLS, "B": st.sampled_from("12")}), max_size=3
        ),
        **dict.fromkeys(("M", "ORI", "OFF", "VIN", "PLATE", "ST"), CELLS),
    },
)


@given(RECORDS)
def test_any_record_maps_or_goes_to_quarantine_and_twice_the_same(record: dict[str, Any]) -> None:
    body = orjson.dumps(record)
    outcomes: list[Any] = []
    for parsed in (None, orjson.loads(body)):
        try:
            root = MAPPER.reader.root(body, parsed)
            outcomes.append((MAPPER.identify(root), MAPPER.map(root, AGENCY)))
        except Quarantine as error:
            outcomes.append((error.problem.reason, error.problem.path))
    assert outcomes[0] == outcomes[1], "what was parsed already and what is read from the body are one record"


@given(RECORDS)
def test_what_comes_out_fits_the_schema(record: dict[str, Any]) -> None:
    made = MAPPER.map(MAPPER.reader.root(orjson.dumps(record), None), AGENCY)
    locals_ = [mention.local for mention in made.mentions]
    assert len(set(locals_)) == len(locals_), "local keys are distinct"
    assert len(set(made.links)) == len(made.links), "links are distinct"
    for mention in made.mentions:
        for found in mention.properties.values():
            assert found
            as_values(found)
    for link in made.links:
        assert link.source != link.target
        as_link(link, made.mentions)


@given(RECORDS, st.text("XYZ", min_size=1, max_size=3))
def test_a_field_that_no_mapping_reads_changes_nothing(record: dict[str, Any], value: str) -> None:
    plain = MAPPER.map(MAPPER.reader.root(orjson.dumps(record), None), AGENCY)
    more = MAPPER.map(MAPPER.reader.root(orjson.dumps({**record, "UNREAD": value}), None), AGENCY)
    assert plain == more


@given(
    st.lists(st.sampled_from(["Jane Roe", "Al Poe", "JO COE", ""]), max_size=5),
    st.sampled_from(["Mo Zed", "N/A", "", "Al Poe"]),
)
def test_anonymous_local_keys_do_not_move_when_another_joins_at_the_end(names: list[str], newcomer: str) -> None:
    def locals_of(people: list[str]) -> list[str]:
        rows = [{"NAME": name} for name in people]
        made = MAPPER.map(MAPPER.reader.root(b"", {"K": "1", "people": rows}), AGENCY)
        return [mention.local for mention in made.mentions if mention.type == "Person"]

    assert locals_of([*names, newcomer])[: len(locals_of(names))] == locals_of(names)


@given(st.lists(st.sampled_from(["Jane Roe", "Al Poe", "Mo Zed"]), unique=True, max_size=3), st.randoms())
def test_anonymous_local_keys_of_different_people_do_not_depend_on_their_order(names: list[str], rng: Any) -> None:
    def locals_of(people: list[str]) -> dict[str, str]:
        rows = [{"NAME": name} for name in people]
        made = MAPPER.map(MAPPER.reader.root(b"", {"K": "1", "people": rows}), AGENCY)
        persons = [mention for mention in made.mentions if mention.type == "Person"]
        return {mention.properties["name"][0][0]["full"]: mention.local for mention in persons}

    shuffled = names[:]
    rng.shuffle(shuffled)
    assert locals_of(names) == locals_of(shuffled)


@given(
    st.lists(st.text("a/~1 0", max_size=4), min_size=2, max_size=4),
    st.lists(st.text("a/~1 0", max_size=4), min_size=2, max_size=4),
)
def test_two_lists_of_as_many_parts_are_one_key_only_if_they_are_equal(one: list[str], other: list[str]) -> None:
    if len(one) == len(other):
        assert (key_of(one) == key_of(other)) is (one == other)


def test_a_record_with_thousands_of_people_takes_no_more_than_its_share() -> None:
    """Counted in what is looked at, not in seconds: the people of a record must not be compared with each other."""
    people = [{"PID": str(n), "phones": [{"N": f"313-555-{n:04}"}], "ROLE": "S"} for n in range(3_000)]
    made = MAPPER.map(MAPPER.reader.root(b"", {"K": "1", "people": people + [{"NAME": "X"}] * 3_000}), AGENCY)
    assert len(made.mentions) == 9_001
    assert len(made.links) == 9_000
