"""Numbers that somebody issued to a person: which kind, which number, by whom.

Nothing is lost: a number that stands for `none` (123456789) and one that software ruined (8.61673e+006) are kept and
flagged, and whoever compares numbers leaves the flagged out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Raw, Unreadable
from mapping.normalize.states import state_code
from mapping.normalize.word_list import phrases, words

PARTS = frozenset({"value", "issuer", "kind"})

KINDS = {
    "ssn": phrases("SSN|SOCIAL SECURITY|SOCIAL SECURITY NUMBER|SOC|SS|SS#|SSA|TAX ID"),
    "driver_license": phrases(
        """
    DRIVER LICENSE|DRIVERS LICENSE|DRIVER'S LICENSE|DRIVERLICENSE|DL|DL#|OLN|OPERATOR LICENSE|OPERATORS LICENSE
    |DRIVER LICENCE|ODL|CDL
    """
    ),
    "state_id": phrases("STATE ID|SID|STATE IDENTIFICATION|STATE IDENTIFICATION NUMBER|STATE FINGERPRINT ID"),
    "state_id_card": phrases("ID CARD|STATE ID CARD|NON-DRIVER ID"),
    "fbi": phrases("FBI|FBI NUMBER|FBI ID|FBI#|UCN"),
    "passport": phrases("PASSPORT|PASSPORT NUMBER|PP"),
    "alien": phrases("ALIEN|ALIEN NUMBER|A-NUMBER|A NUMBER|ALIEN REGISTRATION|USCIS"),
    "inmate": phrases("INMATE|INMATE NUMBER|INMATE ID|DOC|DOC NUMBER"),
    "badge": phrases("BADGE|BADGE NUMBER|BADGE ID|SHIELD"),
    "military": phrases("MILITARY|MILITARY ID"),
}
"""Our names for kinds of identifiers, with what sources call them."""

_KIND = {alias: kind for kind, aliases in KINDS.items() for alias in (kind.upper(), *aliases)}
_COMPACT = frozenset(KINDS)
"""Kinds whose blanks and dashes mean nothing."""
_SSN_LENGTH, _ALL_SAME, _LONG_SEQUENCE, _SEQUENCE = 9, 4, 7, 5
_SEQUENCES = ("1234567890", "0123456789", "9876543210")
_SSN_OF_ADVERTISEMENTS = words("078051120 219099999 457555462 123456789 987654321 111223333")
"""Printed on cards in wallets and in advertisements, and typed in by thousands since."""
_FLOAT = re.compile(r"\d(?:\.\d+)?E[+-]?\d{1,3}", re.ASCII)
_MASKED = re.compile(r"[X*#]{2,}")
_NAME_OF_FIELD = phrases("ID|NUMBER|IDENTIFICATION|IDENTIFIER|DRIVER LICENSE ID|STATE ID|VALUE")
_LONGEST = 100


def identifier(*, kind: str | None = None, issuer: str | None = None) -> Normalize:
    """{kind, value, issuer, placeholder, damaged}; the last three only where they apply."""
    fixed = "" if kind is None else _kind(kind)
    by = issuer or ""

    def normalize(raw: Raw) -> dict[str, Any] | None:
        if not isinstance(raw, str):
            if len(raw.get("kind") or "") > _LONGEST or len(raw.get("issuer") or "") > _LONGEST:
                raise Unreadable("too long a name of an identifier's kind or issuer")
            found = _read(raw.get("value") or "", fixed or _kind(raw.get("kind") or ""), raw.get("issuer") or by)
        else:
            found = _read(raw, fixed or "other", by)
        return None if found is None else found.copy()

    return normalize


@lru_cache(maxsize=16_384)
def _read(raw: str, kind: str, issuer: str) -> dict[str, Any] | None:
    text = known(raw).upper()
    if not text or text in _NAME_OF_FIELD or _KIND.get(text) == kind:
        return None
    if len(text) > _LONGEST:
        raise Unreadable("too long for an identifier")
    damaged = _FLOAT.fullmatch(text) is not None or _MASKED.match(text) is not None
    value = text
    if kind in _COMPACT and not damaged:
        value = re.sub(r"[\s./-]+", "", text) or text
    if kind == "ssn" and not (value.isdigit() and len(value) == _SSN_LENGTH):
        damaged = True
    found: dict[str, Any] = {"kind": kind, "value": raw.strip() if damaged else value}
    if by := _issuer(issuer):
        found["issuer"] = by
    if damaged:
        found["damaged"] = True
    elif is_placeholder(value, kind):
        found["placeholder"] = True
    return found


def is_placeholder(value: str, kind: str) -> bool:
    """Whether a number is one that people type where they have none."""
    digits = re.sub(r"\D", "", value)
    if len(value) >= _ALL_SAME and not value.strip(value[0]):
        return True
    if digits and len(digits) >= (
        _SEQUENCE if kind in {"ssn", "driver_license", "fbi", "passport"} else _LONG_SEQUENCE
    ):
        whole = len(digits) == len(value.replace("-", ""))
        if whole and any(sequence.startswith(digits) for sequence in _SEQUENCES):
            return True
    if kind != "ssn":
        return False
    # Areas 000, 666 and 9xx, group 00 and serial 0000 are never issued (SSA, randomization of 2011).
    never = value[:3] in {"000", "666"} or value[0] == "9" or value[3:5] == "00" or value[5:] == "0000"
    return never or value in _SSN_OF_ADVERTISEMENTS


@lru_cache(maxsize=1_024)
def _kind(raw: str) -> str:
    """Our name for a kind; one that we do not know keeps its own words, joined by underscores."""
    text = known(raw).upper().rstrip(":.")
    if not text:
        return "other"
    plain = text.removesuffix(" NUMBER").removesuffix(" NO").removesuffix(" #")
    found = _KIND.get(text) or _KIND.get(text.replace("_", " ")) or _KIND.get(plain)
    return found or "_".join(re.findall(r"\w+", text.lower())) or "other"


@lru_cache(maxsize=1_024)
def _issuer(raw: str) -> str:
    text = known(raw)
    return (state_code(text) or text) if text else ""
