"""Paths over the object graph, compiled once per mapping: `a/b/c`, `//a/b`, `*:Local`, `@name`, `a[2]`, `text()`, `|`.

Each step follows references and reads augmentations through. Elements that are nothing special are scanned where they
stand; only pointers, roles and continued objects go through their Node.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, cast

from mapping.readers.niem.document import Document, Element, Node
from mapping.readers.niem.names import NAMES
from mapping.readers.port import Located, PathError

_STEP: Final = re.compile(r"(?:(?P<prefix>\*|[\w.-]+):)?(?P<local>[\w.-]+)(?:\[(?P<index>[1-9]\d*)\])?")
_ATTRIBUTE: Final = re.compile(r"@(?:[\w.-]+:)?[\w.-]+")

Find = Callable[[Node], "list[Element]"]
Read = Callable[[Document, Element], "list[Located]"]


class Step(dict[str, int]):
    """One step of a path, and what a raw tag is to it: 1 = it, 2 = an augmentation to look into, 0 = neither."""

    __slots__ = ("index", "name", "suffix")

    def __init__(self, text: str) -> None:
        """Read `family:Local`, `*:Local` or `Local`, each with an optional `[n]`; raises PathError."""
        super().__init__()
        found = _STEP.fullmatch(text)
        if found is None:
            message = f"`{text}` is no step of a NIEM path; write family:Name, *:Name, @name, text() or ."
            raise PathError(message)
        prefix, bare = found["prefix"], found["local"]
        self.name = f"{prefix}:{bare}" if prefix else bare
        self.suffix = f":{bare}" if prefix == "*" else None
        self.index = int(found["index"]) if found["index"] else None

    def __missing__(self, tag: str) -> int:
        name = NAMES[tag]
        hit = name.endswith(self.suffix) if self.suffix else name == self.name
        mark = 1 if hit else 2 if name.endswith("Augmentation") else 0
        if len(self) < 10_000:  # noqa: PLR2004 - a hostile feed may invent names without end
            self[tag] = mark
        return mark

    def of(self, node: Node) -> list[Element]:
        """The children of an object that this step leads to."""
        found = node.matching(self.suffix) if self.suffix else node.named(self.name)
        return list(found if self.index is None else found[self.index - 1 : self.index])

    def into(self, document: Document, elements: list[Element], found: list[Element]) -> None:
        """Add what this step leads to from each element."""
        special = document.special
        for element in elements:
            if element in special:
                for node in document.resolve(element):
                    found += self.of(node)
            elif self.index is None:
                self._scan(element, found)
            else:
                here: list[Element] = []
                self._scan(element, here)
                found += here[self.index - 1 : self.index]

    def _scan(self, element: Element, found: list[Element]) -> None:
        for child in element:
            mark = self[child.tag]
            if mark == 1:
                found.append(child)
            elif mark == 2:  # noqa: PLR2004 - said in the class's docstring
                self._scan(child, found)


class Path:
    """One alternative of a path: how to find its elements, and how to read each."""

    __slots__ = ("find", "read")

    def __init__(self, text: str) -> None:
        """Compile; raises PathError."""
        anywhere = text.startswith("//")
        body = text.removeprefix("//").removeprefix("./")
        parts = body.split("/")
        tail = parts.pop() if parts[-1].startswith("@") or parts[-1] == "text()" else ""
        if parts == ["."]:
            parts = []
        if "" in parts or (anywhere and not parts):
            message = f"`{text}` has an empty step; a NIEM path is a/b/c or //a/b, then @name or text() if need be"
            raise PathError(message)
        steps = [Step(part) for part in parts]
        self.find = _anywhere(steps) if anywhere else _from_item(steps)
        self.read = _reader(tail)


def _from_item(steps: list[Step]) -> Find:
    """Find from an item on."""
    if not steps:
        return lambda node: list(node.parts)
    first, *rest = steps
    if not rest:
        if first.suffix or first.index:
            return first.of
        name = first.name
        return lambda node: node.named(name)  # type: ignore[return-value]  # read only, never changed

    def find(node: Node) -> list[Element]:
        elements = first.of(node) if first.suffix or first.index else node.named(first.name)
        for step in rest:
            if not elements:
                break
            found: list[Element] = []
            step.into(node.document, elements, found)  # type: ignore[arg-type]  # read only, never changed
            elements = found
        return elements  # type: ignore[return-value]  # as above

    return find


def _anywhere(steps: list[Step]) -> Find:
    """Find from the whole record on."""
    first, *rest = steps

    def find(node: Node) -> list[Element]:
        document = node.document
        elements = document.matching(first.suffix) if first.suffix else document.definitions(first.name)
        if first.index is not None:
            elements = elements[first.index - 1 : first.index]
        for step in rest:
            if not elements:
                break
            found: list[Element] = []
            step.into(document, elements, found)
            elements = found
        return elements

    return find


def _reader(tail: str) -> Read:
    """How to read the text of an element that was found."""
    if tail.startswith("@"):
        if _ATTRIBUTE.fullmatch(tail) is None:
            message = f"`{tail}` is no attribute; write @name"
            raise PathError(message)
        return _attribute(tail[1:])
    return _verbatim if tail else _collapsed


def _collapsed(document: Document, element: Element) -> list[Located]:
    """The text with runs of blanks as one."""
    if element in document.special:
        found: list[Located] = []
        for node in document.resolve(element):
            for part in node.parts if node.person is None or (node.element.text or "").strip() else node.person.parts:
                found += _own(document, part)
        return found
    return _own(document, element)


def _own(document: Document, element: Element) -> list[Located]:
    text = element.text
    if text is None:
        return []
    text = text.strip()
    if not text:
        return []
    if "\n" in text or "  " in text or "\t" in text:
        text = " ".join(text.split())
    return [(text, document.path(element))]


def _verbatim(document: Document, element: Element) -> list[Located]:
    """The text as it stands, every blank of it."""
    return [
        (part.text or "", document.path(part))
        for node in document.resolve(element)
        for part in node.parts
        if (part.text or "").strip()
    ]


def _attribute(name: str) -> Read:
    """Read an attribute, by its local name or its family and local name."""
    bare = name.rpartition(":")[2]

    def read(document: Document, element: Element) -> list[Located]:
        found: list[Located] = []
        for raw, value in cast("list[tuple[str, str]]", element.items()):
            known = NAMES[raw]
            if (known == name or (name == bare and known.rpartition(":")[2] == bare)) and value.strip():
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
