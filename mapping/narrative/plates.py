"""Registration plates whose state is named: `MI plate ABC1234`, `plate DXR 4471 (MI)`, `LPN/MI ABC1234`.

A plate without its state is not found: the same seven characters are issued by fifty states. Every find hangs on a word
such as `plate`; from there the state is looked for before it, between it and the plate, and behind the plate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.narrative.note import Note
from mapping.narrative.port import Find
from mapping.normalize.states import PROVINCES, STATES, TERRITORIES, state_code
from mapping.normalize.word_list import words

_NAMES = STATES | TERRITORIES | PROVINCES
_STATE = "|".join(
    [name.lower().replace(" ", r"\s") for name in sorted(_NAMES.values(), key=lambda name: (-len(name), name))]
    + sorted(code.lower() for code in _NAMES)
)
_HINTS = ("plate", "regis", "tag", "lp", "lic", "reg", "bearing", "displaying")
_CUE = re.compile(
    r"(?<![\w@.])(?:(?P<bearing>bearing|displaying)|(?:registered\s)?plates?|registrations?|reg|tags?|lpn?|lic|license|pl)"
    r"(?!\w|\splate|\stag|\slp)"
)
_BETWEEN = r"(?:[\s\"'(#:.-]{0,2}(?:numbers?|num|no|is|was|of|reads?|reading|bearing|as)(?!\w)){0,3}[\s\"'(#:.-]{1,3}"
_PLATE = r"(?P<plate>[a-z0-9]{1,4}[ -][a-z0-9]{1,5}(?![\w-])|[a-z0-9]{4,8}(?![\w-]))"
_PLATE_NEXT = re.compile(_BETWEEN + _PLATE)
_STATE_NEXT = re.compile(rf"(?:[/:#.]\s?|\s)(?P<state>{_STATE})[\s/.:-]{{1,2}}{_PLATE}")
_STATE_BEHIND = re.compile(
    rf"(?P<link>\"?\s?[,/(-]\s?|\"?\s(?:(?:out\s)?of\s|from\s)?|\"?,?\sstate\s(?:of\s)?)(?P<state>{_STATE})(?![\w-])"
)
_NCIC = re.compile(rf"/(?P<plate>[a-z0-9]{{2,8}})[\s.,]{{1,2}}lis/(?P<state>{_STATE})(?!\w)")
_BESIDE = words("license licence lic vehicle veh temp temporary registered registration")
"""Words that may stand between the state and the word `plate`."""
_WINDOW, _MOST_WORDS = 48, 3

_LETTERS_FIRST = re.compile(r"[a-z]{1,4}[ -][0-9]{2,5}[a-z]?")
_DIGITS_FIRST = re.compile(r"[0-9]{3,4}[ -][a-z]{2,4}|[0-9][a-z]{2,3}[ -][0-9]{2,4}|[0-9]{2,4}[ -][a-z][0-9a-z]{0,3}")
_SHORTEST, _LONGEST, _SHORTEST_NUMBER = 4, 8, 5
_CODE = 2
_WORDS = words("men man day days min mins am pm hrs yrs year years old and the was for with car cars ft mph miles feet")
_CODES_THAT_ARE_WORDS = words("IN OR ME OK HI OH LA PA MA DE AL ID CO ON")


def find_plates(note: Note) -> Iterator[Find]:
    """Every plate beside its state."""
    if not any(hint in note.folded for hint in _HINTS):
        return
    for cue in _CUE.finditer(note.folded):
        find = _at(note, cue)
        if find:
            yield find


def _at(note: Note, cue: re.Match[str]) -> Find | None:
    """The plate that hangs on one word."""
    for pattern in (_STATE_NEXT, _NCIC):
        match = pattern.match(note.folded, cue.end())
        if match and (state := _state(note, *match.span("state"))):
            find = _find(note, *match.span("plate"), state, open_end=pattern is _STATE_NEXT)
            if find:
                return find
    match = None if cue["bearing"] else _PLATE_NEXT.match(note.folded, cue.end())
    if match is None:
        return None
    start, end = match.span("plate")
    before = _state_before(note, cue.start())
    if before:
        return _find(note, start, end, before, open_end=True)
    behind = _STATE_BEHIND.match(note.folded, end)
    if behind is None:
        return None
    state = _state(note, *behind.span("state"))
    if state and state[1] < 1 and not behind["link"].strip():
        return None  # PLATE ABC1234 IN THE LOT
    return _find(note, start, end, state, open_end=False) if state else None


def _state_before(note: Note, end: int) -> tuple[str, float] | None:
    """The state in the words before `plate`: MI, New York, Michigan license."""
    begin = max(0, end - _WINDOW)
    text = note.text[begin:end].rstrip()
    found = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    while found and text[slice(*found[-1])].strip(".").lower() in _BESIDE:
        found.pop()
    for count in range(min(_MOST_WORDS, len(found)), 0, -1):
        start, stop = found[-count][0], found[-1][1]
        name = text[start:stop].lstrip("(\"'")
        state = _state(note, begin + stop - len(name), begin + stop)
        if state:
            return state
    return None


def _state(note: Note, start: int, end: int) -> tuple[str, float] | None:
    """(code, how sure) of a state; a code is believed in capitals only, and less if it is a word in a shouted text."""
    raw = note.text[start:end]
    code = state_code(raw)
    if code is None or raw.isdigit() or (len(raw) == _CODE and not raw.isupper()):
        return None
    return code, 0.55 if len(raw) == _CODE and note.shouted and code in _CODES_THAT_ARE_WORDS else 1


def _find(note: Note, start: int, end: int, state: tuple[str, float], *, open_end: bool) -> Find | None:
    """The find, if the characters can be a plate. Of two groups the second may be the sentence's next word."""
    plate = note.folded[start:end]
    groups = re.split(r"[ -]", plate)
    if len(groups) > 1 and not _two_groups(note, start, plate, groups):
        if not open_end or plate[len(groups[0])] != " ":
            return None
        end, groups = start + len(groups[0]), groups[:1]
    if len(groups) == 1 and not _one_group(groups[0]):
        return None
    value = {"plate": "".join(groups).upper(), "plate_state": state[0]}
    return Find(start, end, "plate", note.text[start:end], value, round(0.9 * state[1], 2))


def _one_group(plate: str) -> bool:
    digits = sum(map(str.isdigit, plate))
    least = _SHORTEST_NUMBER if digits == len(plate) else _SHORTEST
    return digits > 0 and least <= len(plate) <= _LONGEST


def _two_groups(note: Note, start: int, plate: str, groups: list[str]) -> bool:
    if not _SHORTEST < len(plate) - 1 <= _LONGEST or _WORDS.intersection(groups):
        return False
    if not (_LETTERS_FIRST.fullmatch(plate) or _DIGITS_FIRST.fullmatch(plate)):
        return False
    return note.text[start : start + len(plate)].isupper()
