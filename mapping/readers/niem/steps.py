"""One step of a path: down to children by name, up to the element around, or back to what points here.

Elements that are nothing special are scanned where they stand, because a load scans millions; pointers, roles and
objects that stand in several places go through their Node. What steps down lead to in an element of one layout is the
same for all of that layout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

from mapping.readers.niem.document import Document
from mapping.readers.niem.layouts import Layout
from mapping.readers.niem.marks import Element
from mapping.readers.niem.names import NameTest
from mapping.readers.niem.node import Node
from mapping.readers.port import PathError

_STEP: Final = re.compile(r"(\^)?((?:(?:\*|[\w.-]+):)?\*?[\w.-]*)(?:\[([1-9]\d*)\])?")
_MOST_TAGS: Final = 10_000


class Step(Protocol):
    """What every kind of step can do."""

    def of(self, node: Node) -> Sequence[Element]:
        """What the step leads to from an object."""

    def into(self, document: Document, elements: Sequence[Element], found: list[Element]) -> None:
        """Add what the step leads to from each element."""

    def possible(self, names: frozenset[str]) -> bool:
        """Whether it may lead anywhere in a document in which just these names occur."""


def step(text: str) -> Step:
    """Compile `family:Name`, `*:Name`, `*`, `Name[2]`, `^family:Name`, `..` or `...`; raises PathError."""
    if text == "..":
        return Up()
    if text == "...":
        return Out()
    found = _STEP.fullmatch(text)
    if found is None or not found[2] or found[2].endswith(":") or (found[1] and "*" in found[2]):
        message = f"`{text}` is no step of a NIEM path; write family:Name, *:Name, *, .., ^family:Name, @name or text()"
        raise PathError(message)
    if found[1]:
        return Back(found[2])
    return Down(NameTest(found[2]), int(found[3]) if found[3] else None)


class Down(dict[str, int]):
    """To the children of a name. As a dictionary, what each name is to it: 1 = it, 2 = an augmentation, 0 = neither."""

    __slots__ = ("index", "test")

    def __init__(self, test: NameTest, index: int | None) -> None:
        super().__init__()
        self.test = test
        self.index = index

    def __missing__(self, name: str) -> int:
        mark = 1 if self.test(name) else 2 if name.endswith("Augmentation") else 0
        if len(self) < _MOST_TAGS:
            self[name] = mark
        return mark

    def of(self, node: Node) -> Sequence[Element]:
        """The children of an object, its augmentations' among them."""
        test = self.test
        found = node.named(test.name) if test.exact else node.matching(test)
        return found if self.index is None else found[self.index - 1 : self.index]

    def into(self, document: Document, elements: Sequence[Element], found: list[Element]) -> None:
        """Add the children of each element."""
        special, names, ends = document.special, document.tags, document.ends
        for element in elements:
            if element in special:
                for node in document.resolve(element):
                    found += self.of(node)
            else:
                self._add(names, ends, element, found)

    def of_layout(self, layout: Layout) -> list[Element]:
        """The children of the element that is laid out, as `of` would find them."""
        kids, test = layout.kids(), self.test
        names = [test.name] if test.exact else [name for name in kids if test(name)]
        found = [child for name in names for child in kids.get(name, ())]
        return found if self.index is None else found[self.index - 1 : self.index]

    def into_layout(self, layout: Layout, elements: Sequence[Element]) -> list[Element]:
        """The children of each element, as `into` would find them; none of the elements is special."""
        found: list[Element] = []
        for element in elements:
            self._add(layout.names, layout.ends, element, found)
        return found

    def possible(self, names: frozenset[str]) -> bool:
        """Whether a name that is meant occurs."""
        return self.test.name in names if self.test.exact else any(map(self.test, names))

    def _add(self, names: Sequence[str], ends: Sequence[int], element: Element, found: list[Element]) -> None:
        if self.index is None:
            self._scan(names, ends, element, found)
        else:
            here: list[Element] = []
            self._scan(names, ends, element, here)
            found += here[self.index - 1 : self.index]

    def _scan(self, names: Sequence[str], ends: Sequence[int], element: Element, found: list[Element]) -> None:
        position, end = element + 1, ends[element]
        while position < end:
            mark = self[names[position]]
            if mark == 1:
                found.append(position)
            elif mark:
                self._scan(names, ends, position, found)
            position = ends[position] + 1


class Up:
    """To the element around; an augmentation is part of what it augments, so it is passed."""

    def of(self, node: Node) -> Sequence[Element]:
        """The element around an object's definition."""
        parent = node.document.around(node.element)
        return () if parent is None else (parent,)

    def into(self, document: Document, elements: Sequence[Element], found: list[Element]) -> None:
        """Add the element around each, once."""
        for element in elements:
            parent = document.around(element)
            if parent is not None and parent not in found[-1:]:
                found.append(parent)

    def possible(self, names: frozenset[str]) -> bool:  # noqa: ARG002 - Step
        """Everything but the root stands in something."""
        return True


class Out:
    """To all elements around, the nearest first."""

    def of(self, node: Node) -> Sequence[Element]:
        """The elements around an object's definition."""
        found: list[Element] = []
        self.into(node.document, (node.element,), found)
        return found

    def into(self, document: Document, elements: Sequence[Element], found: list[Element]) -> None:
        """Add the elements around each."""
        parents = document.parents
        for element in elements:
            parent = parents[element]
            while parent >= 0:
                found.append(parent)
                parent = parents[parent]

    def possible(self, names: frozenset[str]) -> bool:  # noqa: ARG002 - Step
        """Everything but the root stands in something."""
        return True


class Back:
    """To the associations of a name that point here."""

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, node: Node) -> Sequence[Element]:
        """The associations that point to an object."""
        return node.document.pointing(self.name, node)

    def into(self, document: Document, elements: Sequence[Element], found: list[Element]) -> None:
        """Add the associations that point to each element's object."""
        for element in elements:
            for node in document.resolve(element):
                found += document.pointing(self.name, node)

    def possible(self, names: frozenset[str]) -> bool:
        """Whether there is such an association."""
        return self.name in names
