"""A fictional county's cases, one after the other, from a seed: the same world for every shape, engine and round.

A case is drawn from its number alone: any part of the world can be made by itself, a larger world begins with the
smaller one, and nothing is kept in memory. People come back in other cases under their number in the agency's master
name index, and some share a telephone, so that nodes meet as they do in real files.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from config.demo.numbers import check_digit
from config.demo.words import CARS, COLORS, GIVEN_F, GIVEN_M, STREET_KINDS, STREETS, SURNAMES, TOWNS
from mapping.normalize.nanp import PLAIN_AREAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20_261_122
FIRST_DAY = datetime(2020, 1, 1, 6, 0, tzinfo=UTC)
MINUTES_APART = 13
"""Between two cases' last changes: 200,000 of them are five years of a county's work."""
SECOND_EXPORT = datetime(2035, 1, 1, 6, 0, tzinfo=UTC)
"""After this moment everything changed that the second export has otherwise."""
INDEX, NEW_PERSONS = 50, 1.6
"""The master name index when the first case came, and by how many entries it grows with each case."""

GIVEN = (*GIVEN_F, *GIVEN_M)
OFFENSES = (
    "LARCENY FROM VEHICLE", "ASSAULT AND BATTERY", "BURGLARY - FORCED ENTRY", "DOMESTIC VIOLENCE", "FRAUD - WIRE",
    "MALICIOUS DESTRUCTION OF PROPERTY", "OPERATING WHILE INTOXICATED", "RETAIL FRAUD", "MISSING PERSON",
    "SUSPICIOUS SITUATION", "HIT AND RUN - PROPERTY DAMAGE", "TRESPASS", "COMMERCIALIZED SEX", "RUNAWAY JUVENILE",
)  # fmt: skip
STATUSES = ("OPEN", "CLOSED", "CLEARED BY ARREST", "INACTIVE")
AREA_CODES = tuple(sorted(PLAIN_AREAS))
PHONE_FORMS = ("{}-555-01{:02d}", "({}) 555-01{:02d}", "{}.555.01{:02d}", "{}55501{:02d}", "1-{}-555-01{:02d}")
"""With 555-0100 to 555-0199 there are 39,000 numbers that belong to nobody, so each comes up often in a large world."""
ROLES = ("VIC", "SUS", "WIT", "RP")
SUFFIXES = ("JR", "SR", "III")
RACES, EYES, HAIR = ("W", "B", "A", "I", "U"), ("BRO", "BLU", "GRN", "HAZ"), ("BRO", "BLK", "BLN", "GRY", "RED")
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_YEAR_CODES = "ABCDEFGHJKLMNPRS"
_SPREAD = 2_654_435_761
"""Knuth's multiplier: scatters neighbours over the whole range."""


class Person(NamedTuple):
    """One entry of the master name index."""

    mni: int
    surname: str
    given: str
    middle: str
    suffix: str
    born: str
    sex: str
    race: str
    height: int
    weight: int
    eyes: str
    hair: str
    licence: str


class Phone(NamedTuple):
    """A number as somebody wrote it down, and whose it is."""

    mni: int
    number: str
    kind: str


class Vehicle(NamedTuple):
    """A car, and who drove it."""

    mni: int
    plate: str
    vin: str
    year: int
    make: str
    model: str
    color: str


class Place(NamedTuple):
    """Where it happened."""

    street: str
    city: str
    postal_code: str


class Case(NamedTuple):
    """One case as the agency has it on file."""

    number: str
    occurred: datetime
    updated: datetime
    offense: str
    status: str
    place: Place
    persons: tuple[tuple[str, Person], ...]
    """Each with the role in this case."""
    phones: tuple[Phone, ...]
    vehicles: tuple[Vehicle, ...]


class World:
    """The cases of one county, as its first export has them or (`changed`) as the second one does."""

    def __init__(self, size: int, *, changed: bool = False, seed: int = SEED) -> None:
        """Take the number of cases."""
        self.size, self.changed, self._seed = size, changed, seed

    def cases(self) -> Iterator[Case]:
        """Every case in the order of its number."""
        return map(self.case, range(self.size))

    def is_revised(self, ordinal: int) -> bool:
        """Whether the second export has this case otherwise: one in a hundred, scattered."""
        return crc32(b"%d" % ordinal) % 100 == 0

    def case(self, ordinal: int) -> Case:
        """One case, from its ordinal alone."""
        rng = Random(self._seed * 1_000_003 + ordinal)
        draw = rng.random
        updated = FIRST_DAY + timedelta(minutes=MINUTES_APART * ordinal)
        number = f"{updated.year % 100}-{ordinal:07d}"
        occurred = updated - timedelta(minutes=int(draw() * 20_000) + 30)
        index = range(INDEX + int(ordinal * NEW_PERSONS))
        people = [self.person(entry) for entry in rng.sample(index, 3 if draw() < 0.4 else 2)]
        persons = tuple((ROLES[place], one) for place, one in enumerate(people))
        phones = [_phone(people[0].mni, draw)]
        if draw() < 0.15:
            phones.append(_phone(people[-1].mni, draw))
        vehicles = (self._vehicle(people[-1].mni),) if draw() < 0.75 else ()
        status = STATUSES[int(draw() * len(STATUSES))]
        offense, place = OFFENSES[int(draw() * len(OFFENSES))], _place(draw)
        if self.changed and self.is_revised(ordinal):
            status, updated = "REOPENED", SECOND_EXPORT + timedelta(minutes=ordinal)
            phones[0] = _phone(people[-1].mni, draw)
        return Case(number, occurred, updated, offense, status, place, persons, tuple(phones), vehicles)

    def person(self, entry: int) -> Person:
        """One entry of the master name index."""
        draw = Random(self._seed * 1_000_033 + entry).random
        surname = SURNAMES[int(draw() * len(SURNAMES))]
        if draw() < 0.3:  # as many surnames as a county has
            surname = surname[:4].rstrip("-'") + SURNAMES[int(draw() * len(SURNAMES))][-4:].lower()
        female = draw() < 0.5
        given = (GIVEN_F if female else GIVEN_M)[int(draw() * (len(GIVEN_F) if female else len(GIVEN_M)))]
        middle = GIVEN[int(draw() * len(GIVEN))] if draw() < 0.6 else ""
        if draw() < 0.5:
            surname, given, middle = surname.upper(), given.upper(), middle.upper()
        born = f"{1940 + int(draw() * 70)}-{1 + int(draw() * 12):02d}-{1 + int(draw() * 28):02d}"
        licence = f"{surname[0].upper()}{int(draw() * 10**12):012d}" if draw() < 0.7 else ""
        return Person(
            mni=104_500 + entry * 7,
            surname=surname,
            given=given,
            middle=middle,
            suffix=SUFFIXES[int(draw() * 3)] if draw() < 0.04 else "",
            born=born,
            sex="F" if female else "M",
            race=RACES[int(draw() * 5)],
            height=60 + int(draw() * 17),
            weight=105 + int(draw() * 160),
            eyes=EYES[int(draw() * 4)],
            hair=HAIR[int(draw() * 5)],
            licence=licence,
        )

    def _vehicle(self, mni: int) -> Vehicle:
        """A person's car, the same in every case."""
        draw = Random(self._seed * 1_000_037 + mni).random
        make, model = CARS[int(draw() * len(CARS))]
        age = int(draw() * len(_YEAR_CODES))
        letters = "".join([_VIN_LETTERS[int(draw() * len(_VIN_LETTERS))] for _ in range(5)])
        draft = f"1ZZ{letters}0{_YEAR_CODES[age]}A{100_000 + int(draw() * 899_999)}"
        plate = f"X{_VIN_LETTERS[int(draw() * 23)]}{_VIN_LETTERS[int(draw() * 23)]}{1000 + int(draw() * 8999)}"
        color = COLORS[int(draw() * len(COLORS))][0]
        return Vehicle(mni, plate, draft[:8] + check_digit(draft) + draft[9:], 2010 + age, make, model, color)


def _phone(mni: int, draw: Callable[[], float]) -> Phone:
    """A person's number, as written this time; one in five shares it with the household."""
    holder = mni // 7 // 3 if mni % 5 == 0 else mni // 7 + 1_000_000
    mixed = holder * _SPREAD % (len(AREA_CODES) * 100)
    area, line = AREA_CODES[mixed // 100], mixed % 100
    form = PHONE_FORMS[int(draw() * len(PHONE_FORMS))]
    return Phone(mni, form.format(area, line), ("CELL", "HOME", "WORK")[int(draw() * 3)])


def _place(draw: Callable[[], float]) -> Place:
    city, code = TOWNS[int(draw() * len(TOWNS))]
    street = f"{100 + int(draw() * 9800)} {STREETS[int(draw() * len(STREETS))]} {STREET_KINDS[int(draw() * 5)]}"
    return Place(street, city, code)


_NOTES = (
    "Officer spoke with the reporting party, who stated the suspect can be reached at {phone}.",
    "Listing posted at https://skipads.example/post/{ordinal} gives {dotted} as the contact.",
    "Victim was paid {money} through Cash App ${tag} and was told to write to {mail}.",
    "Vehicle was a dark sedan bearing MI plate {plate}, last seen northbound.",
    "Suspect uses the Instagram account @{tag}.",
    "No further leads at this time; the case remains open pending laboratory results.",
    "Witness did not recall the exact time but believes that it was shortly after closing.",
)


def narrative(case: Case, ordinal: int) -> str:
    """A note such as an officer writes about the case: seven sentences, most with something to find."""
    phone = case.phones[0].number
    plate = case.vehicles[0].plate if case.vehicles else "XAB1234"
    person = case.persons[0][1]
    tag = f"{person.given}{person.mni % 1000}".lower().encode("ascii", "ignore").decode()
    fields = {
        "phone": phone, "dotted": phone.replace("-", "."), "ordinal": 70_000 + ordinal, "plate": plate, "tag": tag,
        "money": f"${40 + ordinal % 400}", "mail": f"{tag}@postbox.example",
    }  # fmt: skip
    return " ".join(sentence.format(**fields) for sentence in _NOTES)
