"""The scan that cuts a file into records finds what an XML parser finds, wherever the chunks end."""

from __future__ import annotations

from pyexpat import ParserCreate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.niem.splitting import Splitter

NAMES = ("PublishMessage", "a", "p:PublishMessage", "Report", "Submission", "PublishMessageContainer")


@st.composite
def content(draw: st.DrawFn, depth: int = 3) -> str:
    """What may stand in an element: text, tags, and everything that may hide a tag."""
    pieces = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["text", "element", "comment", "cdata", "pi", "empty"]))
        if kind == "text":
            pieces.append(draw(st.sampled_from(["x", "&lt;PublishMessage&gt;", " > ", "\n"])))
        elif kind == "comment":
            pieces.append(draw(st.sampled_from(["<!--</PublishMessage>-->", "<!-- <PublishMessage> -->", "<!---->"])))
        elif kind == "cdata":
            pieces.append(draw(st.sampled_from(["<![CDATA[</PublishMessage>]]>", "<![CDATA[<a>]]]]>", "<![CDATA[]]>"])))
        elif kind == "pi":
            pieces.append(draw(st.sampled_from(["<?x </PublishMessage>?>", "<?x <a?>"])))
        else:
            name = draw(st.sampled_from(NAMES))
            attribute = draw(st.sampled_from(["", ' b="</PublishMessage&gt;>"', " b='/>'", ' b="1" c="/"']))
            attribute = attribute.replace("</", "&lt;/")
            space = draw(st.sampled_from(["", " ", "\n"]))
            if kind == "empty" or depth == 0:
                pieces.append(f"<{name}{attribute}{space}/>")
            else:
                pieces.append(f"<{name}{attribute}{space}>{draw(content(depth - 1))}</{name}{space}>")
    return "".join(pieces)


def by_parser(body: bytes) -> list[bytes]:
    """The outermost records as a real parser finds them."""
    found: list[bytes] = []
    open_: list[str] = []
    start: list[int] = []
    parser = ParserCreate()

    def begin(name: str, _: Any) -> None:
        bare = name.rpartition(":")[2]
        parent = open_[-1] if open_ else None
        if not start and (bare == "PublishMessage" or (bare == "Report" and parent == "Submission")):
            start.extend((parser.CurrentByteIndex, len(open_)))
        open_.append(bare)

    def end(_: str) -> None:
        open_.pop()
        if start and len(open_) == start[1]:
            at = parser.CurrentByteIndex
            # where an empty-element tag ends, expat has gone past it already
            stop = body.index(b">", at) + 1 if body.startswith(b"</", at) and at != empty_end(body, start[0]) else at
            found.append(body[start[0] : stop])
            start.clear()

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(body, True)  # noqa: FBT003 - expat's own signature
    return found


def empty_end(body: bytes, at: int) -> int | None:
    """Where the tag at a place ends, if it is an empty-element tag."""
    quote = b""
    for position in range(at, len(body)):
        character = body[position : position + 1]
        if quote:
            quote = b"" if character == quote else quote
        elif character in b"\"'":
            quote = character
        elif character == b">":
            return position + 1 if body[position - 1 : position] == b"/" else None
    raise AssertionError


@given(content(), st.integers(1, 40))
def test_the_scan_finds_what_a_parser_finds_however_the_chunks_fall(inside: str, size: int) -> None:
    body = f'<r xmlns:p="u:p">{inside}</r>'.encode()
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    found = [one.document[one.start : one.end] for one in Splitter().split(chunks)]
    assert found == by_parser(body)


@given(content())
def test_every_slice_is_a_document_of_its_own(inside: str) -> None:
    body = f'<r xmlns:p="u:p"><m at="1">{inside}</m></r>'.encode()
    for one in Splitter().split([body]):
        assert etree.fromstring(one.document).tag == "r"


def test_a_slice_keeps_the_namespaces_that_were_in_scope() -> None:
    inside = b'<l:PublishMessage m:a="1"><b/></l:PublishMessage>'
    body = b'<r xmlns="u:d" xmlns:l="u:l"><c xmlns:m="u:m" x="&gt;>">' + inside + b"</c></r>"
    (only,) = Splitter().split([body])
    element = etree.fromstring(only.document)
    assert [child.tag for child in element.iter()] == ["{u:d}r", "{u:d}c", "{u:l}PublishMessage", "{u:d}b"]


def test_a_slice_is_read_in_the_encoding_of_its_file() -> None:
    declaration = b'<?xml version="1.0" encoding="windows-1252"?>'
    body = declaration + "<r><PublishMessage>Peña</PublishMessage></r>".encode("cp1252")
    (only,) = Splitter().split([body], declaration)
    assert etree.fromstring(only.document)[0].text == "Peña"


def test_records_by_another_name_are_named_in_the_settings() -> None:
    body = b"<r><x:Pawn xmlns:x='u:x'/><Pawn><Pawn/></Pawn></r>"
    assert [one.document[one.start : one.end] for one in Splitter(["p:Pawn"]).split([body])] == [
        b"<x:Pawn xmlns:x='u:x'/>",
        b"<Pawn><Pawn/></Pawn>",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<r><PublishMessage/></r>", False),
        (b"<r><PublishMessage/><PublishMessage/></r>", True),
        (b"<r><!--<PublishMessage/>--><PublishMessage/></r>", True),
        (b"<r><PublishMessages/><PublishMessage/></r>", False),
    ],
)
def test_whether_there_may_be_several_is_never_wrongly_no(body: bytes, expected: bool) -> None:  # noqa: FBT001
    assert Splitter().several(body) is expected
