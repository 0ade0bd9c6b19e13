"""What is read of an element that a path found: its text, with or without every blank, its name, an attribute."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Final

from mapping.readers.niem.document import Document
from mapping.readers.niem.marks import Element
from mapping.readers.niem.names import local
from mapping.readers.port import Located, PathError

Read = Callable[[Document, Element], Sequence[Located]]

TAILS: Final = frozenset({"text()", "name()", "digest()"})
_ATTRIBUTE: Final = re.compile(r"@(?:[\w.-]+:)?[\w.-]+")
_TRANSIENT: Final = frozenset(
    {"nc:DocumentCreationDate", "nc:DocumentPublicationDate", "lexs:PDMessageMetadata", "lexs:DataSubmitterMetadata",
     "cjis:MessageMetadata", "soap:Header", "nc:Metadata"}
)  # fmt: skip
"""What says when and by whom a document was sent: no part of what it says."""


def reader(tail: str, *, here: bool) -> Read:
    """How to read what a path ends with; `here`: it is a part of the item itself, and no pointer is followed."""
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


def texts(document: Document, elements: Sequence[Element]) -> list[Located]:
    """The texts of some elements, with runs of blanks as one."""
    special, all_ = document.special, document.texts
    found: list[Located] = []
    for element in elements:
        if element in special:
            for node in document.resolve(element):
                for part in node.parts:
                    found += _collapsed(document, part)
            continue
        text = clean(all_[element])
        if text:
            found.append((text, document.path(element)))
    return found


def clean(text: str) -> str:
    """A text with runs of blanks as one."""
    text = text.strip()
    return " ".join(text.split()) if "\n" in text or "  " in text or "\t" in text else text


def _collapsed(document: Document, element: Element) -> list[Located]:
    """The text with runs of blanks as one."""
    text = clean(document.texts[element])
    return [(text, document.path(element))] if text and element not in document.nil else []


def _verbatim(document: Document, element: Element) -> list[Located]:
    """The text as it stands, every blank of it."""
    text = document.texts[element]
    return [(text, document.path(element))] if text.strip() and element not in document.nil else []


def _name(document: Document, element: Element) -> list[Located]:
    """The local name of the element: which kind of association or role it is."""
    return [(local(document.tags[element]), f"local-name({document.path(element)})")]


def _digest(document: Document, element: Element) -> list[Located]:
    """A digest of all names and texts in the element, but for message times and ids: the key of what has no number."""
    state = blake2b(digest_size=12)
    _feed(document, element, state.update)
    return [(state.hexdigest(), document.path(element))]


def _feed(document: Document, element: Element, update: Callable[[bytes], None]) -> None:
    name = document.tags[element]
    if name in _TRANSIENT:
        return
    update(f"\x1f{name}\x1e{' '.join(document.texts[element].split())}".encode("utf-8", "surrogatepass"))
    for child in document.within(element):
        _feed(document, child, update)


def _attribute(name: str) -> Read:
    """Read an attribute, by its local name or its family and local name; of a pointer, else of what it points to."""
    bare = local(name)

    def read(document: Document, element: Element) -> list[Located]:
        found = own(document, element)
        if not found and element in document.references:
            nodes = document.resolve(element)
            meant = (node.person if node.element == element and node.person else node for node in nodes)
            return [located for node in meant for located in own(document, node.element)]
        return found

    def own(document: Document, element: Element) -> list[Located]:
        found: list[Located] = []
        for known, value, written, _ in document.attributes(element):
            if (known == name or (name == bare and local(known) == bare)) and value.strip():
                found.append((value.strip(), f"{document.path(element)}/@*[name()='{written}']"))
        return found

    return read
