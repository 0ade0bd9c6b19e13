"""One object of a document's graph, as paths address it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mapping.readers.niem.layouts import UNKNOWN, Layout
from mapping.readers.niem.marks import NOTHING, Element
from mapping.readers.niem.names import NameTest

if TYPE_CHECKING:
    from mapping.readers.niem.document import Document


class Node:
    """One object of the graph. `element` is where it is defined, `parts` all elements that say something of it."""

    __slots__ = ("document", "element", "kids", "layout", "person")

    def __init__(self, document: Document, element: Element, person: Node | None = None) -> None:
        self.document = document
        self.element = element
        self.person = person
        """The object that this is a role, a continuation or a pointer of; None for the object itself."""
        self.kids: dict[str, list[Element]] | None = None
        """The children by canonical name, augmentations read through; None until `fill` is called."""
        self.layout: Layout | None = UNKNOWN if element and person is None else None
        """How the element is laid out; None where what is in it does not say all; UNKNOWN until `lay` is called."""

    @property
    def name(self) -> str:
        """The canonical name of the defining element, which a mapping's `match: root` compares."""
        return self.document.tags[self.element]

    @property
    def parts(self) -> Sequence[Element]:
        """The elements that say something of this object: its definition, then its continuations.

        A role, and a continuation met where it stands, has only its own; what is not in them it has from `person`.
        """
        more = self.document.more.get(self.element)
        return (self.element, *more) if more else (self.element,)

    def lay(self) -> Layout | None:
        """Find the layout."""
        layout = self.layout = self.document.layout(self.element)
        return layout

    def fill(self) -> dict[str, list[Element]]:
        """Gather the children."""
        kids = self.kids = self.document.children(self.parts)
        return kids

    def named(self, name: str) -> Sequence[Element]:
        """The children of this canonical name; those of a role's person where there are none."""
        kids = self.kids
        if kids is None:
            kids = self.fill()
        found = kids.get(name)
        if found is None:
            return NOTHING if self.person is None else self.person.named(name)
        return found

    def matching(self, test: NameTest) -> Sequence[Element]:
        """The children whose name passes a test of several names; those of a role's person where none."""
        kids = self.kids
        if kids is None:
            kids = self.fill()
        found = [child for name, group in kids.items() if test(name) for child in group]
        if not found and self.person is not None:
            return self.person.matching(test)
        return found
