"""The normalizer that each property gets when a mapping names none, so that a mapping may stay a list of fields."""

from __future__ import annotations

_BY_NAME = {
    "name": {"Person": "person_name", "Organization": "organization_name"},
    "alias": {"Person": "person_name"},
    "birth_date": {"Person": "birth_date"},
    "age": {"Person": "age"},
    "sex": {"Person": "sex"},
    "race": {"Person": "race"},
    "ethnicity": {"Person": "ethnicity"},
    "height": {"Person": "height"},
    "weight": {"Person": "weight"},
    "eye_color": {"Person": "eye_color"},
    "hair_color": {"Person": "hair_color"},
    "identifier": {"*": "identifier"},
    "minor": {"Person": "boolean"},
    "ori": {"Organization": "ori"},
    "number": {"Phone": "phone"},
    "address": {"Email": "email"},
    "service": {"*": "service"},
    "handle": {"*": "handle"},
    "url": {"*": "url"},
    "posted": {"*": "datetime"},
    "vin": {"*": "vin"},
    "plate": {"*": "plate"},
    "plate_state": {"*": "state"},
    "year": {"Vehicle": "integer"},
    "full": {"Location": "address"},
    "geo": {"Location": "geo"},
    "text": {"Note": "multiline"},
    "written": {"*": "datetime"},
    "start": {"*": "datetime"},
    "end": {"*": "datetime"},
    "amount": {"*": "money"},
    "value": {"*": "money"},
    "size": {"*": "integer"},
}


def default_normalizer(entity_type: str, name: str) -> str:
    """The normalizer of a property: its own, or `text`."""
    by_type = _BY_NAME.get(name, {})
    return by_type.get(entity_type) or by_type.get("*") or "text"


SPREADING: dict[tuple[str, str], frozenset[str]] = {
    ("Location", "full"): frozenset({"full", "street", "city", "state", "postal_code", "country"}),
    ("Phone", "number"): frozenset({"number", "valid"}),
}
"""Properties whose normalizer may answer with several properties at once: an address, an impossible phone."""
