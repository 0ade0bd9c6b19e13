"""Each family of exchanges in its own shape, by fictional documents: what it becomes, and what it must never become."""

# ruff: noqa: E501 - the fixtures are XML, which reads worse when its elements are broken at a column

from __future__ import annotations

import pytest

from mapping.load import load_mappings, shipped_profiles
from schemas.records import Quarantine
from tests.unit.niem.support import (
    activity,
    crash6,
    identify,
    lexs,
    links,
    mapped,
    message,
    names,
    nibrs,
    nibrs_report,
    person,
    report,
    tie,
    values,
)

INCIDENT = activity("I1", "Incident", "24-0001", "Seen at the pier.")


def incident(*parts: str, payload: str = "") -> bytes:
    associations = (
        f"<lexsdigest:Associations>{''.join(part for part in parts if 'Association' in part)}</lexsdigest:Associations>"
    )
    return lexs(
        message(INCIDENT + "".join(part for part in parts if "Association" not in part) + associations, payload)
    )


def involved(name: str, key: str, words: str = "") -> str:
    more = f"<nc:PersonActivityInvolvementText>{words}</nc:PersonActivityInvolvementText>" if words else ""
    return tie(name, ("nc:ActivityReference", "I1"), ("nc:PersonReference", key), more=more)


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_profile_is_valid(name: str) -> None:
    assert load_mappings(name)


# --- LEXS -----------------------------------------------------------------------------------------------------------


def test_a_lexs_key_is_kind_owner_system_and_item() -> None:
    identity = identify(lexs(message()))
    assert identity.key.startswith("doPublish/MI5512300/RMS/")
    assert identity.key.endswith("24-0001")
    assert identity.owner == "MI5512300"


def test_a_message_of_another_time_is_the_same_record() -> None:
    body = lexs(message())
    assert identify(body).key == identify(body.replace(b"2024-05-03", b"2024-09-09")).key


def test_a_delete_has_no_digest_and_withdraws() -> None:
    deleted = identify(lexs(message(instruction=" Delete ")))
    assert deleted.deleted
    assert deleted.key == identify(incident()).key


def test_two_arrests_of_one_incident_are_two_records() -> None:
    def arrest(number: str) -> bytes:
        body = lexs(
            message(
                activity("A1", "Arrest", number)
                + tie("lexsdigest:ArrestSubjectAssociation", ("nc:ActivityReference", "A1"))
            )
        )
        return (
            b'<ar:ArrestReport xmlns:ar="http://ojbc.org/IEPD/Exchange/ArrestReport/1.0">'
            + body
            + b"</ar:ArrestReport>"
        )

    assert identify(arrest("77")).key != identify(arrest("78")).key


def test_an_owner_that_is_no_ori_leaves_the_record_to_the_sources_agency() -> None:
    assert identify(lexs(message(ori="Somewhere PD"))).owner is None


def test_submitter_and_contacts_are_nobody_in_the_graph() -> None:
    record = mapped(incident(person("P1", "Ada", "Roe")))
    assert names(record) == ["Ada Roe"]
    assert {mention.type for mention in record.mentions} == {"Person", "Incident", "Note"}


ROLES = [
    ("lexsdigest:IncidentVictimPersonAssociation", "", "victim"),
    ("lexsdigest:IncidentVictimPersonAssociation", "Possible Victim", "suspected_victim"),
    ("lexsdigest:IncidentVictimPersonAssociation", "Wrong place, wrong time", "victim"),
    ("lexsdigest:IncidentSubjectPersonAssociation", "", "subject"),
    ("lexsdigest:IncidentSubjectPersonAssociation", "Suspect", "suspect"),
    ("lexsdigest:IncidentWitnessAssociation", "", "witness"),
    ("lexsdigest:PersonOfInterestAssociation", "", "person_of_interest"),
    ("lexsdigest:ServiceCallCallerAssociation", "", "reporting_party"),
    ("j:ActivityEnforcementOfficialAssociation", "", "officer"),
    ("nc:ActivityInvolvedPersonAssociation", "Complainant", "reporting_party"),
    ("nc:ActivityInvolvedPersonAssociation", "POI", "person_of_interest"),
    ("nc:ActivityInvolvedPersonAssociation", "Buyer", "buyer"),
    ("nc:ActivityInvolvedPersonAssociation", "Landlord", "other"),
    ("nc:ActivityInvolvedPersonAssociation", "", "other"),
]


@pytest.mark.parametrize(("association", "words", "role"), ROLES)
def test_a_role_is_what_the_words_say_else_what_the_association_says(association: str, words: str, role: str) -> None:
    record = mapped(incident(person("P1", "Ada", "Roe"), involved(association, "P1", words)))
    (link,) = [link for link in record.links if link.type == "INVOLVED_IN"]
    assert link.role == role
    assert link.words == (words or association.partition(":")[2])


def test_one_person_with_two_role_elements_has_both_roles() -> None:
    beside = '<j:Victim><nc:RoleOfPersonReference s:ref="P1"/></j:Victim><j:Witness><nc:RoleOfPersonReference s:ref="P1"/></j:Witness>'
    record = mapped(incident(person("P1", "Ada", "Roe", beside=beside)))
    assert names(record) == ["Ada Roe"]
    assert {role for kind, _, _, role in links(record) if kind == "INVOLVED_IN"} == {"victim", "witness"}


def test_a_role_element_adds_nothing_to_an_association_that_says_it_better() -> None:
    beside = '<j:Victim><nc:RoleOfPersonReference s:ref="P1"/></j:Victim>'
    tied = involved("lexsdigest:IncidentVictimPersonAssociation", "P1", "Possible Victim")
    record = mapped(incident(person("P1", "Ada", "Roe", beside=beside), tied))
    assert [link.role for link in record.links if link.type == "INVOLVED_IN"] == ["suspected_victim"]


def test_victims_and_minors_are_protected() -> None:
    more = "<nc:PersonAgeMeasure><nc:MeasurePointValue>15</nc:MeasurePointValue><nc:TimeUnitCode>ANN</nc:TimeUnitCode></nc:PersonAgeMeasure>"
    tied = involved("lexsdigest:IncidentVictimPersonAssociation", "P1")
    record = mapped(incident(person("P1", "Ada", "Roe", more=more), tied))
    (ada,) = [mention for mention in record.mentions if mention.type == "Person"]
    assert ada.protections == ("juvenile", "victim")


def test_a_payload_adds_to_the_digests_person() -> None:
    payload = (
        "<ndexia:Person><nc:PersonName><nc:PersonNameSuffixText>Jr</nc:PersonNameSuffixText></nc:PersonName>"
        '<ndexia:PersonAugmentation><lexslib:SameAsDigestReference lexslib:ref="P1"/>'
        "<ndexia:PersonRaceCode>W</ndexia:PersonRaceCode></ndexia:PersonAugmentation></ndexia:Person>"
    )
    record = mapped(incident(person("P1", "Ada", "Roe"), payload=payload))
    assert names(record) == ["Ada Roe Jr"]
    assert values(record, "Person", "race") == ["W"]


def thing(kind: str, inside: str) -> str:
    return f"<lexsdigest:{kind}>{inside}</lexsdigest:{kind}>"


VEHICLE = thing(
    "EntityVehicle",
    '<nc:Vehicle s:id="V1"><nc:VehicleColorPrimaryCode>RED</nc:VehicleColorPrimaryCode><nc:ItemMakeName>Ford</nc:ItemMakeName>'
    "<nc:ConveyanceRegistrationPlateIdentification><nc:IdentificationID>ABC 123</nc:IdentificationID>"
    "<j:IdentificationJurisdictionNCICLISCode>MI</j:IdentificationJurisdictionNCICLISCode>"
    "</nc:ConveyanceRegistrationPlateIdentification></nc:Vehicle>",
)


def test_a_vehicle_without_an_association_belongs_to_nobody() -> None:
    record = mapped(incident(person("P1", "Ada", "Roe"), VEHICLE))
    assert values(record, "Vehicle", "plate") == ["ABC123"]
    assert [link for link in links(record) if "V1" in link] == []


def test_things_are_tied_by_their_associations() -> None:
    phone = thing(
        "EntityTelephoneNumber",
        '<lexsdigest:TelephoneNumber s:id="T1"><nc:NANPTelephoneNumber><nc:TelephoneAreaCodeID>313</nc:TelephoneAreaCodeID>'
        "<nc:TelephoneExchangeID>555</nc:TelephoneExchangeID><nc:TelephoneLineID>0142</nc:TelephoneLineID>"
        "</nc:NANPTelephoneNumber></lexsdigest:TelephoneNumber>",
    )
    email = thing("EntityEmail", '<nc:ContactEmailID s:id="E1">ada@example.org</nc:ContactEmailID>')
    account = thing(
        "EntityInstantMessenger",
        '<nc:ContactInstantMessenger s:id="A1"><nc:InstantMessengerClientName>Instagram</nc:InstantMessengerClientName>'
        "<nc:InstantMessengerScreenID>ada.r</nc:InstantMessengerScreenID></nc:ContactInstantMessenger>",
    )
    place = thing(
        "EntityLocation",
        '<nc:Location s:id="L1"><nc:LocationAddress><nc:StructuredAddress><nc:LocationStreet><nc:StreetNumberText>12</nc:StreetNumberText>'
        "<nc:StreetName>Elm</nc:StreetName><nc:StreetCategoryText>St</nc:StreetCategoryText></nc:LocationStreet>"
        "<nc:LocationCityName>Port Alden</nc:LocationCityName></nc:StructuredAddress></nc:LocationAddress></nc:Location>",
    )
    gun = thing(
        "EntityFirearm", '<nc:Firearm s:id="G1"><nc:ItemDescriptionText>revolver</nc:ItemDescriptionText></nc:Firearm>'
    )
    record = mapped(
        incident(
            person("P1", "Ada", "Roe"), person("P2", "Bea", "Poe"), VEHICLE, phone, email, account, place, gun,
            activity("O1", "Offense"), activity("A9", "Arrest", "99"),
            tie("lexsdigest:EntityTelephoneNumberAssociation", ("nc:PersonReference", "P1"), ("lexsdigest:TelephoneNumberReference", "T1")),
            tie("lexsdigest:EntityEmailAssociation", ("nc:PersonReference", "P1"), ("lexsdigest:EmailIDReference", "E1")),
            tie("lexsdigest:EntityInstantMessengerAssociation", ("nc:PersonReference", "P1"), ("lexsdigest:InstantMessengerReference", "A1")),
            tie("nc:ResidenceAssociation", ("nc:PersonReference", "P1"), ("nc:LocationReference", "L1")),
            tie("lexsdigest:IncidentLocationAssociation", ("nc:ActivityReference", "I1"), ("nc:LocationReference", "L1")),
            tie("nc:PersonOwnsItemAssociation", ("nc:PersonReference", "P1"), ("nc:ItemReference", "V1")),
            tie("lexsdigest:IncidentWeaponAssociation", ("nc:ActivityReference", "I1"), ("nc:ItemReference", "G1")),
            tie("lexsdigest:IncidentInvolvedItemAssociation", ("nc:ActivityReference", "I1"), ("nc:ItemReference", "V1")),
            tie("lexsdigest:IncidentTelephoneNumberAssociation", ("nc:ActivityReference", "I1"), ("lexsdigest:TelephoneNumberReference", "T1")),
            tie("lexsdigest:IncidentOffenseAssociation", ("nc:ActivityReference", "I1"), ("nc:ActivityReference", "O1")),
            tie("lexsdigest:IncidentArrestAssociation", ("nc:ActivityReference", "I1"), ("nc:ActivityReference", "A9")),
            tie("lexsdigest:BoyfriendGirlfriendAssociation", ("nc:PersonReference", "P1"), ("nc:PersonReference", "P2")),
            tie("nc:ImmediateFamilyAssociation", ("nc:PersonChildReference", "P2"), ("nc:PersonParentReference", "P1")),
            tie("lexsdigest:SubjectVictimAssociation", ("lexsdigest:SubjectPersonReference", "P1"), ("lexsdigest:VictimPersonReference", "P2")),
        )
    )  # fmt: skip
    found = {(kind, source, target) for kind, source, target, _ in links(record)}
    assert {
        ("USES", "P1", "T1"), ("USES", "P1", "E1"), ("USES", "P1", "A1"), ("LOCATED_AT", "P1", "L1"),
        ("LOCATED_AT", "I1", "L1"), ("OWNS_OR_DRIVES", "P1", "V1"), ("ABOUT", "G1", "I1"), ("INVOLVED_IN", "V1", "I1"),
        ("INVOLVED_IN", "T1", "I1"), ("ABOUT", "O1", "I1"), ("PART_OF_CASE", "A9", "I1"), ("ASSOCIATE_OF", "P1", "P2"),
        ("FAMILY_OF", "P2", "P1"),
    } <= found  # fmt: skip
    assert values(record, "Phone", "number") == ["+13135550142"]
    assert values(record, "Location", "street") == ["12 Elm St"]
    assert sum(kind == "ASSOCIATE_OF" for kind, *_ in found) == 1


def test_an_association_with_the_wrong_ends_makes_no_link() -> None:
    tied = tie("nc:ResidenceAssociation", ("nc:PersonReference", "P1"), ("nc:LocationReference", "P1"))
    assert [link for link in links(mapped(incident(person("P1", "Ada", "Roe"), tied))) if link[0] == "LOCATED_AT"] == []


def test_an_organization_may_be_the_victim() -> None:
    shop = thing(
        "EntityOrganization",
        '<nc:Organization s:id="S1"><nc:OrganizationName>Pier Books</nc:OrganizationName></nc:Organization>',
    )
    tied = tie(
        "lexsdigest:IncidentVictimOrganizationAssociation",
        ("nc:ActivityReference", "I1"),
        ("nc:OrganizationReference", "S1"),
    )
    assert ("INVOLVED_IN", "S1", "I1", "victim") in links(mapped(incident(shop, tied)))


def test_a_narrative_keeps_every_blank_and_is_about_its_event() -> None:
    text = "Line one.\n\n   Line  two: 313-555-0142"
    record = mapped(lexs(message(activity("I1", "Incident", "24-1", text))))
    assert values(record, "Note", "text") == [text]
    (note,) = [mention.local for mention in record.mentions if mention.type == "Note"]
    assert ("ABOUT", note, "I1", None) in links(record)


def test_a_witness_account_is_a_note_with_its_witness() -> None:
    beside = '<j:Witness><nc:RoleOfPersonReference s:ref="P1"/><j:WitnessAccountDescriptionText>He ran.</j:WitnessAccountDescriptionText></j:Witness>'
    record = mapped(incident(person("P1", "Ada", "Roe", beside=beside)))
    assert "He ran." in values(record, "Note", "text")
    assert any(kind == "MENTIONED_IN" and source == "P1" for kind, source, _, _ in links(record))


def test_generated_ids_do_not_change_who_is_who() -> None:
    first, later = (
        {mention.local for mention in mapped(incident(person(key, "Ada", "Roe"))).mentions}
        for key in ("d1e52", "d1e99")
    )
    assert first == later


# --- NIEM 3 reports ----------------------------------------------------------------------------------------------------

BOOKING = report(
    "<j:Booking><nc:ActivityDate><nc:DateTime>2024-05-03T10:00:00</nc:DateTime></nc:ActivityDate>"
    "<j:BookingAgencyRecordIdentification><nc:IdentificationID>B-1</nc:IdentificationID></j:BookingAgencyRecordIdentification>"
    '<j:BookingSubject><nc:RoleOfPerson s:ref="P1"/><j:SubjectIdentification><nc:IdentificationID>IN-7</nc:IdentificationID>'
    '</j:SubjectIdentification></j:BookingSubject><j:Arrest s:ref="A1"/></j:Booking>'
    '<j:Charge s:id="C1"><j:ChargeDescriptionText>Theft</j:ChargeDescriptionText></j:Charge>'
    '<j:Arrest s:id="A1"><j:ArrestCharge s:ref="C1"/><j:ArrestLocation s:ref="L1"/></j:Arrest>'
    '<nc:Person s:id="P1"><nc:PersonName><nc:PersonGivenName>Ada</nc:PersonGivenName><nc:PersonSurName>Roe</nc:PersonSurName></nc:PersonName>'
    "<nc:PersonBirthDate><nc:Date>1990-01-02</nc:Date></nc:PersonBirthDate></nc:Person>"
    '<nc:Person s:id="P2"><nc:PersonName><nc:PersonFullName>Sgt. Mary Boss</nc:PersonFullName></nc:PersonName></nc:Person>'
    '<nc:Identity s:id="N1"><nc:IdentityPersonRepresentation><nc:PersonName><nc:PersonGivenName>Addie</nc:PersonGivenName></nc:PersonName>'
    "<nc:PersonBirthDate><nc:Date>1991-03-04</nc:Date></nc:PersonBirthDate></nc:IdentityPersonRepresentation></nc:Identity>"
    '<nc:Location s:id="L1"><nc:Address><nc:AddressFullText>6403 E Grant</nc:AddressFullText></nc:Address></nc:Location>'
    '<nc:ContactInformation s:id="K1"><nc:ContactTelephoneNumber><nc:FullTelephoneNumber><nc:TelephoneNumberFullID>313-555-0142'
    "</nc:TelephoneNumberFullID></nc:FullTelephoneNumber></nc:ContactTelephoneNumber></nc:ContactInformation>"
    '<nc:PersonAliasIdentityAssociation><nc:Person s:ref="P1"/><nc:Identity s:ref="N1"/></nc:PersonAliasIdentityAssociation>'
    '<nc:ContactInformationAssociation><nc:ContactEntity><nc:EntityPerson s:ref="P2"/></nc:ContactEntity>'
    '<nc:ContactInformation s:ref="K1"/></nc:ContactInformationAssociation>'
    '<j:PersonChargeAssociation><nc:Person s:ref="P1"/><j:Charge s:ref="C1"/></j:PersonChargeAssociation>'
)


def test_a_bookings_phone_is_the_officers_when_it_says_so() -> None:
    record = mapped(BOOKING)
    (phone,) = [mention for mention in record.mentions if mention.type == "Phone"]
    assert [(source, target) for kind, source, target, _ in links(record) if kind == "USES"] == [("P2", phone.local)]


def test_an_alias_is_another_name_and_its_birth_date_is_not_the_persons() -> None:
    record = mapped(BOOKING)
    assert [name["full"] for name in values(record, "Person", "alias")] == ["Addie"]
    assert values(record, "Person", "birth_date") == ["1990-01-02"]
    assert len(names(record)) == 2


def test_a_booking_holds_its_subject_arrest_and_charge() -> None:
    record = mapped(BOOKING)
    kinds = dict(
        zip(values(record, "Arrest", "kind"), (m.local for m in record.mentions if m.type == "Arrest"), strict=True)
    )
    found = links(record)
    assert ("INVOLVED_IN", "P1", kinds["booking"], "arrestee") in found
    assert ("PART_OF_CASE", kinds["arrest"], kinds["booking"], None) in found
    assert ("ABOUT", "C1", kinds["arrest"], None) in found
    assert ("INVOLVED_IN", "P1", "C1", "subject") in found
    assert {"kind": "inmate", "value": "IN7"} in values(record, "Person", "identifier")
    assert identify(BOOKING).key.endswith("B-1")


def test_who_submitted_a_document_is_nobody_in_it() -> None:
    submitter = "<nc:DocumentSubmitter><nc:EntityPerson><nc:PersonName><nc:PersonFullName>Clerk</nc:PersonFullName></nc:PersonName></nc:EntityPerson></nc:DocumentSubmitter>"
    body = report(
        submitter
        + '<nc:Person s:id="P1"><nc:PersonName><nc:PersonFullName>Ada Roe</nc:PersonFullName></nc:PersonName></nc:Person>'
    )
    assert names(mapped(body)) == ["Ada Roe"]


def test_a_document_without_a_number_is_known_by_what_it_says() -> None:
    body = report(
        '<nc:Person s:id="d1e4"><nc:PersonName><nc:PersonFullName>Ada Roe</nc:PersonFullName></nc:PersonName></nc:Person>'
    )
    assert identify(body).key == identify(body.replace(b"d1e4", b"d1e5")).key
    assert identify(body).key != identify(body.replace(b"Roe", b"Poe")).key


# --- crashes ------------------------------------------------------------------------------------------------------------

CRASH3 = report(
    "<nc:DocumentIdentification><nc:IdentificationID>CR-1</nc:IdentificationID></nc:DocumentIdentification>"
    '<j:Crash s:id="C1"><j:CrashVehicle><nc:RoleOfItem s:ref="V1"/><j:CrashDriver><nc:RoleOfPerson s:ref="P1"/></j:CrashDriver>'
    '<j:CrashVehicleOccupant><nc:RoleOfPerson s:ref="P1"/><nc:RoleOfPerson s:ref="P2"/></j:CrashVehicleOccupant></j:CrashVehicle>'
    '<nc:Location s:id="L1"><nc:AddressHighway><nc:HighwayFullText>1 Shore Rd</nc:HighwayFullText></nc:AddressHighway></nc:Location></j:Crash>'
    '<nc:Person s:id="P1"><nc:PersonName><nc:PersonGivenName>Ada</nc:PersonGivenName><nc:PersonSurName>Roe</nc:PersonSurName></nc:PersonName>'
    "<j:PersonAugmentation><j:DriverLicense><j:DriverLicenseIdentification><nc:IdentificationID>8.61673e+006</nc:IdentificationID>"
    "</j:DriverLicenseIdentification></j:DriverLicense></j:PersonAugmentation></nc:Person>"
    '<nc:Person s:id="P2"><nc:PersonName><nc:PersonGivenName>Bea</nc:PersonGivenName><nc:PersonSurName>Roe</nc:PersonSurName></nc:PersonName></nc:Person>'
    '<nc:Vehicle s:id="V1"><nc:ItemMakeName>Fiat</nc:ItemMakeName></nc:Vehicle>'
    '<j:ConveyanceRegistration s:id="R1"><j:ConveyanceRegistrationPlateIdentification><nc:IdentificationID>5285KS</nc:IdentificationID>'
    "</j:ConveyanceRegistrationPlateIdentification></j:ConveyanceRegistration>"
    '<j:ConveyanceRegistrationAssociation><j:ItemRegistration s:ref="R1"/><nc:Item s:ref="V1"/></j:ConveyanceRegistrationAssociation>'
)


def test_two_occupants_in_one_element_are_two_and_the_driver_is_one() -> None:
    record = mapped(CRASH3)
    found = links(record)
    assert {
        (source, role)
        for kind, source, target, role in found
        if kind == "INVOLVED_IN" and target == "C1" and source != "V1"
    } == {
        ("P1", "driver"),
        ("P1", "occupant"),
        ("P2", "occupant"),
    }
    assert {(source, target) for kind, source, target, _ in found if kind == "OWNS_OR_DRIVES"} == {
        ("P1", "V1"),
        ("P2", "V1"),
    }
    assert ("LOCATED_AT", "C1", "L1", None) in found
    assert len(names(record)) == 2


def test_a_plate_comes_through_the_registration_and_a_ruined_licence_is_marked() -> None:
    record = mapped(CRASH3)
    assert values(record, "Vehicle", "plate") == ["5285KS"]
    assert [one["damaged"] for one in values(record, "Person", "identifier")] == [True]
    assert values(record, "Incident", "number") == ["CR-1"]


def test_niem_6_has_one_person_for_one_uri() -> None:
    record = mapped(
        crash6(
            '<nc:Person s:uri="u:1"><nc:PersonName><nc:PersonGivenName>Ada</nc:PersonGivenName></nc:PersonName></nc:Person>'
            '<j:Crash><j:CrashVehicle><j:CrashDriver s:uri="u:1"/></j:CrashVehicle><j:CrashPerson s:uri="u:1"><j:CrashPersonInjury>'
            "<nc:InjuryDescriptionText>Broken arm</nc:InjuryDescriptionText></j:CrashPersonInjury></j:CrashPerson></j:Crash>"
            '<j:PersonChargeAssociation><nc:Person s:uri="u:1" xsi:nil="true"/><j:Charge s:uri="u:2" xsi:nil="true"/></j:PersonChargeAssociation>'
            '<x:Charge s:uri="u:2"><j:ChargeDescriptionText>Furious driving</j:ChargeDescriptionText></x:Charge>'
        )
    )
    assert [mention.local for mention in record.mentions if mention.type == "Person"] == ["u:1"]
    assert values(record, "Person", "description") == ["Broken arm"]
    assert {
        (target if target == "u:2" else "crash", role)
        for kind, _, target, role in links(record)
        if kind == "INVOLVED_IN"
    } == {
        ("crash", "driver"),
        ("crash", "other"),
        ("u:2", "subject"),
    }


# --- NIBRS --------------------------------------------------------------------------------------------------------------

GROUP_A = nibrs_report(
    "54-1",
    '<j:Offense s:id="O1"><nibrs:OffenseUCRCode>240</nibrs:OffenseUCRCode></j:Offense>'
    '<nc:Person s:id="PV"><nc:PersonAgeMeasure><nc:MeasureValueText>BABY</nc:MeasureValueText></nc:PersonAgeMeasure></nc:Person>'
    '<nc:Person s:id="PS"><nc:PersonAgeMeasure><nc:MeasureIntegerRange><nc:RangeMaximumIntegerValue>30</nc:RangeMaximumIntegerValue>'
    "<nc:RangeMinimumIntegerValue>25</nc:RangeMinimumIntegerValue></nc:MeasureIntegerRange></nc:PersonAgeMeasure></nc:Person>"
    '<nc:Person s:id="PU"/><j:Victim s:id="V1"><nc:RoleOfPerson s:ref="PV"/><j:VictimCategoryCode>I</j:VictimCategoryCode></j:Victim>'
    '<j:Victim s:id="V2"><j:VictimCategoryCode>B</j:VictimCategoryCode></j:Victim>'
    '<j:Subject s:id="S1"><nc:RoleOfPerson s:ref="PS"/></j:Subject><j:Subject s:id="S2"><nc:RoleOfPerson s:ref="PU"/></j:Subject>'
    '<j:OffenseVictimAssociation><j:Offense s:ref="O1"/><j:Victim s:ref="V1"/></j:OffenseVictimAssociation>'
    '<j:SubjectVictimAssociation><j:Subject s:ref="S1"/><j:Victim s:ref="V1"/>'
    "<nibrs:VictimToSubjectRelationshipCode>Acquaintance</nibrs:VictimToSubjectRelationshipCode></j:SubjectVictimAssociation>",
)


def test_nibrs_persons_have_no_names_and_are_tied_to_their_incident() -> None:
    record = mapped(nibrs(GROUP_A))
    people = [mention for mention in record.mentions if mention.type == "Person"]
    assert [mention.local for mention in people] == ["PV", "PS", "PU"]
    assert all("name" not in mention.properties and mention.basis is None for mention in people)
    (event,) = [mention.local for mention in record.mentions if mention.type == "Incident"]
    assert {
        ("INVOLVED_IN", "PV", event, "victim"),
        ("INVOLVED_IN", "PS", event, "subject"),
        ("INVOLVED_IN", "PU", event, "subject"),
        ("INVOLVED_IN", "V2", event, "victim"),
        ("INVOLVED_IN", "PV", "O1", "victim"),
        ("ABOUT", "O1", event, None),
    } <= links(record)


def test_nibrs_ages_are_numbers_ranges_or_baby() -> None:
    assert values(mapped(nibrs(GROUP_A)), "Person", "age") == [0, {"min": 25, "max": 30}]


def test_nibrs_relations_keep_their_word() -> None:
    assert [link.words for link in mapped(nibrs(GROUP_A)).links if link.type == "ASSOCIATE_OF"] == ["Acquaintance"]


def test_a_nibrs_key_is_agency_and_incident_and_a_delete_withdraws() -> None:
    sent, gone = identify(nibrs(GROUP_A)), identify(nibrs(nibrs_report("54-1", action="D")))
    assert sent.key == gone.key
    assert not sent.deleted
    assert gone.deleted
    assert sent.owner == "WV0000100"


# --- no case records ------------------------------------------------------------------------------------------------------

OJBC = 'xmlns="http://ojbc.org/IEPD/Exchange/{}/1.0"'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            f"<AccessControlResponse {OJBC.format('AccessControlResponse')}><a/></AccessControlResponse>",
            "an access-control message",
        ),
        (
            f"<SubscriptionSearchResults {OJBC.format('SubscriptionSearchResults')}><a/></SubscriptionSearchResults>",
            "a subscription",
        ),
        ('<b:Subscribe xmlns:b="http://docs.oasis-open.org/wsn/b-2"><a/></b:Subscribe>', "a subscription"),
        (f"<AuditLogSearchResults {OJBC.format('AuditLogSearchResults')}><a/></AuditLogSearchResults>", "an audit log"),
        (f"<PersonSearchResults {OJBC.format('PersonSearchResults')}/>", "a document without content"),
        (f"<PersonSearchRequest {OJBC.format('PersonSearchRequest')}><a/></PersonSearchRequest>", "a request"),
        (
            f"<R {OJBC.format('PersonSearchResults')}><m:InformationAccessDenial xmlns:m='u:m'/></R>",
            "a refused request",
        ),
        (
            f"<R {OJBC.format('PersonSearchResults')}><m:SearchResultsExceedThresholdError xmlns:m='u:m'/></R>",
            "an answer of too many",
        ),
        (f"<R {OJBC.format('PersonSearchResults')}><m:SearchRequestError xmlns:m='u:m'/></R>", "an error message"),
        (
            '<n:IncidentReport xmlns:n="http://fbi.gov/cjis/N-DEx/IncidentArrest/2.1"><n:Person/></n:IncidentReport>',
            "an N-DEx payload without its digest",
        ),
        (
            (
                f"<PersonHealthInformationSearchResults {OJBC.format('PersonHealthInformationSearchResults')}><a/>"
                "</PersonHealthInformationSearchResults>"
            ),
            "health data are withheld",
        ),
    ],
)
def test_what_is_no_case_record_is_ignored_with_its_reason(body: str, reason: str) -> None:
    ignored = identify(body.encode()).ignored
    assert ignored is not None
    assert ignored.startswith(reason)


def test_a_zero_report_is_ignored() -> None:
    body = nibrs(nibrs_report("")).replace(b"GROUP A INCIDENT REPORT", b"ZERO REPORT")
    assert identify(body).ignored == "a zero report says that there is nothing to report"


def test_what_no_profile_reads_is_quarantined_by_name() -> None:
    with pytest.raises(Quarantine) as held:
        identify(b'<w:Weather xmlns:w="http://weather.example/forecast/1.0"><w:Rain/></w:Weather>')
    assert held.value.problem.reason == "no profile reads forecast:Weather"


def test_an_error_answer_with_records_beside_it_is_read() -> None:
    body = report(
        "<x:SearchRequestError/><nc:Person s:id='P1'><nc:PersonName><nc:PersonFullName>Ada Roe</nc:PersonFullName></nc:PersonName></nc:Person>"
    )
    assert names(mapped(body)) == ["Ada Roe"]


def test_what_is_wrong_with_a_document_is_noted_with_its_place() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="gone.xml"/>'
    record = mapped(
        report(
            '<nc:Person s:id="P1"><nc:PersonName><nc:PersonFullName>Ada Roe</nc:PersonFullName></nc:PersonName></nc:Person>'
            f'<nc:Location s:id="P1"/><x:Tie><nc:Person s:ref="P9"/></x:Tie>{include}'
        )
    )
    assert names(record) == ["Ada Roe"]
    assert [(note.path, note.reason) for note in record.notes] == [
        ("/*/*[3]/*[1]", "refers to an id that is not in the document"),
        ("/*/*[2]", "has an id that another element has too"),
        ("/*/*[4]", "a part of the document is not there"),
    ]
