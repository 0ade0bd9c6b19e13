"""How an element and all in it are laid out: names and structure, without texts and ids.

What a path finds below an element depends on that alone. The persons of a feed have a few dozen layouts, so where a
path leads is worked out once for each and then looked up, as offsets that hold for every element of that layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

LARGEST: Final = 200
"""Larger elements, in tags, are not laid out: none is like another."""
_MOST: Final = 1_024
SPECIAL, EMPTY, BITS = 1, 2, 2
"""What a mark says of the element at a position, which stands above these bits."""

Key = tuple[tuple[str, ...], tuple[int, ...]]


class Layout:
    """One layout. Element and position are as in a document; the element itself is at 0."""

    __slots__ = ("_inner", "_kids", "_marks", "ends", "found", "names", "plans", "special", "suffixes")

    def __init__(self, names: tuple[str, ...], marks: tuple[int, ...]) -> None:
        """Take the names, with an empty one for each end tag, and the marks of special and empty elements."""
        self.names = names
        self.special = frozenset(mark >> BITS for mark in marks if mark & SPECIAL)
        """Elements that cannot be read where they stand."""
        self.ends = [0] * len(names)
        self.suffixes = [""] * len(names)
        """What each element adds to the XPath of the element itself."""
        self.found: dict[object, Any] = {}
        """What was found at paths."""
        self.plans: dict[object, Any] = {}
        """What the fields of blocks come to."""
        self._kids: dict[str, list[int]] | None = None
        self._inner: dict[int, Layout] = {}
        self._marks = marks
        self._structure({mark >> BITS for mark in marks if mark & EMPTY})

    def _structure(self, empty: set[int]) -> None:
        open_: list[tuple[int, int]] = []
        number = 0
        for position, name in enumerate(self.names):
            if not name:
                start, number = open_.pop()
                self.ends[start] = position
                continue
            number += 1
            if open_:
                self.suffixes[position] = f"{self.suffixes[open_[-1][0]]}/*[{number}]"
            if position in empty:
                self.ends[position] = position
            elif len(self.names) > 1:
                open_.append((position, number))
                number = 0

    def inner(self, element: int) -> Layout:
        """How an element in it is laid out."""
        inner = self._inner.get(element)
        if inner is None:
            end, base = self.ends[element] + 1, element << BITS
            marks = tuple(mark - base for mark in self._marks if base + 3 < mark < end << BITS)
            inner = self._inner[element] = Layout(self.names[element:end], marks)
        return inner

    def kids(self) -> dict[str, list[int]]:
        """The children by name, augmentations read through."""
        if self._kids is None:
            self._kids = {}
            gather(self.names, self.ends, 0, self._kids)
        return self._kids


class Layouts:
    """The layouts that were met. One that comes for the first time is not worked out: it may never come again."""

    __slots__ = ("_met",)

    def __init__(self) -> None:
        self._met: dict[Key, Layout | None] = {}

    def of(self, key: Key) -> Layout | None:
        """The layout; None for one that is new."""
        met = self._met
        layout = met.get(key)
        if layout is None:
            if key in met:
                layout = met[key] = Layout(*key)
            else:
                if len(met) >= _MOST:
                    met.clear()
                met[key] = None
        return layout


UNKNOWN: Final = Layout(("?",), ())
"""Stands for a layout that was not yet asked for."""


def gather(names: Sequence[str], ends: Sequence[int], element: int, kids: dict[str, list[int]]) -> None:
    """Add an element's children by name, its augmentations read through."""
    position, end = element + 1, ends[element]
    while position < end:
        name = names[position]
        group = kids.get(name)
        if group is None:
            kids[name] = [position]
        else:
            group.append(position)
        if name.endswith("Augmentation"):
            gather(names, ends, position, kids)
        position = ends[position] + 1
