"""Incident and booking extracts of five agencies, read with mappings of YAML only: each row is accounted for."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import cli

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "csv"
TEMPLATE = Path(__file__).parent / "real"
EXTRACTS = {
    "butte": "butte_ca_booking_log_SCRUBBED.csv",
    "carrollton": "carrollton_ga_pd_incidents_2017.csv",
    "citrus": "citrus_college_crime_log_2020.csv",
    "nibrs": "nibrs_xml_extract_vt.csv",
    "sfpd": "sfpd_incidents_sample.csv",
}
TABLES = ("record", "record_body", "mention", "link", "node", "change")
BOOKED = 235
"""Persons in the booking log, counted by hand; all other rows of it are charges."""

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real extracts are not beside the project")


def make_home(home: Path, batch_size: int) -> Path:
    """A home over the extracts, with one identity key for all such homes."""
    shutil.copytree(TEMPLATE, home)
    (home / "sources" / "niem.yaml").unlink()
    (home / "identity.key").write_text("one key for every home of this test, so that ids can be compared\n")
    (home / "csv").symlink_to(DATA.resolve(), target_is_directory=True)
    for path in (home / "sources").iterdir():
        path.write_text(f"{path.read_text()}batch_size: {batch_size}\n")
    return home


def sync(home: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    done = cli("sync", *arguments, "--home", home, "--json")
    assert done.code in {0, 1}, done.err
    return {result["name"]: result for result in done.json["sources"]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("real") / "home", 1000)


@pytest.fixture(scope="module")
def first(home: Path) -> dict[str, dict[str, Any]]:
    return sync(home)


@pytest.fixture(scope="module")
def lines(home: Path, first: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in cli("export", "--home", home).out.splitlines()]


def rows(name: str) -> list[list[str]]:
    """The rows of an extract that are not blank, read by nothing of ours."""
    with (DATA / EXTRACTS[name]).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in list(csv.reader(file))[1:] if any(cell.strip() for cell in row)]


def test_the_mappings_pass_their_own_tests_and_read_columns_that_are_there(home: Path) -> None:
    steps = cli("check", "--home", home, "--json").json["sources"]
    assert set(steps) == set(EXTRACTS)
    for name, found in steps.items():
        assert [step for step in found if step["outcome"] == "fail"] == [], name
        assert [step["outcome"] for step in found if step["step"] == "columns"] == ["pass"], name


@pytest.mark.parametrize("name", list(EXTRACTS))
def test_every_row_is_mapped_ignored_or_quarantined(first: dict[str, dict[str, Any]], name: str) -> None:
    result = first[name]
    assert "error" not in result
    assert result["pulled"] == len(rows(name))
    assert result["mapped"] + result["ignored"] + result["quarantined"] + result["unchanged"] == result["pulled"]
    assert result["ignored"] == sum(result.get("reasons", {}).values())


def test_what_waits_and_what_is_said_twice_is_what_the_extracts_hold(
    first: dict[str, dict[str, Any]], home: Path
) -> None:
    held = cli("quarantine", "list", "--each", "--home", home, "--json").json["quarantine"]
    assert Counter(entry["source"] for entry in held) == {"citrus": first["citrus"]["quarantined"]}
    assert {entry["reason"] for entry in held} == {"the record has no key"}
    without_number = [row for row in rows("citrus") if not row[1].strip()]
    assert len(held) == len(without_number)
    for name in EXTRACTS:
        found = rows(name)
        if first[name]["unchanged"]:
            assert first[name]["unchanged"] <= len(found) - len({tuple(row) for row in found}), name


def of(lines: list[dict[str, Any]], kind: str, source: str) -> list[dict[str, Any]]:
    return [
        line
        for line in lines
        if line["kind"] == "node" and line["type"] == kind and any(one["source"] == source for one in line["mentions"])
    ]


def test_no_person_is_made_of_a_charge(lines: list[dict[str, Any]], first: dict[str, dict[str, Any]]) -> None:
    people = of(lines, "Person", "butte")
    booked = [row for row in rows("butte") if row[2].strip()]
    assert len(booked) == first["butte"]["mapped"] == BOOKED
    assert len(people) == len({row[0] for row in booked})
    assert sum(len(person["mentions"]) for person in people) == BOOKED
    names = {row[1] for row in booked}
    for person in people:
        assert len(person["properties"]["birth_date"]) >= 1
        (name,) = person["properties"]["name"]
        assert f"{name['surname']}, {name['given']}".upper() in names
    assert len(of(lines, "Arrest", "butte")) == len({(row[0], row[3]) for row in booked})


def test_extracts_without_names_give_nobody_a_name(lines: list[dict[str, Any]]) -> None:
    for source in ("carrollton", "citrus", "sfpd"):
        assert of(lines, "Person", source) == []
    assert of(lines, "Person", "nibrs")
    assert not [person for person in of(lines, "Person", "nibrs") if "name" in person["properties"]]


@pytest.mark.parametrize("name", ["carrollton", "citrus", "sfpd"])
def test_every_incident_has_its_number_and_its_day(lines: list[dict[str, Any]], name: str) -> None:
    column, day = {"carrollton": (0, 1), "citrus": (1, 3), "sfpd": (8, 0)}[name]
    header = [found for found in rows(name) if found[column] == "Case Number"]  # repeated on each page of one log
    reports = [row for row in rows(name) if row[column].strip() and row not in header]
    numbers = {row[column].strip() for row in reports}
    found = {
        number: line
        for line in of(lines, "Incident", name)
        for number in line["properties"].get("number", [])
        if line["properties"].get("kind") == ["incident"]
    }
    assert set(found) == numbers
    undated = [number for number, line in found.items() if "start" not in line["properties"]]
    blank = [row[column].strip() for row in reports if not any(character.isdigit() for character in row[day])]
    assert sorted(undated) == sorted(set(blank))


@pytest.fixture
def written(home: Path, first: object) -> Iterator[list[str]]:
    """Names of the tables that somebody writes to while the test runs."""
    with closing(sqlite3.connect(home / "casefold.db")) as database, database:
        database.execute("CREATE TABLE written_to (name TEXT)")
        for table in TABLES:
            for event in ("INSERT", "UPDATE", "DELETE"):
                database.execute(
                    f'CREATE TRIGGER spy_{table}_{event} AFTER {event} ON "{table}" '
                    f"BEGIN INSERT INTO written_to VALUES ('{table}'); END"
                )
    names: list[str] = []
    yield names
    with closing(sqlite3.connect(home / "casefold.db")) as database, database:
        for table in TABLES:
            for event in ("INSERT", "UPDATE", "DELETE"):
                database.execute(f"DROP TRIGGER spy_{table}_{event}")
        database.execute("DROP TABLE written_to")


@pytest.mark.parametrize("full", [(), ("--full",)])
def test_a_second_sync_maps_nothing_and_writes_no_row(home: Path, written: list[str], full: tuple[str, ...]) -> None:
    before = cli("export", "--home", home).out
    again = sync(home, *full)
    for name, result in again.items():
        assert (result["mapped"], result["deleted"], result["mentions"], result["links"]) == (0, 0, 0, 0), name
    with closing(sqlite3.connect(home / "casefold.db")) as database:
        assert database.execute("SELECT name, count(*) FROM written_to GROUP BY name").fetchall() == []
    assert cli("export", "--home", home).out == before


@pytest.mark.parametrize("batch_size", [1, 7])
def test_the_size_of_a_batch_changes_no_byte_of_the_export(
    home: Path, first: object, tmp_path: Path, batch_size: int
) -> None:
    other = make_home(tmp_path / "home", batch_size)
    sync(other)
    assert cli("export", "--home", other).out == cli("export", "--home", home).out
