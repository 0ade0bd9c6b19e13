"""What a name of an element or attribute is to the graph, worked out once for each name and then looked up."""

from __future__ import annotations

import re
from typing import Final, TypeVar

from mapping.readers.niem.names import family, local

Element = int
"""An element is the position of its start tag among all tags of its document."""

ID, REF, URI, NIL = 1, 2, 3, 4
NOTHING: Final[tuple[Element, ...]] = ()

_KINDS: Final = {"id": ID, "ref": REF, "uri": URI}
_MOST_NAMES: Final = 10_000
"""A hostile feed may invent names without end; what is beyond this many is worked out each time."""
_MOST_SHAPES: Final = 4_096
_GENERATED: Final = re.compile(r"(?:email|tel|id)?d\d+e\d+(?:a\d+)?|id[mp]?\d{8,}|N1[0-9A-F]{4,}")
"""Ids made by XSLT's generate-id() (Saxon, libxslt, Xalan): new with every document, so they name nothing."""
_WRITTEN: Final = re.compile(rb'(?<=[ "])(' + _GENERATED.pattern.encode() + rb')(?=[ "])')

Kept = TypeVar("Kept")


class _Marks(dict[str, Kept]):
    """A table by raw name that fills itself; a subclass says how in `mark`."""

    def __missing__(self, raw: str) -> Kept:
        found = self.mark(raw)
        if len(self) < _MOST_NAMES:
            self[raw] = found
        return found

    def mark(self, raw: str) -> Kept:
        """Work out what a raw name is."""
        raise KeyError(raw)


class _AttributeKinds(_Marks[int]):
    """What an attribute is to the graph: id, ref, uri, nil, or nothing (0)."""

    def mark(self, raw: str) -> int:
        """Look at its family and local name."""
        namespace, _, bare = raw[1:].rpartition("}") if raw.startswith("{") else ("", "", raw)
        space = family(namespace)
        if space in {"s", "lexs", "lexslib", "lexsdigest", ""}:
            return _KINDS.get(bare, 0)
        return NIL if space == "xsi" and bare == "nil" else 0


class _RoleNames(_Marks[bool]):
    """Whether an element of this canonical name says whose role its parent is."""

    def mark(self, raw: str) -> bool:
        """RoleOfPerson, RoleOfItemReference and their kind."""
        bare = local(raw)
        return bare.startswith("RoleOf") and not bare.endswith("Text")


class _Pointers(_Marks[bool]):
    """Whether an element of this canonical name is a pointer and nothing more: its name says nothing of its own."""

    def mark(self, raw: str) -> bool:
        """PersonReference says nothing that CrashDriver would."""
        bare = local(raw)
        return bare.endswith("Reference") or bare.startswith("RoleOf")


class _Shapes(dict[frozenset[str], frozenset[str]]):
    """The sets of names that documents have had, each once: what was worked out for one is looked up for the next."""

    def same(self, names: frozenset[str]) -> frozenset[str]:
        """The set that is equal to this one."""
        if len(self) > _MOST_SHAPES:
            self.clear()
        return self.setdefault(names, names)


ATTRIBUTES: Final = _AttributeKinds()
ROLE_NAMES: Final = _RoleNames()
POINTERS: Final = _Pointers()
SHAPES: Final = _Shapes()


def stable(name: str) -> bool:
    """Whether an id was given by somebody, and not made up by the stylesheet that wrote the document."""
    return _GENERATED.fullmatch(name) is None


def without_generated(text: bytes) -> bytes:
    """A document in which generated ids are counted through, so that two transmissions of one thing are equal."""
    seen: dict[bytes, bytes] = {}
    return _WRITTEN.sub(lambda found: seen.setdefault(found[1], b"g%d" % len(seen)), text)
