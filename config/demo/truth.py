"""What the author of the fiction knows: the answer that the graph must find, and what it was hidden among.

Nothing that finds the answer may read this; tests compare the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.demo.bureau import record_id
from config.demo.cases import AGENCIES, BUREAU, CITY, COUNTY, Agency
from config.demo.network import Network
from config.demo.numbers import e164
from config.demo.people import Human
from config.demo.world import World

Json = dict[str, Any]


def truth(world: World) -> Json:
    """The answer and its surroundings as one JSON object."""
    net = world.network
    return {
        "seed": world.seed,
        "today": world.today.isoformat(),
        "answer": {
            "phone": e164(net.leader.phone),
            "email": net.leader.email,
            "street_name": net.leader.street_name,
            "name": " ".join(filter(None, (net.leader.given, net.leader.middle, net.leader.surname))),
            "vin": net.leader.car.vin if net.leader.car else None,
            "ads": len(net.postings),
            "ads_by_phone": len(net.city_postings),
            "ads_by_email": len(net.bureau_postings),
            "ads_by_both": len(set(net.city_postings) & set(net.bureau_postings)),
            "phone_users": _saying(world, COUNTY, net.leader),
            "email_users": _saying(world, BUREAU, net.leader),
        },
        "ads": [_ad(posting.url, posting in net.city_postings, posting in net.bureau_postings)
                for posting in net.postings],
        "network": _cast(net),
        "decoys": {
            "burners": [e164(number) for number in net.burners],
            "motel_desks": [e164(motel.phone) for motel in net.motels],
            "shelter": e164(net.shelter.phone),
        },
        "correction": {
            "agency": BUREAU.ori,
            "changed": world.correction.changed,
            "changed_key": record_id(world.correction.changed),
            "surname": world.correction.person.surname,
            "old_phone": e164(world.correction.old_phone),
            "new_phone": e164(world.correction.new_phone),
            "deleted": world.correction.deleted,
            "deleted_key": record_id(world.correction.deleted),
        },
        "agencies": [_counts(world, agency) for agency in AGENCIES],
    }  # fmt: skip


def write_truth(world: World, path: Path) -> None:
    """Write the truth as a JSON file."""
    path.write_text(json.dumps(truth(world), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _saying(world: World, agency: Agency, who: Human) -> list[str]:
    """Numbers of the agency's cases in which that person takes part."""
    return [case.number for case in world.of(agency) if any(part.who.id == who.id for part in case.parts)]


def _ad(url: str, in_city: bool, in_bureau: bool) -> Json:  # noqa: FBT001 - two plain facts
    return {"url": url, "agencies": [agency.ori for agency, holds in ((CITY, in_city), (BUREAU, in_bureau)) if holds]}


def _cast(net: Network) -> Json:
    return {
        "traffickers": [{"name": who.full, "street_name": who.street_name} for who in net.traffickers],
        "juveniles": _names(net.juveniles),
        "buyers": _names(net.buyers),
    }


def _names(people: Iterable[Human]) -> list[str]:
    return [who.full for who in people]


def _counts(world: World, agency: Agency) -> Json:
    cases = world.of(agency)
    return {
        "ori": agency.ori,
        "name": agency.name,
        "source": agency.source,
        "records": len(cases),
        "touching_the_network": sum(case.network for case in cases),
        "parts": sum(len(case.parts) for case in cases),
        "ads": sum(len(case.postings) for case in cases),
    }
