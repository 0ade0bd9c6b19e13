"""Web addresses in running text. An address of a person's page at a known service is found as that account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.narrative.domains import CERTAIN, DOUBTFUL
from mapping.narrative.emails import PROVIDERS
from mapping.narrative.note import Note
from mapping.narrative.port import Find
from mapping.normalize import Unreadable, bind
from mapping.normalize.account import read_profile

_REST = r"[^\s<>\"\u201c\u201d]"
_WITH_SCHEME = re.compile(rf"(?:https?|hxxps?|ftp)://{_REST}{{3,2000}}")
_WITH_WWW = re.compile(rf"(?<![\w.@/-])www[0-9]?\.[\w-]{{1,63}}\.{_REST}{{2,2000}}")
_ENDING = re.compile(
    rf"\.(?P<tld>{'|'.join(sorted(CERTAIN | DOUBTFUL, key=lambda tld: (-len(tld), tld)))})(?![\w@-])(?!\.\w)"
)
_TAIL = re.compile(rf"(?::[0-9]{{1,5}}(?!\w))?(?:[/?#]{_REST}{{0,2000}})?")
_HOST_CHARACTER = re.compile(r"[\w.-]")
_LONGEST_HOST = 253
_LABELS = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){0,6}[^\W_](?:[\w-]{0,61}[^\W_])?")
_TRAILING = ".,;:!?'\u2019*]}>"

_normalize = bind("url")


def find_urls(note: Note) -> Iterator[Find]:
    """Every web address; profiles at known services as handles or payment handles."""
    folded = note.folded
    if "." not in folded:
        return
    covered = 0
    if "://" in folded:
        for match in _WITH_SCHEME.finditer(folded):
            yield from _find(note, match.start(), match.end(), 0.97)
    if "www" in folded:
        for match in _WITH_WWW.finditer(folded):
            yield from _find(note, match.start(), match.end(), 0.95)
    for match in _ENDING.finditer(folded):
        if match.start() < covered:
            continue
        start = _host_start(folded, match.start())
        tail = _TAIL.match(folded, match.end())
        end = tail.end() if tail else match.end()
        covered = end
        has_path = end > match.end() + 1
        if _believable(folded, start, match, has_path=has_path) and (has_path or not _new_sentence(note, start, match)):
            yield from _find(note, start, end, 0.85)


def _host_start(folded: str, end: int) -> int:
    start = end
    while start > 0 and end - start < _LONGEST_HOST and _HOST_CHARACTER.match(folded[start - 1]):
        start -= 1
    return start


def _believable(folded: str, start: int, ending: re.Match[str], *, has_path: bool) -> bool:
    host = folded[start : ending.start()]
    if not _LABELS.fullmatch(host) or not any(map(str.isalpha, host)):
        return False
    if not has_path and PROVIDERS.fullmatch(folded, start, ending.end()):
        return False
    if start and folded[start - 1] in "@/:+%=&$\\":
        return False  # the end of an e-mail address or of another web address
    return has_path or ending["tld"] in CERTAIN


def _new_sentence(note: Note, start: int, ending: re.Match[str]) -> bool:
    """`He went home.Info about` : a capital behind the full stop, and none before it."""
    host = note.text[start : ending.start()]
    return note.text[ending.start() + 1].isupper() and not host.isupper()


def _find(note: Note, start: int, end: int, confidence: float) -> Iterator[Find]:
    end = start + len(_trimmed(note.text[start:end]))
    raw = note.text[start:end]
    try:
        value = _normalize(raw)
    except Unreadable:
        return
    profile = read_profile(raw)
    if profile is None:
        yield Find(start, end, "url", raw, {"url": value}, confidence)
        return
    service, name = profile
    if not service.payment:
        yield Find(start, end, "handle", raw, {"service": service.name, "handle": name}, confidence)
    else:
        handle = f"${name.lstrip('$')}" if service.name == "cashapp" else name
        account = {"kind": "payment_handle", "service": service.name, "handle": handle}
        yield Find(start, end, "payment", raw, account, confidence)


def _trimmed(raw: str) -> str:
    """The address without the sentence's own punctuation; a closing parenthesis stays if it was opened inside."""
    while raw and (raw[-1] in _TRAILING or (raw[-1] == ")" and raw.count("(") < raw.count(")"))):
        raw = raw[:-1]
    return raw
