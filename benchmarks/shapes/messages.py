"""The world as XML: one large LEXS 3.1 file of many publish messages, about a hundred elements each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.world import Case, Person, Phone, Vehicle, World

FILE = "reports.xml"

SOURCE = """\
casefold: source/1
name: messages
agency: MI9900000
connector:
  kind: niem
  path: drop
mapping: messages
"""

MAPPING = """\
casefold: mapping/1
inherit: niem/lexs-3.1
narrative: false
"""

HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<lexspd:doPublish xmlns:lexspd="http://usdoj.gov/leisp/lexs/publishdiscover/3.1"\
 xmlns:lexs="http://usdoj.gov/leisp/lexs/3.1" xmlns:lexsdigest="http://usdoj.gov/leisp/lexs/digest/3.1"\
 xmlns:nc="http://niem.gov/niem/niem-core/2.0" xmlns:j="http://niem.gov/niem/domains/jxdm/4.0"\
 xmlns:s="http://niem.gov/niem/structures/2.0">
<lexs:PublishMessageContainer>
"""
TAIL = "</lexs:PublishMessageContainer>\n</lexspd:doPublish>\n"

_MESSAGE = """\
<lexs:PublishMessage>
<lexs:PDMessageMetadata><lexs:LEXSVersion>3.1.4</lexs:LEXSVersion><lexs:MessageDateTime>{updated}</lexs:MessageDateTime>\
<lexs:MessageSequenceNumber>1</lexs:MessageSequenceNumber><lexs:DataSensitivity>SBU</lexs:DataSensitivity>\
</lexs:PDMessageMetadata>
<lexs:DataSubmitterMetadata><lexs:SystemIdentifier><lexs:ORI>MI9999999</lexs:ORI>\
<lexs:SystemID>SWITCH</lexs:SystemID></lexs:SystemIdentifier></lexs:DataSubmitterMetadata>
<lexs:DataItemPackage>
<lexs:PackageMetadata>
<lexs:DataItemID>{number}</lexs:DataItemID>
<lexs:DataItemDate>{day}</lexs:DataItemDate>
<lexs:DataItemReferenceID>{number}</lexs:DataItemReferenceID>
<lexs:DataItemPublishInstruction>Insert</lexs:DataItemPublishInstruction>
<lexs:DataItemStatus>{status}</lexs:DataItemStatus>
<lexs:DataOwnerMetadata><lexs:DataOwnerIdentifier><lexs:ORI>MI9900000</lexs:ORI>\
<lexs:SystemID>COUNTY RMS</lexs:SystemID></lexs:DataOwnerIdentifier></lexs:DataOwnerMetadata>
<lexs:DataItemCategory><lexs:DataItemCategoryText>Incident Report</lexs:DataItemCategoryText></lexs:DataItemCategory>
</lexs:PackageMetadata>
<lexs:Digest>
<lexsdigest:EntityActivity><nc:Activity s:id="Incident1">\
<nc:ActivityIdentification><nc:IdentificationID>{number}</nc:IdentificationID></nc:ActivityIdentification>\
<nc:ActivityCategoryText>Incident</nc:ActivityCategoryText>\
<nc:ActivityDate><nc:DateTime>{occurred}</nc:DateTime></nc:ActivityDate>\
<nc:ActivityStatus><nc:StatusText>{status}</nc:StatusText></nc:ActivityStatus></nc:Activity></lexsdigest:EntityActivity>
<lexsdigest:EntityLocation><nc:Location s:id="Location1"><nc:LocationAddress><nc:StructuredAddress>\
<nc:LocationStreet><nc:StreetFullText>{street}</nc:StreetFullText></nc:LocationStreet>\
<nc:LocationCityName>{city}</nc:LocationCityName><nc:LocationStateName>MI</nc:LocationStateName>\
<nc:LocationPostalCode>{postal_code}</nc:LocationPostalCode>\
</nc:StructuredAddress></nc:LocationAddress></nc:Location></lexsdigest:EntityLocation>
{entities}<lexsdigest:Associations>
<lexsdigest:IncidentLocationAssociation><nc:ActivityReference s:ref="Incident1"/>\
<nc:LocationReference s:ref="Location1"/></lexsdigest:IncidentLocationAssociation>
{associations}</lexsdigest:Associations>
</lexs:Digest>
</lexs:DataItemPackage>
</lexs:PublishMessage>
"""

_PERSON = """\
<lexsdigest:EntityPerson><lexsdigest:Person s:id="{id}">\
<nc:PersonBirthDate><nc:Date>{born}</nc:Date></nc:PersonBirthDate>\
<nc:PersonEyeColorCode>{eyes}</nc:PersonEyeColorCode><nc:PersonHairColorCode>{hair}</nc:PersonHairColorCode>\
<nc:PersonHeightMeasure><nc:MeasurePointValue>{height}</nc:MeasurePointValue>\
<nc:LengthUnitCode>INH</nc:LengthUnitCode></nc:PersonHeightMeasure>\
<nc:PersonName>{name}</nc:PersonName>\
<nc:PersonRaceCode>{race}</nc:PersonRaceCode><nc:PersonSexCode>{sex}</nc:PersonSexCode>\
<nc:PersonWeightMeasure><nc:MeasurePointValue>{weight}</nc:MeasurePointValue>\
<nc:WeightUnitCode>LBR</nc:WeightUnitCode></nc:PersonWeightMeasure>{licence}</lexsdigest:Person>\
<{role}><nc:RoleOfPersonReference s:ref="{id}"/></{role}></lexsdigest:EntityPerson>
"""
_LICENCE = """\
<j:PersonAugmentation><nc:DriverLicense><nc:DriverLicenseIdentification><nc:IdentificationID>{}</nc:IdentificationID>\
<j:IdentificationJurisdictionNCICLISCode>MI</j:IdentificationJurisdictionNCICLISCode>\
</nc:DriverLicenseIdentification></nc:DriverLicense></j:PersonAugmentation>"""
_INVOLVED = """\
<{association}><nc:ActivityReference s:ref="Incident1"/><nc:PersonReference s:ref="{id}"/></{association}>
"""
_PHONE = """\
<lexsdigest:EntityTelephoneNumber><lexsdigest:TelephoneNumber s:id="{id}"><nc:FullTelephoneNumber>\
<nc:TelephoneNumberFullID>{number}</nc:TelephoneNumberFullID></nc:FullTelephoneNumber>\
</lexsdigest:TelephoneNumber></lexsdigest:EntityTelephoneNumber>
"""
_VEHICLE = """\
<lexsdigest:EntityVehicle><nc:Vehicle s:id="{id}"><nc:VehicleColorPrimaryCode>{color}</nc:VehicleColorPrimaryCode>\
<nc:ItemMakeName>{make}</nc:ItemMakeName><nc:ItemModelName>{model}</nc:ItemModelName>\
<nc:ItemModelYearDate>{year}</nc:ItemModelYearDate><nc:ConveyanceRegistrationPlateIdentification>\
<nc:IdentificationID>{plate}</nc:IdentificationID>\
<j:IdentificationJurisdictionNCICLISCode>MI</j:IdentificationJurisdictionNCICLISCode>\
</nc:ConveyanceRegistrationPlateIdentification>\
<nc:VehicleIdentification><nc:IdentificationID>{vin}</nc:IdentificationID></nc:VehicleIdentification>\
</nc:Vehicle></lexsdigest:EntityVehicle>
"""
_OWNED = """\
<{association}><nc:PersonReference s:ref="{person}"/><{end} s:ref="{thing}"/></{association}>
"""

ROLES = {
    "VIC": ("j:Victim", "lexsdigest:IncidentVictimPersonAssociation"),
    "SUS": ("j:IncidentSubject", "lexsdigest:IncidentSubjectPersonAssociation"),
    "WIT": ("j:Witness", "lexsdigest:IncidentWitnessAssociation"),
}


def write(world: World, folder: Path) -> None:
    """Write one file of all messages."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
        file.write(HEAD)
        file.writelines(map(message, world.cases()))
        file.write(TAIL)


def message(case: Case) -> str:
    """One report. None of the world's words holds a character that XML would want escaped."""
    ids = {who.mni: f"Person{number}" for number, (_, who) in enumerate(case.persons, 1)}
    entities = [_person(ids[who.mni], role, who) for role, who in case.persons]
    associations = [_INVOLVED.format(association=ROLES[role][1], id=ids[who.mni]) for role, who in case.persons]
    for number, phone in enumerate(case.phones, 1):
        entities.append(_phone(f"Phone{number}", phone))
        end = ("lexsdigest:EntityTelephoneNumberAssociation", "lexsdigest:TelephoneNumberReference")
        associations.append(_owned(end, ids[phone.mni], f"Phone{number}"))
    for number, car in enumerate(case.vehicles, 1):
        entities.append(_vehicle(f"Vehicle{number}", car))
        end = ("nc:PersonPossessesItemAssociation", "nc:ItemReference")
        associations.append(_owned(end, ids[car.mni], f"Vehicle{number}"))
    return _MESSAGE.format(
        number=case.number,
        updated=case.updated.strftime("%Y-%m-%dT%H:%M:%S"),
        day=case.updated.date(),
        occurred=case.occurred.strftime("%Y-%m-%dT%H:%M:%S"),
        status=case.status,
        **case.place._asdict(),
        entities="".join(entities),
        associations="".join(associations),
    )


def _person(id_: str, role: str, who: Person) -> str:
    name = f"<nc:PersonGivenName>{who.given}</nc:PersonGivenName>"
    if who.middle:
        name += f"<nc:PersonMiddleName>{who.middle}</nc:PersonMiddleName>"
    name += f"<nc:PersonSurName>{who.surname}</nc:PersonSurName>"
    if who.suffix:
        name += f"<nc:PersonNameSuffixText>{who.suffix}</nc:PersonNameSuffixText>"
    fields = who._asdict() | {"licence": _LICENCE.format(who.licence) if who.licence else ""}
    return _PERSON.format(**fields, id=id_, role=ROLES[role][0], name=name)


def _phone(id_: str, phone: Phone) -> str:
    return _PHONE.format(id=id_, number=phone.number)


def _vehicle(id_: str, car: Vehicle) -> str:
    return _VEHICLE.format(id=id_, **car._asdict())


def _owned(end: tuple[str, str], person: str, thing: str) -> str:
    return _OWNED.format(association=end[0], end=end[1], person=person, thing=thing)
