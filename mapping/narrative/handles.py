"""Handles at a named service: `IG @x`, `Instagram: x`, `snap name is x_313`, `on Telegram as @x`, `@x (IG)`.

A handle without a service is no pivot, so a lone @x is not found. Nor is a word behind a service's name, unless
something says that it is a name there: an @, a colon, `username`, or a shape that no word has (`lil.red`, `red_313`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.narrative.cues import PAYMENT, SOCIAL, WORDS_TOO, alternatives, hints, mentioned, service_of
from mapping.narrative.note import Note
from mapping.narrative.port import Find
from mapping.normalize.word_list import words

_ALL = SOCIAL | {alias: name for alias, name in PAYMENT.items() if name in {"venmo", "paypal", "cashapp", "chime"}}
_LONG = hints(_ALL)
_SHORT = re.compile(r"(?<!\w)(?:" + "|".join(sorted(alias for alias in _ALL if len(alias) <= 2)) + r")(?!\w)")  # noqa: PLR2004
_SHAPE = r"[\w$][\w.-]{0,29}"
_CONNECTORS = (
    r"dms?|messenger|app|accounts?|accts?|profiles?|pages?|user\s?names?|usernames?|users?|handles?|screen\s?names?|names?"
    r"|ids?|contact|under|as|called|is|was|by|the|her|his|their|my|at|with|via|to|on|tag|chat"
)
_CUE = re.compile(rf"(?<![\w.@/$-])(?P<cue>{alternatives(_ALL)})(?![\w-])(?!\.\w)")
_BEHIND = re.compile(
    rf"(?P<gap>(?:'s|s)?(?:[\s\"'(,]{{0,2}}(?:(?:{_CONNECTORS})(?![\w.])|[:=\u2013-])){{0,5}}[\s\"'(:]{{0,3}})"
    rf"(?P<handle>@?{_SHAPE})"
)
_MORE = re.compile(rf"\s?(?:,|&|and|or|/)\s?(?P<handle>@{_SHAPE})")
_BEFORE = re.compile(
    rf"(?<![\w.@/$-])(?P<handle>@?{_SHAPE})[\"')]?(?:\s?\(|\s?-\s?|,?\s(?:on\s|via\s|through\s|from\s)?)(?:(?:his|her|their|the|my)\s)?$"
)
_NAMING = re.compile(r"user\s?name|username|\buser\b|handle|screen\s?name|\bname|\bids?\b|\btag\b|[:=]")
_NO_HANDLE = words(
    """
    the and account accounts page profile app user username handle name she he they it who was is are not no none
    unknown message messages messaging dm dms chat chats photo photos video videos post posts posted story stories
    live call calls called private public deleted blocked active contact contacts link data records record warrant
    search return returns conversation conversations group groups friend friends ad ads money payment payments
    transfer sent used using via for with from about after before that this there where when which while also then
    number email phone yes na n a see below
    """
)
_MAY_FOLLOW = words(
    """
    and or on she he they who which was is to for with via at in then the also plus but where when asked told said
    stated as i we her his has had per from
    """
)
_NEXT_WORD = re.compile(r"[\"')]?\s([a-z]+)")
_BEFORE_WINDOW = 44
_SHORTEST = 3


def find_handles(note: Note) -> Iterator[Find]:
    """Every handle at a service that the text names beside it."""
    folded = note.folded
    if not mentioned(_LONG, folded) and not (_has_sign(folded) and _SHORT.search(folded)):
        return
    for cue in _CUE.finditer(folded):
        if behind := _BEHIND.match(folded, cue.end()):
            yield from _after_cue(note, cue["cue"], behind)
        yield from _before_cue(note, cue)


def _has_sign(folded: str) -> bool:
    return "@" in folded or ":" in folded


def _after_cue(note: Note, cue: str, match: re.Match[str]) -> Iterator[Find]:
    gap, handle = match["gap"], match["handle"]
    start = match.start("handle")
    end = start + len(handle.rstrip("."))
    at = handle.startswith("@")
    if not at and not _named(note, cue, gap, start, end):
        return
    yield from _find(note, cue, start, end, 0.9 if at else 0.8 if _NAMING.search(gap) else 0.65)
    while at and (more := _MORE.match(note.folded, end)):
        start, end = more.span("handle")
        yield from _find(note, cue, start, end, 0.8)


def _named(note: Note, cue: str, gap: str, start: int, end: int) -> bool:
    """Whether a word without @ behind a service's name is a handle."""
    handle = note.folded[start:end]
    if handle in _NO_HANDLE or len(handle) < _SHORTEST or handle in _ALL:
        return False
    shaped = _shaped(handle)
    if not _NAMING.search(gap):
        return shaped and cue not in WORDS_TOO and gap.strip() != "-"
    following = _NEXT_WORD.match(note.folded, end)
    return shaped or following is None or following[1] in _MAY_FOLLOW or following[1] in _ALL


def _shaped(handle: str) -> bool:
    """Whether it has letters and something that no word has: a digit, an underscore, a period inside."""
    return any(map(str.isalpha, handle)) and (
        "_" in handle or any(map(str.isdigit, handle)) or "." in handle.strip(".")
    )


def _before_cue(note: Note, cue: re.Match[str]) -> Iterator[Find]:
    begin = max(0, cue.start() - _BEFORE_WINDOW)
    match = _BEFORE.search(note.folded[begin : cue.start()])
    if match is None:
        return
    handle = match["handle"]
    if handle.startswith("@"):
        confidence = 0.9
    elif _shaped(handle) and re.search(r"\s(?:on|via|through)\s", match.group()) and cue["cue"] not in WORDS_TOO:
        confidence = 0.65
    else:
        return
    yield from _find(note, cue["cue"], begin + match.start("handle"), begin + match.end("handle"), confidence)


def _find(note: Note, cue: str, start: int, end: int, confidence: float) -> Iterator[Find]:
    end = start + len(note.folded[start:end].rstrip("."))
    handle = note.folded[start:end].lstrip("@")
    if not handle.strip("._-$"):
        return
    service = service_of(_ALL, cue)
    raw = note.text[start:end]
    if cue in PAYMENT:
        if service == "cashapp":
            handle = f"${handle.lstrip('$')}"
        account = {"kind": "payment_handle", "service": service, "handle": handle}
        yield Find(start, end, "payment", raw, account, confidence)
    elif "$" not in handle:
        yield Find(start, end, "handle", raw, {"service": service, "handle": handle}, confidence)
