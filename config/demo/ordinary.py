"""The daily work of three agencies that has nothing to do with the network: most of what they have on file."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from config.demo.cases import Agency, CaseFile, Part
from config.demo.everyday import KINDS, Kind
from config.demo.numbers import spell
from config.demo.people import Car, Human, Place
from config.demo.words import ITEMS, SHOPS

SLOT = {
    "victim": "v", "suspect": "s", "subject": "s", "witness": "w", "reporting_party": "r", "driver": "d",
    "missing_person": "m",
}  # fmt: skip
LETTER = {"city": "c", "county": "s", "bureau": "b"}
OFTEN, SELDOM = 0.7, 0.06


class Desk:
    """Writes everyday cases: the same people return now and then, as they do."""

    def __init__(self, rng: Random, residents: tuple[Human, ...], shops: tuple[Place, ...], today: datetime) -> None:
        """Take who lives here, and the day on which writing ends."""
        self.rng = rng
        self.residents = residents
        self.shops = shops
        self.today = today

    def case(self, agency: Agency, officer: str) -> CaseFile:
        """One everyday case of that agency, not yet numbered."""
        rng = self.rng
        kind = rng.choice([kind for kind in KINDS if LETTER[agency.key] in kind.agencies])
        return self.told(kind, agency, officer)

    def told(self, kind: Kind, agency: Agency, officer: str) -> CaseFile:
        """One case of that kind."""
        rng = self.rng
        people = rng.sample(self.residents, len(kind.roles))
        occurred = self.today - timedelta(minutes=rng.randrange(3 * 1440, 270 * 1440))
        place = people[0].home if kind.place == "residence" else rng.choice(self.shops)
        text = rng.choice(kind.texts)
        parts = tuple(
            self.part(who, role, at_wheel="{car}" in text and role in {"driver", "subject", "suspect"})
            for who, role in zip(people, kind.roles, strict=True)
        )
        return CaseFile(
            agency=agency,
            number="",
            kind=kind.name,
            offense=kind.offense,
            occurred=occurred,
            updated=occurred + timedelta(minutes=rng.randrange(40, 2880)),
            place=place,
            officer=officer,
            status=rng.choice(("Open", "Closed", "Closed", "Inactive")),
            narrative=text.format(**self.words(parts, officer, place)),
            parts=parts,
        )

    def part(self, who: Human, role: str, *, at_wheel: bool) -> Part:
        """What was written down about somebody: mostly a phone, seldom an e-mail, a car where one matters."""
        rng = self.rng
        return Part(
            who,
            role,
            aliases=(who.nickname,) if who.nickname and rng.random() < SELDOM else (),
            phones=(who.phone,) if rng.random() < OFTEN else (),
            emails=(who.email,) if who.email and rng.random() < OFTEN else (),
            car=who.car if at_wheel or rng.random() < SELDOM else None,
        )

    def words(self, parts: tuple[Part, ...], officer: str, place: Place) -> dict[str, str]:
        """What the story's blanks are filled with."""
        rng = self.rng
        words = {
            "off": officer,
            "place": place.street,
            "time": f"{rng.randrange(6, 23):02d}{rng.choice(('00', '15', '30', '45'))} hours",
            "item": rng.choice(ITEMS),
            "sum": f"{rng.randrange(20, 2400)}.00",
            "shop": rng.choice(SHOPS),
            "phone": spell(parts[0].who.phone, rng),
            "tag": f"prizes{rng.randrange(100, 999)}",
            "mail": f"claims{rng.randrange(1000, 9999)}@quickmail.example",
            "handle": f"no_name_{rng.randrange(10_000, 99_999)}",
            "car": next((part.car for part in parts if part.car), rng.choice(self.cars())).said(),
        }
        for part in parts:
            slot = SLOT[part.role]
            words[f"{slot}2" if slot in words else slot] = self.called(part.who)
        words.setdefault("d2", words.get("d", ""))
        return words

    def called(self, who: Human) -> str:
        """How a narrative names somebody."""
        return self.rng.choice((who.full, who.full, who.surname, f"{who.given} {who.surname.upper()}"))

    def cars(self) -> list[Car]:
        """The cars of the region."""
        return [human.car for human in self.residents if human.car]
