"""On what mentions meet: the canonical key of each type, and the local key of a thing without an id of its own.

Only values that name one thing everywhere are canonical. Nothing meets by a name, a birth date or a plate here:
that is evidence, and evidence is weighed elsewhere.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson

from mapping.normalize.address import address_key
from mapping.normalize.vehicle import vin_check_digit
from schemas.vocabulary import EntityType

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.mapped import Properties

    Basis = Callable[[Properties, str], str | None]

SEPARATOR = "\x1f"
IDENTIFYING: dict[str, tuple[str, ...]] = {
    EntityType.PERSON: ("name", "alias", "birth_date"),
    EntityType.ORGANIZATION: ("name", "ori"),
    EntityType.LOCATION: ("full", "name", "geo"),
    EntityType.VEHICLE: ("vin", "plate", "make", "model"),
    EntityType.NOTE: ("kind",),
}
"""The properties that tell one thing of a record from another; all of them for types not named here."""


def _first(properties: Properties, name: str) -> Any:
    values = properties.get(name)
    return values[0][0] if values else None


def _phone(properties: Properties, agency: str) -> str | None:  # noqa: ARG001 - one signature for all
    return None if "valid" in properties else _first(properties, "number")


def _joined(*names: str) -> Callable[[Properties, str], str | None]:
    def basis(properties: Properties, agency: str) -> str | None:  # noqa: ARG001 - one signature for all
        values = [_first(properties, name) for name in names]
        return SEPARATOR.join(map(str, values)) if all(values) else None

    return basis


def _ad(properties: Properties, agency: str) -> str | None:
    return _joined("site", "ad_id")(properties, agency) or _first(properties, "url")


def _account(properties: Properties, agency: str) -> str | None:
    return _joined("service", "handle")(properties, agency) or _joined("kind", "number")(properties, agency)


def _event(properties: Properties, agency: str) -> str | None:
    number = _first(properties, "number")
    return SEPARATOR.join((agency, _first(properties, "kind") or "", str(number).upper())) if number else None


def _vehicle(properties: Properties, agency: str) -> str | None:  # noqa: ARG001 - one signature for all
    vin = _first(properties, "vin")
    return vin if vin and vin_check_digit(vin) else None


def _location(properties: Properties, agency: str) -> str | None:  # noqa: ARG001 - one signature for all
    parts = {name: value for name in ("street", "city", "state", "postal_code") if (value := _first(properties, name))}
    return address_key(parts)


BASES: dict[str, Basis] = {
    EntityType.PHONE: _phone,
    EntityType.EMAIL: _joined("address"),
    EntityType.ONLINE_ACCOUNT: _joined("service", "handle"),
    EntityType.WEBSITE: _joined("url"),
    EntityType.AD: _ad,
    EntityType.FINANCIAL_ACCOUNT: _account,
    EntityType.VEHICLE: _vehicle,
    EntityType.LOCATION: _location,
    EntityType.DOCUMENT: _joined("sha256"),
    EntityType.INCIDENT: _event,
    EntityType.CASE: _event,
    EntityType.ARREST: _event,
    EntityType.OFFENSE: _event,
    EntityType.CITATION: _event,
}
BASES = {str(key): value for key, value in BASES.items()}
"""On what mentions of a type meet by their values: a function of properties and owning agency."""


def basis(entity_type: str, properties: Properties, agency: str) -> str | None:
    """The canonical key on which a mention meets others of its type; None when its node is its own."""
    rule = BASES.get(entity_type)
    return rule(properties, agency) if rule else None


def anonymous_key(entity_type: str, properties: Properties) -> str:
    """A local key from what identifies a thing without an id: hashed, because a local key is no place for a name."""
    names = IDENTIFYING.get(entity_type) or sorted(properties)
    values = [[item[0] for item in properties[name]] for name in names if name in properties]
    digest = blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
    return f"{entity_type}~{digest}"
