"""`xi:include` from the source's own folder, and from nowhere else.

Some N-DEx exports keep the payload of a message in a file beside it. A path that leads out of the folder, an absolute
one, an address or a link is refused; a file that is not there leaves the include where it stands.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

from lxml import etree

from connectors.niem.media import drop_media
from connectors.niem.parsing import Element, parse, parser
from connectors.niem.prolog import HEAD, look
from schemas.records import Problem, Quarantine

MARK: Final = b"http://www.w3.org/2001/XInclude"
_INCLUDE: Final = "{http://www.w3.org/2001/XInclude}include"
_FALLBACK: Final = "{http://www.w3.org/2001/XInclude}fallback"
_MOST: Final = 64
_DEPTH: Final = 4
_LARGEST: Final = 8 * 1024 * 1024
_OUTSIDE: Final = Problem("an xi:include leads out of the source's folder", "", "send the file and its parts together")
_TOO_MANY: Final = Problem("a document includes too many files", "", "send it as one file")
_ODD: Final = Problem("an xi:include asks for a part of a file, or for text", "", "send the document as one file")


class Included:
    """A document with what it includes: the tree, and the raw bytes of the files that went into it."""

    def __init__(self, root: Path, file: Path) -> None:
        """Read parts from `root`, the source's folder, relative to `file`; both are resolved."""
        self._root = root
        self._file = file
        self.parts: dict[Path, bytes] = {}
        self.dropped = 0

    def resolve(self, element: Element, depth: int = 0) -> None:
        """Put each included document in its place; raises Quarantine."""
        for include in list(element.iter(_INCLUDE)):
            href = include.get("href", "")
            if include.get("parse", "xml") != "xml" or include.get("xpointer") or not href:
                raise Quarantine(_ODD)
            part = self._read(href, depth)
            if part is not None:
                _put(include, [part])
            elif (fallback := include.find(_FALLBACK)) is not None:
                _put(include, list(fallback))

    def _read(self, href: str, depth: int) -> Element | None:
        path = self._path(href)
        if path is None:
            return None
        if depth >= _DEPTH or len(self.parts) >= _MOST:
            raise Quarantine(_TOO_MANY)
        try:
            if path.stat().st_size > _LARGEST:
                raise Quarantine(_TOO_MANY)
            raw = path.read_bytes()
        except OSError:
            return None
        self.parts[path] = raw
        prolog = look(raw[:HEAD])
        body, dropped = drop_media(raw[prolog.start :])
        self.dropped += dropped
        element = parse(body, parser(), prolog)
        self.resolve(element, depth + 1)
        return element

    def _path(self, href: str) -> Path | None:
        """The file in the folder that a reference names, None where there is none; raises Quarantine for any other."""
        pure = PurePosixPath(href)
        if ":" in href or "\\" in href or pure.is_absolute() or any(mark in href for mark in "%#?"):
            raise Quarantine(_OUTSIDE)
        plain = (self._file.parent / pure).resolve(strict=False)
        if not plain.is_relative_to(self._root):
            raise Quarantine(_OUTSIDE)
        return plain if plain.is_file() and plain != self._file else None


def _put(include: Element, replacements: list[Element]) -> None:
    """Put elements in the place of an include; what text follows it stays."""
    parent = include.getparent()
    if parent is None:
        raise Quarantine(_ODD)
    tail = include.tail
    position = parent.index(include)
    parent[position : position + 1] = replacements
    if tail and tail.strip() and replacements:
        replacements[-1].tail = tail


def serialized(element: Element) -> bytes:
    """The merged document as bytes that parse to the very same tree."""
    return etree.tostring(element, encoding="UTF-8")
