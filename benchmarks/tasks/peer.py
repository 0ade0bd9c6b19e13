"""FollowTheMoney's own CSV mapping over the same files, to the same kinds of entities.

Its model has no phone type and no role of a person in an event, so a telephone is a property of the person who uses
it, and a person's part in a case is an UnknownLink that carries the role. What its mapping yields counts as an entity,
links included, but for the stubs that a link needs for its ends and that say nothing; of ours, mentions and links.
"""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.cpu import Meter

if TYPE_CHECKING:
    from benchmarks.child import Facts

US = {"literal": "us"}
STREET_DATE = "%m/%d/%Y"


def _columns(**columns: str) -> dict[str, dict[str, str]]:
    return {name: {"column": column} for name, column in columns.items()}


def _refers(subject: str, target: str) -> dict[str, dict[str, str]]:
    return {"subject": {"entity": subject}, "object": {"entity": target}}


CASE = {"schema": "Event", "key_literal": "case", "keys": ["CASE_NO"]}
PERSON = {"schema": "Person", "key_literal": "person", "keys": ["MNI"]}
QUERIES: dict[str, dict[str, Any]] = {
    "cases.csv": {
        "incident": CASE
        | {
            "properties": {
                **_columns(name="CASE_NO", summary="OFFENSE", description="STATUS"),
                "date": {"column": "OCC_DATE", "format": STREET_DATE},
            }
        },
        "scene": {
            "schema": "Address",
            "keys": ["ADDRESS", "CITY", "ZIP"],
            "properties": {**_columns(street="ADDRESS", city="CITY", state="STATE", postalCode="ZIP"), "country": US},
        },
        "occurred": {
            "schema": "UnknownLink",
            "keys": ["CASE_NO", "ADDRESS"],
            "properties": {**_refers("incident", "scene"), "role": {"literal": "occurred"}},
        },
    },
    "persons.csv": {
        "person": PERSON
        | {
            "properties": {
                "name": {"columns": ["FIRST", "MIDDLE", "LAST", "SUFFIX"], "join": " "},
                **_columns(lastName="LAST", firstName="FIRST", middleName="MIDDLE", nameSuffix="SUFFIX"),
                **_columns(gender="SEX", ethnicity="RACE", height="HGT", weight="WGT", idNumber="OLN"),
                **_columns(eyeColor="EYES", hairColor="HAIR"),
                "birthDate": {"column": "DOB", "format": STREET_DATE},
                "country": US,
            }
        },
        "incident": CASE,
        "involved": {
            "schema": "UnknownLink",
            "keys": ["CASE_NO", "MNI"],
            "properties": {**_refers("person", "incident"), "role": {"column": "ROLE"}},
        },
    },
    "phones.csv": {"person": PERSON | {"properties": {"phone": {"column": "PHONE"}, "country": US}}},
    "vehicles.csv": {
        "person": PERSON,
        "vehicle": {
            "schema": "Vehicle",
            "keys": ["VIN"],
            "properties": _columns(registrationNumber="PLATE", type="MAKE", model="MODEL", buildDate="YR"),
        },
        "owns": {
            "schema": "Ownership",
            "keys": ["MNI", "VIN"],
            "properties": {"owner": {"entity": "person"}, "asset": {"entity": "vehicle"}},
        },
    },
}


def is_here() -> bool:
    """Whether FollowTheMoney is installed: it is in the environment of the benchmarks only."""
    return find_spec("followthemoney") is not None


def followthemoney(folder: str) -> Facts:
    """CPU seconds of mapping the four files; how many entities that yielded, and how many stubs."""
    from followthemoney import model  # noqa: PLC0415 - see is_here

    logging.disable(logging.WARNING)  # it warns of values that it cannot read, which would cost it time
    mappings = [
        {"csv_url": str(Path(folder, name)), "entities": _valid(model, entities)} for name, entities in QUERIES.items()
    ]
    meter = Meter()
    entities = stubs = 0
    with meter.running():
        for mapping in mappings:
            for entity in model.map_entities(mapping):
                if entity.properties:
                    entities += 1
                else:
                    stubs += 1
    return {"cpu": meter.seconds, "entities": entities, "stubs": stubs}


def _valid(model: Any, entities: dict[str, Any]) -> dict[str, Any]:
    """The entities without properties that this version's model lacks."""
    kept = {}
    for name, entity in entities.items():
        known = model.get(entity["schema"]).properties
        properties = {prop: value for prop, value in entity.get("properties", {}).items() if prop in known}
        kept[name] = entity | {"properties": properties}
    return kept
