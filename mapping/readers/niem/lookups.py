"""Which names paths look for anywhere in a record, answered once for all records in which the same names occur.

A profile asks for some sixty associations, most of which a record does not hold; each question is then one look into a
dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence

from mapping.readers.niem.layouts import Layouts
from mapping.readers.niem.names import NameTest
from mapping.readers.niem.skeletons import Skeletons

_MOST_SHAPES = 1_024


class Lookups:
    """The questions of one reader's mappings, numbered, and the skeletons and layouts that its documents had."""

    __slots__ = ("_answers", "_asked", "_numbers", "layouts", "skeletons")

    def __init__(self) -> None:
        self.layouts = Layouts()
        self.skeletons = Skeletons()
        self._asked: list[tuple[frozenset[str], tuple[NameTest, ...]]] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        self._answers: list[dict[frozenset[str], tuple[str, ...]]] = []

    def add(self, tests: Sequence[NameTest]) -> int:
        """Ask for the elements of any of these names; gives the question's number, the same for the same names."""
        texts = tuple(test.text for test in tests)
        number = self._numbers.get(texts)
        if number is None:
            number = self._numbers[texts] = len(self._asked)
            exact = frozenset(test.name for test in tests if test.exact)
            self._asked.append((exact, tuple(test for test in tests if not test.exact)))
            self._answers.append({})
        return number

    def names(self, number: int, shape: frozenset[str]) -> tuple[str, ...]:
        """The names that answer a question in a record where just the names of `shape` occur."""
        answers = self._answers[number]
        found = answers.get(shape)
        if found is None:
            if len(answers) >= _MOST_SHAPES:
                answers.clear()
            found = answers[shape] = tuple(name for name in shape if self.meant(number, name))
        return found

    def meant(self, number: int, name: str) -> bool:
        """Whether a canonical name answers a question."""
        exact, others = self._asked[number]
        return name in exact or any(test(name) for test in others)
