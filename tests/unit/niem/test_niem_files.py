"""Files as they come: whole and cut off, clean and hostile, small and large."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from connectors.niem import NiemConfig
from schemas.ids import content_hash
from schemas.records import BadConfiguration
from tests.contract.connectors.suite import Memory, drain
from tests.unit.niem.support import DATA, LEXS, connector, lexs, message, nibrs, nibrs_report, person, read, reasons

ONE = lexs(message(person("P1", "Ada", "Roe")))


def put(folder: Path, name: str, body: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def test_a_small_file_is_one_record_as_it_stands(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.xml", ONE)
    (record,) = read(tmp_path).records
    assert record.body == ONE
    assert record.locator == "sub/a.xml"
    assert record.hash == content_hash(ONE)
    assert etree.tostring(record.parsed) == etree.tostring(
        etree.fromstring(ONE, etree.XMLParser(remove_blank_text=True))
    )


def test_messages_of_one_file_are_records_of_their_own(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", lexs(*(message(item=f"24-{number}") for number in range(5))))
    haul = read(tmp_path, size=2)
    assert [record.locator for record in haul.records] == [f"a.xml#{number}" for number in range(1, 6)]
    assert [len(batch.records) for batch in haul.batches] == [2, 2, 1]
    assert [unit.records for unit in haul.units] == [5]
    for number, record in enumerate(haul.records):
        element = etree.fromstring(record.body)
        assert etree.QName(element).localname == "doPublish"
        assert f"<lexs:DataItemID>24-{number}<".encode() in record.body


def test_nibrs_reports_are_records_but_a_report_elsewhere_is_none(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", nibrs(nibrs_report("1"), nibrs_report("2")))
    put(tmp_path, "b.xml", b"<r><Report/><Report/></r>")
    assert [record.locator for record in read(tmp_path).records] == ["a.xml#1", "a.xml#2", "b.xml"]


def test_what_an_editor_left_before_the_declaration_is_no_part_of_the_document(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", b'<!-- licence <a> -->\n<?xml version="1.0"?>\n' + ONE)
    (record,) = read(tmp_path).records
    assert record.body.startswith(b"<?xml")
    etree.fromstring(record.body)


def test_a_file_cut_off_anywhere_changes_nothing(tmp_path: Path) -> None:
    several = lexs(message(item="1"), message(item="2"), message(item="3"))
    for percent in range(100):
        put(tmp_path, "a.xml", several[: len(several) * percent // 100])
        haul = read(tmp_path)
        assert haul.records == [], percent
        assert haul.units == []
        assert reasons(haul)["a.xml"] in {
            "the file is empty",
            "the file ends before its document does",
            "the file is not XML",
        }


def test_a_record_that_is_broken_breaks_its_file(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", lexs(message(item="1"), message(item="2").replace("RMS", "R & S")))
    put(tmp_path, "b.xml", ONE)
    haul = read(tmp_path)
    assert [record.locator for record in haul.records] == ["b.xml"]
    assert list(reasons(haul)) == ["a.xml"]


HOSTILE = {
    "bomb": (b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', "the XML has a DOCTYPE"),
    "external": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "the XML has a DOCTYPE"),
    "utf16": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
        "the XML has a DOCTYPE",
    ),
    "entity": (b"<a>&nbsp;</a>", "the XML uses an entity that is not declared"),
    "prefix": (b"<lexs:a/>", "a namespace prefix is not declared"),
    "twice": (b'<a b="1" b="2"/>', "an attribute or prefix is given twice on one element"),
    "deep": (b"<a>" * 100_000 + b"</a>" * 100_000, "elements are nested too deep, or a text is too long"),
    "attributes": (
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(40_000)) + b"/>",
        "an element has thousands of attributes",
    ),
    "mismatch": (b"<a><b></a></a>", "the XML is not well-formed: tags do not match"),
    "after": (b"<a/><b/>", "there is text after the end of the document"),
    "bytes": (b"<a>\xff\xfe</a>", "the bytes do not fit the encoding"),
    "encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "the encoding is unknown"),
    "control": (b"<a>\x01</a>", "a character that XML does not allow"),
    "blank": (b"  \n ", "the file is empty"),
    "text": (b"hello", "the file is not XML"),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00", "the file is not XML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason_at_once(tmp_path: Path, name: str) -> None:
    body, reason = HOSTILE[name]
    put(tmp_path, "a.xml", body)
    put(tmp_path, "b.xml", ONE)
    started = time.process_time()
    haul = read(tmp_path)
    assert time.process_time() - started < 2
    assert reasons(haul) == {"a.xml": reason}
    assert haul.problems[0].problem.hint
    assert [record.locator for record in haul.records] == ["b.xml"]


def test_defusedxmls_attacks_are_refused(tmp_path: Path) -> None:
    folder = DATA / "bad-input" / "xml-defusedxml" / "xmltestdata"
    if not folder.is_dir():
        pytest.skip("the collection of bad input is not beside the project")
    haul = read(folder)
    assert set(reasons(haul).values()) == {"the XML has a DOCTYPE"}
    assert {record.locator for record in haul.records} == {"simple.xml", "simple-ns.xml"}


def test_a_gzipped_bomb_is_never_opened_as_one(tmp_path: Path) -> None:
    import gzip

    put(tmp_path, "a.xml", gzip.compress(b"<a>" + b" " * 20_000_000 + b"</a>"))
    assert reasons(read(tmp_path)) == {"a.xml": "the file is not XML"}


def test_media_are_dropped_and_their_hash_and_length_kept(tmp_path: Path) -> None:
    picture = bytes(range(256)) * 40_000
    text = base64.b64encode(picture)
    put(
        tmp_path,
        "a.xml",
        ONE.replace(b"</lexs:Digest>", b"<nc:BinaryBase64Object>" + text + b"</nc:BinaryBase64Object></lexs:Digest>"),
    )
    (record,) = read(tmp_path).records
    assert record.dropped_media == len(picture)
    assert f"sha256:{sha256(picture).hexdigest()};bytes={len(picture)}".encode() in record.body
    assert len(record.body) < 4_000
    etree.fromstring(record.body)


def test_media_under_another_name_are_known_by_their_bulk(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a.xml",
        b"<r><Photo>" + base64.b64encode(b"x" * 90_000) + b"</Photo><Text>" + b"word, " * 20_000 + b"</Text></r>",
    )
    (record,) = read(tmp_path).records
    assert record.dropped_media == 90_000
    assert record.body.count(b"word, ") == 20_000


def test_small_media_and_no_media_are_told_apart(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a.xml",
        b"<r><Base64Object>SGFuayA=</Base64Object><Base64Object/><Base64Object>not base64!</Base64Object></r>",
    )
    (record,) = read(tmp_path).records
    assert record.body.count(b"sha256:") == 2
    assert record.dropped_media == len(b"Hank ") + len(b"not base64!")


INCLUDING = (
    '<r xmlns:xi="http://www.w3.org/2001/XInclude"><a><xi:include href="{}"><xi:fallback><none/></xi:fallback>'
    "</xi:include></a></r>"
)


def test_a_part_in_the_folder_is_put_in_its_place(tmp_path: Path) -> None:
    put(tmp_path, "z.xml", INCLUDING.format("a-part.xml").encode())
    put(
        tmp_path,
        "a-part.xml",
        b"<ndexia:P xmlns:ndexia='u:n'><lexslib:SameAsDigestReference xmlns:lexslib='u:l'/></ndexia:P>",
    )
    haul = read(tmp_path)
    (record,) = haul.records
    assert b"<ndexia:P" in record.body
    assert b"xi:include" not in record.body
    assert [(doc.locator, doc.reason) for batch in haul.batches for doc in batch.ignored] == [
        ("a-part.xml", "part of another document (xi:include)")
    ]


def test_a_changed_part_brings_its_document_again(tmp_path: Path) -> None:
    put(tmp_path, "z.xml", INCLUDING.format("part.txt").encode())
    put(tmp_path, "part.txt", b"<p>1</p>")
    memory = Memory()
    assert len(read(tmp_path, known=memory).records) == 1
    assert read(tmp_path, known=memory).records == []
    put(tmp_path, "part.txt", b"<p>2</p>")
    assert b"<p>2</p>" in read(tmp_path, known=memory).records[0].body


def test_a_part_that_is_not_there_leaves_the_fallback(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", INCLUDING.format("gone.xml").encode())
    assert b"<none/>" in read(tmp_path).records[0].body or read(tmp_path).records[0].parsed.find(".//none") is not None


@pytest.mark.parametrize(
    "href",
    [
        "../secret.xml",
        "/etc/passwd",
        "http://127.0.0.1:9/x.xml",
        "file:///etc/passwd",
        "a/../../secret.xml",
        "link.xml",
        "..\\x",
        "%2e%2e/x",
    ],
)
def test_an_include_never_leaves_the_folder(tmp_path: Path, href: str) -> None:
    folder = tmp_path / "in"
    put(tmp_path, "secret.xml", b"<secret/>")
    put(folder, "a.xml", INCLUDING.format(href).encode())
    (folder / "link.xml").symlink_to(tmp_path / "secret.xml")
    haul = read(folder)
    assert reasons(haul) == {"a.xml": "an xi:include leads out of the source's folder"}
    assert haul.records == []


def test_includes_that_include_each_other_end(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", INCLUDING.format("b.txt").encode())
    put(tmp_path, "b.txt", INCLUDING.format("c.txt").encode())
    put(tmp_path, "c.txt", INCLUDING.format("b.txt").encode())
    assert reasons(read(tmp_path)) == {"a.xml": "a document includes too many files"}


def test_a_hostile_part_refuses_its_document(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", INCLUDING.format("b.txt").encode())
    put(tmp_path, "b.txt", HOSTILE["bomb"][0])
    assert reasons(read(tmp_path)) == {"a.xml": "the XML has a DOCTYPE"}


def test_only_a_part_of_a_file_cannot_be_included(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", INCLUDING.replace('href="{}"', 'href="b.xml" parse="text"').encode())
    assert reasons(read(tmp_path)) == {"a.xml": "an xi:include asks for a part of a file, or for text"}


def large(records: int, size: int = 20_000) -> bytes:
    filler = "<nc:CommentText>" + "Lorem ipsum dolor sit amet. " * (size // 28) + "</nc:CommentText>"
    return lexs(*(message(filler, item=f"24-{number}") for number in range(records)))


def test_a_large_file_is_cut_like_a_small_one(tmp_path: Path) -> None:
    body = large(500)
    assert len(body) > 8 * 1024 * 1024
    put(tmp_path, "a.xml", body)
    haul = read(tmp_path, size=100)
    assert len(haul.records) == 500
    assert all(record.problem is None and record.parsed is not None for record in haul.records)
    assert [unit.records for unit in haul.units] == [500]
    memory = Memory()
    drain(connector(tmp_path, 100), None, memory)
    again = drain(connector(tmp_path, 100), None, memory)
    assert again.records == []
    assert again.unchanged == 500


def test_of_a_large_file_only_changed_records_are_parsed(tmp_path: Path) -> None:
    body = large(500)
    put(tmp_path, "a.xml", body)
    memory = Memory()
    read(tmp_path, known=memory)
    put(tmp_path, "a.xml", body.replace(b"<lexs:DataItemID>24-77<", b"<lexs:DataItemID>24-77a<"))
    again = read(tmp_path, known=memory)
    assert [record.locator for record in again.records] == ["a.xml#78"]
    assert again.unchanged == 499


def test_a_large_file_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", large(500))
    first = drain(connector(tmp_path, 100), batches=2)
    rest = drain(connector(tmp_path, 100), first.batches[-1].checkpoint)
    assert [record.locator for record in first.records + rest.records] == [f"a.xml#{n}" for n in range(1, 501)]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.999])
def test_a_large_file_cut_off_yields_nothing(tmp_path: Path, cut: float) -> None:
    body = large(900)
    put(tmp_path, "a.xml", body[: int(len(body) * cut)])
    haul = read(tmp_path)
    assert haul.records == []
    assert reasons(haul) == {"a.xml": "the file ends before its document does"}


def test_a_large_document_is_read_when_its_media_are_dropped(tmp_path: Path) -> None:
    media = base64.b64encode(b"jpeg" * 3_000_000)
    put(
        tmp_path,
        "a.xml",
        b"<r><p:BinaryBase64Object xmlns:p='u:p'>".replace(b" xmlns:p='u:p'", b"")
        + media
        + b"</p:BinaryBase64Object></r>",
    )
    assert reasons(read(tmp_path)) == {"a.xml": "a namespace prefix is not declared"}
    put(tmp_path, "a.xml", b"<r><BinaryBase64Object>" + media + b"</BinaryBase64Object></r>")
    (record,) = read(tmp_path).records
    assert record.dropped_media == 12_000_000


def test_a_large_document_type_declaration_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", b"<!DOCTYPE r><r>" + b"<a>x</a>" * 1_200_000 + b"</r>")
    assert reasons(read(tmp_path)) == {"a.xml": "the XML has a DOCTYPE"}


def test_a_wide_encoding_is_cut_too(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ('<?xml version="1.0" encoding="UTF-16"?>' + large(250).decode()).encode("utf-16"))
    haul = read(tmp_path)
    assert len(haul.records) == 250
    put(tmp_path, "a.xml", '<?xml version="1.0" encoding="UTF-16"?><r>Peña</r>'.encode("utf-16"))
    assert read(tmp_path).records[0].parsed.text == "Peña"


MEASURE = r"""
import asyncio, re, sys
from connectors.context import SourceContext
from connectors.niem import NiemConfig, NiemConnector
from schemas.records import NothingKnown
async def main():
    seen = 0
    async for batch in NiemConnector(NiemConfig(), SourceContext("demo", sys.argv[1])).read(None, NothingKnown()):
        seen += len(batch.records)
    print(seen, re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1])
asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for records in (2_500, 7_500):
        folder = tmp_path / str(records)
        put(folder, "a.xml", large(records, 9_000))
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(folder)], check=True, capture_output=True, text=True,
            cwd=Path(__file__).resolve().parents[3],
        )  # fmt: skip
        seen, peak = map(int, done.stdout.split())
        assert seen == records
        peaks.append(peak)
    assert peaks[1] < 1.1 * peaks[0]


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    put(tmp_path, "secret.xml", ONE)
    put(folder, "a.xml", ONE)
    (folder / "b.xml").symlink_to(tmp_path / "secret.xml")
    (folder / "c.xml").symlink_to(folder / "a.xml")
    assert [record.locator for record in read(folder).records] == ["a.xml", "c.xml"]


def test_one_file_may_be_the_source(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ONE)
    put(tmp_path, "b.xml", ONE)
    assert [record.locator for record in read(tmp_path, path="b.xml").records] == ["b.xml"]


def test_a_folder_that_is_not_there_stops_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="there is no folder or file `gone`"):
        read(tmp_path, path="gone")


@pytest.mark.parametrize(
    "settings", [{"files": "../*.xml"}, {"files": "/x"}, {"files": ""}, {"record": ["a b"]}, {"other": 1}]
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        NiemConfig.model_validate(settings)


def test_the_check_says_what_is_there(tmp_path: Path) -> None:
    import asyncio

    def check(**settings: Any) -> list[tuple[str, str, str]]:
        report = asyncio.run(connector(tmp_path, **settings).check())
        return [(step.step, step.outcome.value, step.message) for step in report.steps]

    assert check(path="gone")[0][1] == "fail"
    assert check() == [("folder", "hint", "the folder has no such files")]
    put(tmp_path, "a.xml", ONE)
    assert check() == [("folder", "pass", "files: 1"), ("sample", "pass", "1 files are well-formed")]
    put(tmp_path, "b.xml", b"")
    assert check()[1] == ("sample", "hint", "1 of 2 files cannot be read; b.xml: the file is empty")
    put(tmp_path, "a.xml", ONE[:-9])
    assert check()[1][1] == "fail"


def test_a_file_that_cannot_be_opened_stops_no_other(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ONE)
    made = connector(tmp_path)
    put(tmp_path, "b.xml", ONE)
    real = tmp_path / "b.xml"
    from connectors.niem import folder

    found = folder.find(str(tmp_path), ".", "**/*.xml", "demo")
    assert [name for name, _ in found.files] == ["a.xml", "b.xml"]
    real.unlink()
    real.mkdir()
    assert [record.locator for record in drain(made).records] == ["a.xml"]


def test_the_declared_namespaces_of_a_lexs_container_are_kept_in_each_record(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", lexs(message(item="1"), message(item="2")))
    for record in read(tmp_path).records:
        assert LEXS.split('"')[1].encode() in record.body
