"""The world as CSV: cases, with persons, phones and vehicles in files beside, joined by case number."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.world import Case, World

HEADERS = {
    "cases.csv": "CASE_NO OCC_DATE OCC_TIME OFFENSE STATUS ADDRESS CITY STATE ZIP UPDATED",
    "persons.csv": "CASE_NO MNI ROLE LAST FIRST MIDDLE SUFFIX DOB SEX RACE HGT WGT EYES HAIR OLN OLS",
    "phones.csv": "CASE_NO MNI PHONE TYPE",
    "vehicles.csv": "CASE_NO MNI PLATE ST VIN YR MAKE MODEL COLOR",
}
FILES = tuple(HEADERS)

SOURCE = """\
casefold: source/1
name: tables
agency: MI9900000
connector:
  kind: csv
  path: drop
  files: cases.csv
mapping: tables
"""

MAPPING = """\
casefold: mapping/1
reader: table
key: CASE_NO
modified: UPDATED
narrative: false
join:
  persons: {files: persons.csv, key: CASE_NO}
  phones: {files: phones.csv, key: CASE_NO}
  vehicles: {files: vehicles.csv, key: CASE_NO}
lookup:
  roles: {VIC: victim, SUS: suspect, WIT: witness, RP: reporting_party}
entities:
  incident:
    type: Incident
    properties:
      number: CASE_NO
      kind: {set: incident}
      offense: OFFENSE
      status: STATUS
      start: {parts: {date: OCC_DATE, time: OCC_TIME}, normalize: {datetime: {zone: America/Detroit}}}
  scene:
    type: Location
    properties:
      full: {parts: {street: ADDRESS, city: CITY, state: STATE, postal_code: ZIP}}
  person:
    each: persons
    type: Person
    key: MNI
    master: MNI
    properties:
      name: {parts: {surname: LAST, given: FIRST, middle: MIDDLE, suffix: SUFFIX}}
      birth_date: DOB
      sex: SEX
      race: RACE
      height: HGT
      weight: WGT
      eye_color: EYES
      hair_color: HAIR
      identifier: {parts: {value: OLN, issuer: OLS}, normalize: {identifier: {kind: driver_license}}}
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: {path: ROLE, lookup: roles}}
  phone:
    each: phones
    type: Phone
    properties: {number: PHONE, kind: TYPE}
    links:
      - {type: USES, from: {entity: person, at: MNI}, to: phone}
  vehicle:
    each: vehicles
    type: Vehicle
    properties: {plate: PLATE, plate_state: ST, vin: VIN, year: YR, make: MAKE, model: MODEL, color: COLOR}
    links:
      - {type: OWNS_OR_DRIVES, from: {entity: person, at: MNI}, to: vehicle}
links:
  - {type: LOCATED_AT, from: incident, to: scene, words: {set: occurred}}
"""


def write(world: World, folder: Path) -> None:
    """Write the four files."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers = []
        for name, header in HEADERS.items():
            file = stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            writers.append(csv.writer(file))
            writers[-1].writerow(header.split())
        cases, persons, phones, vehicles = writers
        for case in world.cases():
            cases.writerow(_case(case))
            persons.writerows(_persons(case))
            phones.writerows((case.number, *phone) for phone in case.phones)
            vehicles.writerows(_vehicles(case))


def _case(case: Case) -> Sequence[object]:
    when, place = case.occurred, case.place
    return (
        case.number, when.strftime("%m/%d/%Y"), when.strftime("%H%M"), case.offense, case.status, place.street,
        place.city, "MI", place.postal_code, case.updated.strftime("%Y-%m-%d %H:%M:%S"),
    )  # fmt: skip


def _persons(case: Case) -> Iterable[Sequence[object]]:
    for role, who in case.persons:
        year, month, day = who.born.split("-")
        yield (
            case.number, who.mni, role, who.surname, who.given, who.middle, who.suffix, f"{month}/{day}/{year}",
            who.sex, who.race, f"{who.height // 12}{who.height % 12:02d}", who.weight, who.eyes, who.hair, who.licence,
            "MI" if who.licence else "",
        )  # fmt: skip


def _vehicles(case: Case) -> Iterable[Sequence[object]]:
    for car in case.vehicles:
        yield (case.number, car.mni, car.plate, "MI", car.vin, car.year, car.make, car.model, car.color)
