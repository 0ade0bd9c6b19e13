"""Sums of money as decimal text: a float would change them."""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Raw, Unreadable

PARTS = frozenset({"amount", "currency"})

_SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "C$": "CAD", "CA$": "CAD", "MX$": "MXN"}
_WORDS = {"DOLLAR": "USD", "DOLLARS": "USD", "BUCKS": "USD", "EURO": "EUR", "EUROS": "EUR", "PESOS": "MXN"}
_CODE = re.compile(r"[A-Z]{3}")
_NUMBER = r"(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})?(?:\.(?P<cents>\d{0,4}))?"
_SUM = re.compile(
    rf"(?P<minus>-)?\s*(?P<open>\()?\s*(?P<before>[A-Z]{{0,3}}[$€£¥]|[A-Z]{{3}})?\s*(?P<sign>-)?{_NUMBER}\s*"
    r"(?P<behind>[A-Z]{3,7}|[€£])?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_CENTS = 2


def money(*, currency: str = "USD") -> Normalize:
    """{amount, currency}: at least two decimals, ISO 4217; `currency` is meant where the source names none."""
    if not _CODE.fullmatch(currency):
        raise ValueError("currency: three capitals of ISO 4217 are needed, such as USD")

    def normalize(raw: Raw) -> dict[str, str] | None:
        if not isinstance(raw, str):
            found = read_money(raw.get("amount") or "", raw.get("currency") or currency)
        else:
            found = read_money(raw, currency)
        return None if found is None else {"amount": found[0], "currency": found[1]}

    return normalize


@lru_cache(maxsize=8_192)
def read_money(raw: str, currency: str) -> tuple[str, str] | None:
    """(amount, currency), None where the text says nothing; raises Unreadable."""
    text = known(raw)
    if not text:
        return None
    match = _SUM.fullmatch(text)
    if match is None or not (match["whole"] or match["cents"]) or bool(match["open"]) != bool(match["close"]):
        raise Unreadable("not a sum of money")
    code = _currency(match["before"] or match["behind"] or currency)
    whole = (match["whole"] or "0").replace(",", "").lstrip("0") or "0"
    cents = (match["cents"] or "").ljust(_CENTS, "0")
    amount = f"{whole}.{cents}"
    negative = (match["minus"] or match["sign"] or match["open"]) and amount.strip("0.")
    return f"-{amount}" if negative else amount, code


def _currency(raw: str) -> str:
    text = raw.strip().upper()
    code = _SYMBOLS.get(text) or _WORDS.get(text) or (text if _CODE.fullmatch(text) else None)
    if code is None:
        raise Unreadable("not a currency")
    return code
