"""The cases that touch the network, as each agency saw its own corner of it.

The rule that must always hold: the city knows which phone answers the ads, the county whose phone that is (by a street
name only), the bureau which e-mail posts the ads and who has it. No two of them together can say all of that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from config.demo.cases import BUREAU, CITY, COUNTY, CaseFile, Part, Posting
from config.demo.network import House
from config.demo.numbers import spell
from config.demo.people import Human
from config.demo.scenes import TRAFFICKING, Scenes
from config.demo.words import PAYMENT

LOG = 3
"""Ads in one entry of the log."""


class Plot(Scenes):
    """Writes the network's cases; each method is one scene."""

    def cases(self) -> list[CaseFile]:
        """Every case of the network, not yet numbered."""
        return [*self.city(), *self.county(), *self.bureau()]

    # --- the city: the ads and the phone that answers them

    def city(self) -> list[CaseFile]:
        """What the city police have: ads with phones, motel checks, runaways, buyers."""
        net = self.network
        ads = net.city_postings
        return [
            *(self.ad_log(ads[start : start + LOG]) for start in range(0, len(ads), LOG)),
            *(self.motel_check(CITY, house, child, net.handlers[0]) for house, child in self.rooms((0, 1, 7, 12))),
            *(self.runaway(CITY, child) for child in net.juveniles[:3]),
            *(self.buyers(CITY, net.buyers[start : start + 2]) for start in range(0, 10, 2)),
            self.parked(net.motels[2]),
            self.approach(CITY, net.juveniles[2]),
        ]

    def ad_log(self, postings: tuple[Posting, ...]) -> CaseFile:
        """Three ads and the phone from which a text to each was answered."""
        motel = self.rng.choice(self.network.motels)
        text = (
            f"While reviewing online postings I located {len(postings)} ads with the same wording and background. Ads "
            "and numbers are entered in the ad log. A text message to each number shown was answered from another "
            "number, see call back. No subscriber information on file. "
        )
        if self.rng.random() < 0.4:  # noqa: PLR2004 - two logs in five
            text += (
                f"Background may be a room at {motel.place.name}. Front desk, {spell(motel.phone, self.rng)}, does "
                "not keep a register by name. "
            )
        text += "No further leads."
        case = self.case(CITY, "online ads", f"{TRAFFICKING} - INTEL", motel.place, text, after=latest(postings))
        return replace(case, postings=postings)

    def parked(self, motel: House) -> CaseFile:
        """The leader's car, unattended: a plate and nobody in it."""
        car = self.network.leader.car
        assert car is not None  # noqa: S101 - the cast gives every trafficker a car
        text = (
            f"While checking the lot at {motel.place.name} I noted a {car.said()}, unoccupied, engine warm. Same "
            "vehicle seen on two prior nights. Front desk did not know the driver. Information only."
        )
        return replace(self.case(CITY, "parked", "SUSPICIOUS VEHICLE", motel.place, text), cars=(car,))

    # --- the county: the street name that answers that phone

    def county(self) -> list[CaseFile]:
        """What the sheriff has: interviews, runaways, stops, a tow."""
        net = self.network
        return [
            *(self.interview(child) for child in (net.juveniles[3], net.juveniles[8])),
            self.tow(net.motels[2]),
            *(self.runaway(COUNTY, child) for child in net.juveniles[3:7]),
            *(self.stop(net.handlers[1], pair) for pair in ((4, 9), (10, 5), (6, 11), (12, 3))),
            *(self.buyers(COUNTY, net.buyers[start : start + 2]) for start in range(9, 19, 2)),
            *(self.motel_check(COUNTY, house, child, net.handlers[1]) for house, child in self.rooms((9, 11))),
            self.approach(COUNTY, net.juveniles[5]),
        ]

    def interview(self, child: Human) -> CaseFile:
        """A recovered juvenile names who calls, by street name and number."""
        net, rng = self.network, self.rng
        name = net.leader.street_name
        posting = rng.choice(net.postings)
        said = "She" if child.sex == "F" else "He"
        text = (
            f"Interviewed {child.given} {child.surname[0]}. with an advocate present. {said} stated that a person "
            f'known to {child.given} only as "{name}" arranges the rooms and the rides. {name} calls and texts from '
            f"{spell(net.leader.phone, rng)}. {said} does not know a real name. {child.given} was shown {posting.url} "
            f"and recognized the wording. Number in that posting was {spell(posting.shown, rng)}."
        )
        parts = (
            Part(child, "suspected_victim", phones=(child.phone,)),
            Part(net.leader, "person_of_interest", nameless=True, aliases=(name,), phones=(net.leader.phone,)),
        )
        return self.case(COUNTY, "interview", TRAFFICKING, net.shelter.place, text, parts)

    def tow(self, motel: House) -> CaseFile:
        """The leader's car again, this time with its VIN, and the phone that was left at the desk."""
        net, rng = self.network, self.rng
        car = net.leader.car
        assert car is not None  # noqa: S101 - the cast gives every trafficker a car
        clerk = rng.choice(self.residents)
        name = net.leader.street_name
        text = (
            f"Requested tow of a {car.said()}, blocking the fire lane at {motel.place.name}. Clerk {clerk.full} said "
            f"it belongs to a guest called {name}, who left {spell(net.leader.phone, rng)} as a contact and pays "
            "cash. Vehicle released before a name was taken."
        )
        parts = (
            Part(clerk, "reporting_party", phones=(motel.phone,)),
            Part(net.leader, "other", nameless=True, aliases=(name,), phones=(net.leader.phone,), car=car),
        )
        return self.case(COUNTY, "tow", "VEHICLE TOW", motel.place, text, parts)

    def stop(self, handler: Human, pair: tuple[int, int]) -> CaseFile:
        """A traffic stop with a handler at the wheel and two juveniles who are not from here."""
        children = [self.network.juveniles[index] for index in pair]
        car = handler.car
        text = (
            f"Stopped a {car.said() if car else 'vehicle'} for a defective tail lamp. Driver {handler.full} had two "
            f"young passengers who gave first names {children[0].given} and {children[1].given} and no "
            f"identification. Driver said they were cousins. Three phones on the console, one rang repeatedly, "
            f"display {spell(self.rng.choice(self.network.burners), self.rng)}. Released with a warning, passengers "
            "to be checked against missing juveniles."
        )
        parts = (
            Part(handler, "driver", phones=(self.rng.choice(self.network.burners),), car=car),
            *(Part(child, "occupant") for child in children),
        )
        return self.case(COUNTY, "traffic stop", "TRAFFIC STOP - EQUIPMENT", self.network.motels[3].place, text, parts)

    # --- the bureau: the e-mail that posts the ads, and whose it is

    def bureau(self) -> list[CaseFile]:
        """What the bureau has: answers of ad sites, subscriber and payment records, the missing-child desk."""
        net = self.network
        ads = net.bureau_postings
        return [
            *(self.site_return(ads[start : start + LOG]) for start in range(0, len(ads), LOG)),
            self.subscriber(with_car=True),
            self.subscriber(with_car=False),
            *(self.payments(net.buyers[start : start + 2]) for start in range(17, 25, 2)),
            *(self.runaway(BUREAU, child) for child in net.juveniles[7:]),
            self.approach(BUREAU, net.juveniles[6]),
        ]

    def site_return(self, postings: tuple[Posting, ...]) -> CaseFile:
        """What a site answered to a court order: who posted which ads."""
        sites = sorted({posting.site for posting in postings})
        text = (
            f"Return received from {' and '.join(sites)} for {len(postings)} postings. All were posted by the account "
            f"{postings[0].poster}. Account was opened with a prepaid card, no name. Postings are listed on the "
            "attached schedule."
        )
        case = self.case(BUREAU, "site return", f"{TRAFFICKING} - ONLINE", self.office, text, after=latest(postings))
        return replace(case, postings=postings)

    def subscriber(self, *, with_car: bool) -> CaseFile:
        """Whose e-mail it is: a name, a street name, a car; and no phone that anybody uses."""
        leader = self.network.leader
        text = (
            f"Subscriber record for {leader.email}: {leader.full}, date of birth {leader.born:%m/%d/%Y}. No telephone "
            f"number on the account. A confidential source knows {leader.surname} as {leader.street_name}. Payments "
            f"are received at {PAYMENT} ${leader.payments[0]}."
        )
        if with_car and leader.car:
            text += f" Secretary of State shows a {leader.car.said()} registered to {leader.surname}."
        part = Part(
            leader,
            "suspect",
            aliases=(leader.street_name,),
            emails=(leader.email,),
            payments=leader.payments,
            car=leader.car if with_car else None,
        )
        return self.case(BUREAU, "subscriber record", TRAFFICKING, leader.home, text, (part,))

    def payments(self, buyers: tuple[Human, ...]) -> CaseFile:
        """Money that went from buyers over the banker to the leader."""
        net, rng = self.network, self.rng
        paid = [(buyer.payments[0], net.banker.payments[0], rng.randrange(80, 320, 20)) for buyer in buyers]
        total = sum(amount for *_, amount in paid)
        text = (
            f"{PAYMENT} records show {len(paid)} transfers, ${total}.00 in all, to ${net.banker.payments[0]}, held by "
            f"{net.banker.full}, and from there to ${net.leader.payments[0]}. Senders: "
            + ", ".join(f"{PAYMENT} ${buyer.payments[0]}" for buyer in buyers)
            + "."
        )
        parts = (
            Part(net.banker, "suspect", aliases=(net.banker.street_name,), payments=net.banker.payments),
            *(Part(buyer, "buyer", payments=buyer.payments) for buyer in buyers),
        )
        paid.append((net.banker.payments[0], net.leader.payments[0], total))
        return replace(self.case(BUREAU, "payments", TRAFFICKING, self.office, text, parts), paid=tuple(paid))


def latest(postings: tuple[Posting, ...]) -> datetime:
    """When the last of some ads was posted."""
    return max(posting.posted for posting in postings)
