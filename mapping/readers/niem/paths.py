"""Paths over the object graph, compiled once per mapping: `a/b`, `//a/b`, `*:Local`, `@name`, `text()`, `name()`, `|`.

A path is a way to find elements and a way to read each. Most paths of a load are a few plain steps down from an item,
and most find nothing: where they lead is looked up in the item's layout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, cast

from mapping.readers.niem.document import Document
from mapping.readers.niem.layouts import UNKNOWN, Layout
from mapping.readers.niem.lookups import Lookups
from mapping.readers.niem.marks import NOTHING, Element
from mapping.readers.niem.names import NameTest, local
from mapping.readers.niem.node import Node
from mapping.readers.niem.reading import TAILS, Read, clean, reader
from mapping.readers.niem.skeletons import ROOT
from mapping.readers.niem.steps import Down, Step, Up, step
from mapping.readers.port import Items, Located, PathError, Values

Find = Callable[[Node], Sequence[Element]]
EMPTY: Final = ()
_MOST_SHAPES: Final = 256


class Hit(NamedTuple):
    """An element to which a path leads in every element of a layout."""

    offset: int
    suffix: str
    """What it adds to the XPath of the element that is laid out."""
    tail: str
    read: Read
    """How it is read where it is neither a text nor a name."""
    name: str
    """Its local name."""


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
    def single(self) -> NameTest | None:
        """The name of a path that is nothing but `//name`."""
        first = self.steps[0] if self.anywhere and len(self.steps) == 1 else None
        return first.test if isinstance(first, Down) and first.index is None else None

    @property
    def within(self) -> bool:
        """Whether it leads to the item or into it, so that the item's layout tells where."""
        return not self.anywhere and all(isinstance(one, Down) for one in self.steps)

    @property
    def structural(self) -> bool:
        """Whether it asks for names alone: whatever the texts, documents of one wiring give the same answer."""
        return self.tail == "name()"

    @property
    def upward(self) -> bool:
        """Whether it asks for the name of the item, or of an element around it."""
        return self.tail == "name()" and not self.anywhere and all(isinstance(one, Up) for one in self.steps)

    def possible(self, names: frozenset[str]) -> bool:
        """Whether a document in which just these names occur may have something at this path."""
        return all(one.possible(names) for one in self.steps)

    def finder(self, lookups: Lookups) -> Find:
        """The function that finds this path's elements from an item."""
        if self.here:
            return lambda node: node.parts
        first, *rest = self.steps
        if self.anywhere:
            return (
                _kept(_through(_anywhere(cast("Down", first), lookups), rest))
                if rest
                else _anywhere(cast("Down", first), lookups)
            )
        if isinstance(first, Down) and first.test.exact and first.index is None:
            return _through(_named(first.test.name), rest)
        return _through(first.of, rest)

    def trace(self, layout: Layout) -> list[Element] | None:
        """The elements that it leads to in a layout; None where it goes through one that is special."""
        if self.here:
            return [0]
        first, *rest = cast("list[Down]", self.steps)
        elements = first.of_layout(layout)
        for one in rest:
            if not layout.special.isdisjoint(elements):
                return None
            elements = one.into_layout(layout, elements)
        return elements

    def anywhere_hits(self, document: Document, lookups: Lookups) -> list[Hit] | None:
        """What it leads to in a document; None where it is no path from anywhere, or one past something special."""
        if not self.anywhere:
            return None
        first, *rest = self.steps
        elements = _anywhere(cast("Down", first), lookups)(document.node(ROOT))
        for one in rest:
            if not isinstance(one, Down) or not document.special.isdisjoint(elements):
                return None
            found: list[Element] = []
            one.into(document, elements, found)
            elements = found
        if self.tail in {"", "text()"} and not document.special.isdisjoint(elements):
            return None
        tags = document.tags
        return [Hit(one, document.path(one), self.tail, self.read, local(tags[one])) for one in elements]

    def hits(self, layout: Layout) -> list[Hit] | None:
        """What it leads to in a layout; None where something of that cannot be read where it stands."""
        elements = self.trace(layout)
        if elements is None or (self.tail in {"", "text()"} and not layout.special.isdisjoint(elements)):
            return None
        return [Hit(one, layout.suffixes[one], self.tail, self.read, local(layout.names[one])) for one in elements]


def parse(text: str) -> list[Path]:
    """The alternatives of a path; raises PathError."""
    return [Path(part.strip()) for part in text.split("|")]


def hits_of(paths: Sequence[Path], layout: Layout) -> tuple[Hit, ...] | None:
    """What some alternatives lead to in a layout, one after the other; None where it cannot be told."""
    found: list[Hit] = []
    for path in paths:
        more = path.hits(layout) if path.within else None
        if more is None:
            return None
        found += more
    return tuple(found)


# --- texts ----------------------------------------------------------------------------------------------------------


def compile_values(paths: Sequence[Path], lookups: Lookups) -> Values:
    """A function that gives each text at any of some paths, with its XPath."""
    found = [_general(path.finder(lookups), path.read) for path in paths]
    general = found[0] if len(found) == 1 else _all(found)
    if all(path.anywhere for path in paths):
        return _absolute(paths, general, lookups)
    if all(path.here and path.tail == "name()" for path in paths):
        return general
    return _laid(paths, general) if all(path.within for path in paths) else general


def _absolute(paths: Sequence[Path], general: Values, lookups: Lookups) -> Values:
    """The texts at paths from anywhere: where they lead is known for all documents of a wiring."""
    own = object()

    def values(item: Node) -> Sequence[Located]:
        document = item.document
        hits = document.found.get(own, UNKNOWN)
        if hits is UNKNOWN:
            hits = document.found[own] = anywhere_hits(paths, document, lookups)
        if not hits:
            return EMPTY if hits is not None else general(item)
        return located(document, 0, "", hits)

    return values


def anywhere_hits(paths: Sequence[Path], document: Document, lookups: Lookups) -> tuple[Hit, ...] | None:
    """What paths from anywhere lead to in a document, one after the other; None where it cannot be told."""
    found: list[Hit] = []
    for path in paths:
        more = path.anywhere_hits(document, lookups)
        if more is None:
            return None
        found += more
    return tuple(found)


def _all(each: Sequence[Values]) -> Values:
    return lambda item: [located for values in each for located in values(item)]


def _laid(paths: Sequence[Path], general: Values) -> Values:
    """The texts at paths into the item, looked up in its layout."""
    own = object()

    def values(item: Node) -> Sequence[Located]:
        layout = item.layout
        if layout is UNKNOWN:
            layout = item.lay()
        if layout is None:
            return general(item)
        hits = layout.found.get(own, UNKNOWN)
        if hits is UNKNOWN:
            hits = layout.found[own] = hits_of(paths, layout)
        if not hits:
            return EMPTY if hits is not None else general(item)
        document, base = item.document, item.element
        return located(document, base, document.path(base), hits)

    return values


def located(document: Document, base: Element, start: str, hits: Sequence[Hit]) -> Sequence[Located]:
    """The texts at some hits in an element with their XPaths."""
    texts = document.texts
    found: list[Located] = []
    for offset, suffix, tail, read, name in hits:
        if not tail:
            text = clean(texts[base + offset])
            if text:
                found.append((text, start + suffix))
        elif tail == "name()":
            found.append((name, f"local-name({start}{suffix})"))
        else:
            found += read(document, base + offset)
    return found


def _general(find: Find, read: Read) -> Values:
    def values(item: Node) -> Sequence[Located]:
        elements = find(item)
        if not elements:
            return EMPTY
        document = item.document
        if len(elements) == 1:
            return read(document, elements[0])
        return [located for element in elements for located in read(document, element)]

    return values


def compile_texts(paths: Sequence[Path], lookups: Lookups) -> Callable[[Node], Sequence[str]]:
    """A function that gives each text at any of some paths."""
    if all(path.upward for path in paths):
        return _names_around([len(path.steps) for path in paths])
    values = compile_values(paths, lookups)
    if not all(path.within for path in paths):
        return lambda item: [text for text, _ in values(item)]
    own = object()

    def texts(item: Node) -> Sequence[str]:
        layout = item.layout
        if layout is UNKNOWN:
            layout = item.lay()
        hits = None if layout is None else layout.found.get(own, UNKNOWN)
        if hits is UNKNOWN and layout is not None:
            hits = hits_of(paths, layout)
            if hits is not None and any(hit.tail not in {"", "name()"} for hit in hits):
                hits = None
            layout.found[own] = hits
        if hits is None:
            return [text for text, _ in values(item)]
        all_, base = item.document.texts, item.element
        return [text for hit in hits if (text := hit.name if hit.tail else clean(all_[base + hit.offset]))]

    return texts


def compile_exists(paths: Sequence[Path], lookups: Lookups) -> Callable[[Node], bool]:
    """A function that says whether there is any text at any of some paths."""
    each: list[tuple[Path, Callable[[Node], Sequence[object]]]] = [
        (path, path.finder(lookups) if path.structural else compile_values([path], lookups)) for path in paths
    ]
    known: dict[frozenset[str], list[Callable[[Node], Sequence[object]]]] = {}

    def exists(item: Node) -> bool:
        names = item.document.names
        asked = known.get(names)
        if asked is None:
            if len(known) >= _MOST_SHAPES:
                known.clear()
            asked = known[names] = [ask for path, ask in each if path.possible(names)]
        return any(ask(item) for ask in asked)

    return exists


def once(test: Callable[[Node], bool]) -> Callable[[Node], bool]:
    """A question whose answer hangs on names alone: asked once of an element in all documents of a wiring."""
    own = object()

    def asked(item: Node) -> bool:
        document, element = item.document, item.element
        if item.person is not None and document.nodes.get(element) is not item:
            return test(item)  # of several persons in one role each has its own answer
        answers = document.found.get(own)
        if answers is None:
            answers = document.found[own] = {}
        found: bool | None = answers.get(element)
        if found is None:
            found = answers[element] = test(item)
        return found

    return asked


def unless_none(items: Items, when: Callable[[Node], bool]) -> Items:
    """Those of the items, which stand anywhere, for which a question holds that hangs on names alone."""
    own = object()

    def chosen(item: Node) -> Sequence[Node]:
        if own in item.document.found:
            return EMPTY
        found = [one for one in items(item) if when(one)]
        if not found:
            item.document.found[own] = None
        return found

    return chosen


def _names_around(heights: Sequence[int]) -> Callable[[Node], Sequence[str]]:
    """The local names of the element, of the one around it, and so on."""

    def texts(item: Node) -> Sequence[str]:
        document = item.document
        found: list[str] = []
        for height in heights:
            if not height:
                found += [local(document.tags[part]) for part in item.parts]
                continue
            element: Element | None = item.element
            for _ in range(height):
                element = None if element is None else document.around(element)
            if element is not None:
                found.append(local(document.tags[element]))
        return found

    return texts


# --- objects --------------------------------------------------------------------------------------------------------


def compile_items(paths: Sequence[Path], lookups: Lookups) -> Items:
    """A function that gives each object at any of some paths, once."""
    if len(paths) == 1 and paths[0].here:
        return lambda item: (item,)
    tests = [path.single for path in paths]
    anywhere = [test for test in tests if test is not None]
    finders = [path.finder(lookups) for path, test in zip(paths, tests, strict=True) if test is None]
    if anywhere:
        finders.insert(0, _answer(lookups.add(anywhere)))
    if all(path.within for path in paths):
        finders = [_traced([path], find) for path, find in zip(paths, finders, strict=True)]
    return _objects(finders[0]) if len(finders) == 1 else _objects_of_all(finders)


def compile_identities(paths: Sequence[Path], lookups: Lookups) -> Callable[[Node], Sequence[Element]]:
    """A function that gives the identity of each object at any of some paths."""
    if len(paths) == 1 and paths[0].here:
        return lambda item: ((item.person or item).element,)
    find = _joined([path.finder(lookups) for path in paths])
    own = object()

    def identities(item: Node) -> Sequence[Element]:
        document = item.document
        if item.person is not None and document.nodes.get(item.element) is not item:
            return _meant(document, find(item))  # of several persons in one role each has its own
        answers = document.found.get(own)
        if answers is None:
            answers = document.found[own] = {}
        found: Sequence[Element] | None = answers.get(item.element)
        if found is None:
            found = answers[item.element] = _meant(document, find(item))
        return found

    return identities


def _meant(document: Document, elements: Sequence[Element]) -> Sequence[Element]:
    return [identity for element in elements for identity in document.identities(element)]


def _joined(finders: Sequence[Find]) -> Find:
    if len(finders) == 1:
        return finders[0]
    return lambda item: [element for find in finders for element in find(item)]


def _traced(paths: Sequence[Path], find: Find) -> Find:
    """The elements at some paths into the item, looked up in its layout."""
    own = object()

    def traced(item: Node) -> Sequence[Element]:
        layout = item.layout
        if layout is UNKNOWN:
            layout = item.lay()
        if layout is None:
            return find(item)
        elements = layout.found.get(own, UNKNOWN)
        if elements is UNKNOWN:
            traces = [path.trace(layout) for path in paths]
            whole = all(trace is not None for trace in traces)
            elements = [one for trace in traces for one in trace or ()] if whole else None
            layout.found[own] = elements
        if not elements:
            return EMPTY if elements is not None else find(item)
        base = item.element
        return [base + offset for offset in elements]

    return traced


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
    return lambda item: list(dict.fromkeys([node for items in each for node in items(item)]))


# --- finding --------------------------------------------------------------------------------------------------------


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


def _kept(find: Find) -> Find:
    """What is found whatever the item is, once for all documents of a skeleton and wiring."""
    own = object()

    def kept(node: Node) -> Sequence[Element]:
        known = node.document.found
        found: Sequence[Element] | None = known.get(own)
        if found is None:
            found = known[own] = find(node)
        return found

    return kept


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
