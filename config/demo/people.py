"""The people of the fictional region, and where they live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from config.demo.numbers import Phones, licence, plate, vin
from config.demo.words import (
    CARS,
    COLORS,
    GIVEN_F,
    GIVEN_M,
    MAIL_DOMAINS,
    NICKNAMES,
    STREET_KINDS,
    STREETS,
    SURNAMES,
    TOWNS,
)  # fmt: skip

ADULT = 18
STATE = "MI"


@dataclass(frozen=True, slots=True)
class Place:
    """An address, with the name of the house where it has one."""

    street: str
    city: str
    postal_code: str
    name: str = ""
    kind: str = "residence"


@dataclass(frozen=True, slots=True)
class Car:
    """A car with its plate and VIN."""

    plate: str
    vin: str
    year: int
    make: str
    model: str
    color: str
    """NCIC code."""
    color_word: str

    def said(self) -> str:
        """The car as an officer writes it in a narrative."""
        return f"{self.color_word.lower()} {self.year} {self.make} {self.model}, {STATE} plate {self.plate}"


@dataclass(frozen=True, slots=True)
class Human:
    """One human being of the fiction; roles are given by cases, not here."""

    id: int
    given: str
    middle: str
    surname: str
    sex: str
    race: str
    born: date
    height: int
    """Inches."""
    weight: int
    """Pounds."""
    home: Place
    licence: str = ""
    phone: str = ""
    email: str = ""
    street_name: str = ""
    car: Car | None = None
    accounts: tuple[tuple[str, str], ...] = ()
    payments: tuple[str, ...] = ()
    burners: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """Given name and surname, as one says it."""
        return f"{self.given} {self.surname}"

    @property
    def nickname(self) -> str:
        """What friends call them; empty when nobody shortens the name."""
        return NICKNAMES.get(self.given, "")

    def age(self, day: date) -> int:
        """Full years on that day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def minor(self, day: date) -> bool:
        """Whether the person was a juvenile on that day."""
        return self.age(day) < ADULT


class Town:
    """Makes people, cars and addresses, each once."""

    def __init__(self, rng: Random, phones: Phones, today: date) -> None:
        """Draw everything from `rng`; `today` decides who is a juvenile."""
        self.rng = rng
        self.phones = phones
        self.today = today
        self._names = [(given, sex) for sex, names in (("F", GIVEN_F), ("M", GIVEN_M)) for given in names]
        self._taken: set[tuple[str, str]] = set()
        self._made = 0

    def place(self) -> Place:
        """A private address."""
        rng = self.rng
        city, postal_code = rng.choice(TOWNS)
        street = f"{rng.randrange(100, 2900)} {rng.choice(STREETS)} {rng.choice(STREET_KINDS)}"
        return Place(street, city, postal_code)

    def house(self, name: str, kind: str) -> Place:
        """A named house: a motel, a shop, a shelter."""
        return replace(self.place(), name=name, kind=kind)

    def car(self) -> Car:
        """A car of the last fifteen years."""
        rng = self.rng
        year = rng.randrange(2011, 2026)
        make, model = rng.choice(CARS)
        color, word = rng.choice(COLORS)
        return Car(plate(rng), vin(rng, year), year, make, model, color, word)

    def human(self, youngest: int = 18, oldest: int = 78, sex: str | None = None) -> Human:
        """Somebody whose name nobody else here bears, of an age in years between the two."""
        rng = self.rng
        given, drawn = rng.choice([entry for entry in self._names if sex in (None, entry[1])])
        surname = rng.choice(SURNAMES)
        while (given, surname) in self._taken:
            surname = rng.choice(SURNAMES)
        self._taken.add((given, surname))
        self._made += 1
        days = rng.randrange(int(youngest * 365.25) + 30, int(oldest * 365.25) + 360)
        return Human(
            id=self._made,
            given=given,
            middle=rng.choice(("", "", rng.choice("ABCDEFGHJKLMNPRSTW"), rng.choice(self._names)[0])),
            surname=surname,
            sex=drawn,
            race=rng.choice("WWWWBBBIAU"),
            born=self.today - timedelta(days=days),
            height=rng.randrange(60, 68) if drawn == "F" else rng.randrange(65, 76),
            weight=rng.randrange(105, 240),
            home=self.place(),
        )

    def resident(self) -> Human:
        """An adult with a phone, mostly a licence, sometimes a car or an e-mail."""
        rng = self.rng
        human = self.human()
        named = f"{human.given[0]}.{human.surname}{rng.randrange(10, 99)}".lower().replace("'", "").replace("é", "e")
        return replace(
            human,
            phone=self.phones.take(),
            licence=licence(rng, human.surname) if rng.random() < 0.8 else "",  # noqa: PLR2004 - four in five
            email=f"{named}@{rng.choice(MAIL_DOMAINS)}" if rng.random() < 0.3 else "",  # noqa: PLR2004 - three in ten
            car=self.car() if rng.random() < 0.5 else None,  # noqa: PLR2004 - one in two
        )
