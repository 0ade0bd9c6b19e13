"""Plates, states and vehicle identification numbers.

A VIN joins two vehicles only if nothing speaks against it: 17 characters of the standard's alphabet, and a check digit
that holds wherever the maker's country requires one. Shorter ones, from before 1981 or cut off, are kept and join
nothing.
"""

from __future__ import annotations

import re
from operator import mul

from mapping.normalize.clean import known, says_nothing
from mapping.normalize.contract import Normalize, Unreadable
from mapping.normalize.states import state_code
from mapping.normalize.word_list import words

_LONGEST_PLATE = 12
_LONGEST_VIN = 30
_NOT_WORD = re.compile(r"[^A-Z0-9]+")
_NO_PLATE = words("NOPLATE NOPLATES NOTAG NOTAGS NOLP TEMP TEMPTAG PAPER PAPERTAG UNREG UNREGISTERED PLATE LPCATEGORY")
_NO_VIN = words("VIN VINNUMBER NOVIN")

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_CHECKED_ORIGINS = frozenset("12345")
"""First characters of the United States, Canada and Mexico, whose law requires the check digit."""
_VALUES = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_AT, _MODULUS, _TEN = 8, 11, 10


def plate() -> Normalize:
    """A registration plate in capitals, without blanks and dashes."""
    return read_plate


def state() -> Normalize:
    """Two-letter code of a state, territory or province."""
    return read_state


def vin() -> Normalize:
    """A vehicle identification number in capitals; whether it may join anything says `vin_joins`."""
    return read_vin


def read_plate(raw: str) -> str | None:
    """The normalized plate, None where the text says nothing; raises Unreadable."""
    text = known(raw).upper()
    if not text:
        return None
    value = text if text.isascii() and text.isalnum() else _NOT_WORD.sub("", text)
    if not value or value in _NO_PLATE or says_nothing(value):
        return None
    if len(value) > _LONGEST_PLATE:
        raise Unreadable("not a plate")
    return value


def read_state(raw: str) -> str | None:
    """The state's code, None where the text says nothing; raises Unreadable."""
    code = state_code(raw)
    if code is None and known(raw):
        raise Unreadable("not a state")
    return code


def read_vin(raw: str) -> str | None:
    """The VIN as text, None where the text says nothing; raises Unreadable."""
    text = known(raw).upper()
    if not text:
        return None
    value = text if text.isascii() and text.isalnum() else _NOT_WORD.sub("", text)
    if not value or value in _NO_VIN or not value.strip(value[0]) or says_nothing(value):
        return None
    if len(value) > _LONGEST_VIN:
        raise Unreadable("too long for a VIN")
    return value


def vin_check_digit(vin: str) -> bool:
    """Whether a VIN has 17 characters of its alphabet and the check digit (49 CFR 565.15) that they call for."""
    if not _VIN.fullmatch(vin):
        return False
    rest = sum(map(mul, map(_VALUES.__getitem__, vin), _WEIGHTS)) % _MODULUS
    return vin[_CHECK_AT] == ("X" if rest == _TEN else str(rest))


def vin_joins(vin: str) -> bool:
    """Whether two vehicles with this VIN are one: a whole form, and a check digit that holds where one is required."""
    if not _VIN.fullmatch(vin) or len(set(vin)) == 1:
        return False
    return vin[0] not in _CHECKED_ORIGINS or vin_check_digit(vin)
