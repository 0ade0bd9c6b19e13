"""One name for one thing in every NIEM version: `{namespace}Local` becomes `family:Local`.

A namespace belongs to a *family* (niem-core of 2.0 and of 6.0 are both `nc`), found through the one table below. A
namespace that the table does not know gets a family derived from its own path, always the same, so that a mapping
can address whatever an agency invented. Prefixes in the document are never looked at.
"""

from __future__ import annotations

import re
from typing import Final

_NIEM = r"https?://(?:release\.|publication\.)?niem\.gov/niem"
_OPEN = r"https?://docs\.oasis-open\.org/niemopen/ns/model"

FAMILIES: Final[tuple[tuple[str, str], ...]] = (
    # NIEM 2 to 6: the same model under three hosts
    ("nc", rf"(?:{_NIEM}|{_OPEN})/niem-core(?:/|$)"),
    ("s", rf"(?:{_NIEM}|{_OPEN})/structures(?:/|$)"),
    ("s", rf"(?:{_NIEM}|{_OPEN})/appinfo(?:/|$)"),
    ("j", rf"(?:{_NIEM}|{_OPEN})/domains/(?:jxdm|justice)(?:/|$)"),
    ("em", rf"(?:{_NIEM}|{_OPEN})/domains/emergencyManagement(?:/|$)"),
    ("im", rf"(?:{_NIEM}|{_OPEN})/domains/immigration(?:/|$)"),
    ("intel", rf"(?:{_NIEM}|{_OPEN})/domains/intelligence(?:/|$)"),
    ("it", rf"(?:{_NIEM}|{_OPEN})/domains/(?:internationalTrade|trade)(?:/|$)"),
    ("ip", rf"(?:{_NIEM}|{_OPEN})/domains/infrastructureProtection(?:/|$)"),
    ("biom", rf"(?:{_NIEM}|{_OPEN})/domains/biometrics(?:/|$)"),
    ("scr", rf"(?:{_NIEM}|{_OPEN})/domains/screening(?:/|$)"),
    ("cyfs", rf"(?:{_NIEM}|{_OPEN})/domains/cyfs(?:/|$)"),
    ("hs", rf"(?:{_NIEM}|{_OPEN})/domains/humanServices(?:/|$)"),
    ("mo", rf"(?:{_NIEM}|{_OPEN})/domains/(?:militaryOperations|mo)(?:/|$)"),
    ("m", rf"(?:{_NIEM}|{_OPEN})/domains/maritime(?:/|$)"),
    ("st", rf"(?:{_NIEM}|{_OPEN})/domains/surfaceTransportation(?:/|$)"),
    ("nist", rf"{_NIEM}/ansi-nist(?:/|$)"),
    ("d20", rf"{_NIEM}/ansi_d20(?:/|$)"),
    ("niem-gml", rf"(?:{_NIEM}|{_OPEN})/adapters/niem-gml(?:/|$)"),
    # LEXS, N-DEx, NIBRS, rap sheets
    ("lexsdigest", r"https?://(?:usdoj\.gov/leisp/lexs|lexs\.gov)/digest(?:/|$)"),
    ("lexslib", r"https?://(?:usdoj\.gov/leisp/lexs|lexs\.gov)/library(?:/|$)"),
    ("lexspd", r"https?://(?:usdoj\.gov/leisp/lexs|lexs\.gov)/publishdiscover(?:/|$)"),
    ("lexs", r"https?://(?:usdoj\.gov/leisp/lexs|lexs\.gov/lexs)(?:/[\d.]+)?/?$"),
    ("ndexia", r"https?://fbi\.gov/cjis/N-DEx/IncidentArrest(?:/|$)"),
    ("ndex", r"https?://fbi\.gov/cjis/N-DEx(?:/|$)"),
    ("nibrs", r"https?://fbi\.gov/cjis/nibrs(?:/|$)"),
    ("cjis", r"https?://fbi\.gov/cjis/\d"),
    ("rap", r"https?://nlets\.org/niem2?/rapsheet(?:/|$)"),
    ("ulex", r"https?://ulex\.gov/ulex(?:/|$)"),
    ("ulexsr", r"https?://ulex\.gov/searchretrieve(?:/|$)"),
    # envelopes and plumbing
    ("soap", r"http://schemas\.xmlsoap\.org/soap/envelope/?$|http://www\.w3\.org/2003/05/soap-envelope/?$"),
    ("wsnt", r"http://docs\.oasis-open\.org/wsn/b-\d$"),
    ("wsa", r"http://www\.w3\.org/2005/08/addressing$"),
    ("xsi", r"http://www\.w3\.org/2001/XMLSchema-instance$"),
    ("xi", r"http://www\.w3\.org/2001/XInclude$"),
    ("xml", r"http://www\.w3\.org/XML/1998/namespace$"),
    ("gml", r"http://www\.opengis\.net/gml(?:/|$)"),
)
"""Family and the namespaces that belong to it, first match wins."""

_TABLE = tuple((family, re.compile(pattern)) for family, pattern in FAMILIES)
_KNOWN = frozenset(family for family, _ in FAMILIES)
_NOISE = re.compile(r"v?\d+(?:\.\d+)*|iepd|exchange|extensions?|xsd|schema|niem|oasis|names|tc", re.IGNORECASE)
_ODD = re.compile(r"[^\w.-]+")


def family(namespace: str) -> str:
    """The family of a namespace; the empty text for none."""
    if not namespace:
        return ""
    for name, pattern in _TABLE:
        if pattern.match(namespace):
            return name
    return _derived(namespace)


def _derived(namespace: str) -> str:
    """A stable family for an unknown namespace: its path without versions and words that say nothing.

    `http://ojbc.org/IEPD/Extensions/BookingReportExtension/1.0` and `…/Exchange/BookingReport/1.0` are both
    `BookingReport`: an exchange and its own extension belong together.
    """
    bare = re.sub(r"^(?:https?://|urn:)", "", namespace)
    host, *path = [part for part in re.split(r"[/:#]", bare) if part] or ["x"]
    words = [part for part in path if not _NOISE.fullmatch(part)] or [host]
    words[-1] = re.sub(r"(?<=.)-\d+(?:\.\d+)*$", "", words[-1])
    words[-1] = re.sub(r"(?<=.)Extensions?$", "", words[-1])
    name = _ODD.sub("-", ".".join(words))
    return f"x-{name}" if name in _KNOWN else name


class Names(dict[str, str]):
    """Canonical names by raw tag, worked out once each; what stands where in the table is fixed for all time."""

    def __missing__(self, tag: str) -> str:
        """Work out the canonical name of a raw tag."""
        namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        prefix = family(namespace)
        name = f"{prefix}:{local}" if prefix else local
        if len(self) < _MOST_NAMES:
            self[tag] = name
        return name


_MOST_NAMES = 50_000
"""A hostile feed may invent names without end; what is beyond this many is worked out each time."""

NAMES: Final = Names()


def local(name: str) -> str:
    """The local part of a canonical name."""
    return name.rpartition(":")[2]


class NameTest:
    """Which canonical names a step means: one, one of any family (`*:Person`), or all of an ending (`*:*Person`)."""

    __slots__ = ("_ending", "_local", "exact", "name", "text")

    def __init__(self, text: str) -> None:
        """Read `family:Name`, `Name`, `*:Name`, `*:*Name`, `family:*` or `*`."""
        self.text = self.name = text
        prefix, _, bare = text.rpartition(":")
        self.exact = "*" not in text
        self._ending: str | None = None
        self._local: str | None = None
        if text in {"*", "*:*"}:
            self._ending = ""
        elif bare.startswith("*"):
            self._ending = bare[1:]
        elif prefix == "*":
            self._local = bare
        if prefix not in {"", "*"} and not self.exact:
            self.name = f"{prefix}:"

    def __call__(self, name: str) -> bool:
        """Whether a canonical name is meant."""
        if self._local is not None:
            return local(name) == self._local
        if self._ending is not None:
            return name.endswith(self._ending) and (not self.name.endswith(":") or name.startswith(self.name))
        return name == self.name
