"""Telephone numbers: E.164 where the number can exist, else the words of the source, which never join anything.

North American numbers are decided here, and faster, by the plan's own rules: an assigned area, an exchange that is not
N11, and of the fictitious exchange 555 only 0100 to 0199. Those are reserved for examples, so a demo may use them,
while 555-1212 is directory assistance and every other 555 number was withdrawn in 2016: as a key they would join
strangers. All else is asked of the library `phonenumbers`, and must be valid there, not merely possible: a possible
number has the right length, and so has many a case number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Raw, Unreadable
from mapping.normalize.nanp import PLAIN_AREAS

PARTS = frozenset({"full", "country", "area", "exchange", "line", "extension"})

_NANP = re.compile(r"\s*(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-./ ]{0,3}([2-9]\d\d)[-. ]{0,3}(\d{4})\s*", re.ASCII)
_NANP_LENGTH = 10
_LOCAL = re.compile(r"[2-9(][-0-9 ().]*", re.ASCII)
_FEWEST_DIGITS, _MOST_DIGITS = 5, 15
_LONGEST = 80
_REGIONS_OF_PLAN = frozenset({"US", "CA", "PR", "GU", "VI", "AS", "MP"})
_EXTENSION = re.compile(
    r"(.{7,}?)[\s,;]*(?:;ext=|\bext(?:ension)?\b\.?:?|\bx\.?|(?<=\d)x|#)\s*(\d{1,7})", re.IGNORECASE | re.ASCII
)
_LABELS = r"(?:cell(?:ular)?|mobile|home|work|office|business|residence|phone|tel(?:ephone)?|fax|pager|msg|message)"
_LABEL_BEFORE = re.compile(rf"(?:{_LABELS}|[chw])\s*(?:phone|number|no\.?|#)?\s*[:.)-]*\s*(?=[+(\d])", re.IGNORECASE)
_LABEL_BEHIND = re.compile(rf"(?<=\d)\s*[-(\[]?\s*(?:{_LABELS}|[chw])\s*(?:phone)?[)\]]?", re.IGNORECASE)
_ABROAD = re.compile(r"^(?:00|011)[\s-]*(?=[1-9])")


def phone(*, region: str = "US") -> Normalize:
    """E.164 text (`+13135550123`, with an extension `+13135550123;ext=12`), or {number, valid: False}."""
    region = region.upper()
    plan = region in _REGIONS_OF_PLAN
    if not plan:
        _check_region(region)

    def normalize(raw: Raw) -> str | dict[str, Any] | None:
        if not isinstance(raw, str):
            raw = _whole(raw)
        if plan:
            match = _NANP.fullmatch(raw)
            if match:
                area, exchange, line = match.groups()
                if area in PLAIN_AREAS and _exists(area, exchange, line):
                    return f"+1{area}{exchange}{line}"
        found = _read(raw, region)
        return found.copy() if isinstance(found, dict) else found

    return normalize


def e164(raw: str, region: str = "US") -> str | None:
    """The number in E.164 without its extension, or None where it cannot exist."""
    found = _read(raw, region)
    return found.partition(";")[0] if isinstance(found, str) else None


@lru_cache(maxsize=16_384)
def _read(raw: str, region: str) -> str | dict[str, Any] | None:
    text = known(raw)
    if len(text) > _LONGEST:
        raise Unreadable("too long for a telephone number")
    digits = re.sub(r"[^0-9]", "", text)
    if not text or (digits and not digits.strip("0")):
        return None
    number, extension = text, ""
    if match := _EXTENSION.fullmatch(text):
        number, extension = match.groups()
    number = _LABEL_BEHIND.sub("", _LABEL_BEFORE.sub("", number, count=1), count=1)
    found = _in_plan(number) if region in _REGIONS_OF_PLAN or number.startswith("+1") else None
    if found is None:
        found = _ask_library(_ABROAD.sub("+", number, count=1), region)
    if not found:
        if len(digits) < _FEWEST_DIGITS:
            raise Unreadable("not a telephone number")
        return {"number": text, "valid": False}
    return f"{found};ext={extension}" if extension else found


def _in_plan(number: str) -> str | None:
    """E.164 by the plan's rules, an empty text where they forbid it, None where they do not decide."""
    match = _NANP.fullmatch(number)
    if match is None:
        return "" if _LOCAL.fullmatch(number) and sum(map(str.isdigit, number)) < _NANP_LENGTH else None
    area, exchange, line = match.groups()
    if area == "555" or not _exists(area, exchange, line):
        return ""
    return f"+1{area}{exchange}{line}" if area in PLAIN_AREAS else None


def _exists(area: str, exchange: str, line: str) -> bool:
    """Whether the plan has such an exchange and line; 888-888-8888 is what people write for `none`."""
    if exchange == "555":
        return line.startswith("01")
    return exchange[1:] != "11" and not (area == exchange and line == area[0] * 4)


def _ask_library(number: str, region: str) -> str:
    """E.164 if the library holds the number valid, else an empty text."""
    if not any(map(str.isdigit, number)) or sum(map(str.isdigit, number)) > _MOST_DIGITS:
        return ""
    import phonenumbers  # noqa: PLC0415  # takes a tenth of a second, and most files never need it

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _whole(parts: Mapping[str, str]) -> str:
    """One text from parts: NIEM gives a number whole, split in three, or as country code and rest."""
    full = known(parts.get("full"))
    if not full:
        pieces = (known(parts.get(name)) for name in ("area", "exchange", "line"))
        full = " ".join(filter(None, pieces))
    country = known(parts.get("country")).lstrip("+0")
    if full and country and not full.startswith("+") and not _repeats(country, full):
        full = f"+{country} {full}"
    extension = known(parts.get("extension"))
    return f"{full} ext {extension}" if full and extension.isdigit() else full


def _repeats(country: str, full: str) -> bool:
    """Whether a whole number in the American plan already begins with its country code."""
    return country == "1" and full.startswith("1") and sum(map(str.isdigit, full)) > _NANP_LENGTH


def _check_region(region: str) -> None:
    import phonenumbers  # noqa: PLC0415  # see above

    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"region: no country has the code {region!r}; two letters such as US are needed")
