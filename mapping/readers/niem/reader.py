"""The reader port for NIEM: parse safely, build the graph, compile paths."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from lxml import etree

from mapping.readers.niem.document import Document
from mapping.readers.niem.fields import Field
from mapping.readers.niem.fillings import fill_all
from mapping.readers.niem.lookups import Lookups
from mapping.readers.niem.marks import stable, without_generated
from mapping.readers.niem.markup import Odd, Parsed, Scope, cut, plain, scope, tokens
from mapping.readers.niem.node import Node
from mapping.readers.niem.paths import (
    compile_exists,
    compile_identities,
    compile_items,
    compile_texts,
    compile_values,
    once,
    unless_none,
)  # fmt: skip
from mapping.readers.niem.paths import parse as parsed_path
from mapping.readers.niem.skeletons import ROOT
from mapping.readers.niem.telling import telling
from mapping.readers.port import Items, Values
from schemas.mapped import Properties, QualityNote
from schemas.records import Problem, Quarantine

if TYPE_CHECKING:
    from mapping.readers.niem.telling import Choose, Constant, Tell
    from mapping.readers.port import Filling

MOST_ATTRIBUTES: Final = 256
_SUSPICIOUS: Final = 4_096

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements

_PARSER: Final[dict[str, Any]] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": False,
    "remove_comments": True, "remove_pis": True, "remove_blank_text": True, "collect_ids": False,
}  # fmt: skip
_INCLUDES: Final = b"http://www.w3.org/2001/XInclude"
_UNREADABLE: Final = Problem("the XML is not well-formed", "", "export the record again")


class NiemReader:
    """Reads any NIEM XML; paths are `family:Name` steps over the resolved object graph."""

    name = "niem"

    def __init__(self) -> None:
        """Start with no paths compiled."""
        self._lookups = Lookups()

    def root(self, body: bytes, parsed: Any | None) -> Node:
        """The object graph of one record, at its document element; raises Quarantine.

        `parsed` is the record's tree, or its text where a parser has proven the record well-formed already.
        """
        if type(parsed) is str:
            return self._graph(body, parsed, None)
        tree: Element = parse(body) if parsed is None else parsed
        if body.count(b"=") > _SUSPICIOUS:
            _count_attributes(tree)
        merged = parsed is not None and _INCLUDES in body
        return self._graph(body, None if merged else plain(body), tree)

    def _graph(self, body: bytes, text: str | None, tree: Element | None) -> Node:
        """The graph from a record's text; where that holds more than tags and texts, the parser writes it anew."""
        pieces = None if text is None else cut(text)
        if pieces is not None:
            for afresh in (False, True):
                try:
                    return self._document(*pieces, scope(pieces[0], afresh=afresh))
                except Odd:
                    continue
        tree = parse(body) if tree is None else tree
        pieces = cut(etree.tostring(tree, encoding="unicode"))
        if pieces is None:
            raise Quarantine(_UNREADABLE)
        return self._document(*pieces, Parsed(pieces[0], tree))

    def _document(self, tags: list[str], texts: list[str], meaning: Scope) -> Node:
        """The graph of some tags and texts; raises Odd."""
        found, values = tokens(tags, meaning)
        skeleton = self._lookups.skeletons.of(found)
        return Document(skeleton, values, texts, tags, meaning, self._lookups).node(ROOT)

    def release(self, root: Node) -> None:
        """Let go of a record's objects, which nobody will ask for any more."""
        root.document.release()

    def values(self, path: str) -> Values:
        """Compile a path to a function that gives each text at it with its XPath; raises PathError."""
        return compile_values(parsed_path(path), self._lookups)

    def items(self, path: str) -> Items:
        """Compile a path to a function that gives each object at it, once; raises PathError."""
        return compile_items(parsed_path(path), self._lookups)

    def texts(self, path: str) -> Callable[[Node], Sequence[str]]:
        """As `values`, for who does not care where a text stands; raises PathError."""
        return compile_texts(parsed_path(path), self._lookups)

    def exists(self, path: str) -> Callable[[Node], bool]:
        """Compile a path to the question whether there is any text at it; raises PathError."""
        return compile_exists(parsed_path(path), self._lookups)

    def once(self, path: str, test: Callable[[Node], bool]) -> Callable[[Node], bool]:
        """A question that hangs on what is at a path, asked as seldom as can be."""
        return once(test) if all(one.structural for one in parsed_path(path)) else test

    def chosen(self, each: str, paths: Sequence[str], items: Items, when: Callable[[Node], bool]) -> Items | None:
        """The items at a path for which a question holds that hangs on these; None: ask it of each of them."""
        asked = [one for path in paths for one in parsed_path(path)]
        if not all(one.anywhere for one in parsed_path(each)) or not all(one.structural for one in asked):
            return None
        return unless_none(items, when)

    def anchor(self, item: Node) -> int:
        """What `identities` compares of an item: the element that defines the object, or whose role it is."""
        return (item.person or item).element

    def identities(self, path: str) -> Callable[[Node], Sequence[int]]:
        """Compile a path to a function that gives the identity of each object at it; raises PathError."""
        return compile_identities(parsed_path(path), self._lookups)

    def field(
        self,
        each: str | None,
        alternatives: Sequence[str],
        parts: Mapping[str, str] | None,
        convert: Callable[[Any], Any],
        chain: str,
    ) -> Field:
        """A field that can be answered from layouts; raises PathError."""
        return Field(
            None if each is None else parsed_path(each),
            [parsed_path(path) for path in alternatives],
            None if parts is None else {name: parsed_path(path) for name, path in parts.items()},
            convert,
            chain,
            self._lookups,
        )

    def fill_all(self, fillings: Sequence[Filling]) -> Callable[[Node, Properties, list[QualityNote]], None]:
        """All fields of a block as one function."""
        return fill_all(fillings)

    def telling(
        self,
        roles: Sequence[Field | Constant],
        words: Sequence[Field | Constant],
        times: Sequence[Field],
        choose: Choose,
        tell: Tell,
    ) -> Tell:
        """What a link says beside its ends, as `tell` would say it."""
        return telling(roles, words, times, choose, tell)

    def shape(self, item: Node) -> frozenset[str]:
        """Which names occur in an item's record: all that `possible` needs to know of it."""
        return item.document.names

    def possible(self, path: str) -> Callable[[frozenset[str]], bool]:
        """Compile a path to the question whether a record of a shape may have anything at it; raises PathError."""
        paths = parsed_path(path)
        return lambda shape: any(one.possible(shape) for one in paths)

    def remarks(self, root: Node) -> list[QualityNote]:
        """What is wrong with the document itself: references to nothing, ids given twice, parts that are not there."""
        document = root.document
        known: list[QualityNote] | None = document.found.get("remarks")
        if known is not None:
            return known
        ids, found = document.ids, []
        for pointer, name in document.references.items():
            if name not in ids:
                lost = [one for one in name.split() if one.removeprefix("#") not in ids]
                found += [(pointer, "refers to an id that is not in the document")] * bool(lost)
        found += [
            (twin, "has an id that another element has too")
            for twins in document.duplicates.values()
            for twin in twins[1:]
        ]
        found += [(part, "a part of the document is not there") for part in document.by_name.get("xi:include", ())]
        known = document.found["remarks"] = [QualityNote(document.path(element), reason) for element, reason in found]
        return known

    def content(self, body: bytes, volatile: Sequence[str]) -> bytes:
        """The body without what these paths lead to, without generated ids and without comments, to compare."""
        tree = parse(body)
        if volatile:
            root = self.root(body, tree)
            starts = [position for position, name in enumerate(root.document.tags) if name]
            elements = dict(zip(starts, tree.iter("*"), strict=True))
            for path in (one for text in volatile for one in parsed_path(text)):
                for position in path.finder(self._lookups)(root):
                    element = elements[position]
                    element.text = None
                    for child in list(element):
                        element.remove(child)
        return without_generated(etree.tostring(tree, method="c14n"))

    def where(self, item: Node) -> str:
        """The XPath of the object's definition."""
        return item.document.path(item.element)

    def identity(self, item: Node) -> Hashable | None:
        """The object itself; a role is identical with whose role it is."""
        return item if item.person is None else item.person

    def local_key(self, item: Node) -> str | None:
        """The id or uri that the document gives the object, unless a stylesheet made it up."""
        node = item if item.person is None else item.person
        name = node.document.owners.get(node.element)
        return name if name is not None and stable(name) else None


def parse(body: bytes) -> Element:
    """Parse one record's bytes with every door shut; raises Quarantine."""
    try:
        element = etree.fromstring(body, etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        problem = Problem("the XML is not well-formed", f"line {line}" if line else "", "export the record again")
        raise Quarantine(problem) from error
    if cast("Any", element.getroottree().docinfo).doctype:
        problem = Problem("the XML has a DOCTYPE", "", "send the record without a document type declaration")
        raise Quarantine(problem)
    return element


def _count_attributes(element: Element) -> None:
    """Refuse an element with thousands of attributes: to read them costs time squared."""
    for one in element.iter("*"):
        if len(one.attrib) > MOST_ATTRIBUTES:
            problem = Problem(f"an element has more than {MOST_ATTRIBUTES} attributes", "", "this is no case record")
            raise Quarantine(problem)
