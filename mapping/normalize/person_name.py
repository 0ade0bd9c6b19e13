"""Names of people, in readable case and in parts, from the dozen ways in which records write them.

What is given in parts is trusted; what is given as one text is taken apart by its comma, or read in natural order. No
word is dropped but those that name nobody (`UNKNOWN`, `FNU`, `NMN`) and those that are another name (a nickname in
quotes, what follows AKA). JOHN DOE stays: whether it is a name or a way to say that there is none is decided where
names are compared.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from mapping.normalize.clean import PLACEHOLDERS, is_template, known
from mapping.normalize.contract import Normalize, Raw, Unreadable
from mapping.normalize.name_words import (
    INITIAL_SUFFIXES,
    MAC_NAMES,
    NO_WORD_OF_A_NAME,
    NOBODY,
    PARTICLES,
    SUFFIXES,
    TITLES,
    UNKNOWN,
)

Order = Literal["surname_first", "given_first", "auto"]
Name = dict[str, str]

PARTS = frozenset({"given", "middle", "surname", "suffix", "prefix", "full"})

_LONGEST = 200
_LONG_CAPITALS = 4
"""In a name of mixed case, capitals shorter than this are initials (JP, TJ) or a short name that may stay."""
_INITIALS = 3
_WHOLE_NAME = 2
_MC_WORD = 5
_BESIDES = re.compile(r"\"[^\"]*\"|\([^()]*\)|\u201c[^\u201d]*\u201d|\s(?:AKA|A/K/A|a/k/a|aka)\b.*")
"""Nicknames in quotes or parentheses, and what follows AKA: an alias, not a part of this name."""
_VOWELS = frozenset("AEIOUY")
_PLAIN = re.compile(r"([A-Za-z]{2,})(,?) ([A-Za-z]{2,})(?: ([A-Za-z]{1,40}))?")
"""The form of nine names in ten, which needs no taking apart: LAST, FIRST M and First M Last."""
_SPECIAL = (
    TITLES | UNKNOWN | PARTICLES | SUFFIXES.keys() | {"aka", "i", "v"}
    | {word for phrase in NOBODY | PLACEHOLDERS for word in phrase.lower().split()}
)  # fmt: skip
_PIECE = re.compile(r"([-'\u2019])")


def person_name(*, order: Order = "auto") -> Normalize:
    """A name as {full, given, middle, surname, suffix, prefix}, without the keys of which nothing is known."""

    def normalize(raw: Raw) -> Name | None:
        if not isinstance(raw, str):
            get = raw.get
            name = _read_parts(
                get("given") or "", get("middle") or "", get("surname") or "",
                get("suffix") or "", get("prefix") or "", get("full") or "", order,
            )  # fmt: skip
        else:
            name = _read_text(raw, order)
        return None if name is None else name.copy()

    return normalize


@lru_cache(maxsize=32_768)
def _read_parts(
    given: str, middle: str, surname: str, suffix: str, prefix: str, full: str, order: Order
) -> Name | None:
    if len(given) + len(middle) + len(surname) + len(suffix) + len(prefix) > _LONGEST:
        raise Unreadable("too long for a name")
    given, middle, surname = _part(given), _part(middle), _part(surname)
    if (not given or given.lower() in NOBODY) and (not surname or surname.lower() in NOBODY):
        given = surname = ""
        name = _read_text(full or middle, order) or {}
        if not name:
            return None
        given, middle, surname = name.get("given", ""), name.get("middle", ""), name.get("surname", "")
        suffix, prefix = suffix or name.get("suffix", ""), prefix or name.get("prefix", "")
        if not given and not surname:
            return name
    elif not given and "," in surname:
        return _read_text(surname, order)
    suffix = _suffix(suffix)
    if not suffix:
        surname, suffix = _cut_suffix(surname)
    title = known(prefix).replace(".", "") if prefix else ""
    title = "" if title.lower() in NOBODY or title.lower() == "prefix" else _title(title)
    shouted = _shouted(f"{given}{middle}{surname}")
    return _name(_case(given, shouted), _case(middle, shouted), _case(surname, shouted), suffix, title)


@lru_cache(maxsize=32_768)
def _read_text(raw: str, order: Order) -> Name | None:
    match = _PLAIN.fullmatch(raw) if order != "surname_first" and len(raw) <= _LONGEST else None
    if match:
        first, comma, second, third = match.groups("")
        if _SPECIAL.isdisjoint((first.lower(), second.lower(), third.lower())):
            shouted = raw.isupper() or raw.islower()
            first, second, third = _case(first, shouted), _case(second, shouted), _case(third, shouted)
            if comma:
                return _name(second, third, first, "", "")
            return _name(first, second, third, "", "") if third else _name(first, "", second, "", "")
    return _take_apart(raw, order)


def _take_apart(raw: str, order: Order) -> Name | None:
    text = known(raw)
    if not text or text.lower() in NOBODY:
        return None
    if len(text) > _LONGEST:
        raise Unreadable("too long for a name")
    plain = " ".join(_BESIDES.sub(" ", text).split()) or text
    segments = [words for part in plain.split(",") if (words := _words(part))]
    if not segments or _names_nobody(segments):
        return None
    if not any(character.isalpha() for words in segments for word in words for character in word):
        raise Unreadable("not a name")
    suffixes = [word for words in segments[1:] if _all_suffixes(words) for word in words]
    segments = segments[:1] + [words for words in segments[1:] if not _all_suffixes(words)]
    shouted = _shouted(" ".join(word for words in segments for word in words))
    suffix = " ".join(map(_suffix, suffixes))
    if len(segments) == 1:
        comma = plain.endswith(",") or (order == "surname_first" and not suffixes)
        return _natural(segments[0], suffix, shouted) if not comma else _surname_first(segments[0], suffix, shouted)
    return _around_comma(segments[0], [word for words in segments[1:] for word in words], suffix, shouted=shouted)


def _around_comma(surname: list[str], rest: list[str], suffix: str, *, shouted: bool) -> Name | None:
    """LAST JR, FIRST MIDDLE."""
    title, rest = _cut_titles(rest)
    if not suffix and len(rest) > 1 and rest[-1].lower() in SUFFIXES:
        suffix = SUFFIXES[rest.pop().lower()]
    family, found = _cut_suffix(" ".join(surname))
    known_rest, known_family = _known_words(rest), _known_words(family.split())
    return _name(
        _case(" ".join(known_rest[:1]), shouted),
        _case(" ".join(known_rest[1:]), shouted),
        _case(" ".join(known_family), shouted),
        suffix or found,
        title,
    )


def _natural(words: list[str], suffix: str, shouted: bool) -> Name | None:  # noqa: FBT001  # one of three siblings
    """First Middle Last Jr."""
    title, words = _cut_titles(words)
    if not suffix and len(words) > 1:
        last = words[-1].lower()
        found = SUFFIXES.get(last) or (INITIAL_SUFFIXES.get(last) if len(words) > _WHOLE_NAME else None)
        if found:
            suffix, words = found, words[:-1]
    words = _known_words(words)
    if not words:
        return None
    if len(words) == 1:
        word = _case(words[0], shouted)
        return _name("", "", word, suffix, title) if title or suffix else {"full": word}
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return _name(
        _case(words[0], shouted),
        _case(" ".join(words[1:start]), shouted),
        _case(" ".join(words[start:]), shouted),
        suffix,
        title,
    )


def _surname_first(words: list[str], suffix: str, shouted: bool) -> Name | None:  # noqa: FBT001  # one of three
    """SMITH JOHN A, DE LA CRUZ MARIA: declared by the mapping, for no program can see it."""
    end = 1
    while end < len(words) and words[end - 1].lower() in PARTICLES:
        end += 1
    while end < len(words) and words[end].lower() in SUFFIXES:
        end += 1
    return _around_comma(words[:end], words[end:], suffix, shouted=shouted)


def _name(given: str, middle: str, surname: str, suffix: str, prefix: str) -> Name | None:
    full = " ".join(filter(None, (given, middle, surname, suffix if given or surname else "")))
    if not full:
        return None
    name = {"full": full}
    if given:
        name["given"] = given
    if middle:
        name["middle"] = middle
    if surname:
        name["surname"] = surname
    if suffix:
        name["suffix"] = suffix
    if prefix:
        name["prefix"] = prefix
    return name


def _part(raw: str) -> str:
    """One given part, without the words that say that it is not known."""
    if raw.isascii() and raw.isalpha():
        return "" if raw.lower() in UNKNOWN else raw  # `Nan` and `Na` are names
    return " ".join(_known_words(_words(known(raw))))


def _words(text: str) -> list[str]:
    """Words without the periods of initials and abbreviations."""
    words = (word.strip('.;:*"') for word in text.replace(".", ". ").split())
    return [word for word in words if any(map(str.isalnum, word)) and not is_template(word)]


def _known_words(words: list[str]) -> list[str]:
    return [word for word in words if word.lower() not in UNKNOWN]


def _names_nobody(segments: list[list[str]]) -> bool:
    words = [word.lower() for part in segments for word in part]
    kept = [word for word in words if word not in UNKNOWN]
    return not kept or (len(kept) < len(words) and all(word in NO_WORD_OF_A_NAME for word in kept))


def _all_suffixes(words: list[str]) -> bool:
    return all(word.lower() in SUFFIXES for word in words)


def _suffix(raw: str) -> str:
    text = known(raw).replace(".", "")
    lowered = text.lower()
    if lowered in {"", "suffix", *UNKNOWN}:
        return ""
    return SUFFIXES.get(lowered) or INITIAL_SUFFIXES.get(lowered) or _recase_all(text)


def _cut_suffix(surname: str) -> tuple[str, str]:
    words = surname.split()
    if len(words) > 1 and words[-1].lower() in SUFFIXES:
        return " ".join(words[:-1]), SUFFIXES[words[-1].lower()]
    return surname, ""


def _cut_titles(words: list[str]) -> tuple[str, list[str]]:
    count = 0
    while count < len(words) - 1 and words[count].lower() in TITLES:
        count += 1
    return _title(" ".join(words[:count])), words[count:]


def _title(text: str) -> str:
    return " ".join(word.capitalize() if _shouted(word) else word for word in text.split())


def _shouted(text: str) -> bool:
    """Whether a whole name is in one case, so that its case says nothing."""
    return text.isupper() or text.islower()


def _case(text: str, shouted: bool) -> str:  # noqa: FBT001  # the second half of the value, as it were
    """Readable case: all words of a shouted name, else the words that shout by themselves."""
    if shouted:
        return _recase_all(text)
    if not any(map(str.isupper, text.split())):
        return text
    return " ".join(recase(word) if word.isupper() and len(word) >= _LONG_CAPITALS else word for word in text.split())


def _recase_all(text: str) -> str:
    return recase(text) if " " not in text else " ".join(map(recase, text.split()))


@lru_cache(maxsize=32_768)
def recase(word: str) -> str:
    """One word in readable case: McDonald, O'Brien-Smith, III, TJ. Mixed case stays as it is written."""
    if not (word.isupper() or word.islower()) or any(map(str.isdigit, word)):
        return word
    suffix = SUFFIXES.get(word.lower())
    if suffix and word.lower() not in {"junior", "senior"}:
        return suffix
    capitals = word.upper()
    if 1 < len(word) <= _INITIALS and word.isupper() and word.isalpha() and not _VOWELS & set(word) and word != "NG":
        return word
    if capitals.isascii() and capitals.isalpha():
        return _capitalize(word)
    pieces = _PIECE.split(word)
    return "".join(_after(pieces, index) for index in range(len(pieces)))


def _after(pieces: list[str], index: int) -> str:
    """A piece between hyphens and apostrophes; behind an apostrophe only O', D' and the like capitalize."""
    piece = pieces[index]
    if index > 1 and pieces[index - 1] in "'\u2019" and len(pieces[index - 2]) > 1:
        return piece.lower()
    return _capitalize(piece)


def _capitalize(word: str) -> str:
    lowered = word.lower()
    if lowered.startswith("mc") and len(word) >= _MC_WORD:
        return f"Mc{lowered[2:].capitalize()}"
    if lowered in MAC_NAMES:
        return f"Mac{lowered[3:].capitalize()}"
    start = next((at for at, character in enumerate(word) if character.isalpha()), 0)
    return word[:start] + word[start:].capitalize()
