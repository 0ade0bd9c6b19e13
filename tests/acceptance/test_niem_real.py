"""All real NIEM documents: each is read, ignored with a reason, or quarantined with one; every value leads back."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from connectors.context import SourceContext
from connectors.niem import NiemConfig, NiemConnector
from mapping.apply import SourceMapping
from mapping.load import load_mappings
from mapping.readers.niem import NiemReader
from schemas.mapped import MappedRecord
from schemas.records import NothingKnown, Quarantine, Received
from tests.acceptance.niem.graph import DATA, casefold, make_home
from tests.xpath import nodes

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real NIEM documents are not beside the project")

FILES = 377
AGENCY = "ZZ0000000"


@pytest.fixture(scope="module")
def received() -> list[Received]:
    async def read() -> list[Received]:
        connector = NiemConnector(NiemConfig(path=str(DATA.resolve())), SourceContext("niem", "/"))
        return [record async for batch in connector.read(None, NothingKnown()) for record in batch.records]

    return asyncio.run(read())


@pytest.fixture(scope="module")
def read(received: list[Received]) -> list[tuple[Received, MappedRecord]]:
    mapping = SourceMapping(load_mappings("niem"), {"niem": NiemReader}, "niem", None)
    found = []
    for record in received:
        try:
            opened = mapping.open(record.body, record.parsed)
        except Quarantine:
            continue
        identity = opened.identify()
        if identity.ignored is None and not identity.deleted:
            found.append((record, opened.map(identity.owner or AGENCY)))
    return found


def test_every_document_is_read_ignored_or_quarantined_with_its_reason(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make_home(
        home,
        f"casefold: source/1\nagency: {AGENCY}\nconnector: {{kind: niem, path: {json.dumps(str(DATA.resolve()))}}}\n"
        "mapping: niem\n",
    )
    (first,) = json.loads(casefold(home, "sync", "--json"))["sources"]
    held = first["quarantined"]
    assert held <= 14
    assert first["pulled"] == FILES + 1  # two arrests in one file
    counted = first["mapped"] + first["ignored"] + held + first["deleted"] + first["unchanged"]
    assert counted >= FILES - 1  # two messages delete what was never sent
    (again,) = json.loads(casefold(home, "sync", "--json"))["sources"]
    assert again["mapped"] == again["deleted"] == 0


def test_no_document_is_lost_between_the_folder_and_the_mapping(received: list[Received]) -> None:
    files = {record.locator.partition("#")[0] for record in received}
    assert len(files) == FILES - 2  # two are no well-formed XML: a prefix undeclared, one declared twice
    assert not [record.locator for record in received if record.problem]


def test_what_no_profile_reads_is_no_police_message(received: list[Received]) -> None:
    mapping = SourceMapping(load_mappings("niem"), {"niem": NiemReader}, "niem", None)
    reasons: Counter[str] = Counter()
    for record in received:
        try:
            mapping.open(record.body, record.parsed)
        except Quarantine as held:
            reasons[held.problem.reason] += 1
    assert reasons == {
        "no profile reads N6AugEx:Message": 9,
        "no profile reads DNA.Sample:DNADataTransaction": 2,
        "no profile reads test:Message": 1,
    }


def places(record: MappedRecord) -> Iterator[tuple[str, str | None]]:
    """Where each value and link stands, with the raw text where there is one."""
    for mention in record.mentions:
        for compact in (compact for found in mention.properties.values() for compact in found):
            value, raw, where, chain, *_ = compact
            if chain != "set":
                yield where, raw if raw is not None else value if isinstance(value, str) else None
    for link in record.links:
        yield link.where, None


def test_every_value_leads_back_to_exactly_its_element(read: list[tuple[Received, MappedRecord]]) -> None:
    checked = 0
    for received, record in read:
        stored = etree.fromstring(received.body)
        for where, raw in places(record):
            if where.startswith("local-name("):
                assert stored.xpath(where)
                continue
            (only,) = nodes(stored, where)
            text = only if isinstance(only, str) else "".join(nodes(only, "text()"))
            if raw is not None:
                assert " ".join(text.split()) in " ".join(raw.split()), (received.locator, where)
            checked += 1
    assert checked > 5_000


def test_every_body_is_read_again_to_the_same(read: list[tuple[Received, MappedRecord]]) -> None:
    mapping = SourceMapping(load_mappings("niem"), {"niem": NiemReader}, "niem", None)
    for received, record in read:
        opened = mapping.open(received.body)
        assert opened.map(opened.identify().owner or AGENCY) == record, received.locator


def test_no_contact_of_a_message_is_a_case_person(read: list[tuple[Received, MappedRecord]]) -> None:
    contacts = {"SystemContact", "DataItemContact", "DataOwnerContact", "DocumentSubmitter", "SubscriptionIdentity"}
    for received, record in read:
        stored = etree.fromstring(received.body)
        for mention in record.mentions:
            if mention.type not in {"Person", "Phone", "Email"}:
                continue
            for _, _, where, chain, *_ in (value for found in mention.properties.values() for value in found):
                if chain != "set" and where.startswith("/"):
                    (element,) = nodes(stored, where)
                    around = {etree.QName(one).localname for one in element.iterancestors()}
                    assert not around & contacts, (received.locator, where)


def test_persons_of_nibrs_have_no_names_and_stand_in_their_incident(read: list[tuple[Received, MappedRecord]]) -> None:
    people = 0
    for received, record in read:
        if not received.locator.startswith("nibrs"):
            continue
        tied = {link.source for link in record.links if link.type == "INVOLVED_IN"}
        for position, mention in enumerate(record.mentions):
            if mention.type == "Person":
                people += 1
                assert "name" not in mention.properties
                assert mention.basis is None
                assert position in tied, received.locator
    assert people > 40
