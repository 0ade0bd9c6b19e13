"""What two records have in common that differ in their texts alone: tags, structure, and what refers to what.

The records of one feed have a few hundred skeletons, however many records there are. What paths find is worked out
for a skeleton when it comes for the second time, and from then on looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from mapping.readers.niem.layouts import BITS, EMPTY, SPECIAL, Layout
from mapping.readers.niem.marks import REF, ROLE_NAMES, SHAPES, URI, Element
from mapping.readers.niem.markup import Mark, Odd, Token

ROOT: Final[Element] = 0
LARGEST: Final = 1_000
"""Skeletons of more tags than these are not kept: none comes twice."""
_MOST_TAGS: Final = 200_000
"""Tags of all skeletons that are kept; then they are forgotten and begin anew."""
_MOST_MET: Final = 10_000
_MOST_WIRINGS: Final = 64
PAYLOAD: Final = "lexslib:SameAsDigestReference"
"""In a structured payload: whose digest the element around says more of."""
_NOT_ROLES: Final = frozenset({"lexsdigest:Person", "nc:Person", "lexsdigest:Metadata", "nc:PersonDigitalImage"})


class Wiring:
    """Which references of a skeleton lead where; what hangs on that alone is kept here, as elements and texts."""

    __slots__ = ("answers", "backs", "definitions", "found", "identities")

    def __init__(self) -> None:
        self.definitions: dict[str, list[Element]] = {}
        self.answers: dict[int, list[Element]] = {}
        self.identities: dict[Element, tuple[Element, ...]] = {}
        self.backs: dict[str, dict[Element, list[Element]]] = {}
        self.found: dict[object, Any] = {}
        """What was found at paths; a question about an item has a dictionary of its own, by the item's element."""


class Skeleton:
    """The tags of a document without texts and ids."""

    __slots__ = (
        "by_name", "empty", "ends", "kinds", "layouts", "marks", "names", "nil", "parents", "paths", "plain", "roles",
        "special", "tags", "wirings",
    )  # fmt: skip

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Go through the tags once; raises Odd where they do not match."""
        self.parents = [-1] * len(tokens)
        self.ends = [0] * len(tokens)
        """The position of each element's end tag; its own where it is empty."""
        self.by_name: defaultdict[str, list[Element]] = defaultdict(list)
        self.empty: list[Element] = []
        self.nil: set[Element] = set()
        self.kinds: list[tuple[Element, int]] = []
        """Elements with an id, a reference or a uri, in the order of the document."""
        self.tags = self._index(tokens)
        """The canonical name of each start tag; an empty text for an end tag."""
        self.names: frozenset[str] = SHAPES.same(frozenset(self.by_name))
        """Which canonical names occur; one and the same set for all documents that have the same."""
        self.roles: dict[Element, list[Element]] = {}
        """From a role to the elements that say whose it is."""
        self._find_roles()
        pointers = [element for element, kind in self.kinds if kind == REF]
        self.special: frozenset[Element] = frozenset([*pointers, *self.nil, *self.roles])
        """Elements that cannot be read as they stand: pointers, roles, nilled."""
        self.plain = PAYLOAD not in self.by_name and not any(kind == URI for _, kind in self.kinds)
        """No element says more of an object that another one defines."""
        self.paths: dict[Element, str] = {ROOT: "/*"}
        self.layouts: dict[Element, Layout] = {}
        self.marks = self.marks_of(self.special)
        self.wirings: dict[tuple[int, ...], Wiring] = {}

    def _index(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        names: list[str] = []
        parents, ends, by_name = self.parents, self.ends, self.by_name
        current = -1
        for position, token in enumerate(tokens):
            name = token if isinstance(token, str) else token.name
            names.append(name)
            if not name:
                ends[current] = position
                current = parents[current]
                continue
            parents[position] = current
            by_name[name].append(position)
            if isinstance(token, str) or not self._marked(position, token):
                current = position
        if current != -1 or ends[ROOT] != len(names) - 1:
            raise Odd
        return tuple(names)

    def _marked(self, position: int, mark: Mark) -> bool:
        """Take in what a tag says beside its name; gives whether the element is empty."""
        if mark.empty:
            self.ends[position] = position
            self.empty.append(position)
        if mark.nil:
            self.nil.add(position)
        self.kinds += [(position, kind) for kind in mark.kinds]
        return mark.empty

    def _find_roles(self) -> None:
        """Note which elements are roles of somebody, by what they hold or where they stand."""
        for name in self.by_name:
            if ROLE_NAMES[name]:
                for pointer in self.by_name[name]:
                    if pointer != ROOT:
                        self.roles.setdefault(self.parents[pointer], []).append(pointer)
        for entity in self.by_name.get("lexsdigest:EntityPerson", ()):
            for child in self.within(entity):
                if child not in self.roles and self.tags[child] not in _NOT_ROLES:
                    self.roles[child] = []

    def within(self, element: Element) -> list[Element]:
        """The children of an element, whatever their names."""
        found: list[Element] = []
        ends, position, end = self.ends, element + 1, self.ends[element]
        while position < end:
            found.append(position)
            position = ends[position] + 1
        return found

    def marks_of(self, special: AbstractSet[Element]) -> list[int]:
        """The marks that layouts are known by, in the order of the document."""
        marks = [element << BITS | SPECIAL for element in special]
        marks += [element << BITS | EMPTY for element in self.empty]
        marks.sort()
        return marks

    def path(self, element: Element) -> str:
        """The positional XPath that selects exactly this element, whatever the prefixes."""
        paths = self.paths
        found = paths.get(element)
        if found is None:
            parent = self.parents[element]
            start = paths.get(parent) or self.path(parent)
            for number, child in enumerate(self.within(parent), 1):
                paths[child] = f"{start}/*[{number}]"
            found = paths[element]
        return found

    def wiring(self, values: Sequence[str]) -> Wiring:
        """What refers to what, by the ids, references and uris of a document in their order."""
        if not self.plain or len(self.tags) > LARGEST:
            return Wiring()
        written = "\0".join(values)
        if "#" in written or len(written.split()) > 1:  # several in one, or an id that is written as a uri
            return Wiring()
        numbers: dict[str, int] = {}
        pattern = tuple([numbers.setdefault(value, len(numbers)) for value in values])
        wiring = self.wirings.get(pattern)
        if wiring is None:
            if len(self.wirings) >= _MOST_WIRINGS:
                self.wirings.clear()
            wiring = self.wirings[pattern] = Wiring()
        return wiring


class Skeletons:
    """The skeletons that came twice."""

    __slots__ = ("_kept", "_met", "_tags")

    def __init__(self) -> None:
        self._kept: dict[tuple[Token, ...], Skeleton] = {}
        self._met: set[int] = set()
        self._tags = 0

    def of(self, tokens: Sequence[Token]) -> Skeleton:
        """The skeleton of some tags; raises Odd."""
        key = tuple(tokens)
        found = self._kept.get(key)
        if found is None:
            found = Skeleton(key)
            if len(key) <= LARGEST:
                self._meet(key, found)
        return found

    def _meet(self, key: tuple[Token, ...], skeleton: Skeleton) -> None:
        """Keep a skeleton that came before; remember that this one did."""
        digest = hash(key)
        if digest in self._met:
            if self._tags + len(key) > _MOST_TAGS:
                self._kept.clear()
                self._tags = 0
            self._kept[key] = skeleton
            self._tags += len(key)
        else:
            if len(self._met) >= _MOST_MET:
                self._met.clear()
            self._met.add(digest)
