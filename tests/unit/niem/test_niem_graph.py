"""What points to what: references, roles, continuations, and one object in many places."""

from __future__ import annotations

import pytest

from schemas.records import Quarantine
from tests.unit.niem.support import READER, crash6, lexs, message, one, person, report, root, texts, tie


def keys(path: str, body: bytes) -> list[str | None]:
    return [READER.local_key(item) for item in READER.items(path)(root(body))]


def test_a_reference_leads_to_what_it_refers_to() -> None:
    body = lexs(message(person("P1", "Ada", "Roe") + tie("nc:ResidenceAssociation", ("nc:PersonReference", "P1"))))
    assert texts("//nc:ResidenceAssociation/nc:PersonReference/nc:PersonName/nc:PersonGivenName", root(body)) == ["Ada"]


def test_a_role_is_identical_with_its_person() -> None:
    body = lexs(
        message(person("P1", "Ada", beside='<j:Victim s:id="V1"><nc:RoleOfPersonReference s:ref="P1"/></j:Victim>'))
    )
    victim, ada = one("//j:Victim", root(body)), one("//lexsdigest:Person", root(body))
    assert READER.local_key(victim) == READER.local_key(ada) == "P1"
    assert texts("nc:PersonName/nc:PersonGivenName", victim) == ["Ada"]
    document = root(body)
    assert READER.identity(one("//j:Victim", document)) is READER.identity(one("//lexsdigest:Person", document))


def test_a_role_that_refers_to_itself_is_of_the_person_it_stands_beside() -> None:
    beside = '<j:ArrestSubject s:id="AS1"><nc:RoleOfPersonReference s:ref="AS1"/></j:ArrestSubject>'
    assert keys("//j:ArrestSubject", lexs(message(person("P1", "Ada", beside=beside)))) == ["P1"]


def test_a_role_whose_reference_dangles_is_of_the_person_it_stands_beside() -> None:
    beside = '<j:Victim><nc:RoleOfPersonReference s:ref="NOBODY"/></j:Victim>'
    document = root(lexs(message(person("P1", "Ada", beside=beside))))
    assert READER.local_key(one("//j:Victim", document)) == "P1"
    assert [name for _, name in document.document.dangling] == ["NOBODY"]


def test_a_reference_to_a_role_leads_to_the_person() -> None:
    beside = '<j:Victim s:id="V1"><nc:RoleOfPersonReference s:ref="P1"/></j:Victim>'
    body = lexs(message(person("P1", "Ada", beside=beside) + tie("nc:PersonAssociation", ("nc:PersonReference", "V1"))))
    assert keys("//nc:PersonAssociation/nc:PersonReference", body) == ["P1"]


def test_two_persons_in_one_role_element_are_two() -> None:
    body = report(
        '<j:CrashVehicleOccupant><nc:RoleOfPerson s:ref="P1"/><nc:RoleOfPerson s:ref="P2"/></j:CrashVehicleOccupant>'
        '<nc:Person s:id="P1"/><nc:Person s:id="P2"/>'
    )
    assert keys("//j:CrashVehicleOccupant", body) == ["P1", "P2"]


def test_the_same_tag_defines_with_an_id_and_points_with_a_ref() -> None:
    body = report(
        '<nc:Person s:id="P1"/><nc:PersonResidenceAssociation><nc:Person s:ref="P1"/></nc:PersonResidenceAssociation>'
    )
    assert keys("//nc:Person", body) == ["P1"]


def test_elements_with_the_same_uri_are_one_object() -> None:
    body = crash6(
        '<nc:Person s:uri="http://p.example/1"><nc:PersonBirthDate><nc:Date>1990-05-04</nc:Date></nc:PersonBirthDate></nc:Person>'
        '<j:Crash><j:CrashVehicle><j:CrashDriver s:uri="http://p.example/1"><j:DriverLicense><j:DriverLicenseCardIdentification>'
        "<nc:IdentificationID>D123</nc:IdentificationID></j:DriverLicenseCardIdentification></j:DriverLicense></j:CrashDriver>"
        '</j:CrashVehicle></j:Crash><j:PersonChargeAssociation><nc:Person s:uri="http://p.example/1" xsi:nil="true"/>'
        "</j:PersonChargeAssociation>"
    )
    document = root(body)
    whole = one("//nc:Person", document)
    assert READER.local_key(whole) == "http://p.example/1"
    assert texts("j:DriverLicense/j:DriverLicenseCardIdentification/nc:IdentificationID", whole) == ["D123"]
    assert READER.identity(one("//j:CrashDriver", document)) is whole
    assert READER.where(one("//j:CrashDriver", document)) == "/*/*[2]/*[1]/*[1]"
    assert READER.items("//j:PersonChargeAssociation/nc:Person")(document) == [whole]


def test_a_uri_fragment_is_the_id_without_the_hash() -> None:
    body = crash6(
        '<nc:Person s:id="P1"><nc:PersonName/></nc:Person><x:Tie><nc:Person s:uri="#P1" xsi:nil="true"/></x:Tie>'
    )
    assert keys("//CrashDriver:Tie/nc:Person", body) == ["P1"]


def test_a_nilled_reference_to_nobody_is_nothing() -> None:
    body = crash6(
        '<j:PersonChargeAssociation><nc:Person s:uri="http://p.example/9" xsi:nil="true"/></j:PersonChargeAssociation>'
    )
    assert keys("//nc:Person", body) == []
    assert keys("//j:PersonChargeAssociation/nc:Person", body) == []


def test_nil_has_no_text() -> None:
    body = report(
        '<nc:Person s:id="P1"><j:PersonSexCode xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">'
        "M</j:PersonSexCode></nc:Person>"
    )
    assert texts("//nc:Person/j:PersonSexCode", root(body)) == []


PAYLOAD = (
    "<ndexia:Person><nc:PersonName><nc:PersonNameSuffixText>Jr</nc:PersonNameSuffixText></nc:PersonName>"
    '<ndexia:PersonAugmentation><lexslib:SameAsDigestReference lexslib:ref="P1"/>'
    "<ndexia:PersonRaceCode>W</ndexia:PersonRaceCode></ndexia:PersonAugmentation></ndexia:Person>"
)


def test_a_payload_says_more_of_the_digests_person_and_makes_no_second_one() -> None:
    document = root(lexs(message(person("P1", "Ada", "Roe"), PAYLOAD)))
    ada = one("//*:Person", document)
    assert texts("ndexia:PersonRaceCode", ada) == ["W"]
    (name,) = READER.items("nc:PersonName")(ada)
    assert texts("nc:PersonGivenName|nc:PersonSurName|nc:PersonNameSuffixText", name) == ["Ada", "Roe", "Jr"]


def test_a_payloads_whole_name_is_a_second_name() -> None:
    other = "<nc:PersonName><nc:PersonGivenName>Adele</nc:PersonGivenName></nc:PersonName>"
    payload = f'<ndexia:Person>{other}<lexslib:SameAsDigestReference lexslib:ref="P1"/></ndexia:Person>'
    ada = one("//lexsdigest:Person", root(lexs(message(person("P1", "Ada"), payload))))
    assert texts("nc:PersonName/nc:PersonGivenName", ada) == ["Ada", "Adele"]


def test_a_payload_that_says_more_of_nobody_makes_no_person() -> None:
    document = root(lexs(message("<x/>", PAYLOAD)))
    assert not READER.items("//*:Person")(document)
    assert [name for _, name in document.document.dangling] == ["P1"]


def test_an_augmentation_is_read_through() -> None:
    number = "<nc:IdentificationID>F1</nc:IdentificationID>"
    more = (
        f"<j:PersonAugmentation><j:PersonFBIIdentification>{number}</j:PersonFBIIdentification></j:PersonAugmentation>"
    )
    ada = one("//lexsdigest:Person", root(lexs(message(person("P1", "Ada", more=more)))))
    assert texts("j:PersonFBIIdentification/nc:IdentificationID", ada) == ["F1"]
    assert texts("j:PersonAugmentation/j:PersonFBIIdentification/nc:IdentificationID", ada) == ["F1"]


def test_of_duplicate_ids_a_reference_means_the_one_of_its_kind() -> None:
    body = report(
        '<nc:Location s:id="A1"><nc:LocationName>Pier</nc:LocationName></nc:Location>'
        '<nc:Person s:id="A1"><nc:PersonName><nc:PersonGivenName>Ada</nc:PersonGivenName></nc:PersonName></nc:Person>'
        '<x:Tie><nc:Person s:ref="A1"/></x:Tie>'
    )
    assert texts("//TestReport:Tie/nc:Person/nc:PersonName/nc:PersonGivenName", root(body)) == ["Ada"]


def test_an_id_on_the_name_means_the_person() -> None:
    body = report(
        '<nc:Person><nc:PersonName s:id="N1"><nc:PersonGivenName>Ada</nc:PersonGivenName></nc:PersonName></nc:Person>'
        '<x:Tie><nc:Person s:ref="N1"/></x:Tie>'
    )
    document = root(body)
    assert one("//TestReport:Tie/nc:Person", document) is one("//nc:Person", document)


def test_a_reference_may_name_several() -> None:
    body = report('<nc:Person s:id="P1"/><nc:Person s:id="P2"/><x:Tie><nc:Person s:ref="P1 P2"/></x:Tie>')
    assert keys("//TestReport:Tie/nc:Person", body) == ["P1", "P2"]


@pytest.mark.parametrize("made_up", ["d1e52", "d12e3456", "emaild1e5", "idm140234567", "N10041"])
def test_an_id_that_a_stylesheet_made_up_is_no_local_key(made_up: str) -> None:
    assert keys("//nc:Person", report(f'<nc:Person s:id="{made_up}"/>')) == [None]


def test_roles_of_each_other_end() -> None:
    body = report(
        '<j:Victim s:id="V1"><nc:RoleOfPerson s:ref="W1"/></j:Victim>'
        '<j:Witness s:id="W1"><nc:RoleOfPerson s:ref="V1"/></j:Witness>'
    )
    assert len(keys("//j:Victim", body)) == 1


def test_content_leaves_out_what_changes_with_each_transmission() -> None:
    volatile = ["//lexs:PDMessageMetadata"]
    sent, resent = (
        message(person(key, "Ada") + tie("nc:A", ("nc:PersonReference", key))) for key in ("d1e52", "d1e97")
    )
    first, later = lexs(sent), lexs(resent).replace(b"2024-05-03", b"2024-06-04")
    assert READER.content(first, volatile) == READER.content(later, volatile)
    assert READER.content(first, volatile) != READER.content(first.replace(b"Ada", b"Ida"), volatile)
    assert READER.content(first, []) != READER.content(later, [])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<a>", "the XML is not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "the XML has a DOCTYPE"),
        (b"<a " + b" ".join(b'a%d="1"' % n for n in range(5_000)) + b"/>", "an element has more than 256 attributes"),
    ],
)
def test_a_body_that_cannot_be_read_is_quarantined(body: bytes, reason: str) -> None:
    with pytest.raises(Quarantine) as held:
        root(body)
    assert held.value.problem.reason == reason
