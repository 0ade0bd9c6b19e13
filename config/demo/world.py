"""The whole fiction from one seed: who lives there, who belongs to the network, what each agency has on file.

One seed and one day give the same world, to the byte, on every machine.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from random import Random

from config.demo.cases import AGENCIES, BUREAU, CITY, COUNTY, Agency, CaseFile
from config.demo.network import Network, cast
from config.demo.noise import shortened, shouted, slips
from config.demo.numbers import Phones
from config.demo.ordinary import Desk
from config.demo.people import Human, Town
from config.demo.plot import Plot
from config.demo.words import SHOPS, SURNAMES

RESIDENTS = 260
EVERYDAY = {CITY.key: 118, COUNTY.key: 92, BUREAU.key: 54}
"""Cases that have nothing to do with the network, by agency."""

CAPITALS = {CITY.key: 0.4, COUNTY.key: 0.3, BUREAU.key: 0.0}
"""Share of narratives in capitals."""

OFFICERS = 7
END_OF_DAY = time(17, 0)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the bureau does after the first sync: it corrects one phone and withdraws one record."""

    changed: str
    """Number of the report that is corrected."""
    person: Human
    old_phone: str
    new_phone: str
    deleted: str
    """Number of the report that is withdrawn."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the writers write from."""

    seed: int
    today: date
    network: Network
    residents: tuple[Human, ...]
    cases: tuple[CaseFile, ...]
    correction: Correction

    def of(self, agency: Agency) -> tuple[CaseFile, ...]:
        """What one agency has on file, oldest first."""
        return tuple(case for case in self.cases if case.agency is agency)


def make_world(seed: int, today: date) -> World:
    """The world of that seed, as it is on that day."""
    now = datetime.combine(today, END_OF_DAY)
    rng = Random(seed)
    phones = Phones(rng)
    town = Town(rng, phones, today)
    network = cast(town, now)
    residents = tuple(town.resident() for _ in range(RESIDENTS))
    shops = tuple(town.house(name, "business") for name in SHOPS)
    office = town.house(BUREAU.name, "government")
    officers = {agency.key: rng.sample(SURNAMES, OFFICERS) for agency in AGENCIES}
    desk = Desk(rng, residents, shops, now)
    cases = Plot(rng, network, residents, office, now).cases()
    cases += [
        desk.case(agency, rng.choice(officers[agency.key])) for agency in AGENCIES for _ in range(EVERYDAY[agency.key])
    ]
    filed = _filed([_penned(case, officers, rng) for case in cases])
    return World(seed, today, network, residents, filed, _correction(filed, phones))


def _penned(case: CaseFile, officers: dict[str, list[str]], rng: Random) -> CaseFile:
    """The case as an officer typed it."""
    text = slips(case.narrative, rng, 0.12)
    if case.agency is not BUREAU and rng.random() < 0.3:  # noqa: PLR2004 - three in ten are in a hurry
        text = shortened(text)
    if rng.random() < CAPITALS[case.agency.key]:
        text = shouted(text)
    return replace(case, narrative=text, officer=case.officer or rng.choice(officers[case.agency.key]))


def _filed(cases: list[CaseFile]) -> tuple[CaseFile, ...]:
    """The cases in the order in which they happened, each with its agency's number."""
    counts: Counter[str] = Counter()
    filed = []
    for case in sorted(cases, key=lambda case: (case.occurred, case.agency.key, case.narrative)):
        counts[case.agency.key] += 1
        filed.append(replace(case, number=_number(case.agency, case.occurred, counts[case.agency.key])))
    return tuple(filed)


def _number(agency: Agency, occurred: datetime, count: int) -> str:
    year = f"{occurred:%y}"
    if agency is CITY:
        return f"{year}-{count * 13 + 2000:05d}"
    if agency is COUNTY:
        return f"TC{year}{count * 7 + 400:05d}"
    return f"LSB-{occurred:%Y}-{count * 3:05d}"


def _correction(cases: tuple[CaseFile, ...], phones: Phones) -> Correction:
    """Two everyday records of the bureau: one whose only phone is its own, one whose people stand nowhere else."""
    bureau = [case for case in cases if case.agency is BUREAU]
    known = Counter(part.who.id for case in bureau for part in case.parts)
    numbers = Counter(number for case in cases for part in case.parts for number in part.phones)
    everyday = [case for case in bureau if not case.network]
    changed = next(
        case
        for case in everyday
        if case.parts[0].phones and numbers[case.parts[0].phones[0]] == 1 and known[case.parts[0].who.id] == 1
    )
    deleted = next(
        case for case in everyday if case is not changed and all(known[part.who.id] == 1 for part in case.parts)
    )
    part = changed.parts[0]
    return Correction(changed.number, part.who, part.phones[0], phones.take(), deleted.number)
