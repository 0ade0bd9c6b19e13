"""Telephone numbers in running text: North American ones as people write them, others with their + and country code.

Ten digits in a row are a number too, but in these files they are as often a case number: the words before them decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.narrative.note import Note
from mapping.narrative.port import Find
from mapping.normalize import Unreadable, bind

_GAP = r"(?:\s?[-./\u2010-\u2015]\s?|[ \u00a0]{1,2})"
_HINT = re.compile(r"[+(0-9][-0-9(). /\u00a0\u2010-\u2015]{7,30}[0-9]")
"""What every number begins with; most notes hold none, and are left after one quick look."""
_NUMBER = re.compile(
    rf"""
    (?<![\w$@+%=]) (?<![0-9][-./:]) (?<![0-9][-.]\ )
    (?:
        (?: \+?1 (?:{_GAP}|(?=\())? )?
        (?: \([2-9][0-9]{{2}}\) [-. ]{{0,2}} | [2-9][0-9]{{2}} {_GAP} )
        [2-9][0-9]{{2}} {_GAP}? [0-9]{{4}}
      | (?P<bare> \+?1? [2-9][0-9]{{2}} [2-9][0-9]{{6}} )
      | (?P<abroad> \+[2-9][0-9]{{0,2}} (?:[ .-]?\(?[0-9]{{1,5}}\)?){{2,6}} )
    )
    (?: ,?\s? (?:x|ext\.?|extension)\ ?[0-9]{{1,6}} )?
    (?![\w@]) (?![-./:][0-9]) (?!\ ?[-./]\ ?[0-9]{{2}}[-./ ])
    """,
    re.VERBOSE,
)
_WINDOW = 28
_TEN = 10
_OTHER_NUMBER = re.compile(
    r"\b(?:ssn|soc|dob|vin|badge|docket|cad|ccn|oln|odl|dl|imei|esn|iccid|meid|account|acct|routing|serial|s/n|sn|sid"
    r"|(?:case|incident|report|file|complaint|citation|ticket|tracking|invoice|confirmation|order|licen[cs]e|permit"
    r"|warrant|event|control|reference|ref|policy|claim|member|customer|inmate|booking|transaction|receipt|card|case/inc"
    r"|evidence|property|item|tag|log|record|id)"
    r"(?:\s?(?:no|num|nbr|numbers?|id)\b|\s?\#))[\s.:#(]{0,4}(?:is|was|of)?[\s:#(]{0,2}$"
)
"""Words that make the number behind them another kind of number, however it is written."""
_BARE_OTHER = re.compile(
    r"\b(?:case|incident|report|file|complaint|citation|ticket|tracking|invoice|confirmation|order|licen[cs]e|permit"
    r"|warrant|event|control|reference|ref|policy|claim|member|inmate|booking|transaction|receipt|card|id|no|num|nbr"
    r"|plate|tag|evidence|property|item|record|log|statute|code|ori|section)\b[\s.:#(-]{0,4}$|#\s?$"
)
"""Words that do so before ten digits in a row."""
_CUE = re.compile(
    r"\b(?:(?:tele)?phones?|cell|call(?:s|ed|ing)?|text(?:s|ed|ing)?|tel|mobile|contact|ph|fax|whatsapp|zelle|pager"
    r"|dial(?:ed|s)?|reach(?:ed)?|sms|burner|imessage|facetime)\b"
)

_normalize = bind("phone")


def find_phones(note: Note) -> Iterator[Find]:
    """Every number that can exist."""
    if not _HINT.search(note.text):
        return
    for match in _NUMBER.finditer(note.folded):
        start, end = match.span()
        before = note.folded[max(0, start - _WINDOW) : start]
        if _OTHER_NUMBER.search(before) or (match["bare"] and not _bare(match, before, note.folded[end : end + 2])):
            continue
        raw = note.text[start:end]
        number = _number(raw)
        if number:
            yield Find(start, end, "phone", raw, {"number": number}, _confidence(match, before))


def _bare(match: re.Match[str], before: str, behind: str) -> bool:
    """Whether digits in a row are a phone: no other word claims them, and without a cue they stand alone."""
    if _BARE_OTHER.search(before):
        return False
    if _CUE.search(before):
        return True
    alone = not (before[-2:-1].isdigit() or (behind[:1] == " " and behind[1:].isdigit()))
    return alone and (len(match["bare"]) == _TEN or match["bare"].startswith("+"))


def _number(raw: str) -> str | None:
    try:
        value = _normalize(raw)
    except Unreadable:
        return None
    return value if isinstance(value, str) else None


def _confidence(match: re.Match[str], before: str) -> float:
    if match["bare"]:
        return 0.9 if _CUE.search(before) or match["bare"].startswith("+") else 0.6
    return 0.9 if match["abroad"] else 0.95
