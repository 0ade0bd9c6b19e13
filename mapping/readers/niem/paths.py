"""Paths over the object graph, compiled once per mapping: `a/b`, `//a/b`, `*:Local`, `@name`, `text()`, `name()`, `|`.

A path is a way to find elements and a way to read each; `steps` holds the ways of one step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Final, cast

from mapping.readers.niem.document import Document, Element, Node
from mapping.readers.niem.names import NAMES, NameTest, local
from mapping.readers.niem.steps import Down, Step, step
from mapping.readers.port import Located, PathError

_ATTRIBUTE: Final = re.compile(r"@(?:[\w.-]+:)?[\w.-]+")
_TAILS: Final = frozenset({"text()", "name()", "digest()"})
_TRANSIENT: Final = frozenset(
    {"nc:DocumentCreationDate", "nc:DocumentPublicationDate", "lexs:PDMessageMetadata", "lexs:DataSubmitterMetadata",
     "cjis:MessageMetadata", "soap:Header", "nc:Metadata"}
)  # fmt: skip
"""What says when and by whom a document was sent: no part of what it says."""

_MOST_SHAPES: Final = 1_024

Find = Callable[[Node], Sequence[Element]]
Read = Callable[[Document, Element], list[Located]]


class Path:
    """One alternative of a path."""

    __slots__ = ("anywhere", "here", "read", "steps")

    def __init__(self, text: str) -> None:
        """Compile; raises PathError."""
        self.anywhere = text.startswith("//")
        parts = text.removeprefix("//").removeprefix("./").split("/")
        tail = parts.pop() if parts[-1].startswith("@") or parts[-1] in _TAILS else ""
        if parts == ["."]:
            parts = []
        if "" in parts or (self.anywhere and not parts):
            message = f"`{text}` has an empty step; a NIEM path is a/b/c or //a/b, then @name or text() if need be"
            raise PathError(message)
        self.steps = [step(part) for part in parts]
        self.here = not self.steps
        self.read = _reader(tail, here=self.here)
        if self.anywhere and not isinstance(self.steps[0], Down):
            message = f"`{text}`: // is followed by an element's name"
            raise PathError(message)

    @property
    def single(self) -> NameTest | None:
        """The name of a path that is nothing but `//name`."""
        first = self.steps[0] if self.anywhere and len(self.steps) == 1 else None
        return first.test if isinstance(first, Down) and first.index is None else None

    def possible(self, names: frozenset[str]) -> bool:
        """Whether a document in which just these names occur may have something at this path."""
        return all(one.possible(names) for one in self.steps)

    def finder(self) -> Find:
        """The function that finds this path's elements from an item."""
        if self.here:
            return lambda node: node.parts
        first, *rest = self.steps
        if self.anywhere:
            return _through(_anywhere(cast("Down", first)), rest)
        if isinstance(first, Down) and first.test.exact and first.index is None:
            name = first.test.name
            return _through(lambda node: node.named(name), rest)
        return _through(first.of, rest)


def any_of(tests: Sequence[NameTest]) -> Find:
    """Find the elements of any of several names anywhere, in the order in which the names first occur."""
    exact = frozenset(test.name for test in tests if test.exact)
    others = [test for test in tests if not test.exact]
    chosen: dict[frozenset[str], frozenset[str]] = {}

    def meant(name: str) -> bool:
        return name in exact or any(test(name) for test in others)

    def find(node: Node) -> Sequence[Element]:
        document = node.document
        names = chosen.get(document.names)
        if names is None:
            if len(chosen) >= _MOST_SHAPES:
                chosen.clear()
            names = chosen[document.names] = frozenset(filter(meant, document.names))
        if not names:
            return ()
        found: list[Element] = []
        for name in names if len(names) == 1 else document.by_name:
            if name in names:
                found += document.definitions(name)
        return document.once(found, meant)

    return find


def _anywhere(first: Down) -> Find:
    test, index = first.test, first.index
    name = test.name

    def find(node: Node) -> Sequence[Element]:
        document = node.document
        elements = document.definitions(name) if test.exact else document.matching(test)
        return elements if index is None else elements[index - 1 : index]

    return find


def _through(start: Find, rest: Sequence[Step]) -> Find:
    if not rest:
        return start

    def find(node: Node) -> Sequence[Element]:
        elements = start(node)
        for one in rest:
            if not elements:
                break
            found: list[Element] = []
            one.into(node.document, elements, found)
            elements = found
        return elements

    return find


def _reader(tail: str, *, here: bool) -> Read:
    """How to read an element that was found; `here`: it is a part of the item itself, and no pointer is followed."""
    if tail.startswith("@"):
        if _ATTRIBUTE.fullmatch(tail) is None:
            message = f"`{tail}` is no attribute; write @name"
            raise PathError(message)
        return _attribute(tail[1:])
    if tail == "name()":
        return _name
    if tail == "digest()":
        return _digest
    own = _verbatim if tail else _collapsed
    if here:
        return own

    def read(document: Document, element: Element) -> list[Located]:
        if element in document.special:
            parts = [part for node in document.resolve(element) for part in node.parts]
            return [located for part in parts for located in own(document, part)]
        return own(document, element)

    return read


def _collapsed(document: Document, element: Element) -> list[Located]:
    """The text with runs of blanks as one."""
    text = element.text
    if text is None:
        return []
    text = text.strip()
    if not text or element in document.nil:
        return []
    if "\n" in text or "  " in text or "\t" in text:
        text = " ".join(text.split())
    return [(text, document.path(element))]


def _verbatim(document: Document, element: Element) -> list[Located]:
    """The text as it stands, every blank of it."""
    text = element.text
    if text is None or not text.strip() or element in document.nil:
        return []
    return [(text, document.path(element))]


def _name(document: Document, element: Element) -> list[Located]:
    """The local name of the element: which kind of association or role it is."""
    return [(local(NAMES[element.tag]), f"local-name({document.path(element)})")]


def _digest(document: Document, element: Element) -> list[Located]:
    """A digest of all names and texts in the element, but for message times and ids: the key of what has no number."""
    state = blake2b(digest_size=12)
    _feed(element, state.update)
    return [(state.hexdigest(), document.path(element))]


def _feed(element: Element, update: Callable[[bytes], None]) -> None:
    name = NAMES[element.tag]
    if name in _TRANSIENT:
        return
    update(f"\x1f{name}\x1e{' '.join((element.text or '').split())}".encode("utf-8", "surrogatepass"))
    for child in element.iterchildren("*"):
        _feed(child, update)


def _attribute(name: str) -> Read:
    """Read an attribute, by its local name or its family and local name."""
    bare = local(name)

    def read(document: Document, element: Element) -> list[Located]:
        found = own(document, element)
        if not found and element in document.references:
            meant = (
                node.person if node.element is element and node.person else node for node in document.resolve(element)
            )
            return [located for node in meant for located in own(document, node.element)]
        return found

    def own(document: Document, element: Element) -> list[Located]:
        found: list[Located] = []
        for raw, value in cast("list[tuple[str, str]]", element.items()):
            known = NAMES[raw]
            if (known == name or (name == bare and local(known) == bare)) and value.strip():
                where = f"{document.path(element)}/@*[name()='{_qualified(element, raw)}']"
                found.append((value.strip(), where))
        return found

    return read


def _qualified(element: Element, raw: str) -> str:
    """The attribute's name as the document writes it, which is what XPath's name() answers."""
    if not raw.startswith("{"):
        return raw
    namespace, _, bare = raw[1:].rpartition("}")
    prefix = next((prefix for prefix, uri in element.nsmap.items() if uri == namespace and prefix), None)
    return f"{prefix}:{bare}" if prefix else bare
