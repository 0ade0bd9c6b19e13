"""The one way in which this connector lets lxml touch bytes: every door shut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from lxml import etree

from connectors.niem.problems import ATTRIBUTES, DOCTYPE, malformed
from connectors.niem.prolog import HEAD, Prolog
from schemas.records import Problem, Quarantine

MOST_ATTRIBUTES: Final = 256
_SUSPICIOUS: Final = 4_096
_SHORT: Final = _SUSPICIOUS * len(b' a=""')
"""No shorter document has that many attributes."""
_SHUT: Final[dict[str, Any]] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": False,
    "collect_ids": False,
}  # fmt: skip

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements


class _Proof:
    """A parser target that builds nothing: what is left is the proof that the bytes are well-formed."""

    def doctype(self, *_: object) -> None:
        """Refuse a document type declaration where the prolog's scan could not see it."""
        raise Quarantine(DOCTYPE)

    def close(self) -> None:
        """Give nothing."""


def parser() -> etree.XMLParser:
    """A parser for records: elements and their text, nothing else."""
    return etree.XMLParser(remove_comments=True, remove_pis=True, remove_blank_text=True, **_SHUT)


def parse(body: bytes, reader: etree.XMLParser, prolog: Prolog) -> Element:
    """Parse a whole document; raises Quarantine."""
    if prolog.doctype:
        raise Quarantine(DOCTYPE)
    try:
        element = etree.fromstring(body, reader)
    except etree.XMLSyntaxError as error:
        raise Quarantine(malformed(error, _tail(body, prolog), prolog.root)) from error
    if cast("Any", element.getroottree().docinfo).doctype:
        raise Quarantine(DOCTYPE)
    if body.count(b"=") > _SUSPICIOUS:
        _count_attributes(element)
    return element


def proven(body: bytes) -> str | None:
    """The text of a record that was cut out of a proven file: it needs no parser any more.

    None where the encoding is not UTF-8, or where there may be an element with thousands of attributes.
    """
    if body.startswith(b"<?xml") or (len(body) > _SHORT and body.count(b"=") > _SUSPICIOUS):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _count_attributes(element: Element) -> None:
    """Refuse an element with thousands of attributes: whoever reads them pays time squared."""
    for one in element.iter("*"):
        if len(one.attrib) > MOST_ATTRIBUTES:
            raise Quarantine(ATTRIBUTES)


def prove(chunks: Iterable[bytes], prolog: Prolog) -> Problem | None:
    """Say what is wrong with a file that comes in chunks; None when it is well-formed to its end."""
    if prolog.doctype:
        return DOCTYPE
    proof = etree.XMLParser(target=cast("Any", _Proof()), **_SHUT)
    tail = b""
    try:
        for chunk in chunks:
            tail = (tail + chunk)[-HEAD:]
            proof.feed(chunk)
        proof.close()
    except etree.XMLSyntaxError as error:
        return malformed(error, tail, prolog.root)
    except Quarantine as error:
        return error.problem
    return None


def _tail(body: bytes, prolog: Prolog) -> bytes:
    tail = body[-HEAD:]
    return tail if prolog.wide is None else tail.decode(prolog.wide, "replace").encode("utf-8", "replace")
