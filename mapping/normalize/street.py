"""Street lines in one standard spelling: `123 north oak street apartment #4` is `123 N Oak St Apt 4`.

A word is abbreviated only where it stands for what it is: `St Paul Avenue` keeps its saint, `North Street` its North.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.normalize.usps import COMMON_SUFFIXES, DIRECTIONS, NUMBERED_ROADS, SUFFIXES, UNITS

_CROSSING = re.compile(r"\s*[\\&@]\s*|\s+/\s+|\s+(?:AND|AT)\s+", re.IGNORECASE)
_HOUSE = re.compile(r"\d+[A-Z]?(?:-\d+)?|\d+-\d+[A-Z]?|[NSEW]\d+[NSEW]\d+", re.IGNORECASE | re.ASCII)
_ORDINAL = re.compile(r"0*(\d{1,3})(ST|ND|RD|TH)", re.IGNORECASE | re.ASCII)
_BOX = re.compile(r"(?:P\.?\s*O\.?\s*|POST OFFICE\s+)?BOX\s*#?\s*(\w+)", re.IGNORECASE | re.ASCII)
_BLOCK = re.compile(r"(\d+)\s*(?:BLOCK|BLK|BLCK)\.?(?:\s+OF)?\s+", re.IGNORECASE | re.ASCII)
_HALF = re.compile(r"\d/\d", re.ASCII)
_STATE = _COMPASS = 2
_MC_WORD = 5


def standard_street(line: str) -> str:
    """One squeezed street line, intersection, block or box in standard spelling and readable case."""
    house, _, name = line.partition(" ")
    if name[:1].isalnum() and house.isdecimal() and house.isascii():
        return f"{house} {_behind_house(name)}"
    return _standard_street(line)


@lru_cache(maxsize=16_384)
def _behind_house(name: str) -> str:
    """What follows the number of a house: a county has far fewer streets than houses."""
    return _standard_street(f"1 {name}").removeprefix("1 ")


@lru_cache(maxsize=16_384)
def _standard_street(line: str) -> str:
    line = line.strip(" ,.;")
    if box := _BOX.fullmatch(line):
        return f"PO Box {box[1].upper()}"
    block = _BLOCK.match(line)
    if block:
        return f"{block[1]} Block {_one_street(line[block.end() :])}"
    sides = _CROSSING.split(line)
    if len(sides) > 1 and all(sides) and not _HOUSE.fullmatch(sides[0].split()[0]):
        return " & ".join(map(_one_street, sides))
    return _one_street(line)


@lru_cache(maxsize=16_384)
def standard_unit(unit: str) -> str:
    """An apartment, suite, floor or box: `Apt #3` is `Apt 3`, a bare `4B` is `Unit 4B`."""
    unit = unit.strip(" ,.;")
    if box := _BOX.fullmatch(unit):
        return f"PO Box {box[1].upper()}"
    words = _split(unit)
    name = UNITS.get(words[0].upper())
    if name:
        rest = " ".join(_unit_value(word) for word in words[1:] if word != "#")
        return f"{name} {rest}" if rest else name
    if len(words) == 1 and any(map(str.isdigit, words[0])):
        return f"Unit {words[0].upper()}"
    return " ".join(UNITS.get(word.upper()) or _readable(word) for word in words)


def is_street(text: str) -> bool:
    """Whether a text can be a street line: it has a number, a crossing, or a street's last word."""
    words = _split(text)
    if len(words) <= 1:
        return False
    return any(map(str.isdigit, text)) or words[-1].upper() in SUFFIXES or len(_CROSSING.split(text)) > 1


def _unit_value(word: str) -> str:
    return word.upper() if len(word) == 1 or any(map(str.isdigit, word)) else _readable(word)


def split_city(text: str) -> tuple[str, str]:
    """(street, city) of a text without a comma, parted behind its street suffix; an empty city if there is none."""
    words = _split(text)
    end = next((at + 1 for at in range(2, len(words)) if words[at].upper() in COMMON_SUFFIXES), 0)
    if not end:
        end = next((at + 1 for at in range(2, len(words)) if words[at].upper() in SUFFIXES), 0)
    while end and end < len(words) and words[end].upper() in COMMON_SUFFIXES:
        end += 1
    while end and end < len(words):
        word = words[end].upper()
        if word in UNITS and end + 1 < len(words):
            end += 3 if words[end + 1] == "#" else 2
        elif len(word) <= _COMPASS and word in DIRECTIONS:
            end += 1
        else:
            break
    return (" ".join(words[:end]), " ".join(words[end:])) if end else (text, "")


def _split(line: str) -> list[str]:
    return [word for part in line.replace("#", " # ").split() if (word := part.strip(".,;"))]


def _one_street(line: str) -> str:
    words = _split(line)
    if not words:
        return line
    start = 1 if _HOUSE.fullmatch(words[0]) and len(words) > 1 else 0
    if start and len(words) > start + 1 and _HALF.fullmatch(words[start]):
        start += 1
    unit_at = next((at for at in range(start + 1, len(words)) if _starts_unit(words, at)), len(words))
    name = words[start:unit_at]
    done = [word.upper() for word in words[:start]] + _street_name(name)
    if unit_at < len(words):
        done.append(standard_unit(" ".join(words[unit_at:])))
    return " ".join(done)


def _starts_unit(words: list[str], at: int) -> bool:
    word = words[at].upper()
    return (
        word in UNITS
        and at + 1 < len(words)
        and (word == "#" or any(map(str.isdigit, words[-1])) or len(words[-1]) == 1)
    )


def _street_name(words: list[str]) -> list[str]:
    """Pre-direction, name, suffix, post-direction; each abbreviated only in its own place."""
    count = len(words)
    done = [_readable(word) for word in words]
    tail = count - 1
    if tail > 1 and words[tail].upper() in DIRECTIONS and words[tail - 1].upper() in SUFFIXES:
        done[tail] = DIRECTIONS[words[tail].upper()]
        tail -= 1
    if tail > 0 and (suffix := SUFFIXES.get(words[tail].upper())):
        done[tail] = suffix
        tail -= 1
    if tail > 0 and (direction := DIRECTIONS.get(words[0].upper())):
        done[0] = direction
    for at in range(count - 1):
        if words[at].upper() in NUMBERED_ROADS and words[at + 1][:1].isdigit():
            done[at] = SUFFIXES[words[at].upper()]
            if at and len(words[at - 1]) == _STATE:
                done[at - 1] = words[at - 1].upper()  # VT Rte 100
    return done


def _readable(word: str) -> str:
    """Title case for a word in one case; 03RD becomes 3rd; NW, US and codes with digits stay capitals."""
    upper = word.upper()
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal:
        return f"{ordinal[1]}{ordinal[2].lower()}"
    if upper in DIRECTIONS and len(upper) <= _COMPASS:
        return upper
    if any(map(str.isdigit, word)) or upper in {"US", "USA", "PO", "RR", "HC"}:
        return upper
    if not word.isupper() and not word.islower():
        return word
    if upper.startswith("MC") and len(word) >= _MC_WORD:
        return f"Mc{word[2:].capitalize()}"
    return "-".join(piece.capitalize() for piece in word.split("-"))


def readable_words(text: str) -> str:
    """A city's name in readable case."""
    return " ".join(map(_readable, text.split()))
