"""Paths over the graph, and the promise that a value's XPath selects exactly that value."""

from __future__ import annotations

import pytest
from lxml import etree

from mapping.readers.niem.names import NAMES
from mapping.readers.port import PathError
from tests.unit.niem.support import (
    READER,
    activity,
    crash6,
    lexs,
    message,
    nibrs,
    nibrs_report,
    one,
    person,
    report,
    root,
    selected,
    texts,
    tie,
)
from tests.xpath import nodes

BODY = report(
    '<nc:Person s:id="P1"><nc:PersonName><nc:PersonGivenName>\n Ada \n  Mae </nc:PersonGivenName>'
    "<nc:PersonMiddleName>B</nc:PersonMiddleName><nc:PersonMiddleName>C</nc:PersonMiddleName></nc:PersonName>"
    "<j:PersonAugmentation><j:PersonSexCode>F</j:PersonSexCode></j:PersonAugmentation></nc:Person>"
    '<j:Arrest s:id="A1"><j:ArrestSubject><nc:RoleOfPerson s:ref="P1"/></j:ArrestSubject></j:Arrest>'
    '<j:ActivityArrestAssociation><nc:Activity s:ref="A1"/><nc:Person s:ref="P1"/></j:ActivityArrestAssociation>'
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("//nc:Person/nc:PersonName/nc:PersonGivenName", ["Ada Mae"]),
        ("//nc:Person/nc:PersonName/nc:PersonGivenName/text()", ["\n Ada \n  Mae "]),
        ("//nc:Person/nc:PersonName/nc:PersonMiddleName", ["B", "C"]),
        ("//nc:Person/nc:PersonName/nc:PersonMiddleName[2]", ["C"]),
        ("//nc:PersonMiddleName[1]", ["B"]),
        ("//nc:Person/nc:PersonName/nc:PersonMiddleName[3]", []),
        ("//nc:Person/nc:PersonName/*", ["Ada Mae", "B", "C"]),
        ("//nc:Person/*:PersonSexCode", ["F"]),
        ("//*:PersonSexCode", ["F"]),
        ("//nc:Person/*:*SexCode", ["F"]),
        ("//nc:*GivenName", ["Ada Mae"]),
        ("//j:*GivenName", []),
        ("//nc:Person/@id", ["P1"]),
        ("//nc:Person/@s:id", ["P1"]),
        ("//nc:Person/@j:id", []),
        ("//j:ArrestSubject/../@id", ["A1"]),
        ("//j:PersonSexCode/../@id", ["P1"]),
        ("//nc:Person/^j:ActivityArrestAssociation/nc:Activity/@id", ["A1"]),
        ("//j:ArrestSubject/^j:ActivityArrestAssociation/name()", ["ActivityArrestAssociation"]),
        ("//nc:Person/^j:NoSuchAssociation/name()", []),
        ("//*:*Association/name()", ["ActivityArrestAssociation"]),
        ("//j:Arrest/name()|//nc:Person/name()", ["Arrest", "Person"]),
        ("//nc:PersonGivenName|//nc:PersonMiddleName", ["Ada Mae", "B", "C"]),
        ("name()", ["TestReport"]),
        ("./name()", ["TestReport"]),
        ("nc:Person/nc:PersonName/nc:PersonGivenName", ["Ada Mae"]),
        ("//nc:Nothing/nc:PersonName", []),
        ("../name()", []),
    ],
)
def test_a_path_finds_its_texts(path: str, expected: list[str]) -> None:
    document = root(BODY)
    found = READER.values(path)(document)
    if "@id" not in path and "@s:id" not in path:
        assert [text for text, _ in found] == expected
    assert [" ".join(selected(where, BODY).split()) for _, where in found] == [
        " ".join(text.split()) for text in expected
    ]


def test_alternatives_find_an_object_once() -> None:
    assert len(READER.items("//nc:Person|//*:Person|//j:ArrestSubject/nc:RoleOfPerson")(root(BODY))) == 1


def test_a_dot_is_the_item_itself() -> None:
    item = one("//nc:PersonMiddleName[2]", root(BODY))
    assert texts(".", item) == ["C"]
    assert READER.items(".")(item) == (item,)


def test_the_digest_is_the_same_for_what_says_the_same() -> None:
    def digest(body: bytes) -> str:
        (found,) = texts("digest()", root(body))
        return found

    sent = report(
        "<nc:DocumentCreationDate><nc:Date>2024-01-01</nc:Date></nc:DocumentCreationDate>"
        "<nc:Person s:id='d1e5'>Ada</nc:Person>"
    )
    again = sent.replace(b"2024-01-01", b"2024-02-02").replace(b"d1e5", b"d1e9").replace(b"Ada", b" Ada\n")
    assert digest(sent) == digest(again)
    assert digest(sent) != digest(sent.replace(b"Ada", b"Ida"))


@pytest.mark.parametrize(
    "path", ["", "a//b", "//", "//..", "nc:", "a b", "nc:A[0]", "@", "^*:A", "//^nc:A", "nc:A/@1 2", "/nc:A"]
)
def test_a_path_that_cannot_be_read_says_so(path: str) -> None:
    with pytest.raises(PathError):
        READER.values(path)
    with pytest.raises(PathError):
        READER.items(path)


FIXTURES = [
    BODY,
    lexs(
        message(
            activity("I1", "Incident", "24-0001", "He said:\n\n call 313-555-0142")
            + person("P1", "Ada", "Roe", beside='<j:Victim><nc:RoleOfPersonReference s:ref="P1"/></j:Victim>')
            + tie(
                "lexsdigest:IncidentVictimPersonAssociation",
                ("nc:ActivityReference", "I1"),
                ("nc:PersonReference", "P1"),
            )
        )
    ),
    crash6(
        '<nc:Person s:uri="u:1"><nc:PersonName><nc:PersonGivenName>Ada</nc:PersonGivenName></nc:PersonName></nc:Person>'
    ),
    nibrs(nibrs_report("1", '<nc:Person s:id="V1"><nc:PersonAgeMeasure/></nc:Person>')),
    b"<!-- a --><r><?pi?><!-- b --><a>x<!-- c -->y</a><a>z</a></r>",
    b"<r>" + b"".join(b"<a>%d</a>" % number for number in range(450)) + b"</r>",
]


@pytest.mark.parametrize("body", FIXTURES)
def test_every_xpath_selects_exactly_its_element(body: bytes) -> None:
    document = root(body).document
    stored = etree.fromstring(body)
    for elements in document.by_name.values():
        for element in elements:
            (found,) = nodes(stored, document.path(element))
            assert NAMES[found.tag] == document.tags[element]
            assert ("".join(nodes(found, "text()"))).strip() == document.texts[element].strip()


def test_a_comment_inside_a_text_does_not_cut_it() -> None:
    body = b"<r><a>x<!-- c -->y</a></r>"
    ((text, where),) = READER.values("//a")(root(body))
    assert text == "xy" == selected(where, body)
