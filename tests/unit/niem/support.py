"""Fictional NIEM documents, written by us in the shapes that agencies send, and short ways to read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from connectors.context import SourceContext
from connectors.niem import NiemConfig, NiemConnector
from mapping.apply import Identity, SourceMapping
from mapping.load import load_mappings
from mapping.readers.niem import NiemReader
from mapping.readers.niem.node import Node
from schemas.mapped import MappedRecord
from schemas.records import JsonObject, Known
from tests.contract.connectors.suite import Haul, drain

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
AGENCY = "XX0000000"
READER = NiemReader()

LEXS = (
    'xmlns:lexspd="http://usdoj.gov/leisp/lexs/publishdiscover/3.1" xmlns:lexs="http://usdoj.gov/leisp/lexs/3.1" '
    'xmlns:lexsdigest="http://usdoj.gov/leisp/lexs/digest/3.1" xmlns:lexslib="http://usdoj.gov/leisp/lexs/library/3.1" '
    'xmlns:nc="http://niem.gov/niem/niem-core/2.0" xmlns:j="http://niem.gov/niem/domains/jxdm/4.0" '
    'xmlns:s="http://niem.gov/niem/structures/2.0" xmlns:ndexia="http://fbi.gov/cjis/N-DEx/IncidentArrest/2.1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
NIEM3 = (
    'xmlns:x="http://agency.example/IEPD/Exchange/TestReport/1.0" '
    'xmlns:nc="http://release.niem.gov/niem/niem-core/3.0/" '
    'xmlns:j="http://release.niem.gov/niem/domains/jxdm/5.1/" xmlns:s="http://release.niem.gov/niem/structures/3.0/"'
)
NIEM6 = (
    'xmlns:x="http://agency.example/CrashDriver/1.0/" '
    'xmlns:nc="https://docs.oasis-open.org/niemopen/ns/model/niem-core/6.0/" '
    'xmlns:j="https://docs.oasis-open.org/niemopen/ns/model/domains/justice/6.0/" '
    'xmlns:s="https://docs.oasis-open.org/niemopen/ns/model/structures/6.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
NIBRS = (
    'xmlns:nibrs="http://fbi.gov/cjis/nibrs/2019" xmlns:cjis="http://fbi.gov/cjis/2.0" '
    'xmlns:nc="http://release.niem.gov/niem/niem-core/3.0/" xmlns:j="http://release.niem.gov/niem/domains/jxdm/5.2/" '
    'xmlns:s="http://release.niem.gov/niem/structures/3.0/"'
)


def message(
    digest: str = "", payload: str = "", item: str = "24-0001", instruction: str = "Insert", ori: str = "MI5512300"
) -> str:
    """One LEXS publish message; the submitter and the contacts are people who must never become case persons."""
    inside = f"<lexs:Digest>{digest}</lexs:Digest>" if digest else ""
    if payload:
        inside += (
            f"<lexs:StructuredPayload><ndexia:IncidentReport>{payload}</ndexia:IncidentReport></lexs:StructuredPayload>"
        )
    return f"""<lexs:PublishMessage><lexs:PDMessageMetadata>
<lexs:MessageDateTime>2024-05-03T09:00:00</lexs:MessageDateTime>
<lexs:MessageSequenceNumber>7</lexs:MessageSequenceNumber></lexs:PDMessageMetadata>
<lexs:DataSubmitterMetadata><lexs:SystemIdentifier><lexs:ORI>MISUBMIT0</lexs:ORI>
<nc:OrganizationName>State Switch</nc:OrganizationName></lexs:SystemIdentifier>
<lexs:SystemContact><nc:PersonGivenName>Sybil</nc:PersonGivenName><nc:PersonSurName>Submitter</nc:PersonSurName>
<nc:ContactTelephoneNumber><nc:FullTelephoneNumber><nc:TelephoneNumberFullID>313-555-0199</nc:TelephoneNumberFullID>
</nc:FullTelephoneNumber></nc:ContactTelephoneNumber><nc:ContactEmailID>sybil@switch.example</nc:ContactEmailID>
</lexs:SystemContact></lexs:DataSubmitterMetadata>
<lexs:DataItemPackage><lexs:PackageMetadata><lexs:DataItemID>{item}</lexs:DataItemID>
<lexs:DataItemPublishInstruction>{instruction}</lexs:DataItemPublishInstruction>
<lexs:DataOwnerMetadata><lexs:DataOwnerIdentifier><lexs:ORI>{ori}</lexs:ORI><lexs:SystemID>RMS</lexs:SystemID>
</lexs:DataOwnerIdentifier></lexs:DataOwnerMetadata></lexs:PackageMetadata>{inside}</lexs:DataItemPackage>
</lexs:PublishMessage>"""


def lexs(*messages: str) -> bytes:
    """A LEXS document of these publish messages."""
    return (
        f"<lexspd:doPublish {LEXS}><lexs:PublishMessageContainer>{''.join(messages)}"
        "</lexs:PublishMessageContainer></lexspd:doPublish>"
    ).encode()


def activity(key: str, category: str, number: str = "", text: str = "") -> str:
    """An activity of the digest."""
    numbered = (
        f"<nc:ActivityIdentification><nc:IdentificationID>{number}</nc:IdentificationID></nc:ActivityIdentification>"
    )
    described = f"<nc:ActivityDescriptionText>{text}</nc:ActivityDescriptionText>"
    return (
        f'<lexsdigest:EntityActivity><nc:Activity s:id="{key}">{numbered if number else ""}'
        f"<nc:ActivityCategoryText>{category}</nc:ActivityCategoryText>{described if text else ''}"
        "</nc:Activity></lexsdigest:EntityActivity>"
    )


def person(key: str, given: str = "", surname: str = "", more: str = "", beside: str = "") -> str:
    """A person of the digest, with role elements beside."""
    parts = f"<nc:PersonGivenName>{given}</nc:PersonGivenName>" if given else ""
    parts += f"<nc:PersonSurName>{surname}</nc:PersonSurName>" if surname else ""
    name = f"<nc:PersonName>{parts}</nc:PersonName>" if parts else ""
    return (
        f'<lexsdigest:EntityPerson><lexsdigest:Person s:id="{key}">{name}{more}</lexsdigest:Person>{beside}'
        "</lexsdigest:EntityPerson>"
    )


def tie(name: str, *ends: tuple[str, str], more: str = "") -> str:
    """An association of the digest: its name, and its ends as (element, id)."""
    pointers = "".join(f'<{end} s:ref="{key}"/>' for end, key in ends)
    return f"<{name}>{pointers}{more}</{name}>"


def report(body: str) -> bytes:
    """A NIEM 3 report."""
    return f"<x:TestReport {NIEM3}>{body}</x:TestReport>".encode()


def crash6(body: str) -> bytes:
    """A NIEM 6 crash message."""
    return f"<x:CrashDriverInfo {NIEM6}>{body}</x:CrashDriverInfo>".encode()


def nibrs(*reports: str) -> bytes:
    """A NIBRS submission of these reports."""
    metadata = (
        "<cjis:MessageMetadata><cjis:MessageDateTime>2024-01-01T00:00:00</cjis:MessageDateTime></cjis:MessageMetadata>"
    )
    return f"<nibrs:Submission {NIBRS}>{metadata}{''.join(reports)}</nibrs:Submission>".encode()


def nibrs_report(number: str, body: str = "", action: str = "I", ori: str = "WV0000100") -> str:
    """One report of a NIBRS submission."""
    return f"""<nibrs:Report><nibrs:ReportHeader>
<nibrs:NIBRSReportCategoryCode>GROUP A INCIDENT REPORT</nibrs:NIBRSReportCategoryCode>
<nibrs:ReportActionCategoryCode>{action}</nibrs:ReportActionCategoryCode><nibrs:ReportingAgency><j:OrganizationAugmentation>
<j:OrganizationORIIdentification><nc:IdentificationID>{ori}</nc:IdentificationID></j:OrganizationORIIdentification>
</j:OrganizationAugmentation></nibrs:ReportingAgency></nibrs:ReportHeader>
<nc:Incident><nc:ActivityIdentification><nc:IdentificationID>{number}</nc:IdentificationID></nc:ActivityIdentification>
</nc:Incident>{body}</nibrs:Report>"""


# --- reading --------------------------------------------------------------------------------------------------------


def root(body: bytes) -> Node:
    """The object graph of a document."""
    return READER.root(body, None)


def texts(path: str, item: Node) -> list[str]:
    """The texts at a path."""
    return [text for text, _ in READER.values(path)(item)]


def one(path: str, item: Node) -> Node:
    """The only object at a path."""
    (found,) = READER.items(path)(item)
    return found  # type: ignore[no-any-return]


def selected(where: str, body: bytes) -> str:
    """What an XPath selects in a stored body: exactly one element or attribute, or a name."""
    found: Any = etree.fromstring(body).xpath(where)
    if isinstance(found, str):
        return found
    (only,) = found
    return only if isinstance(only, str) else "".join(only.xpath("text()"))


_mappings: dict[str, SourceMapping] = {}


def mapping(profile: str = "niem") -> SourceMapping:
    """A shipped profile, compiled once for all tests."""
    if profile not in _mappings:
        _mappings[profile] = SourceMapping(load_mappings(profile), {"niem": NiemReader}, "source", None)
    return _mappings[profile]


def identify(body: bytes, profile: str = "niem") -> Identity:
    """Key, owner and fate of a document."""
    return mapping(profile).open(body).identify()


def mapped(body: bytes, profile: str = "niem") -> MappedRecord:
    """What a document becomes."""
    return mapping(profile).open(body).map(AGENCY)


def values(record: MappedRecord, entity: str, name: str) -> list[Any]:
    """The values of one property of all mentions of a type, in order."""
    return [
        value[0] for mention in record.mentions if mention.type == entity for value in mention.properties.get(name, ())
    ]


def names(record: MappedRecord) -> list[str]:
    """The full names of the persons."""
    return [name["full"] for name in values(record, "Person", "name")]


def links(record: MappedRecord) -> set[tuple[str, str, str, str | None]]:
    """The links as (type, from, to, role), ends by local key."""
    locals_ = [mention.local for mention in record.mentions]
    return {(link.type, locals_[link.source], locals_[link.target], link.role) for link in record.links}


# --- files ----------------------------------------------------------------------------------------------------------


def connector(folder: Path, size: int = 1_000, **settings: Any) -> NiemConnector:
    """A connector on a folder."""
    return NiemConnector(NiemConfig(**settings), SourceContext("demo", str(folder), size))


def read(
    folder: Path, since: JsonObject | None = None, known: Known | None = None, size: int = 1_000, **settings: Any
) -> Haul:
    """Read a folder to the end."""
    return drain(connector(folder, size, **settings), since, known)


def reasons(haul: Haul) -> dict[str, str]:
    """The reason why a file was refused, by file."""
    return {problem.unit: problem.problem.reason for problem in haul.problems}
