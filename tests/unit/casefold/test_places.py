"""A connector names the setting that it stumbled over; the user hears the file and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefold.columns import missing_columns
from casefold.initialize import initialize
from casefold.places import located
from casefold.settings import load_settings
from casefold.wiring import Wired, wire

SOURCE = """\
agency: MI8234500
connector:
  kind: rest
  url: https://rms.example.gov
  auth:
    kind: basic
    username: casefold
    password: env:RMS_PASSWORD
mapping: rms.yaml
"""
MAPPING = """\
casefold: mapping/1
reader: table
key: NO
join:
  people: {files: "p*.csv", key: NO}
entities:
  incident: {type: Incident, properties: {number: NO}}
  person:
    each: people
    when: {path: ROLE, not: "X"}
    type: Person
    properties:
      name: {parts: {surname: LAST, given: FIRTS}}
      birth_date: {first: [DOB, ../BORN]}
tests:
  - {name: one, record: {NO: "1", ELSE: x}, expect: {}}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    initialize(tmp_path)
    (tmp_path / "sources" / "rms.yaml").write_text(SOURCE)
    (tmp_path / "mappings" / "rms.yaml").write_text(MAPPING)
    (tmp_path / "drop" / "police").mkdir(parents=True)
    return tmp_path


def wired(home: Path) -> Wired:
    settings = load_settings(home)
    return wire(settings, settings.sources[0])


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        ("`url` is odd", "sources/rms.yaml:4: connector.url: `url` is odd"),
        ("the environment variable RMS_PASSWORD is not set", "sources/rms.yaml:8: connector.auth.password: the env"),
        ("something is odd", "sources/rms.yaml:2: connector: something is odd"),
        ("join `vehicles`: no such join", "sources/rms.yaml:2: connector: join `vehicles`"),
        ("join `people`: `key`: x has no column `NO`", "mappings/rms.yaml:5: join.people.key: join `people`"),
    ],
)
def test_a_complaint_gets_the_line_of_what_it_names(home: Path, complaint: str, said: str) -> None:
    assert located(wired(home), f"source rms: {complaint}", home).startswith(said)


def test_a_folder_that_cannot_be_listed_gives_no_neighbour(home: Path) -> None:
    (home / "drop" / "file").write_text("")
    source = "agency: MI8234500\nconnector:\n  kind: csv\n  path: drop/file/x\nmapping: rms.yaml\n"
    (home / "sources" / "rms.yaml").write_text(source)
    said = located(wired(home), "source rms: `path` is odd", home)
    assert said == "sources/rms.yaml:4: connector.path: `path` is odd"


def test_what_is_no_complaint_about_this_source_stays_as_it_is(home: Path) -> None:
    assert located(wired(home), "a.yaml:1: x", home) == "a.yaml:1: x"


@pytest.mark.parametrize(
    ("path", "near"),
    [("drop/polise", "'drop/police'"), ("dorp/police", "'drop'"), ("drop/zzz", None), ("/nowhere/at/all", None)],
)
def test_a_misspelled_folder_is_told_the_nearest_that_is_there(home: Path, path: str, near: str | None) -> None:
    source = f"agency: MI8234500\nconnector:\n  kind: csv\n  path: {path}\nmapping: rms.yaml\n"
    (home / "sources" / "rms.yaml").write_text(source)
    said = located(wired(home), f"source rms: `path` {path} does not exist", home)
    assert said.startswith("sources/rms.yaml:4: connector.path: ")
    assert said.endswith(f"did you mean {near}?" if near else "does not exist")


def test_columns_that_no_file_has_are_named_with_line_and_neighbour(home: Path) -> None:
    (loaded,) = wired(home).loaded
    (slip,) = missing_columns(loaded, ["NO", "LAST", "FIRST", "DOB", "ROLE", "BORN"])
    assert slip.startswith("mappings/rms.yaml:13: entities.person.properties.name.parts: ")
    assert slip.endswith("no file has a column 'FIRTS'; did you mean 'FIRST'?")
    assert [said.split(": ")[0] for said in missing_columns(loaded, ["NO", "LAST", "FIRTS"])] == [
        "mappings/rms.yaml:10",
        "mappings/rms.yaml:14",
        "mappings/rms.yaml:14",
    ]
