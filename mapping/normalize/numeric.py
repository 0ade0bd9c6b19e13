"""Numbers and yes-or-no, as text files spell them."""

from __future__ import annotations

import math
import re

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Unreadable
from mapping.normalize.word_list import words

_FEW_DIGITS = 15
_LARGEST = 2**63 - 1
"""What JSON libraries and both databases can hold."""
_WHOLE = re.compile(r"[+-]?(?:\d{1,19}|\d{1,3}(?:,\d{3}){1,6})(?:\.0{0,10})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,40}|\d{1,3}(?:,\d{3}){1,12})?(?:\.\d{0,40})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_YES = words("y yes t true 1 on x checked")
_NO = words("n no f false 0 off unchecked")


def integer() -> Normalize:
    """A whole number; `1,234` and `24.0` are whole too."""
    return read_integer


def number() -> Normalize:
    """A finite number with a fraction."""
    return read_number


def boolean() -> Normalize:
    """Yes or no in the usual spellings; `U` says nothing."""
    return read_boolean


def read_integer(raw: str) -> int | None:
    """The whole number, or None where the text says nothing; raises Unreadable."""
    if raw.isascii() and raw.isdigit() and len(raw) <= _FEW_DIGITS:
        return int(raw)
    text = known(raw)
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise Unreadable("not a whole number")
    value = int(text.partition(".")[0].replace(",", ""))
    if abs(value) > _LARGEST:
        raise Unreadable("too large a number")
    return value


def read_number(raw: str) -> float | None:
    """The number, or None where the text says nothing; raises Unreadable."""
    text = known(raw)
    if not text:
        return None
    if not _DECIMAL.fullmatch(text) or not any(map(str.isdigit, text)):
        raise Unreadable("not a number")
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise Unreadable("not a number") from None
    if not math.isfinite(value):
        raise Unreadable("too large a number")
    return value


def read_boolean(raw: str) -> bool | None:
    """True, False, or None where the text says nothing; raises Unreadable."""
    word = raw.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word == "u" or not known(raw):
        return None
    raise Unreadable("not a yes or no")
