"""The benchmarks' world, and the figures that are made of what it measures."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import orjson
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from benchmarks.figures import Figures
from benchmarks.shapes import messages, pages, tables
from benchmarks.world import World, narrative
from mapping.normalize import bind
from mapping.normalize.vehicle import vin_check_digit

if TYPE_CHECKING:
    from pathlib import Path

CASES = 300


def test_a_larger_world_begins_with_the_smaller_one() -> None:
    assert list(World(20).cases()) == list(World(CASES).cases())[:20]


def test_one_seed_gives_one_world_and_another_seed_another() -> None:
    assert World(CASES).case(7) == World(CASES).case(7)
    assert World(CASES, seed=1).case(7) != World(CASES, seed=2).case(7)


def test_the_second_export_has_one_case_in_a_hundred_otherwise_and_under_the_same_number() -> None:
    before, after = World(20_000), World(20_000, changed=True)
    revised = [ordinal for ordinal in range(20_000) if before.is_revised(ordinal)]
    assert 150 < len(revised) < 250
    for ordinal in (*revised[:20], *(one + 1 for one in revised[:20])):
        one, other = before.case(ordinal), after.case(ordinal)
        assert (one != other) == before.is_revised(ordinal)
        assert one.number == other.number
        assert one.updated <= other.updated


def test_numbers_are_fictional_and_yet_read() -> None:
    phone = bind("phone")
    for case in World(CASES).cases():
        for written in case.phones:
            number = phone(written.number)
            assert isinstance(number, str)
            assert number[5:10] == "55501"
        assert all(vin_check_digit(car.vin) for car in case.vehicles)


def test_people_and_phones_come_back_in_other_cases() -> None:
    cases = list(World(3_000).cases())
    people = [person.mni for case in cases for _, person in case.persons]
    assert len(set(people)) < 0.8 * len(people)
    assert len({bind("phone")(phone.number) for case in cases for phone in case.phones}) < 0.95 * len(cases)


def test_the_tables_join_by_case_number(tmp_path: Path) -> None:
    tables.write(World(CASES), tmp_path)
    rows = {name: list(csv.DictReader((tmp_path / name).read_text("utf-8").splitlines())) for name in tables.FILES}
    numbers = {row["CASE_NO"] for row in rows["cases.csv"]}
    assert len(numbers) == CASES
    assert all(row["CASE_NO"] in numbers for name in tables.FILES for row in rows[name])


def test_the_messages_are_well_formed_and_of_about_a_hundred_elements(tmp_path: Path) -> None:
    messages.write(World(CASES), tmp_path)
    found = etree.parse(str(tmp_path / messages.FILE)).findall(".//{*}PublishMessage")
    assert len(found) == CASES
    assert 80 < sum(len(list(message.iter())) for message in found) / CASES < 150


def test_the_pages_hold_every_record_once_oldest_change_first(tmp_path: Path) -> None:
    pages.write(World(1_100, changed=True), tmp_path)
    book = pages.Book(tmp_path)
    bodies = [orjson.loads(body) for body in book.pages()]
    records = [record for body in bodies for record in body["data"]["items"]]
    assert [len(body["data"]["items"]) for body in bodies] == [500, 500, 100]
    assert len({record["id"] for record in records}) == 1_100 == bodies[0]["data"]["total"]
    assert sorted(book.updated) == list(book.updated)
    assert orjson.loads(book.page(1_100, 500, 0))["data"]["items"] == []
    book.close()


def test_a_narrative_names_the_phone_of_its_case() -> None:
    case = World(CASES).case(3)
    assert case.phones[0].number in narrative(case, 3)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=7), st.floats(0.1, 10))
def test_a_figure_holds_when_its_median_reaches_the_goal(rounds: list[float], goal: float) -> None:
    figures = Figures()
    for value in rounds:
        figures.note("more", value, "a rate", goal)
        figures.note("less", value, "a cost", goal, "less")
        figures.note("said", value, "neither")
    middle = figures["more"].value
    assert min(rounds) <= middle <= max(rounds)
    assert figures["more"].ok == (middle >= goal)
    assert figures["less"].ok == (middle <= goal)
    assert figures.ok == (middle == goal)
    assert figures.as_json()["said"]["goal"] is None
    assert figures.table().count("\n") == 4
