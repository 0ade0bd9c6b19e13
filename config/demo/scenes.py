"""Scenes of the network that any of the three agencies may come upon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from config.demo.cases import Agency, CaseFile, Part
from config.demo.network import House, Network
from config.demo.numbers import spell
from config.demo.people import Human, Place

TRAFFICKING = "HUMAN TRAFFICKING"
RUNAWAY = "MISSING PERSON - RUNAWAY JUVENILE"
SOLICITING = "SOLICITING - ATTEMPT"


class Scenes:
    """What the corners of the network have in common; every fact in a scene comes from the cast."""

    def __init__(
        self, rng: Random, network: Network, residents: tuple[Human, ...], office: Place, now: datetime
    ) -> None:
        """Take the cast, the people of the region for the small parts, the bureau's office, the end of the story."""
        self.rng = rng
        self.network = network
        self.residents = residents
        self.office = office
        self.now = now

    def runaway(self, agency: Agency, child: Human) -> CaseFile:
        """A juvenile is reported missing by family, who share one phone, or by the shelter."""
        net, rng = self.network, self.rng
        caller = rng.choice(self.residents)
        at_shelter = rng.random() < 0.5  # noqa: PLR2004 - one in two
        phone = net.shelter.phone if at_shelter else caller.phone
        text = (
            f"{caller.full} reports that {child.full}, {child.age(self.now.date())}, left "
            f"{net.shelter.place.name if at_shelter else 'home'} and did not return. Phone {spell(child.phone, rng)} "
            f"goes to voice mail. {child.given} has been talking to somebody on {child.accounts[0][0]}, own account "
            f"is {child.accounts[0][0]} @{child.accounts[0][1]}. Entered in LEIN. Call back {spell(phone, rng)}."
        )
        parts = (
            Part(caller, "reporting_party", phones=(phone,)),
            Part(child, "missing_person", phones=(child.phone, phone), accounts=child.accounts),
        )
        return self.case(agency, "runaway", RUNAWAY, net.shelter.place if at_shelter else child.home, text, parts)

    def motel_check(self, agency: Agency, house: House, child: Human, handler: Human) -> CaseFile:
        """A juvenile is found at a motel in the company of a handler."""
        rng = self.rng
        clerk = rng.choice(self.residents)
        text = (
            f"Clerk at {house.place.name} asked for a check on room {rng.randrange(101, 229)}, paid in cash. Contacted "
            f"{handler.full} and {child.full}, who is {child.age(self.now.date())} and appeared frightened. "
            f"{handler.given} said they were related and left on foot. {child.given} was taken to "
            f"{self.network.shelter.place.name}. Front desk {spell(house.phone, rng)}."
        )
        parts = (
            Part(clerk, "reporting_party", phones=(house.phone,)),
            Part(child, "suspected_victim"),
            Part(handler, "suspect", phones=(rng.choice(self.network.burners),)),
        )
        return self.case(agency, "motel check", "WELFARE CHECK - JUVENILE", house.place, text, parts)

    def buyers(self, agency: Agency, buyers: tuple[Human, ...]) -> CaseFile:
        """Two men are turned away from a motel; both had texted a number of an ad."""
        rng = self.rng
        motel = rng.choice(self.network.motels)
        burner = rng.choice(self.network.burners)
        text = (
            f"Contacted {buyers[0].full} and {buyers[1].surname} in the lot of {motel.place.name}. Both said they were "
            f"there to meet a friend. {buyers[0].surname} consented to a look at the call log, last number texted was "
            f"{spell(burner, rng)}. Cited and sent on their way."
        )
        parts = tuple(Part(buyer, "buyer", phones=(buyer.phone,), car=buyer.car) for buyer in buyers)
        return replace(self.case(agency, "buyers", SOLICITING, motel.place, text, parts), phones=(burner,))

    def approach(self, agency: Agency, child: Human) -> CaseFile:
        """The recruiter speaks to a juvenile, in the street or online."""
        net = self.network
        service, account = net.recruiter.accounts[0]
        text = (
            f"{child.full} was approached by an adult who offered a place to stay and work with travel. Adult gave the "
            f"name {net.recruiter.given} and {service} @{account}. Juvenile declined. Attempt to identify."
        )
        parts = (
            Part(child, "witness"),
            Part(net.recruiter, "recruiter", aliases=(net.recruiter.street_name,), accounts=((service, account),)),
        )
        return self.case(agency, "approach", f"{TRAFFICKING} - RECRUITING", net.shelter.place, text, parts)

    def rooms(self, children: tuple[int, ...]) -> list[tuple[House, Human]]:
        """A motel for each juvenile."""
        net = self.network
        return [(net.motels[index % len(net.motels)], net.juveniles[index]) for index in children]

    def case(
        self,
        agency: Agency,
        kind: str,
        offense: str,
        place: Place,
        text: str,
        parts: tuple[Part, ...] = (),
        after: datetime | None = None,
    ) -> CaseFile:
        """One scene as a case: the day after `after`, else on a day of the last five months."""
        rng = self.rng
        occurred = after + timedelta(days=1) if after else self.now - timedelta(minutes=rng.randrange(4320, 200_000))
        return CaseFile(
            agency=agency,
            number="",
            kind=kind,
            offense=offense,
            occurred=occurred,
            updated=occurred + timedelta(minutes=rng.randrange(60, 1440)),
            place=place,
            officer="",
            status=rng.choice(("Open", "Open", "Inactive")),
            narrative=text,
            parts=parts,
            network=True,
        )
