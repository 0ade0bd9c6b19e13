"""The closed list of normalizers that a mapping may name, and how options are checked before the first record."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from mapping.normalize import (
    account,
    address,
    code_table,
    dates,
    descriptors,
    email_address,
    identifier,
    moments,
    money,
    numeric,
    person_name,
    phone,
    physique,
    place,
    text,
    url,
    vehicle,
)
from mapping.normalize.contract import Normalize, Normalizer

_ALL = (
    Normalizer("text", "text", text.text),
    Normalizer("multiline", "text", text.multiline),
    Normalizer("upper", "text", text.upper),
    Normalizer("lower", "text", text.lower),
    Normalizer("organization_name", "text", text.organization_name),
    Normalizer("integer", "integer", numeric.integer),
    Normalizer("number", "number", numeric.number),
    Normalizer("boolean", "boolean", numeric.boolean),
    Normalizer("code", "scalar", code_table.code),
    Normalizer("person_name", "person_name", person_name.person_name, person_name.PARTS),
    Normalizer("date", "date", dates.date),
    Normalizer("datetime", "date", moments.datetime, frozenset({"date", "time"})),
    Normalizer("birth_date", "date", dates.birth_date),
    Normalizer("phone", "phone", phone.phone, phone.PARTS),
    Normalizer("email", "email", email_address.email),
    Normalizer("url", "url", url.url),
    Normalizer("handle", "text", account.handle),
    Normalizer("service", "text", account.service),
    Normalizer("address", "address", address.address, address.PARTS),
    Normalizer("state", "text", vehicle.state),
    Normalizer("geo", "geo", place.geo, place.GEO_PARTS),
    Normalizer("plate", "text", vehicle.plate),
    Normalizer("plate_state", "text", vehicle.state),
    Normalizer("vin", "text", vehicle.vin),
    Normalizer("height", "length", physique.height, physique.PARTS),
    Normalizer("weight", "mass", physique.weight, physique.PARTS),
    Normalizer("sex", "text", descriptors.sex),
    Normalizer("race", "text", descriptors.race),
    Normalizer("ethnicity", "text", descriptors.ethnicity),
    Normalizer("eye_color", "text", descriptors.eye_color),
    Normalizer("hair_color", "text", descriptors.hair_color),
    Normalizer("age", "age", descriptors.age, descriptors.AGE_PARTS),
    Normalizer("identifier", "identifier", identifier.identifier, identifier.PARTS),
    Normalizer("money", "money", money.money, money.PARTS),
    Normalizer("ori", "text", place.ori),
)

NORMALIZERS: Mapping[str, Normalizer] = MappingProxyType({normalizer.name: normalizer for normalizer in _ALL})
"""Every normalizer by its name."""


def bind(name: str, options: Mapping[str, object] | None = None) -> Normalize:
    """The named normalizer with its options set.

    Raises ValueError, naming the nearest valid word, for a name, an option or a value of an option that does not exist.
    """
    normalizer = NORMALIZERS.get(name)
    if normalizer is None:
        raise ValueError(f"no normalizer is named {name!r}{_nearest(name, NORMALIZERS)}")
    allowed = normalizer.options()
    for option, value in (options or {}).items():
        if option not in allowed:
            hint = _nearest(option, allowed) or ("; it takes none" if not allowed else "")
            raise ValueError(f"{name} has no option {option!r}{hint}")
        _check(f"{name}: {option}", value, allowed[option])
    missing = [option for option in normalizer.required() if option not in (options or {})]
    if missing:
        raise ValueError(f"{name} needs the option {missing[0]!r}")
    try:
        return normalizer.factory(**(options or {}))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _check(what: str, value: object, annotation: Any) -> None:
    if get_origin(annotation) is Literal:
        words = get_args(annotation)
        if value not in words:
            raise ValueError(f"{what}: {value!r} is none of {', '.join(words)}{_nearest(str(value), words)}")
        return
    try:
        TypeAdapter(annotation).validate_python(value, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{what}: {first['msg'][0].lower()}{first['msg'][1:]}") from None


def _nearest(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
