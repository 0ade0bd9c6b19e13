"""The county sheriff: LEXS 3.1, one NIEM document for each report, as an N-DEx interface writes it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from config.demo.cases import COUNTY, CaseFile
from config.demo.digest import Digest
from config.demo.world import World
from config.demo.xmlwriting import Node, document, element, nested

SYSTEM = "TCSO RMS"


def write_county(world: World, folder: Path) -> None:
    """Write the sheriff's reports into the folder, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in county_files(world).items():
        (folder / name).write_bytes(body)


def county_files(world: World) -> dict[str, bytes]:
    """The sheriff's documents by file name."""
    rng = Random(f"{world.seed} county")
    return {f"{case.number}.xml": report(case, world, rng) for case in world.of(COUNTY)}


def report(case: CaseFile, world: World, rng: Random) -> bytes:
    """One report as a LEXS publish message."""
    digest = Digest(case, world.today, rng)
    return document(
        element(
            "lexspd:doPublish",
            element(
                "lexs:PublishMessageContainer",
                element(
                    "lexs:PublishMessage",
                    _message(case),
                    _submitter(),
                    element("lexs:DataItemPackage", _package(case), digest.element(), _payload(case)),
                ),
            ),
        )
    )


def _message(case: CaseFile) -> Node:
    return element(
        "lexs:PDMessageMetadata",
        nested("lexs:LEXSVersion", "3.1.4"),
        nested("lexs:MessageDateTime", f"{case.updated:%Y-%m-%dT%H:%M:%S}"),
        nested("lexs:MessageSequenceNumber", "1"),
        nested("lexs:DataSensitivity", "SBU"),
    )


def _submitter() -> Node:
    """The state's switch, with a contact who is nobody's case person."""
    return element(
        "lexs:DataSubmitterMetadata",
        element(
            "lexs:SystemIdentifier",
            nested("lexs:ORI", "MI9999999"),
            nested("nc:OrganizationName", "State Message Switch"),
            nested("lexs:SystemID", "SWITCH"),
        ),
        element(
            "lexs:SystemContact",
            nested("nc:PersonGivenName", "Help"),
            nested("nc:PersonSurName", "Desk"),
            nested("nc:ContactTelephoneNumber/nc:FullTelephoneNumber/nc:TelephoneNumberFullID", "517-555-0100"),
        ),
    )


def _package(case: CaseFile) -> Node:
    return element(
        "lexs:PackageMetadata",
        nested("lexs:DataItemID", case.number),
        nested("lexs:DataItemDate", f"{case.updated:%Y-%m-%d}"),
        nested("lexs:DataItemReferenceID", case.number),
        nested("lexs:DataItemPublishInstruction", "Insert"),
        nested("lexs:DataItemStatus", case.status),
        element(
            "lexs:DataOwnerMetadata",
            element(
                "lexs:DataOwnerIdentifier",
                nested("lexs:ORI", COUNTY.ori),
                nested("nc:OrganizationName", COUNTY.name),
                nested("lexs:SystemID", SYSTEM),
            ),
        ),
        element(
            "lexs:DisseminationCriteriaValue",
            nested("lexs:DisseminationCriteriaDomainText", "N-DEx"),
            nested("lexs:DisseminationCriteriaText", "Green"),
        ),
        nested("lexs:DataItemCategory/lexs:DataItemCategoryText", "Incident Report"),
    )


def _payload(case: CaseFile) -> Node:
    """N-DEx's own words about objects of the digest."""
    offense = element(
        "ndexia:Offense",
        element("ndexia:ActivityAugmentation", element("lexslib:SameAsDigestReference", lexslib_ref="Offense1")),
        nested("ndexia:OffenseText", case.offense),
    )
    return element(
        "lexs:StructuredPayload",
        element(
            "lexs:StructuredPayloadMetadata",
            nested("lexs:CommunityURI", "http://fbi.gov/cjis/N-DEx/IncidentArrest/2.1"),
            nested("lexs:CommunityDescription", "N-DEx IncidentArrest"),
            nested("lexs:CommunityVersion", "2.1"),
        ),
        element("ndexia:IncidentReport", offense),
    )
