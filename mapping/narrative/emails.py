"""E-mail addresses in running text, and the few that are spelled out to hide them (`jane at gmail dot com`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.narrative.note import Note
from mapping.narrative.port import Find
from mapping.normalize import Unreadable, bind

_ADDRESS = re.compile(
    r"(?<![\w.+%-])[\w][\w.+%'-]{0,63}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w@-])"
)
_PROVIDER = re.compile(
    r"(?:gmail|yahoo|hotmail|outlook|icloud|aol|protonmail|proton|ymail|live|msn|comcast|mail)\s?"
    r"(?:\.|\sdot\s|\[dot\]|\(dot\))\s?(?:com|net|me)(?![\w.@-])"
)
_HIDDEN_LOCAL = re.compile(r"(?<![\w.@])([a-z0-9][\w.+-]{1,40})\s?(?:\sat\s|\[at\]|\(at\))\s?$")
_MOST_BEFORE = 60
_CUE = re.compile(r"\be-?mail\b[^.;\n]{0,20}$")
PROVIDERS = _PROVIDER
"""Mail services: `gmail.com` alone is no website of interest, though a whole city mentions it."""
_DOT = re.compile(r"\s?(?:\sdot\s|\[dot\]|\(dot\))\s?")

_normalize = bind("email")


def find_emails(note: Note) -> Iterator[Find]:
    """Every address that a mail server could receive."""
    if "@" in note.folded:
        for match in _ADDRESS.finditer(note.folded):
            yield from _find(note, match.start(), match.end(), match.group(), 0.98)
    if "mail" in note.folded or "yahoo" in note.folded or "outlook" in note.folded or "icloud" in note.folded:
        yield from _hidden(note)


def _hidden(note: Note) -> Iterator[Find]:
    for match in _PROVIDER.finditer(note.folded):
        begin = max(0, match.start() - _MOST_BEFORE)
        local = _HIDDEN_LOCAL.search(note.folded[begin : match.start()])
        if local is None:
            continue
        start = begin + local.start()
        name = local[1]
        marked = "[" in local.group() or "(" in local.group()
        if marked or any(map(str.isdigit, name)) or _CUE.search(note.folded[max(0, start - _MOST_BEFORE) : start]):
            address = f"{name}@{_DOT.sub('.', match.group()).replace(' ', '')}"
            yield from _find(note, start, match.end(), address, 0.7)


def _find(note: Note, start: int, end: int, address: str, confidence: float) -> Iterator[Find]:
    try:
        value = _normalize(address)
    except Unreadable:
        return
    if value:
        yield Find(start, end, "email", note.text[start:end], {"address": value}, confidence)
