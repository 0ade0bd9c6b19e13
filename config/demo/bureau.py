"""The state bureau: a records system with a REST interface, and records as it hands them out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.demo.cases import BUREAU, CaseFile, Part, Posting
from config.demo.numbers import e164
from config.demo.people import STATE, Car, Human
from config.demo.words import PAYMENT
from config.demo.world import World

ZONE = ZoneInfo("America/Detroit")
ROLES = {
    "victim": "VICTIM", "suspected_victim": "POSSIBLE_VICTIM", "suspect": "SUSPECT", "subject": "SUBJECT",
    "witness": "WITNESS", "reporting_party": "COMPLAINANT", "missing_person": "MISSING", "buyer": "BUYER",
    "recruiter": "RECRUITER", "driver": "DRIVER", "occupant": "PASSENGER", "person_of_interest": "POI",
    "other": "OTHER",
}  # fmt: skip

Json = dict[str, Any]


def bureau_records(world: World) -> list[Json]:
    """The bureau's records as its interface gives them, oldest change first."""
    records = [_record(case, world) for case in world.of(BUREAU)]
    return sorted(records, key=lambda record: (record["updatedAt"], record["id"]))


def record_id(number: str) -> str:
    """The bureau's internal id of a report."""
    return f"rpt-{number.rsplit('-', 1)[1]}"


def stamp(moment: datetime) -> str:
    """A local moment as the interface writes it: UTC, with milliseconds."""
    return moment.replace(tzinfo=ZONE).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def corrected(record: Json, old: str, new: str, when: datetime) -> Json:
    """The record with one phone replaced and a later change date."""
    persons = [
        {**person, "phones": [{**phone, "number": new if phone["number"] == old else phone["number"]}
                              for phone in person["phones"]]}
        for person in record["persons"]
    ]  # fmt: skip
    return {**record, "persons": persons, "updatedAt": stamp(when)}


def _record(case: CaseFile, world: World) -> Json:
    return {
        "id": record_id(case.number),
        "reportNumber": case.number,
        "updatedAt": stamp(case.updated),
        "deleted": False,
        "type": case.kind,
        "status": case.status,
        "eventStart": stamp(case.occurred),
        "agent": case.officer,
        "offenses": [{"sequence": 1, "description": case.offense}],
        "location": {
            "name": case.place.name or None,
            "kind": case.place.kind,
            "street": case.place.street,
            "city": case.place.city,
            "state": STATE,
            "zip": case.place.postal_code,
        },
        "narrative": case.narrative,
        "persons": [_person(part, world) for part in case.parts],
        "ads": [_ad(posting) for posting in case.postings],
        "payments": [{"from": f"${a}", "to": f"${b}", "service": PAYMENT, "amount": f"{dollars}.00"}
                     for a, b, dollars in case.paid],
    }  # fmt: skip


def _person(part: Part, world: World) -> Json:
    who = part.who
    return {
        "personId": f"p-{who.id}",
        "masterPersonId": _master(who),
        "involvement": ROLES[part.role],
        "firstName": who.given,
        "middleName": who.middle or None,
        "lastName": who.surname,
        "monikers": [{"name": alias} for alias in part.aliases],
        "dateOfBirth": who.born.isoformat(),
        "juvenile": who.minor(world.today),
        "sex": {"F": "Female", "M": "Male"}[who.sex],
        "race": who.race,
        "heightInches": who.height,
        "weightPounds": who.weight,
        "driverLicense": {"number": who.licence, "state": STATE} if who.licence else None,
        "address": {"street": who.home.street, "city": who.home.city, "state": STATE, "zip": who.home.postal_code},
        "phones": [{"number": e164(number), "type": "mobile"} for number in part.phones],
        "emails": list(part.emails),
        "accounts": [{"service": service, "handle": handle} for service, handle in part.accounts],
        "paymentHandles": [{"service": PAYMENT, "handle": f"${handle}"} for handle in part.payments],
        "vehicles": [_vehicle(part.car)] if part.car else [],
    }


def _master(who: Human) -> str:
    return f"MP{70_000 + who.id * 3}"


def _vehicle(car: Car) -> Json:
    return {
        "vin": car.vin,
        "plate": car.plate,
        "plateState": STATE,
        "year": car.year,
        "make": car.make,
        "model": car.model,
        "color": car.color_word,
    }


def _ad(posting: Posting) -> Json:
    return {
        "site": posting.site,
        "adId": posting.ad_id,
        "url": posting.url,
        "postedAt": stamp(posting.posted),
        "title": posting.title,
        "posterEmail": posting.poster,
    }
