from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from lxml import etree

from config.demo import DEMO_DAY, DEMO_SEED
from config.demo.bureau import bureau_records, corrected, record_id, stamp
from config.demo.cases import BUREAU, CITY, COUNTY
from config.demo.city import city_files, write_city
from config.demo.county import county_files, write_county
from config.demo.truth import truth, write_truth
from config.demo.world import World, make_world
from config.demo.xmlwriting import SPACES, element, nested
from tests.xpath import nodes


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(DEMO_SEED, DEMO_DAY)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_city_files_are_strict_csv_in_windows_1252_with_even_rows(world: World, tmp_path: Path) -> None:
    write_city(world, tmp_path)

    for name, text in city_files(world).items():
        assert (tmp_path / name).read_bytes().decode("cp1252") == text
        assert "\r\n" in text
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(row) for row in table}) == 1
        assert len(table) > 20


def test_side_files_of_the_city_name_only_its_cases_and_persons(world: World) -> None:
    files = {name: rows(text) for name, text in city_files(world).items()}
    cases = {row["CASE_NO"] for row in files["cases.csv"]}
    persons = {(row["CASE_NO"], row["MNI"]) for row in files["persons.csv"]}

    assert cases == {case.number for case in world.of(CITY)}
    for name in ("persons.csv", "phones.csv", "vehicles.csv", "ads.csv"):
        assert {row["CASE_NO"] for row in files[name]} <= cases
    for name in ("phones.csv", "vehicles.csv"):
        assert {(row["CASE_NO"], row["MNI"]) for row in files[name] if row["MNI"]} <= persons


def test_the_citys_mess_is_real_capitals_accents_unknowns_and_many_spellings_of_phones(world: World) -> None:
    files = {name: rows(text) for name, text in city_files(world).items()}
    names = [row["NAME"] for row in files["persons.csv"]]
    phones = [row["PHONE"] for row in files["phones.csv"]]

    assert any(name.isupper() for name in names)
    assert any(not name.isupper() for name in names)
    assert all(", " in name for name in names)
    assert any("é" in text for text in city_files(world).values())
    assert {"UNK"} & {row["HGT"] for row in files["persons.csv"]}
    shapes = {"".join("9" if char.isdigit() else char for char in phone) for phone in phones}
    assert len(shapes) >= 6


def test_county_documents_are_well_formed_lexs_with_every_reference_resolved(world: World, tmp_path: Path) -> None:
    write_county(world, tmp_path)
    files = county_files(world)

    assert len(files) == len(world.of(COUNTY)) == len(list(tmp_path.iterdir()))
    for body in files.values():
        root = etree.fromstring(body)
        assert root.tag == f"{{{SPACES['lexspd']}}}doPublish"
        ids = [str(found) for found in nodes(root, "//@s:id", SPACES)]
        references = {str(found) for found in nodes(root, "//@s:ref | //@lexslib:ref", SPACES)}
        assert len(ids) == len(set(ids))
        assert references <= set(ids)


def test_a_county_person_known_by_a_street_name_has_no_other_name(world: World) -> None:
    street_name = world.network.leader.street_name
    numbers = truth(world)["answer"]["phone_users"]

    for number in numbers:
        root = etree.fromstring(county_files(world)[f"{number}.xml"])
        path = "//lexsdigest:Person[nc:PersonAlternateName/nc:PersonFullName=$name]"
        persons = nodes(root, path, SPACES, name=street_name)
        assert len(persons) == 1
        assert not nodes(persons[0], "nc:PersonName | nc:PersonBirthDate", SPACES)


def test_bureau_records_are_json_in_the_order_of_their_changes(world: World) -> None:
    records = bureau_records(world)

    assert json.loads(json.dumps(records)) == records
    assert [record["updatedAt"] for record in records] == sorted(record["updatedAt"] for record in records)
    assert {record["reportNumber"] for record in records} == {case.number for case in world.of(BUREAU)}
    assert len({record["id"] for record in records}) == len(records)


def test_a_correction_replaces_one_phone_and_moves_the_change_date(world: World) -> None:
    answer = truth(world)["correction"]
    record = next(one for one in bureau_records(world) if one["id"] == answer["changed_key"])
    later = world.cases[-1].updated

    changed = corrected(record, answer["old_phone"], answer["new_phone"], later)

    assert answer["old_phone"] in json.dumps(record)
    assert answer["old_phone"] not in json.dumps(changed)
    assert changed["persons"][0]["phones"][0]["number"] == answer["new_phone"]
    assert changed["updatedAt"] == stamp(later) > record["updatedAt"]
    assert {**changed, "persons": 0, "updatedAt": 0} == {**record, "persons": 0, "updatedAt": 0}


def test_ids_and_times_have_the_bureaus_form(world: World) -> None:
    assert record_id("LSB-2026-00417") == "rpt-00417"
    assert stamp(world.cases[0].occurred).endswith(".000Z")


def test_the_truth_is_written_as_json(world: World, tmp_path: Path) -> None:
    write_truth(world, tmp_path / "truth.json")

    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8")) == truth(world)


def test_elements_nest_by_path_and_leave_out_what_is_not_there() -> None:
    made = element("nc:Person", None, nested("nc:PersonName/nc:PersonSurName", "Roe"), s_id="P1")

    assert made.xpath("string(nc:PersonName/nc:PersonSurName)", namespaces=SPACES) == "Roe"
    assert made.get(f"{{{SPACES['s']}}}id") == "P1"
