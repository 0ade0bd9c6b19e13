"""The text of a document, cut into tags and the texts after them by a few string operations: no tree is built.

This is for a text that a parser has proven well-formed. In such a text each `<` opens a tag, so where there are as
many `>` as `<`, and no comment, CDATA section or instruction, tags and texts take turns: a parser's own tree of the
same record costs four times as much, and reading it through as much again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

from mapping.readers.niem.marks import ATTRIBUTES, ID, NIL, REF, URI
from mapping.readers.niem.names import NAMES

if TYPE_CHECKING:
    from lxml import etree

_PROLOG: Final = re.compile(r"\ufeff?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ENCODING: Final = re.compile(rb"<\?xml [^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_ASCII: Final = frozenset({b"utf-8", b"us-ascii", b"ascii"})
_PAIR: Final = re.compile(r"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY: Final = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_MOST_TAGS: Final = 20_000
_MOST_ROOTS: Final = 256

Key = TypeVar("Key")
Kept = TypeVar("Kept")
_NAMING: Final = frozenset({ID, REF, URI})
DECLARES: Final = -1
"""The kind of an attribute that declares a namespace."""


class Odd(Exception):
    """The tags cannot be read by themselves: a prefix means two things in one document."""


class Mark:
    """A start tag that says more than its name; two that say the same are the very same."""

    __slots__ = ("empty", "kinds", "name", "nil")

    def __init__(self, name: str, kinds: tuple[int, ...], *, nil: bool, empty: bool) -> None:
        self.name = name
        """Canonical."""
        self.kinds = kinds
        """Which of its attributes are id, reference or uri, in their order."""
        self.nil = nil
        self.empty = empty
        """The element is empty, and has no end tag."""


Token = str | Mark
"""A tag without its texts: a canonical name where there are no attributes, nothing for an end tag."""
Attribute = tuple[str, str, str, int]
"""Canonical name, value, name as written, and what it is to the graph."""
Tag = tuple[str, Sequence[Attribute], bool]
"""Canonical name (empty for an end tag), attributes, and whether the element is empty and has no end tag."""


class Scope(Protocol):
    """What tags mean."""

    names: dict[str, str]
    """The canonical names of start tags without attributes; end tags have the empty name."""
    heads: dict[str, tuple[int, Mark, Mark]]
    """Tags with one attribute, by what comes before its value: its kind, the tag, and the tag of an empty element."""

    def read(self, tag: str, element: int) -> Tag:
        """What a tag says that is not in `names`; raises Odd."""


def plain(body: bytes) -> str | None:
    """The text of a body in UTF-8; None for any other encoding."""
    if body.startswith(b"<?xml"):
        declared = _ENCODING.match(body)
        if declared is not None and declared[1].lower() not in _ASCII:
            return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def cut(text: str) -> tuple[list[str], list[str]] | None:
    """The tags from the root's to its end, and the text after each; None where the text has more than tags."""
    if not text.startswith("<") or text[1:2] in {"?", "!"}:
        text = text[cast("re.Match[str]", _PROLOG.match(text)).end() :]
    if ("!" in text and "<!" in text) or ("?" in text and "<?" in text) or "\r" in text or "\x00" in text:
        return None
    pieces = text.replace(">", "<").split("<")
    if len(pieces) != 2 * text.count("<") + 1:
        return None
    texts = pieces[2::2]
    if "&" in text:
        texts = [_ENTITY.sub(_meant, piece) if "&" in piece else piece for piece in texts]
    return pieces[1::2], texts


def _meant(found: re.Match[str]) -> str:
    """The character of a reference: one of XML's five, or a number; a proven document has no others."""
    digits, number, name = found.groups()
    return _NAMED[name] if name else chr(int(digits, 16) if digits else int(number))


def _unquoted(value: str) -> str:
    """An attribute's value as a parser gives it: blanks are spaces, references are characters."""
    if "\n" in value or "\t" in value:
        value = value.replace("\n", " ").replace("\t", " ")
    return _ENTITY.sub(_meant, value) if "&" in value else value


class Declared:
    """The meaning of tags where each prefix is declared once, or always the same."""

    __slots__ = ("_attributes", "_uris", "_whole", "heads", "names")

    def __init__(self, uris: dict[str, str]) -> None:
        """Take the namespaces by prefix."""
        self.names: dict[str, str] = {}
        self.heads: dict[str, tuple[int, Mark, Mark]] = {}
        self._uris = uris
        self._attributes: dict[str, tuple[str, int]] = {}
        self._whole: dict[str, Tag] = {}

    def read(self, tag: str, element: int) -> Tag:  # noqa: ARG002 - Scope
        """What a tag says that is not in `names`; raises Odd where it contradicts the declarations."""
        known = self._whole.get(tag)
        if known is not None:
            return known
        empty = tag.endswith("/")
        inner = tag[:-1] if empty else tag
        if "=" not in inner:
            return self._bare(tag, inner, empty=empty)
        written, rest = inner.split(None, 1)
        name = self._named(written)
        pairs = [(key, double or single) for key, double, single in _PAIR.findall(rest)]
        found: list[Attribute] = []
        for key, value in pairs:
            canonical, kind = self._attributes.get(key) or self._attribute(key)
            if kind != DECLARES:
                found.append((canonical, _unquoted(value), key, kind))
            elif self._uris.get(key[6:]) != _unquoted(value):
                raise Odd
        said = name, found, empty
        if len(found) != len(pairs):
            _keep(self._whole, tag, said, _MOST_ROOTS)
        elif len(pairs) == 1 and tag.count('"') == 2:  # noqa: PLR2004 - the two around its value
            kind = found[0][3]
            if kind != NIL:  # whose value says what the tag means
                marks = _mark(name, found, empty=False), _mark(name, found, empty=True)
                _keep(self.heads, tag.partition('"')[0], (kind, *marks), _MOST_TAGS)
        return said

    def _bare(self, tag: str, inner: str, *, empty: bool) -> Tag:
        """A tag without attributes."""
        name = "" if inner.startswith("/") else self._named(inner.strip())
        if empty:
            _keep(self._whole, tag, (name, (), True), _MOST_ROOTS)
        else:
            _keep(self.names, tag, name, _MOST_TAGS)
        return name, (), empty

    def _named(self, written: str) -> str:
        known = self.names.get(written)
        if known is None:
            known = NAMES[self._raw(written)]
            _keep(self.names, written, known, _MOST_TAGS)
        return known

    def _raw(self, written: str) -> str:
        prefix, _, bare = written.rpartition(":")
        uri = self._uris.get(prefix)
        if uri is None:
            raise Odd
        return f"{{{uri}}}{bare}" if uri else bare

    def _attribute(self, written: str) -> tuple[str, int]:
        if written == "xmlns" or written.startswith("xmlns:"):
            known = "", DECLARES
        else:
            raw = self._raw(written) if ":" in written else written
            known = NAMES[raw], ATTRIBUTES[raw]
        _keep(self._attributes, written, known, _MOST_TAGS)
        return known


class Parsed:
    """The meaning of tags as the parser knows it: slower, for documents that give a prefix two meanings."""

    __slots__ = ("_elements", "heads", "names")

    def __init__(self, tags: list[str], root: etree._Element) -> None:
        """Take the tree from which the text was written."""
        self.names: dict[str, str] = {}
        self.heads: dict[str, tuple[int, Mark, Mark]] = {}
        starts = [element for element, tag in enumerate(tags) if not tag.startswith("/")]
        self._elements = dict(zip(starts, root.iter("*"), strict=True))

    def read(self, tag: str, element: int) -> Tag:
        """What a tag says."""
        if tag.startswith("/"):
            return "", (), False
        meant = self._elements[element]
        pairs = cast("list[tuple[str, str]]", meant.items())
        given = _PAIR.findall(tag.split(None, 1)[1]) if pairs else ()
        written = [key for key, _, _ in given if key != "xmlns" and not key.startswith("xmlns:")]
        found = [(NAMES[raw], value, key, ATTRIBUTES[raw]) for (raw, value), key in zip(pairs, written, strict=True)]
        return NAMES[meant.tag], found, tag.endswith("/")


_MARKS: Final[dict[tuple[str, tuple[int, ...], bool, bool], Mark]] = {}


def _mark(name: str, attributes: Sequence[Attribute], *, empty: bool) -> Mark:
    """The mark of a tag."""
    kinds = tuple(kind for _, _, _, kind in attributes if kind in _NAMING)
    nil = any(kind == NIL and value in {"true", "1"} for _, value, _, kind in attributes)
    known = _MARKS.get((name, kinds, nil, empty))
    if known is None:
        known = Mark(name, kinds, nil=nil, empty=empty)
        _keep(_MARKS, (name, kinds, nil, empty), known, _MOST_TAGS)
    return known


def tokens(tags: Sequence[str], scope: Scope) -> tuple[list[Token], list[str]]:
    """The tags without their values, and the values of ids, references and uris, in their order; raises Odd."""
    heads = scope.heads
    found: list[Token | None] = list(map(scope.names.get, tags))
    values: list[str] = []
    for position in [position for position, token in enumerate(found) if token is None]:
        tag = tags[position]
        head, _, rest = tag.partition('"')
        value, _, rest = rest.partition('"')
        known = heads.get(head)
        if known is None or (rest and rest != "/") or "&" in value or "\n" in value or "\t" in value:
            name, attributes, empty = scope.read(tag, position)
            found[position] = _mark(name, attributes, empty=empty) if attributes or empty else name
            values += [value for _, value, _, kind in attributes if kind in _NAMING]
            continue
        kind, mark, empty_mark = known
        found[position] = empty_mark if rest else mark
        if kind:
            values.append(value)
    return cast("list[Token]", found), values


def _keep(table: dict[Key, Kept], key: Key, value: Kept, most: int) -> None:
    """Remember, but not without end: a hostile feed may invent names and tags for ever."""
    if len(table) < most:
        table[key] = value


_ROOTS: Final[dict[str, Declared]] = {}
"""The last meaning that was found for a root's tag: the records of a feed begin alike."""
_SCOPES: Final[dict[frozenset[tuple[str, str]], Declared]] = {}


def scope(tags: list[str], *, afresh: bool = False) -> Declared:
    """What the tags of a document mean; `afresh` where what its root's tag meant in others failed. Raises Odd."""
    known = None if afresh else _ROOTS.get(tags[0])
    if known is None:
        uris = _declarations(tags)
        key = frozenset(uris.items())
        for table in (_ROOTS, _SCOPES):
            if len(table) >= _MOST_ROOTS:
                table.clear()
        known = _ROOTS[tags[0]] = _SCOPES.setdefault(key, Declared(uris))
    return known


def _declarations(tags: list[str]) -> dict[str, str]:
    """All namespaces that a document declares, by prefix; raises Odd where a prefix has two."""
    uris = {"": "", "xml": _XML}
    for number, tag in enumerate(tags):
        if "xmlns" not in tag or "=" not in tag:
            continue
        for key, double, single in _PAIR.findall(tag.split(None, 1)[1]):
            if key != "xmlns" and not key.startswith("xmlns:"):
                continue
            prefix, uri = key[6:], _unquoted(double or single)
            if number == 0:
                uris[prefix] = uri
            elif uris.setdefault(prefix, uri) != uri:
                raise Odd
    return uris
