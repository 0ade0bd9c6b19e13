"""docs/mapping.md is true: its examples compile and map as it says, and every key of the grammar stands in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mapping.apply import Mapper
from mapping.load import LoadedMapping, load_mappings
from mapping.spec import Choice, Condition, EntityBlock, FieldRule, LinkBlock, MappingSpec
from mapping.trial import try_mapping
from schemas.joins import Join
from schemas.records import Quarantine
from tests.unit.mapping.making import AGENCY, READERS, compiled, mapped, shown, values

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
CSV, REST, HEIR, NIEM, TESTS = BLOCKS


def test_the_csv_example_maps_a_row_with_its_people() -> None:
    record = mapped(
        CSV,
        {
            "CASE_NO": "24-1", "OFFENSE": "TRAFFICKING", "OCC_DATE": "05/03/2024", "OCC_TIME": "2130",
            "NARRATIVE": "Seen.",
            "people": [
                {"PERSON_ID": "P1", "LAST": "ROE", "FIRST": "JANE", "DOB": "2008-01-02", "ROLE": "VIC", "JUV": "Y",
                 "CELL": "313-555-0123", "OLN": "R123", "OLS": "MI"},
                {"PERSON_ID": "P2", "LAST": "POE", "FIRST": "AL", "ROLE": "SUS"},
            ],
        },
    )  # fmt: skip
    assert values(record, "Incident", "start") == [["2024-05-03T21:30-04:00"]]
    assert values(record, "Person", "identifier")[0] == [{"kind": "driver_license", "value": "R123", "issuer": "MI"}]
    assert [mention.protections for mention in record.mentions if mention.type == "Person"] == [
        ("juvenile", "victim"),
        (),
    ]
    assert {(kind, role) for kind, *_, role in shown(record)} == {
        ("INVOLVED_IN", "victim"), ("INVOLVED_IN", "suspect"), ("USES", None), ("ABOUT", None),
    }  # fmt: skip


def test_the_csv_example_deletes_a_purged_case() -> None:
    mapper = compiled(CSV)
    assert mapper.identify(mapper.reader.root(b'{"CASE_NO": "24-1", "STATUS": "purged"}', None)).deleted


def test_the_rest_example_finds_the_ends_of_its_links_by_key() -> None:
    person = {
        "personId": 7,
        "firstName": "Jane",
        "lastName": "Roe",
        "involvement": "VICTIM",
        "monikers": [{"name": "Star"}],
    }
    record = mapped(
        REST,
        {
            "id": 1, "reportNumber": "R1", "eventStartUtc": "2024-05-03T09:00:00Z", "updatedAt": "2024-05-04T00:00:00Z",
            "involvedPersons": [person, {**person, "personId": 8, "involvement": "OTHER THING"}],
            "relationships": [{"fromPersonId": 8, "toPersonId": 7, "relationshipType": "boyfriend"}],
        },
    )  # fmt: skip
    assert ("ASSOCIATE_OF", "Person:8", "Person:7", None) in shown(record)
    assert {link.role for link in record.links} == {"victim", "other", None}
    assert [alias["full"] for alias in values(record, "Person", "alias")[0]] == ["Star"]


def test_the_niem_example_reads_a_pawn_ticket() -> None:
    body = b"""<x:PawnTicketReport xmlns:x="http://example.com/pawn/1.0" xmlns:nc="http://niem.gov/niem/niem-core/2.0"
        xmlns:s="http://niem.gov/niem/structures/2.0">
      <nc:DocumentIdentification><nc:IdentificationID>T-9</nc:IdentificationID></nc:DocumentIdentification>
      <nc:MessageDateTime>2024-01-01T00:00:00</nc:MessageDateTime>
      <nc:Person s:id="P"><nc:PersonName><nc:PersonGivenName>Jane</nc:PersonGivenName></nc:PersonName></nc:Person>
      <nc:Vehicle s:id="V"><nc:VehicleIdentification><nc:IdentificationID>1M8GDM9AXKP042788</nc:IdentificationID>
      </nc:VehicleIdentification></nc:Vehicle>
      <nc:PersonVehicleAssociation><nc:PersonReference s:ref="P"/><nc:VehicleReference s:ref="V"/>
        <nc:AssociationDescriptionText>pawned by</nc:AssociationDescriptionText></nc:PersonVehicleAssociation>
    </x:PawnTicketReport>"""
    mapper = compiled(NIEM.replace("casefold: mapping/1                   #", "casefold: mapping/1  #"))
    root = mapper.reader.root(body, None)
    assert mapper.identify(root).key == "pawn/T-9"
    record = mapper.map(root, AGENCY)
    assert [(link.type, link.words) for link in record.links] == [("OWNS_OR_DRIVES", "pawned by")]
    later = body.replace(b"2024-01-01", b"2025-02-02")
    assert mapper.reader.content(body, mapper.spec.volatile) == mapper.reader.content(later, mapper.spec.volatile)
    assert mapper.reader.content(body, mapper.spec.volatile) != mapper.reader.content(
        body.replace(b"Jane", b"Jan"), mapper.spec.volatile
    )


def test_the_example_that_inherits_a_profile_adds_to_it_and_takes_away(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(HEIR, encoding="utf-8")
    (mine,) = load_mappings("m", tmp_path)
    (theirs,) = load_mappings("niem/lexs-3.1")
    assert "hair_color" in theirs.spec.entities["person"].properties
    assert "hair_color" not in mine.spec.entities["person"].properties
    assert mine.spec.lookup["roles"]["Person of Interest - cleared"] == "witness"
    Mapper(mine, READERS["niem"](), "src", None)


def test_the_example_of_a_mappings_own_tests_passes_with_the_csv_example() -> None:
    assert [trial.complaints for trial in try_mapping(compiled(CSV + TESTS), AGENCY)] == [[]]


def keys(heading: str) -> set[str]:
    """The keys in the table under a heading of the document."""
    section = DOCUMENT.split(f"### {heading}\n", 1)[1].split("\n### ", 1)[0]
    rows = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


def fields(*models: Any) -> set[str]:
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


@pytest.mark.parametrize(
    ("heading", "models"),
    [
        ("Top level", (MappingSpec, Choice)),
        ("Entity blocks", (EntityBlock,)),
        ("Fields", (FieldRule,)),
        ("Link blocks", (LinkBlock,)),
    ],
)
def test_the_document_names_every_key_of_the_grammar_and_no_other(heading: str, models: tuple[Any, ...]) -> None:
    assert keys(heading) == fields(*models)


def test_the_document_names_every_condition_and_every_key_of_a_join() -> None:
    for key in fields(Condition) - {"path"}:
        assert f"{key}: " in DOCUMENT.split("### Conditions")[1].split("###")[0]
    assert "`{files: glob, key: column, parent: column}`" in DOCUMENT
    assert fields(Join) == {"files", "key", "parent"}


def test_the_placeholders_that_the_document_names_are_no_values() -> None:
    person = {"PERSON_ID": "P1", "LAST": "UNKNOWN", "FIRST": "nc:PersonFullName", "DOB": "N/A", "OLN": "999-99-9999"}
    record = mapped(CSV, {"CASE_NO": "24-1", "people": [person]})
    assert set(record.mentions[1].properties) == {"identifier"}
    assert values(record, "Person", "identifier")[0][0]["placeholder"] is True


def test_a_loaded_mapping_knows_its_name() -> None:
    assert isinstance(load_mappings("niem/nibrs")[0], LoadedMapping)
    with pytest.raises(Quarantine):
        compiled(CSV).identify(compiled(CSV).reader.root(b"{}", None))
