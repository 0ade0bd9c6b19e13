"""The world as JSON: what a REST interface of a records system answers, page by page, oldest change first."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from benchmarks.world import Case, World

PAGE = 500
"""Records of one page: some 500 kB, as interfaces made for bulk exchange allow."""
RECORDS, PLACES = "records.json", "records.places"

SOURCE = """\
casefold: source/1
name: pages
agency: MI9900000
connector:
  kind: rest
  url: ADDRESS
  path: reports
  records: data.items
  pagination: {kind: offset, size: 500}
  incremental: {parameter: updated_after, field: updatedAt, ordered: true}
  envelope_error: {path: success}
  allow_private: true
mapping: pages
"""

MAPPING = """\
casefold: mapping/1
reader: json
key: id
modified: updatedAt
narrative: false
lookup:
  roles: {VIC: victim, SUS: suspect, WIT: witness, RP: reporting_party}
entities:
  incident:
    type: Incident
    properties:
      number: reportNumber
      kind: {set: incident}
      offense: offense.description
      status: status
      start: eventStart
  scene:
    type: Location
    properties:
      full: {parts: {street: location.street, city: location.city, state: location.state, postal_code: location.zip}}
  person:
    each: persons
    type: Person
    key: masterPersonId
    master: masterPersonId
    properties:
      name: {parts: {surname: lastName, given: firstName, middle: middleName, suffix: suffix}}
      birth_date: dateOfBirth
      sex: sex
      race: race
      height: {parts: {value: heightInches, unit: heightUnit}}
      weight: weightPounds
      eye_color: eyeColor
      hair_color: hairColor
      identifier:
        parts: {value: driverLicense.number, issuer: driverLicense.state}
        normalize: {identifier: {kind: driver_license}}
    entities:
      phone:
        each: phones
        type: Phone
        properties: {number: number, kind: type}
      vehicle:
        each: vehicles
        type: Vehicle
        properties: {vin: vin, plate: plate, plate_state: plateState, year: year, make: make, model: model}
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: {path: involvement, lookup: roles}}
      - {type: USES, from: person, to: phone}
      - {type: OWNS_OR_DRIVES, from: person, to: vehicle}
links:
  - {type: LOCATED_AT, from: incident, to: scene, words: {set: occurred}}
"""


def write(world: World, folder: Path) -> None:
    """Write all records, oldest change first, and where each begins and when it changed (Unix milliseconds)."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = list(range(world.size))
    if world.changed:
        ordered.sort(key=world.is_revised)
    places = array("q")
    with (folder / RECORDS).open("wb") as file:
        for ordinal in ordered:
            case = world.case(ordinal)
            places.extend((file.tell(), int(case.updated.timestamp() * 1000)))
            file.write(orjson.dumps(record(case)) + b",")
        places.extend((file.tell(), 0))
    (folder / PLACES).write_bytes(places.tobytes())


class Book:
    """The records of a folder as the pages that the interface answers."""

    def __init__(self, folder: Path) -> None:
        """Open what `write` has written."""
        self._file = (folder / RECORDS).open("rb")
        places = array("q", (folder / PLACES).read_bytes())
        self._begins, self.updated = places[::2], places[1:-2:2]

    def __len__(self) -> int:
        return len(self.updated)

    def page(self, first: int, count: int, total: int) -> bytes:
        """The body of the answer that holds these records."""
        last = min(first + count, len(self))
        self._file.seek(self._begins[first])
        found = self._file.read(self._begins[last] - self._begins[first])[:-1] if first < last else b""
        return b'{"success":true,"data":{"total":%d,"items":[%s]}}' % (total, found)

    def pages(self, count: int = PAGE) -> Iterator[bytes]:
        """Every page, as a first sync is given them."""
        for first in range(0, len(self), count):
            yield self.page(first, count, len(self))

    def close(self) -> None:
        """Give back the file."""
        self._file.close()


def record(case: Case) -> dict[str, Any]:
    """One report as the interface gives it."""
    return {
        "id": f"rpt-{case.number}",
        "reportNumber": case.number,
        "updatedAt": instant(case.updated),
        "eventStart": instant(case.occurred),
        "status": case.status,
        "offense": {"code": f"{len(case.offense) * 37:04d}", "description": case.offense},
        "location": {
            "street": case.place.street,
            "city": case.place.city,
            "state": "MI",
            "zip": case.place.postal_code,
        },
        "persons": [_person(case, role, number) for number, (role, _) in enumerate(case.persons)],
    }


def instant(moment: datetime) -> str:
    """A moment as the interface writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _person(case: Case, role: str, number: int) -> dict[str, Any]:
    who = case.persons[number][1]
    return {
        "personId": f"{case.number}-{number + 1}",
        "masterPersonId": f"MP{who.mni}",
        "involvement": role,
        "lastName": who.surname,
        "firstName": who.given,
        "middleName": who.middle or None,
        "suffix": who.suffix or None,
        "dateOfBirth": who.born,
        "sex": who.sex,
        "race": who.race,
        "heightInches": who.height,
        "heightUnit": "INH",
        "weightPounds": who.weight,
        "eyeColor": who.eyes,
        "hairColor": who.hair,
        "driverLicense": {"number": who.licence, "state": "MI"} if who.licence else None,
        "phones": [{"number": p.number, "type": p.kind} for p in case.phones if p.mni == who.mni],
        "vehicles": [
            {
                "plate": car.plate, "plateState": "MI", "vin": car.vin, "year": car.year, "make": car.make,
                "model": car.model, "color": car.color,
            }
            for car in case.vehicles
            if car.mni == who.mni
        ],
    }  # fmt: skip
