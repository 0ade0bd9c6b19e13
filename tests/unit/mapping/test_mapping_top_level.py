"""The top of a mapping: key, owner, modified, sequence, delete, ignore, protect, match, choose, volatile, tests."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from mapping.apply import Identity, SourceMapping
from mapping.trial import try_mapping
from schemas.records import BadConfiguration, Quarantine
from tests.unit.mapping.making import (
    AGENCY,
    READERS,
    Finding,
    compiled,
    found,
    json,
    loaded,
    mapped,
    niem,
    table,
    values,
)


def identity(text: str, record: dict[str, Any]) -> Identity:
    mapper = compiled(text)
    return mapper.identify(mapper.reader.root(orjson.dumps(record), None))


def head(rest: str, key: str = "K") -> str:
    return f"casefold: mapping/1\nreader: table\nkey: {key}\n{rest}"


def test_a_key_of_several_fields_is_joined_and_a_blank_one_keeps_its_place() -> None:
    text = head("", "[{set: pawn}, A, B]")
    assert identity(text, {"A": " 24-1 ", "B": "x"}).key == "pawn/24-1/x"
    assert identity(text, {"A": "", "B": "x"}).key == "pawn//x"


def test_no_two_different_keys_are_one_text() -> None:
    text = head("", "[A, B]")
    assert identity(text, {"A": "1/2", "B": "3"}).key != identity(text, {"A": "1", "B": "2/3"}).key
    assert identity(text, {"A": "1~1", "B": "3"}).key != identity(text, {"A": "1/", "B": "3"}).key


@pytest.mark.parametrize("record", [{}, {"A": ""}, {"A": "N/A"}, {"A": None}])
def test_a_record_without_a_key_goes_to_quarantine_and_is_told_which_field(record: dict[str, Any]) -> None:
    with pytest.raises(Quarantine) as caught:
        identity(head("", "[{set: pawn}, {first: [A, AA]}, {parts: {value: B}, normalize: identifier}]"), record)
    assert caught.value.problem.reason == "the record has no key"
    assert caught.value.problem.path == "A or AA, B"


def test_an_owner_is_an_ori_and_one_that_cannot_be_read_is_never_guessed() -> None:
    text = head("owner: ORI\n")
    assert identity(text, {"K": "1", "ORI": "oh-0000100"}).owner == "OH0000100"
    assert identity(text, {"K": "1", "ORI": ""}).owner is None
    with pytest.raises(Quarantine, match="the owner cannot be read"):
        identity(text, {"K": "1", "ORI": "Somewhere PD"})


def test_modified_and_sequence_order_versions() -> None:
    one = identity(head("modified: M\nsequence: S\n"), {"K": "1", "M": "05/03/2024 09:00", "S": "1,024"})
    assert (one.modified, one.sequence) == ("2024-05-03T09:00", 1024)


def test_what_cannot_order_versions_is_noted_and_the_record_goes_on() -> None:
    one = identity(head("modified: M\nsequence: S\n"), {"K": "1", "M": "soon", "S": "third"})
    assert (one.modified, one.sequence) == (None, None)
    assert [note.path for note in one.notes] == ["/M", "/S"]
    text = head("sequence: {path: S, normalize: none}\n")
    assert identity(text, {"K": "1", "S": "x"}).sequence is None, "a text is no sequence, whatever a mapping says"


def test_delete_is_a_condition() -> None:
    text = head("delete: [{path: S, equals: PURGED}, {path: T, empty: true}]\n")
    assert identity(text, {"K": "1", "S": "purged"}).deleted
    assert not identity(text, {"K": "1", "S": "purged", "T": "x"}).deleted


def test_the_first_rule_to_ignore_that_holds_gives_the_reason() -> None:
    text = head("""ignore:
  - {when: {path: KIND, equals: TEST}, reason: a test}
  - {when: [{path: KIND, in: [SUB, TEST]}, {path: X, empty: true}], reason: a subscription}
""")
    assert identity(text, {"K": "1", "KIND": "test"}).ignored == "a test"
    assert identity(text, {"K": "1", "KIND": "sub"}).ignored == "a subscription"
    assert identity(text, {"K": "1", "KIND": "sub", "X": "y"}).ignored is None


def test_an_ignored_record_keeps_its_key_only_where_that_is_whole() -> None:
    text = head(
        "ignore: [{when: {path: KIND, equals: TEST}, reason: a test}]\ndelete: {path: KIND, equals: TEST}\n", "[A, B]"
    )
    assert identity(text, {"KIND": "TEST", "A": "1", "B": "2"}).key == "1/2"
    assert identity(text, {"KIND": "TEST", "A": "1"}).key == ""
    assert not identity(text, {"KIND": "TEST", "A": "1", "B": "2"}).deleted


def test_protections_of_a_record_are_its_own() -> None:
    text = table("""
        protect: {sealed: {path: SEALED, equals: Y}, intelligence: {path: INTEL, equals: Y}}
        entities: {i: {type: Incident, properties: {number: K}}}
    """)
    assert mapped(text, {"K": "1", "SEALED": "Y", "INTEL": "y"}).protections == ("intelligence", "sealed")
    assert mapped(text, {"K": "1"}).protections == ()


def test_protections_without_a_condition_never_hold() -> None:
    assert mapped(table("protect: {sealed: []}\nentities: {}\n"), {"K": "1"}).protections == ()


def choice(*texts: str) -> SourceMapping:
    return SourceMapping([loaded(text, f"m{n}.yaml") for n, text in enumerate(texts)], READERS, "src", None)


def test_the_first_mapping_that_fits_reads_a_record() -> None:
    one = json("match: {when: {path: kind, equals: a}}\nentities: {i: {type: Incident, properties: {number: k}}}\n")
    two = json("entities: {i: {type: Case, properties: {number: k}}}\n")
    mapping = choice(one, two)
    assert mapping.open(b'{"k": 1, "kind": "A"}').map(AGENCY).mentions[0].type == "Incident"
    assert mapping.open(b'{"k": 1, "kind": "B"}').map(AGENCY).mentions[0].type == "Case"


def test_a_record_that_no_mapping_fits_goes_to_quarantine() -> None:
    mapping = choice(json("match: {when: {path: kind, equals: a}}\n"), json("match: {when: {path: kind, equals: b}}\n"))
    with pytest.raises(Quarantine, match="no profile reads such a record"):
        mapping.open(b'{"k": 1, "kind": "SECRET"}')


def test_a_document_is_chosen_by_its_root() -> None:
    body = b'<x:Other xmlns:x="http://example.com/x/1.0"/>'
    mapping = choice(niem("match: {root: ['x:Pawn']}\n"), niem("match: {root: ['x:Other', 'x:More']}\n"))
    root = mapping.mappers[0].reader.root(body, None)
    name = str(root.name)
    fits = [
        mapper.fits(root)
        for mapper in choice(niem(f"match: {{root: ['{name}']}}\n"), niem("match: {root: [z]}\n")).mappers
    ]
    assert fits == [True, False]


def test_the_mappings_of_one_choice_share_one_reader() -> None:
    with pytest.raises(BadConfiguration, match=r"^m0\.yaml:1: .*must share one reader"):
        choice(json(""), table(""))


VOLATILE = "volatile: [sent, meta.id, 'items[*].seen', 'items[0].only']\n"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"k": 1, "sent": "a"}, {"k": 1, "sent": "b"}, True),
        ({"k": 1, "sent": "a"}, {"k": 1}, True),
        ({"k": 1, "sent": "a"}, {"k": 1, "sent": {"any": ["thing"]}}, True),
        ({"k": 1, "sent": "a"}, {"k": 2, "sent": "a"}, False),
        ({"k": 1, "meta": {"id": 1, "x": 1}}, {"k": 1, "meta": {"id": 2, "x": 1}}, True),
        ({"k": 1, "meta": {"id": 1, "x": 1}}, {"k": 1, "meta": {"id": 1, "x": 2}}, False),
        ({"k": 1, "meta": "text"}, {"k": 1, "meta": "text"}, True),
        ({"items": [{"seen": 1, "a": 1}, {"seen": 2}]}, {"items": [{"seen": 3, "a": 1}, {}]}, True),
        ({"items": [{"seen": 1}]}, {"items": [{"seen": 1}, {"seen": 1}]}, False),
        ({"items": [{"only": 1}, {"only": 1}]}, {"items": [{"only": 2}, {"only": 1}]}, True),
        ({"items": [{"only": 1}, {"only": 1}]}, {"items": [{"only": 1}, {"only": 2}]}, False),
        ({"items": 5}, {"items": 5}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
    ],
)
def test_what_is_volatile_does_not_count(one: Any, other: Any, same: bool) -> None:  # noqa: FBT001 - a table of cases
    reader = compiled(json(VOLATILE)).reader
    paths = compiled(json(VOLATILE)).spec.volatile
    contents = {reader.content(orjson.dumps(body), paths) for body in (one, other)}
    assert (len(contents) == 1) is same


def test_a_column_is_volatile_by_its_name() -> None:
    reader = compiled(table("volatile: ['Sent: at', Export/Id]\n")).reader
    assert reader.content(b'{"Sent: at": 1, "Export/Id": 2, "K": 3}', ["Sent: at", "Export/Id"]) == b'{"K":3}'


NOTE = table("""
    NARRATIVE
    entities: {n: {type: Note, properties: {text: T}}}
""")


def test_narrative_false_leaves_the_notes_unread() -> None:
    text = "call 313-555-0100"
    finds = Finding(found(text, "313-555-0100", "phone", {"number": "+13135550100"}))
    assert values(mapped(NOTE.replace("NARRATIVE", ""), {"K": "1", "T": text}, finds), "Phone", "number") == [
        ["+13135550100"]
    ]
    assert (
        values(mapped(NOTE.replace("NARRATIVE", "narrative: false"), {"K": "1", "T": text}, finds), "Phone", "number")
        == []
    )


# -- tests of a mapping's own -------------------------------------------------------------------------------------

TESTED = table("""
    entities:
      incident: {type: Incident, properties: {number: K}}
      person:
        each: people
        type: Person
        key: PID
        properties:
          name: NAME
          identifier: {parts: {value: OLN, issuer: OLS}, normalize: {identifier: {kind: driver_license}}}
        links: [{type: INVOLVED_IN, from: person, to: incident, role: {path: R, lookup: {V: victim}}}]
    tests:
      - name: t
        record: {K: 24-1, people: [{PID: P1, NAME: "ROE, JANE", OLN: 123456, OLS: MI, R: V}]}
        expect: EXPECT
""")


def complaints(expect: str) -> list[str]:
    (trial,) = try_mapping(compiled(TESTED.replace("EXPECT", expect)), AGENCY)
    assert trial.name == "t"
    return trial.complaints


@pytest.mark.parametrize(
    "expect",
    [
        "{}",
        "{key: 24-1}",
        "{entities: [{type: Person, name: Jane Roe}, {type: Incident, number: 24-1}]}",
        "{entities: [{type: Person, name: {surname: Roe, given: Jane}}]}",
        "{entities: [{type: Person, identifier: '123456'}]}",
        "{links: [{type: INVOLVED_IN, role: victim, words: V}]}",
        "{links: [{from: Person, to: {type: Incident, number: 24-1}}]}",
        "{absent: [{type: Vehicle}, {type: Person, name: Al Poe}]}",
    ],
)
def test_a_mappings_own_test_passes_when_what_it_expects_is_there(expect: str) -> None:
    assert complaints(expect) == []


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{key: 24-2}", "the key is '24-1', not '24-2'"),
        ("{entities: [{type: Person, name: Al Poe}]}", "no entity like"),
        ("{entities: [{type: Person, name: {surname: Poe}}]}", "no entity like"),
        ("{entities: [{type: Person, nickname: Ace}]}", "no entity like"),
        ("{links: [{type: INVOLVED_IN, role: suspect}]}", "no link like"),
        ("{links: [{type: INVOLVED_IN, from: Vehicle}]}", "no link like"),
        ("{absent: [{type: Person}]}", "there should be none like"),
        ("{absent: [{type: INVOLVED_IN}]}", "there should be none like"),
    ],
)
def test_a_mappings_own_test_says_what_is_missing(expect: str, said: str) -> None:
    assert any(said in complaint for complaint in complaints(expect))


def test_a_mappings_own_test_tells_of_a_record_that_cannot_be_read() -> None:
    text = table(
        "tests: [{name: t, record: {X: 1}, expect: {}}, {name: u, expect: {}}, {name: v, body: no json, expect: {}}]\n"
    )
    trials = try_mapping(compiled(text), AGENCY)
    assert [trial.complaints[0] for trial in trials] == [
        "the record went to quarantine: the record has no key K",
        "the record went to quarantine: the record has no key K",
        "the record went to quarantine: the stored body is not valid JSON",
    ]


def test_a_mappings_own_test_may_hold_a_document() -> None:
    text = niem("""
        entities: {i: {type: Incident, properties: {number: //nc:ActivityIdentification/nc:IdentificationID}}}
        tests:
          - name: t
            body: |
              <r xmlns:nc="http://niem.gov/niem/niem-core/2.0"><nc:ActivityIdentification>
                <nc:IdentificationID>24-1</nc:IdentificationID></nc:ActivityIdentification></r>
            expect: {key: 24-1, entities: [{type: Incident, number: 24-1}]}
    """)
    assert try_mapping(compiled(text), AGENCY)[0].complaints == []
