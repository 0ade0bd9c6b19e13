"""Postal addresses in parts, and the key under which two of them are one place.

`full` keeps the source's own words; `street` has the standard spelling of the US Postal Service in readable case
(`101 Main St`); the comparable form is `address_key`, in capitals. No statistical parser: an address that is one text
is parted at its commas, its ZIP code and its state, and what cannot be parted safely stays in `full`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Raw, Unreadable
from mapping.normalize.states import state_code
from mapping.normalize.street import is_street, readable_words, split_city, standard_street, standard_unit
from mapping.normalize.usps import COUNTRIES, UNITS
from mapping.normalize.word_list import phrases, words

PARTS = words(
    """
    full street number predirection street_name street_type postdirection unit city state postal_code
    postal_extension country
    """
)
_STREET_PIECES = ("number", "predirection", "street_name", "street_type", "postdirection")
_LONGEST = 500
_ZIP, _LOST_ZERO, _EXTENSION = 5, 4, 4
_STREET_AND_UNIT = 2
_HOUSE_STREET_CITY = 4
_LEADING_ZERO_STATES = words("CT MA ME NH NJ RI VT PR VI")
"""States whose ZIP codes begin with 0, which spreadsheets eat."""
_ZIP_AT_END = re.compile(r"(.*?)[\s,]*\b(\d{5})(?:[-\s]?(\d{4}))?", re.ASCII)
_NO_ZIP = frozenset({"00000", "99999", "11111"})
_NO_STREET = phrases(
    """
    ADDRESS|FULL ADDRESS|STREET|STREET ADDRESS|STREET NAME|CITY|STATE|LOCATION|HOMELESS|TRANSIENT
    |NO FIXED ADDRESS|NFA|NO PERMANENT ADDRESS|AT LARGE|GENERAL DELIVERY|CONFIDENTIAL|SAME|SAME AS ABOVE|REFUSED
    |UNDETERMINED
    """
)
"""What stands in an address field where there is no address."""

_UNIT_NAMES = frozenset(name.upper() for name in UNITS.values())


def address() -> Normalize:
    """{full, street, city, state, postal_code, country}; keys of which nothing is known are left out."""
    return read_address


def read_address(raw: Raw) -> dict[str, str] | None:
    """The normalized address, None where the source says nothing; raises Unreadable."""
    found = _from_text(raw) if isinstance(raw, str) else _from_parts(raw)
    return found.copy() if found else None


def address_key(parts: Mapping[str, str]) -> str | None:
    """The form in which two addresses are compared, from the parts that `address` yields.

    None unless the street is one place (a house, block, box or crossing) and its city or postal code is known. The
    city goes before the postal code, which many records leave out; the name of the unit's kind does not count.
    """
    street = parts.get("street")
    if not street or not ("&" in street or any(map(str.isdigit, street))):
        return None
    words = street.upper().split()
    if "&" in words:
        line = " & ".join(sorted(street.upper().split(" & ")))
    else:
        line = " ".join(word for at, word in enumerate(words) if at == 0 or word not in _UNIT_NAMES)
    city = (parts.get("city") or "").upper()
    if city:
        return f"{line}|{city}|{parts.get('state') or ''}"
    code = (parts.get("postal_code") or "")[:_ZIP]
    return f"{line}|{code}" if code else None


def _from_parts(raw: Mapping[str, str]) -> dict[str, str] | None:
    get = raw.get
    if sum(map(len, filter(None, raw.values()))) > _LONGEST:
        raise Unreadable("too long for an address")
    street, unit, full = known(get("street")), known(get("unit")), known(get("full"))
    if not street:
        street = " ".join(filter(None, (known(get(piece)) for piece in _STREET_PIECES)))
    if street.upper() in _NO_STREET:
        street = ""
    code = get("postal_code") or ""
    if extension := known(get("postal_extension")):
        code = f"{code.strip()}-{extension}"
    words, place = _place(get("city") or "", get("state") or "", code, get("country") or "")
    if full and not street:
        found = dict(_from_text(full) or {})
        return {**found, **place, **({"street": _with_unit(found["street"], unit)} if "street" in found else {})}
    if not full:
        full = ", ".join(filter(None, (f"{street} {unit}".strip(), words)))
    if not full:
        return None
    found = {"full": full}
    if street or unit:
        found["street"] = _with_unit(standard_street(street), unit)
    found.update(place)
    return found


@lru_cache(maxsize=8_192)
def _from_text(raw: str) -> dict[str, str] | None:
    full = known(raw)
    if not full or full.upper() in _NO_STREET:
        return None
    if len(full) > _LONGEST:
        raise Unreadable("too long for an address")
    segments = [part for piece in full.split(",") if (part := piece.strip(" .;"))]
    country = segments.pop() if len(segments) > 1 and _country(segments[-1]) and not state_code(segments[-1]) else ""
    code, state = _cut_code_and_state(segments)
    city = ""
    if len(segments) > 1 and (state or code or country or len(segments) > _STREET_AND_UNIT):
        city = segments.pop()
    elif segments and (state or code):
        segments[0], city = split_city(segments[0])
    street = " ".join(segments)
    if city == "" and street and not is_street(street):
        street, city = "", street if state or code else ""
    found = {"full": full}
    if street:
        found["street"] = standard_street(street)
    found.update(_place(city, state, code, country)[1])
    return found


def _cut_code_and_state(segments: list[str]) -> tuple[str, str]:
    """Take a ZIP code and a state off the end of the last segments."""
    match = _ZIP_AT_END.fullmatch(segments[-1])
    before = match[1].strip(" .;") if match else segments[-1]
    alone = len(segments) == 1
    rest, state = _cut_state(before, sure=bool(match) or not alone)
    if match and alone and not state:
        return "", ""  # `Box 20110`, `100 Highway 48201`
    code = "" if match is None else match[2] + (f"-{match[3]}" if match[3] else "")
    if state or match:
        segments[-1:] = [rest] if rest else []
    if code and not state and segments:  # Atlanta, GA, 30332
        rest, state = _cut_state(segments[-1], sure=True)
        segments[-1:] = [rest] if rest else []
    return code, state


def _cut_state(text: str, *, sure: bool) -> tuple[str, str]:
    """(what stands before, state) of a text that may end in a state; `sure`: a ZIP code or a comma vouches for it."""
    words = text.split()
    for count in (3, 2, 1):
        if len(words) < count:
            continue
        name = " ".join(words[-count:])
        code = state_code(name)
        if code and (sure or len(words) == count or (name == code and len(words) > _HOUSE_STREET_CITY)):
            return " ".join(words[:-count]), code
    return text, ""


def _with_unit(street: str, unit: str) -> str:
    suite = standard_unit(unit) if unit else ""
    if not suite or street.endswith(f" {suite}"):
        return street
    return f"{street} {suite}".strip()


@lru_cache(maxsize=16_384)
def _place(city: str, state: str, code: str, country: str) -> tuple[str, dict[str, str]]:
    """(the words as they stand, the known parts) of all that comes behind the street."""
    city, state, code, country = known(city), known(state), known(code), known(country)
    found = {}
    if city and city.upper() not in _NO_STREET:
        found["city"] = readable_words(city)
    known_state = state_code(state) if state else None
    if known_state:
        found["state"] = known_state
    elif state and state.upper() not in _NO_STREET:
        found["state"] = state.upper()
    if code and (postal := _postal(code, known_state)):
        found["postal_code"] = postal
    if country:
        found["country"] = _country(country) or readable_words(country)
    return ", ".join(filter(None, (city, f"{state} {code}".strip(), country))), found


def _postal(code: str, state: str | None) -> str:
    digits = code.replace("-", "").replace(" ", "")
    if not digits.isdigit():
        return code.upper()
    if len(digits) == _LOST_ZERO and state in _LEADING_ZERO_STATES:
        digits = f"0{digits}"
    if digits[:_ZIP] in _NO_ZIP:
        return ""
    if len(digits) == _ZIP + _EXTENSION:
        return digits[:_ZIP] if digits.endswith("0000") else f"{digits[:_ZIP]}-{digits[_ZIP:]}"
    return digits if len(digits) == _ZIP else code.upper()


def _country(text: str) -> str | None:
    return COUNTRIES.get(" ".join(text.upper().replace(".", " ").split()))
