"""Text as systems send it: stray blanks, control characters, and words that stand for `nothing`.

Template literals (`nc:TelephoneNumberFullID`, `@sub_end_date@`) are what an export sends when nobody filled the
template in. They say nothing, and two of them must never make two people one.
"""

from __future__ import annotations

import re
import unicodedata

from mapping.normalize.word_list import phrases

PLACEHOLDERS = phrases(
    """
    UNKNOWN|UNK|UNKN|UNKNWN|UNKNOW|UKNOWN|N/A|NA|N.A.|N/A.|NONE|NULL|(NULL)|NIL|TBD|UNDEFINED|UNSPECIFIED
    |NOT AVAILABLE|NOT APPLICABLE|NOT PROVIDED|NOT REPORTED|NOT SPECIFIED|NOT KNOWN|NOT GIVEN|NOT ENTERED
    |NO DATA|NONE GIVEN|NONE PROVIDED|NONE REPORTED|NONE LISTED|STRING|#N/A|NAN
    """
)
"""Whole values, in capitals, that say nothing."""

_LONGEST = max(map(len, PLACEHOLDERS))
_MARKS = "?-_.*/\\ ,;:#'\"~"
_HINTS = frozenset("@${%")
_TEMPLATE = re.compile(
    r"""
    @\w{1,60}@                                            # @sub_end_date@
    | \$\{[^{}]{0,60}\} | \{\{[^{}]{0,60}\}\}             # ${name} {{name}}
    | %\w{1,60}% | %[sd]                                  # %NAME% %s
    | [a-z][a-z0-9-]{0,15}:[A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+  # nc:TelephoneNumberFullID
    """,
    re.VERBOSE,
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def squeeze(raw: str) -> str:
    """One line: runs of white space become one blank, control characters go, accents are composed (NFC)."""
    text = " ".join(raw.split())
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", _CONTROLS.sub(" ", _SURROGATES.sub("\ufffd", text)))
    return " ".join(unicodedata.normalize("NFC", text).split())


def says_nothing(text: str) -> bool:
    """Whether a squeezed text is blank, a placeholder or a template literal."""
    if len(text) <= _LONGEST and (text.upper() in PLACEHOLDERS or not text.strip(_MARKS)):
        return True
    return is_template(text)


def is_template(text: str) -> bool:
    """Whether a text is a template literal that nobody filled in."""
    return (text[:1] in _HINTS or ":" in text) and _TEMPLATE.fullmatch(text) is not None


def known(raw: str | None) -> str:
    """The squeezed text, or an empty one where it says nothing."""
    if not raw:
        return ""
    text = squeeze(raw)
    return "" if not text or says_nothing(text) else text
