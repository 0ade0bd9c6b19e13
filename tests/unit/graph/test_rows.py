"""Rows and what is made of them: links as they are stored, ids, what may be seen."""

from __future__ import annotations

import random

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.drafts import clean, draft, link_data, note_data, scrubbed
from graph.lines import LinkRow, MentionRow, edge_view, evidence, is_keyed, link_fields, node_view
from graph.snapshot import address_of, handle_of
from graph.visible import Sight
from schemas.access import Predicate, Principal
from schemas.ids import Ids, record_part
from schemas.mapped import MappedLink, MappedMention, MappedRecord, QualityNote

IDS = Ids(b"a secret of a fictional place")
text = st.one_of(st.none(), st.text(max_size=5))
links = st.builds(
    MappedLink,
    st.just("USES"),
    st.just(0),
    st.just(1),
    st.none(),
    words=text,
    start=text,
    end=text,
    where=st.text(max_size=5),
    status=st.sampled_from(["asserted", "extracted"]),
    confidence=st.sampled_from([1.0, 0.5]),
)


@given(links)
def test_a_stored_link_says_what_it_said(link: MappedLink) -> None:
    where, words, start, end, status, confidence = link_fields(link_data(link))
    assert (where, words, start, end, status, confidence) == (
        link.where, link.words, link.start, link.end, link.status, link.confidence,
    )  # fmt: skip


def test_a_plain_link_stores_nothing_but_its_place() -> None:
    assert link_data(MappedLink("USES", 0, 1)) is None
    assert link_data(MappedLink("USES", 0, 1, where="/a")) == b'["/a"]'


@given(st.integers(1, 2**42), st.integers(0, 2**20 - 1))
def test_a_handle_leads_back_to_its_mention(record: int, no: int) -> None:
    assert address_of(handle_of(None, record, no)) == (record, no)
    assert handle_of(None, record, no) < 0 < handle_of(7, record, no)


@given(st.text(), st.text(), st.text())
def test_a_mentions_id_holds_half_of_its_records(source: str, key: str, local: str) -> None:
    record = IDS.record(source, key)
    mention = IDS.mention(source, key, local)
    assert mention == IDS.mentions_of(record)(local)
    assert len(mention) == 16
    assert record_part(mention) == record[:8]


def test_the_first_eight_digits_tell_mentions_of_one_record_apart() -> None:
    starts = {IDS.mention("source", "key", str(n)).hex()[:8] for n in range(40)}
    assert len(starts) == 40


@pytest.mark.parametrize("odd", ["\0", "\ud800", "a\udfffb\0", "plain", "ümlaut"])
def test_cleaned_text_can_be_written_anywhere(odd: str) -> None:
    cleaned = clean(odd)
    cleaned.encode()
    assert "\0" not in cleaned
    assert clean(cleaned) == cleaned
    if odd in ("plain", "ümlaut"):
        assert cleaned == odd


def test_a_record_with_what_cannot_be_written_is_drafted_once() -> None:
    good = MappedMention("a", "Phone", "+1", {"number": [("+1",)]})
    bad = MappedMention("b", "Person", "x", {"name": [({"full": "\ud800", "n": 2**90, "ok": [True, None, 1.5]},)]})
    said = draft(IDS, "s", "k", MappedRecord([good, bad], [MappedLink("USES", 1, 0, "other", "\ud800")], []))
    assert said.record == IDS.record("s", "k")
    assert [row[1] for row in said.mentions] == [0, 1]
    assert (len(said.links), len(said.keyed)) == (1, 2)
    stored = orjson.loads(said.mentions[1][-1])["name"][0][0]
    assert stored == {"full": "\ufffd\ufffd\ufffd", "n": str(2**90), "ok": [True, None, 1.5]}


def test_scrubbing_leaves_the_local_key_for_the_id() -> None:
    record = MappedRecord([MappedMention("\ud800", "Note", None, {"text": [(b"bytes",)]})], [], [QualityNote("a", "b")])
    assert scrubbed(record).mentions[0].local == "\ud800"
    assert note_data(record.notes) == b'[["a","b"]]'
    assert note_data([]) is None


def row(n: int, properties: bytes = b"{}") -> MentionRow:
    return MentionRow(bytes([n]) * 16, 1, f"l{n}", properties, "MI0000001", "north", f"r{n}")


def link(n: int, role: int | None, data: bytes | None) -> LinkRow:
    return LinkRow(1, role, data, bytes([n]) * 16, bytes([n + 1]) * 16, "MI0000001", "north", f"r{n}")


def test_the_order_of_rows_makes_no_difference() -> None:
    rows = [row(n, orjson.dumps({"name": [[{"full": f"N{n % 2}"}]]})) for n in range(5)]
    said = [link(n, n % 3 or None, orjson.dumps(["/w", None, f"202{n}", None])) for n in range(5)]
    one = node_view(b"n" * 16, rows), edge_view(IDS, 1, b"a" * 16, b"b" * 16, [evidence(IDS, item) for item in said])
    rng = random.Random(1)
    rng.shuffle(rows)
    rng.shuffle(said)
    assert (
        node_view(b"n" * 16, rows),
        edge_view(IDS, 1, b"a" * 16, b"b" * 16, [evidence(IDS, item) for item in said]),
    ) == one
    assert one[1].start == "2020"
    assert one[1].roles == ("suspected_victim", "victim")


def test_which_types_are_named_by_their_key() -> None:
    from graph.codes import ENTITY_CODES

    evidence_types = {name for name, code in ENTITY_CODES.items() if not is_keyed(code)}
    assert evidence_types == {"Person", "Organization", "Location", "Vehicle", "Item", "Device"}


class TestSight:
    def test_an_administrator_is_not_filtered(self) -> None:
        sight = Sight.of(Principal.administrator())
        assert (sight.everything, sight.join(), sight.and_record()) == (True, "", "")

    def test_an_agency_sees_its_own(self) -> None:
        sight = Sight.of(Principal(user="u", agency="MI0000001"))
        assert "v.agency IN ('MI0000001')" in sight.join()
        assert "r.agency IN ('MI0000001')" in sight.and_record()

    def test_what_is_no_ori_never_reaches_a_query(self) -> None:
        sight = Sight(Predicate(agencies=frozenset({"x') OR ('1'='1", "MI0000001\n"})))
        assert sight.and_record() == " AND false"

    def test_somebody_without_an_agency_sees_nothing(self) -> None:
        assert "false" in Sight.of(Principal(user="u")).join()
