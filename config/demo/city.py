"""The city police department: a records system of the nineties that drops five CSV files into a folder every night.

Windows-1252, American dates, names as LAST, FIRST MIDDLE, phones as each officer types them, blanks that say UNK.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from config.demo.cases import CITY, CaseFile, Part, Posting
from config.demo.noise import typed
from config.demo.numbers import spell
from config.demo.people import STATE, Car, Human
from config.demo.world import World

ENCODING = "cp1252"
ROLES = {
    "victim": "VIC", "suspected_victim": "PV", "suspect": "SUS", "subject": "SUB", "witness": "WIT",
    "reporting_party": "RP", "missing_person": "MP", "buyer": "BUY", "recruiter": "REC", "driver": "DRV",
    "occupant": "OCC", "person_of_interest": "POI", "other": "OTH",
}  # fmt: skip

CASES = "CASE_NO RPT_DATE OCC_DATE OCC_TIME OFFENSE STATUS OFFICER LOC_NAME LOC_TYPE ADDRESS CITY ZIP NARRATIVE UPDATED"
PERSONS = "CASE_NO MNI ROLE NAME AKA DOB SEX RACE HGT WGT OLN OLS JUV ADDRESS CITY STATE ZIP EMAIL SOCIAL HANDLE"
PHONES = "CASE_NO MNI PHONE TYPE"
VEHICLES = "CASE_NO MNI PLATE ST VIN YR MAKE MODEL COLOR"
ADS = "CASE_NO SITE AD_ID URL POSTED TITLE PHONE_SHOWN CALL_BACK"

Row = list[str]
STREET_DATE, STAMP = "%m/%d/%Y", "%m/%d/%Y %H:%M"


def write_city(world: World, folder: Path) -> None:
    """Write the department's five files into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in city_files(world).items():
        (folder / name).write_bytes(text.encode(ENCODING))


def city_files(world: World) -> dict[str, str]:
    """The five files by name, as text."""
    rng = Random(f"{world.seed} city")
    cases = world.of(CITY)
    return {
        "cases.csv": _table(CASES, (_case(case) for case in cases)),
        "persons.csv": _table(PERSONS, (_person(case, part, world, rng) for case in cases for part in case.parts)),
        "phones.csv": _table(PHONES, (row for case in cases for row in _phones(case, rng))),
        "vehicles.csv": _table(VEHICLES, (row for case in cases for row in _vehicles(case))),
        "ads.csv": _table(ADS, (_ad(case, posting, rng) for case in cases for posting in case.postings)),
    }


def mni(who: Human) -> str:
    """The number of a person in the department's master name index."""
    return f"{104_500 + who.id * 7}"


def _table(header: str, rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header.split())
    writer.writerows(rows)
    return out.getvalue()


def _case(case: CaseFile) -> Row:
    return [
        case.number,
        case.updated.strftime(STREET_DATE),
        case.occurred.strftime(STREET_DATE),
        case.occurred.strftime("%H%M"),
        case.offense,
        case.status.upper(),
        case.officer,
        case.place.name,
        case.place.kind.upper(),
        case.place.street,
        case.place.city,
        case.place.postal_code,
        case.narrative,
        case.updated.strftime(STAMP),
    ]


def _person(case: CaseFile, part: Part, world: World, rng: Random) -> Row:
    who = part.who
    surname = typed(who.surname, rng, 0.05)
    name = f"{surname}, {who.given} {who.middle}".strip()
    if rng.random() < 0.6:  # noqa: PLR2004 - most clerks type names in capitals
        name = name.upper()
    service, handle = part.accounts[0] if part.accounts else ("", "")
    known = rng.random()
    return [
        case.number,
        mni(who),
        ROLES[part.role],
        name,
        " / ".join(part.aliases),
        "" if known < 0.06 else who.born.strftime(STREET_DATE),  # noqa: PLR2004 - some are never asked
        who.sex,
        who.race,
        f"{who.height // 12}'{who.height % 12:02d}\"" if known < 0.7 else "UNK",  # noqa: PLR2004 - nor measured
        f"{who.weight}" if known < 0.7 else "UNK",  # noqa: PLR2004 - the same
        who.licence,
        STATE if who.licence else "",
        "Y" if who.minor(world.today) else "N",
        who.home.street,
        who.home.city,
        STATE,
        who.home.postal_code,
        part.emails[0] if part.emails else "",
        service,
        f"@{handle}" if handle else "",
    ]


def _phones(case: CaseFile, rng: Random) -> list[Row]:
    rows = [
        [case.number, mni(part.who), spell(number, rng), rng.choice(("CELL", "CELL", "HOME", "WORK", ""))]
        for part in case.parts
        for number in part.phones
    ]
    rows += [[case.number, "", spell(number, rng), "OTHER"] for number in case.phones]
    if case.parts and rng.random() < 0.08:  # noqa: PLR2004 - one clerk always fills every box
        rows.append([case.number, mni(case.parts[-1].who), rng.choice(("UNK", "NONE", "000-000-0000")), "WORK"])
    return rows


def _vehicles(case: CaseFile) -> list[Row]:
    driven = [(mni(part.who), part.car) for part in case.parts if part.car]
    return [_vehicle(case, owner, car) for owner, car in [*driven, *(("", car) for car in case.cars)]]


def _vehicle(case: CaseFile, owner: str, car: Car) -> Row:
    seen = owner != ""  # nobody reads a VIN through the windshield of a parked car
    return [
        case.number,
        owner,
        car.plate,
        STATE,
        car.vin if seen else "",
        str(car.year),
        car.make.upper()[:4],
        car.model.upper(),
        car.color,
    ]


def _ad(case: CaseFile, posting: Posting, rng: Random) -> Row:
    return [
        case.number,
        posting.site,
        posting.ad_id,
        posting.url,
        posting.posted.strftime(STAMP),
        posting.title,
        spell(posting.shown, rng),
        spell(posting.reply, rng),
    ]
