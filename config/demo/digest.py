"""The digest of a LEXS report: entities by id, roles that point at persons, associations that point at both."""

from __future__ import annotations

from datetime import date
from random import Random

from config.demo.cases import CaseFile, Part
from config.demo.noise import typed
from config.demo.numbers import spell
from config.demo.people import STATE, Car, Human, Place
from config.demo.xmlwriting import Node, element, nested, reference

INCIDENT, OFFENSE, OFFICER = "Incident1", "Offense1", "OFFICER1"

ROLES = {
    "victim": ("j:Victim", "lexsdigest:IncidentVictimPersonAssociation", ""),
    "suspected_victim": ("j:Victim", "lexsdigest:IncidentVictimPersonAssociation", "Possible Victim"),
    "suspect": ("j:IncidentSubject", "lexsdigest:IncidentSubjectPersonAssociation", "Suspect"),
    "subject": ("j:IncidentSubject", "lexsdigest:IncidentSubjectPersonAssociation", ""),
    "witness": ("j:Witness", "lexsdigest:IncidentWitnessAssociation", ""),
    "missing_person": ("j:MissingPerson", "nc:ActivityInvolvedPersonAssociation", "Missing Person"),
    "person_of_interest": ("", "lexsdigest:PersonOfInterestAssociation", "Person of Interest"),
    "reporting_party": ("lexsdigest:OtherInvolvedPerson", "nc:ActivityInvolvedPersonAssociation", "Reporting Party"),
    "buyer": ("lexsdigest:OtherInvolvedPerson", "nc:ActivityInvolvedPersonAssociation", "Buyer"),
    "recruiter": ("lexsdigest:OtherInvolvedPerson", "nc:ActivityInvolvedPersonAssociation", "Recruiter"),
    "driver": ("lexsdigest:OtherInvolvedPerson", "nc:ActivityInvolvedPersonAssociation", "Driver"),
    "occupant": ("lexsdigest:OtherInvolvedPerson", "nc:ActivityInvolvedPersonAssociation", "Passenger"),
    "other": ("lexsdigest:OtherInvolvedPerson", "nc:ActivityInvolvedPersonAssociation", "Mentioned"),
}
"""By role: the element beside the person, the association with the incident, and the sheriff's own word."""


class Digest:
    """Collects the entities and associations of one report."""

    def __init__(self, case: CaseFile, today: date, rng: Random) -> None:
        """Write everything that the case holds."""
        self.case = case
        self.today = today
        self.rng = rng
        self.entities: list[Node] = []
        self.links: list[Node] = []
        self._count = 0
        self._numbers: dict[str, str] = {}
        self._activities()
        self._officer()
        self._scene(case.place)
        for part in case.parts:
            self._part(part)
        for number in case.phones:
            self._link("lexsdigest:IncidentTelephoneNumberAssociation", INCIDENT, self._phone(number))
        for car in case.cars:
            self._link("lexsdigest:IncidentInvolvedItemAssociation", INCIDENT, self._car(car))

    def element(self) -> Node:
        """The digest, entities first, as LEXS has it."""
        return element("lexs:Digest", *self.entities, element("lexsdigest:Associations", *self.links))

    # --- what happened, who wrote it, where

    def _activities(self) -> None:
        case = self.case
        incident = element(
            "nc:Activity",
            nested("nc:ActivityIdentification/nc:IdentificationID", case.number),
            nested("nc:ActivityCategoryText", "Incident"),
            nested("nc:ActivityDate/nc:DateTime", f"{case.occurred:%Y-%m-%dT%H:%M:%S}"),
            nested("nc:ActivityDescriptionText", case.narrative),
            s_id=INCIDENT,
        )
        offense = element("nc:Activity", nested("nc:ActivityCategoryText", "Offense"), s_id=OFFENSE)
        self.entities += [element("lexsdigest:EntityActivity", activity) for activity in (incident, offense)]
        self.links.append(
            element(
                "lexsdigest:IncidentOffenseAssociation",
                reference("nc:ActivityReference", INCIDENT),
                reference("nc:ActivityReference", OFFENSE),
            )
        )

    def _officer(self) -> None:
        person = element("lexsdigest:Person", nested("nc:PersonName/nc:PersonSurName", self.case.officer), s_id=OFFICER)
        role = element("j:EnforcementOfficial", reference("nc:RoleOfPersonReference", OFFICER))
        self.entities.append(element("lexsdigest:EntityPerson", person, role))
        self._link("j:ActivityEnforcementOfficialAssociation", INCIDENT, OFFICER, "nc:PersonReference")

    def _scene(self, place: Place) -> None:
        key = self._place(place)
        self._link("lexsdigest:IncidentLocationAssociation", INCIDENT, key)

    def _place(self, place: Place) -> str:
        key = self._key("L")
        address = element(
            "nc:LocationAddress",
            element(
                "nc:StructuredAddress",
                nested("nc:LocationStreet/nc:StreetFullText", place.street),
                nested("nc:LocationCityName", place.city),
                nested("nc:LocationStateName", STATE),
                nested("nc:LocationPostalCode", place.postal_code),
            ),
        )
        name = nested("nc:LocationName", place.name) if place.name else None
        self.entities.append(element("lexsdigest:EntityLocation", element("nc:Location", address, name, s_id=key)))
        return key

    # --- people

    def _part(self, part: Part) -> None:
        key = self._key("P")
        tag, association, words = ROLES[part.role]
        role = element(tag, reference("nc:RoleOfPersonReference", key)) if tag else None
        self.entities.append(element("lexsdigest:EntityPerson", self._person(key, part), role))
        self.links.append(
            element(
                association,
                reference("nc:ActivityReference", INCIDENT),
                reference("nc:PersonReference", key),
                nested("nc:PersonActivityInvolvementText", words) if words else None,
            )
        )
        self._belongings(key, part)

    def _person(self, key: str, part: Part) -> Node:
        who = part.who
        aliases = [nested("nc:PersonAlternateName/nc:PersonFullName", alias) for alias in part.aliases]
        if part.nameless:
            return element("lexsdigest:Person", *aliases, s_id=key)
        age = element(
            "nc:PersonAgeMeasure",
            nested("nc:MeasurePointValue", str(who.age(self.case.occurred.date()))),
            nested("nc:TimeUnitCode", "ANN"),
        )
        return element(
            "lexsdigest:Person",
            age,
            *aliases,
            nested("nc:PersonBirthDate/nc:Date", who.born.isoformat()),
            _measure("nc:PersonHeightMeasure", who.height, "nc:LengthUnitCode", "INH"),
            self._name(who),
            nested("nc:PersonRaceCode", who.race),
            nested("nc:PersonSexCode", who.sex),
            _measure("nc:PersonWeightMeasure", who.weight, "nc:WeightUnitCode", "LBR"),
            _licence(who) if who.licence else None,
            s_id=key,
        )

    def _name(self, who: Human) -> Node:
        surname = typed(who.surname, self.rng, 0.03)
        if self.rng.random() < 0.2:  # noqa: PLR2004 - one in five comes over from the old jail system
            return nested("nc:PersonName/nc:PersonFullName", f"{surname}, {who.given} {who.middle}".strip().upper())
        return element(
            "nc:PersonName",
            nested("nc:PersonGivenName", who.given),
            nested("nc:PersonMiddleName", who.middle) if who.middle else None,
            nested("nc:PersonSurName", surname),
        )

    def _belongings(self, key: str, part: Part) -> None:
        for number in part.phones:
            self._owned("lexsdigest:EntityTelephoneNumberAssociation", key, self._phone(number))
        for address in part.emails:
            mail = self._key("E")
            self.entities.append(element("lexsdigest:EntityEmail", element("nc:ContactEmailID", address, s_id=mail)))
            self._owned("lexsdigest:EntityEmailAssociation", key, mail)
        for service, handle in part.accounts:
            self._owned("lexsdigest:EntityInstantMessengerAssociation", key, self._account(service, handle))
        if part.car:
            self._owned("nc:PersonPossessesItemAssociation", key, self._car(part.car))
        if not part.nameless and self.rng.random() < 0.6:  # noqa: PLR2004 - most give an address
            self._owned("nc:ResidenceAssociation", key, self._place(part.who.home))

    # --- things

    def _phone(self, number: str) -> str:
        if number in self._numbers:
            return self._numbers[number]
        key = self._numbers[number] = self._key("T")
        if self.rng.random() < 0.5:  # noqa: PLR2004 - the interface writes both forms
            written = element(
                "nc:NANPTelephoneNumber",
                nested("nc:TelephoneAreaCodeID", number[:3]),
                nested("nc:TelephoneExchangeID", number[3:6]),
                nested("nc:TelephoneLineID", number[6:]),
            )
        else:
            written = nested("nc:FullTelephoneNumber/nc:TelephoneNumberFullID", spell(number, self.rng))
        phone = element("lexsdigest:TelephoneNumber", written, s_id=key)
        self.entities.append(element("lexsdigest:EntityTelephoneNumber", phone))
        return key

    def _account(self, service: str, handle: str) -> str:
        key = self._key("A")
        account = element(
            "nc:ContactInstantMessenger",
            nested("nc:InstantMessengerClientName", service),
            nested("nc:InstantMessengerScreenID", handle),
            s_id=key,
        )
        self.entities.append(element("lexsdigest:EntityInstantMessenger", account))
        return key

    def _car(self, car: Car) -> str:
        key = self._key("V")
        plate = element(
            "nc:ConveyanceRegistrationPlateIdentification",
            nested("nc:IdentificationID", car.plate),
            nested("j:IdentificationJurisdictionNCICLISCode", STATE),
        )
        vehicle = element(
            "nc:Vehicle",
            nested("nc:VehicleColorPrimaryCode", car.color),
            nested("nc:ItemMakeName", car.make),
            nested("nc:ItemModelName", car.model),
            nested("nc:ItemModelYearDate", str(car.year)),
            plate,
            nested("nc:VehicleIdentification/nc:IdentificationID", car.vin),
            s_id=key,
        )
        self.entities.append(element("lexsdigest:EntityVehicle", vehicle))
        return key

    # --- ids and ends

    def _key(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def _owned(self, association: str, person: str, thing: str) -> None:
        self.links.append(
            element(association, reference("nc:PersonReference", person), reference(ENDS[thing[0]], thing))
        )

    def _link(self, association: str, activity: str, thing: str, end: str = "") -> None:
        self.links.append(
            element(association, reference("nc:ActivityReference", activity), reference(end or ENDS[thing[0]], thing))
        )


ENDS = {
    "T": "lexsdigest:TelephoneNumberReference",
    "E": "lexsdigest:EmailIDReference",
    "A": "lexsdigest:InstantMessengerReference",
    "V": "nc:ItemReference",
    "L": "nc:LocationReference",
}
"""By the first letter of an id: the element that refers to such a thing."""


def _measure(name: str, value: int, unit: str, code: str) -> Node:
    return element(name, nested("nc:MeasurePointValue", str(value)), nested(unit, code))


def _licence(who: Human) -> Node:
    card = element(
        "nc:DriverLicenseIdentification",
        nested("nc:IdentificationID", who.licence),
        nested("j:IdentificationJurisdictionNCICLISCode", STATE),
    )
    return element("j:PersonAugmentation", element("nc:DriverLicense", card))
