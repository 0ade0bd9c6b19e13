from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casefold.initialize import initialize
from casefold.settings import load_settings
from casefold.wiring import Wired, wire
from config.demo import DEMO_DAY, DEMO_SEED
from config.demo.bureau import bureau_records
from config.demo.cases import AGENCIES, BUREAU, CITY, COUNTY, Agency
from config.demo.city import city_files
from config.demo.county import county_files
from config.demo.home import PASSWORD_FILE, TRUTH, write_demo_home
from config.demo.numbers import e164
from config.demo.world import World, make_world
from mapping.trial import try_mapping
from schemas.mapped import MappedRecord

URL, PASSWORD = "http://127.0.0.1:1", "not-a-real-secret"


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(DEMO_SEED, DEMO_DAY)


@pytest.fixture(scope="module")
def home(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "demo"
    initialize(folder)
    write_demo_home(world, folder, URL, PASSWORD)
    return folder


@pytest.fixture(scope="module")
def wired(home: Path) -> dict[str, Wired]:
    settings = load_settings(home)
    return {source.settings.name: wire(settings, source) for source in settings.sources}


def bodies(world: World, agency: Agency) -> Iterator[tuple[bytes, Any]]:
    """Each record of an agency as its connector hands it to the mapping."""
    if agency is CITY:
        files = {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
            for name, text in city_files(world).items()
        }
        for row in files.pop("cases"):
            sides = {name: [one for one in rows if one["CASE_NO"] == row["CASE_NO"]] for name, rows in files.items()}
            yield b"", {**row, **sides}
    elif agency is COUNTY:
        yield from ((body, None) for body in county_files(world).values())
    else:
        yield from ((b"", record) for record in bureau_records(world))


@pytest.fixture(scope="module")
def mapped(world: World, wired: dict[str, Wired]) -> dict[str, list[MappedRecord]]:
    return {
        agency.key: [
            wired[agency.source].source.mapping.open(body, parsed).map(agency.ori)
            for body, parsed in bodies(world, agency)
        ]
        for agency in AGENCIES
    }


def values(records: list[MappedRecord], entity_type: str, name: str) -> Counter[Any]:
    """How many mentions of a type have which asserted value."""
    return Counter(
        value[0]
        for record in records
        for mention in record.mentions
        if mention.type == entity_type
        for value in mention.properties.get(name, ())
        if len(value) == 4
    )


def test_the_home_has_three_sources_with_the_bureaus_address_of_this_run(home: Path, wired: dict[str, Wired]) -> None:
    assert set(wired) == {agency.source for agency in AGENCIES}
    assert {name: one.source.agency for name, one in wired.items()} == {a.source: a.ori for a in AGENCIES}
    assert f"url: {URL} " in (home / "sources" / "lakes-bureau.yaml").read_text(encoding="utf-8")
    assert (home / TRUTH).is_file()


def test_the_bureaus_password_is_readable_by_its_owner_alone(home: Path) -> None:
    secret = home / PASSWORD_FILE

    assert secret.read_text(encoding="utf-8").strip() == PASSWORD
    assert secret.stat().st_mode & 0o077 == 0
    assert secret.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.key)
def test_the_mappings_own_tests_hold(agency: Agency, wired: dict[str, Wired]) -> None:
    source = wired[agency.source].source
    trials = [trial for mapper in source.mapping.mappers for trial in try_mapping(mapper, agency.ori)]

    assert trials
    assert [trial.complaints for trial in trials if trial.complaints] == []


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.key)
def test_every_record_has_its_own_key_and_says_one_incident_with_one_note(
    agency: Agency, world: World, wired: dict[str, Wired], mapped: dict[str, list[MappedRecord]]
) -> None:
    mapping = wired[agency.source].source.mapping
    keys = [mapping.open(body, parsed).identify().key for body, parsed in bodies(world, agency)]

    assert len(set(keys)) == len(keys) == len(world.of(agency))
    for record in mapped[agency.key]:
        types = Counter(mention.type for mention in record.mentions)
        assert (types["Incident"], types["Note"]) == (1, 1)


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.key)
def test_nothing_in_the_files_is_unreadable(agency: Agency, mapped: dict[str, list[MappedRecord]]) -> None:
    assert [note for record in mapped[agency.key] for note in record.notes] == []


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.key)
def test_every_phone_vehicle_and_role_of_the_cases_is_mapped(
    agency: Agency, world: World, mapped: dict[str, list[MappedRecord]]
) -> None:
    cases, records = world.of(agency), mapped[agency.key]
    phones = {e164(number) for case in cases for part in case.parts for number in part.phones}
    roles = Counter(part.role for case in cases for part in case.parts)
    found = Counter(
        link.role
        for record in records
        for link in record.links
        if link.type == "INVOLVED_IN" and record.mentions[link.source].type == "Person" and link.role != "officer"
    )

    assert phones <= set(values(records, "Phone", "number"))
    assert {part.car.vin for case in cases for part in case.parts if part.car} == set(values(records, "Vehicle", "vin"))
    assert found == roles


def test_every_ad_is_mapped_with_who_answers_and_who_posted(
    world: World, mapped: dict[str, list[MappedRecord]]
) -> None:
    network = world.network
    for key, postings, link_type, contact in (
        ("city", network.city_postings, "ADVERTISES", e164(network.leader.phone)),
        ("bureau", network.bureau_postings, "POSTED_BY", network.leader.email),
    ):
        told = {
            (record.mentions[link.source].basis, record.mentions[link.target].basis)
            for record in mapped[key]
            for link in record.links
            if link.type == link_type
        }
        assert {(f"{posting.site}\x1f{posting.ad_id}", contact) for posting in postings} <= told


def test_juveniles_are_protected_in_every_agencys_records(world: World, mapped: dict[str, list[MappedRecord]]) -> None:
    juveniles = {(who.given, who.surname) for who in world.network.juveniles}
    protected: set[str] = set()
    for key, records in mapped.items():
        for record in records:
            for mention in record.mentions:
                for name in mention.properties.get("name", ()):
                    if mention.type == "Person" and (name[0].get("given"), name[0].get("surname")) in juveniles:
                        assert "juvenile" in mention.protections
                        protected.add(key)

    assert protected == {"city", "county", "bureau"}


def test_burners_named_in_the_countys_narratives_are_the_phones_that_the_citys_ads_show(
    world: World, mapped: dict[str, list[MappedRecord]]
) -> None:
    read_out_of_text = {
        mention.basis
        for record in mapped["county"]
        for mention in record.mentions
        if mention.type == "Phone" and any(len(value) > 4 for value in mention.properties["number"])
    }
    shown = {
        record.mentions[link.target].basis
        for record in mapped["city"]
        for link in record.links
        if link.type == "ADVERTISES"
    }

    assert read_out_of_text & shown & {e164(number) for number in world.network.burners}


def test_a_withdrawn_record_of_the_bureau_is_known_by_its_flag(wired: dict[str, Wired]) -> None:
    opened = wired[BUREAU.source].source.mapping.open(b"", {"id": "rpt-1", "deleted": True, "updatedAt": "2026-05-01"})

    assert opened.identify().deleted
    assert opened.identify().key == "rpt-1"
