"""Payment tags: `$name` of Cash App, and phones or e-mail addresses that a payment service is said to pay.

`Zelle 313-555-0123` is two finds that do not overlap: the number is a phone, and the service's name beside it shows the
account. Tags behind an @ or a colon (`Venmo @x`) are read by `handles`, which knows those patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mapping.narrative.cues import PAYMENT, alternatives, hints, mentioned, service_of
from mapping.narrative.note import Note
from mapping.narrative.port import Find

_TAG = re.compile(r"(?<![\w$&.-])\$(?P<name>[a-z][a-z0-9_-]{1,19})(?![\w$-])")
_NO_TAG = re.compile(r"x+|usd?|k|amount|dollars?|money|value|name|total|sum|cash")
_ANY = hints(PAYMENT)
_CUE = re.compile(rf"(?<![\w.@/$-])(?P<cue>{alternatives(PAYMENT)})(?![\w-])(?!\.\w)")
_NEAR = 60
_BETWEEN = re.compile(r"(?:'s|ed|d)?[\s:,(\"'-]{0,3}(?:(?!and\b|or\b|called\b|texted\b)[\w#]+[\s:,(\"'-]{1,3}){0,5}")
_LONGEST_BETWEEN = 40
_BEHIND = re.compile(r"[\s,)\"'-]{0,3}(?:on|via|through|by|using|for|with|in)?\s?(?:(?:his|her|their|the|a)\s)?\(?")
_LONGEST_BEHIND = 14


def find_tags(note: Note) -> Iterator[Find]:
    """Every `$name`; surer where a payment service is named near it."""
    folded = note.folded
    if "$" not in folded:
        return
    for match in _TAG.finditer(folded):
        name = match["name"].rstrip("-_")
        if _NO_TAG.fullmatch(name):
            continue
        start, end = match.start(), match.start() + 1 + len(name)
        cues = list(_CUE.finditer(folded, max(0, start - _NEAR), min(len(folded), end + _NEAR)))
        before = [cue for cue in cues if cue.end() <= start]
        service = service_of(PAYMENT, before[-1]["cue"]) if before else "cashapp"
        if service not in {"cashapp", "venmo", "paypal", "chime"}:
            service = "cashapp"
        handle = f"${name}" if service == "cashapp" else name
        account = {"kind": "payment_handle", "service": service, "handle": handle}
        yield Find(start, end, "payment", note.text[start:end], account, 0.95 if cues else 0.6)


def find_paid_accounts(note: Note, found: Sequence[Find]) -> Iterator[Find]:
    """The name of each payment service that is said to pay a phone or an e-mail address, found before, beside it."""
    addresses = sorted((find.start, find.end, find) for find in found if find.kind in {"phone", "email"})
    if not addresses or not mentioned(_ANY, note.folded):
        return
    at = 0
    for cue in _CUE.finditer(note.folded):
        while at < len(addresses) and addresses[at][1] <= cue.start():
            at += 1
        handle = _paid_after(note, cue, addresses[at][2]) if at < len(addresses) else None
        if handle is None and at:
            handle = _paid_before(note, cue, addresses[at - 1][2])
        if handle is not None:
            account = {"kind": "payment_handle", "service": service_of(PAYMENT, cue["cue"]), "handle": handle}
            yield Find(cue.start(), cue.end(), "payment", note.text[cue.start() : cue.end()], account, 0.8)


def _paid_after(note: Note, cue: re.Match[str], address: Find) -> str | None:
    between = note.folded[cue.end() : address.start]
    if len(between) > _LONGEST_BETWEEN or not _BETWEEN.fullmatch(between) or _CUE.search(between):
        return None
    return _handle(address)


def _paid_before(note: Note, cue: re.Match[str], address: Find) -> str | None:
    between = note.folded[address.end : cue.start()]
    if len(between) > _LONGEST_BEHIND or not _BEHIND.fullmatch(between):
        return None
    return _handle(address)


def _handle(address: Find) -> str:
    return str(address.value.get("number") or address.value.get("address"))
