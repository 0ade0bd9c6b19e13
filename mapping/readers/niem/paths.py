"""Paths over the object graph, compiled once per mapping: `a/b`, `//a/b`, `*:Local`, `@name`, `text()`, `name()`, `|`.

A path is a way to find elements and a way to read each. Most paths of a load are a few plain steps down from an item,
and most find nothing: they have functions of their own, because they are called hundreds of times for each record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, cast

from mapping.readers.niem.document import Document
from mapping.readers.niem.lookups import Lookups
from mapping.readers.niem.marks import NOTHING, Element
from mapping.readers.niem.names import NameTest
from mapping.readers.niem.node import Node
from mapping.readers.niem.reading import TAILS, Read, reader, texts
from mapping.readers.niem.steps import Down, Step, step
from mapping.readers.port import Items, PathError, Values

Find = Callable[[Node], Sequence[Element]]
EMPTY: Final = ()


class Path:
    """One alternative of a path."""

    __slots__ = ("anywhere", "read", "steps", "tail")

    def __init__(self, text: str) -> None:
        """Take a path apart; raises PathError."""
        self.anywhere = text.startswith("//")
        parts = text.removeprefix("//").removeprefix("./").split("/")
        self.tail = parts.pop() if parts[-1].startswith("@") or parts[-1] in TAILS else ""
        if parts == ["."]:
            parts = []
        if "" in parts or (self.anywhere and not parts):
            message = f"`{text}` has an empty step; a NIEM path is a/b/c or //a/b, then @name or text() if need be"
            raise PathError(message)
        self.steps: list[Step] = [step(part) for part in parts]
        if self.anywhere and not isinstance(self.steps[0], Down):
            message = f"`{text}`: // is followed by an element's name"
            raise PathError(message)
        self.read: Read = reader(self.tail, here=self.here)

    @property
    def here(self) -> bool:
        """Whether the item itself is meant."""
        return not self.steps

    @property
    def plain(self) -> list[Down] | None:
        """The steps of a path that goes down from the item by names and reads the text; None for any other."""
        if self.anywhere or self.here or self.tail:
            return None
        down = [one for one in self.steps if isinstance(one, Down) and one.test.exact and one.index is None]
        return down if len(down) == len(self.steps) else None

    @property
    def single(self) -> NameTest | None:
        """The name of a path that is nothing but `//name`."""
        first = self.steps[0] if self.anywhere and len(self.steps) == 1 else None
        return first.test if isinstance(first, Down) and first.index is None else None

    def possible(self, names: frozenset[str]) -> bool:
        """Whether a document in which just these names occur may have something at this path."""
        return all(one.possible(names) for one in self.steps)

    def finder(self, lookups: Lookups) -> Find:
        """The function that finds this path's elements from an item."""
        if self.here:
            return lambda node: node.parts
        first, *rest = self.steps
        if self.anywhere:
            return _through(_anywhere(cast("Down", first), lookups), rest)
        if isinstance(first, Down) and first.test.exact and first.index is None:
            return _through(_named(first.test.name), rest)
        return _through(first.of, rest)


def compile_values(paths: Sequence[Path], lookups: Lookups) -> Values:
    """A function that gives each text at any of some paths, with its XPath."""
    plain = [path.plain for path in paths]
    if all(steps is not None for steps in plain):
        routes = [(steps[0].test.name, steps[1:]) for steps in plain if steps is not None]
        if len(routes) > 1:
            return _several(routes)
        name, rest = routes[0]
        return _deep(name, rest) if rest else _shallow(name)
    found = [_general(path.finder(lookups), path.read) for path in paths]
    if len(found) == 1:
        return found[0]
    return lambda item: [located for values in found for located in values(item)]


def compile_items(paths: Sequence[Path], lookups: Lookups) -> Items:
    """A function that gives each object at any of some paths, once."""
    if len(paths) == 1 and paths[0].here:
        return lambda item: (item,)
    tests = [path.single for path in paths]
    anywhere = [test for test in tests if test is not None]
    finders = [path.finder(lookups) for path, test in zip(paths, tests, strict=True) if test is None]
    if anywhere:
        finders.insert(0, _answer(lookups.add(anywhere)))
    return _objects(finders[0]) if len(finders) == 1 else _objects_of_all(finders)


def _objects(find: Find) -> Items:
    def items(item: Node) -> Sequence[Node]:
        elements = find(item)
        if not elements:
            return EMPTY
        document = item.document
        special, nodes = document.special, document.nodes
        found: list[Node] = []
        once = True
        for element in elements:
            node = nodes.get(element)
            if node is not None:
                found.append(node)
            elif element in special:
                found += document.resolve(element)
                once = False
            else:
                nodes[element] = node = Node(document, element)
                found.append(node)
        return found if once or len(found) == 1 else list(dict.fromkeys(found))

    return items


def _objects_of_all(finders: Sequence[Find]) -> Items:
    each = [_objects(find) for find in finders]
    return lambda item: list(dict.fromkeys(node for items in each for node in items(item)))


def _shallow(name: str) -> Values:
    """`a`: the commonest path of all."""

    def values(item: Node) -> Sequence[tuple[str, str]]:
        kids = item.kids
        if kids is None:
            kids = item.fill()
        elements: Sequence[Element] | None = kids.get(name)
        if elements is None:
            if item.person is None:
                return EMPTY
            elements = item.person.named(name)
        return texts(item.document, elements)

    return values


def _deep(name: str, rest: Sequence[Down]) -> Values:
    """`a/b/c`."""

    def values(item: Node) -> Sequence[tuple[str, str]]:
        kids = item.kids
        if kids is None:
            kids = item.fill()
        elements: Sequence[Element] | None = kids.get(name)
        if elements is None:
            if item.person is None:
                return EMPTY
            elements = item.person.named(name)
        return _follow(item.document, elements, rest)

    return values


def _several(routes: Sequence[tuple[str, Sequence[Down]]]) -> Values:
    """`a|b/c`."""

    def values(item: Node) -> Sequence[tuple[str, str]]:
        kids = item.kids
        if kids is None:
            kids = item.fill()
        found: list[tuple[str, str]] = []
        for name, rest in routes:
            elements: Sequence[Element] | None = kids.get(name)
            if elements is None:
                if item.person is None:
                    continue
                elements = item.person.named(name)
            found += _follow(item.document, elements, rest)
        return found

    return values


def _follow(document: Document, elements: Sequence[Element], rest: Sequence[Down]) -> Sequence[tuple[str, str]]:
    for one in rest:
        if not elements:
            return EMPTY
        found: list[Element] = []
        one.into(document, elements, found)
        elements = found
    return texts(document, elements)


def _general(find: Find, read: Read) -> Values:
    def values(item: Node) -> Sequence[tuple[str, str]]:
        elements = find(item)
        if not elements:
            return EMPTY
        document = item.document
        if len(elements) == 1:
            return read(document, elements[0])
        return [located for element in elements for located in read(document, element)]

    return values


def _named(name: str) -> Find:
    """The first step of most paths, without a call that can be spared."""

    def find(node: Node) -> Sequence[Element]:
        kids = node.kids
        if kids is None:
            kids = node.fill()
        found = kids.get(name)
        if found is None:
            return NOTHING if node.person is None else node.person.named(name)
        return found

    return find


def _answer(number: int) -> Find:
    return lambda node: node.document.answer(number)


def _anywhere(first: Down, lookups: Lookups) -> Find:
    number, index = lookups.add([first.test]), first.index
    if index is None:
        return _answer(number)
    return lambda node: node.document.answer(number)[index - 1 : index]


def _through(start: Find, rest: Sequence[Step]) -> Find:
    if not rest:
        return start

    def find(node: Node) -> Sequence[Element]:
        elements = start(node)
        for one in rest:
            if not elements:
                return NOTHING
            found: list[Element] = []
            one.into(node.document, elements, found)
            elements = found
        return elements

    return find
