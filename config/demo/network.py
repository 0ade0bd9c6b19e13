"""The cast of the network: five traffickers, thirteen juveniles, their buyers, phones, accounts, cars and ads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.demo.cases import Posting
from config.demo.numbers import licence
from config.demo.people import Human, Place, Town
from config.demo.words import AD_SITES, HANDLE_HEADS, HANDLE_TAILS, MAIL_DOMAINS, MOTELS, SHELTER, SOCIAL, STREET_NAMES

JUVENILES, BUYERS, BURNERS, POSTINGS = 13, 25, 9, 42
CITY_POSTINGS, BUREAU_POSTINGS = 27, 30
"""How many ads the city logged and the bureau was told of; the rest of 42 stands in both files."""

TITLES = (
    "New in town", "Here this weekend only", "Available today", "Back again", "Call any time", "Visiting Port Alden",
    "Short stay", "Message for details",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """A house with a telephone that many people give as theirs."""

    place: Place
    phone: str


@dataclass(frozen=True, slots=True)
class Network:
    """Who and what belongs together: what the three agencies do not know."""

    leader: Human
    recruiter: Human
    handlers: tuple[Human, Human]
    banker: Human
    juveniles: tuple[Human, ...]
    buyers: tuple[Human, ...]
    burners: tuple[str, ...]
    postings: tuple[Posting, ...]
    motels: tuple[House, ...]
    shelter: House

    @property
    def traffickers(self) -> tuple[Human, ...]:
        """All five."""
        return (self.leader, self.recruiter, *self.handlers, self.banker)

    @property
    def city_postings(self) -> tuple[Posting, ...]:
        """The ads that the city police logged."""
        return self.postings[:CITY_POSTINGS]

    @property
    def bureau_postings(self) -> tuple[Posting, ...]:
        """The ads of which the site told the bureau."""
        return self.postings[POSTINGS - BUREAU_POSTINGS :]


def cast(town: Town, now: datetime) -> Network:
    """Draw the network; `now` is the end of the story."""
    rng = town.rng
    street_names = rng.sample(STREET_NAMES, 5)
    leader, recruiter, first, second, banker = (_trafficker(town, name) for name in street_names)
    burners = tuple(town.phones.take() for _ in range(BURNERS))
    return Network(
        leader=leader,
        recruiter=recruiter,
        handlers=(first, second),
        banker=banker,
        juveniles=tuple(_juvenile(town) for _ in range(JUVENILES)),
        buyers=tuple(_buyer(town) for _ in range(BUYERS)),
        burners=burners,
        postings=_postings(town, burners, leader, now),
        motels=tuple(House(town.house(name, "motel"), town.phones.take()) for name in MOTELS),
        shelter=House(town.house(SHELTER, "shelter"), town.phones.take()),
    )


def handle(town: Town) -> str:
    """A made-up name of the kind that people give themselves online."""
    rng = town.rng
    return f"{rng.choice(HANDLE_HEADS)}{rng.choice(HANDLE_TAILS)}{rng.randrange(1000, 9999)}"


def _trafficker(town: Town, street_name: str) -> Human:
    human = town.human(24, 48)
    return replace(
        human,
        street_name=street_name,
        phone=town.phones.take(),
        licence=licence(town.rng, human.surname),
        email=f"{handle(town)}@{town.rng.choice(MAIL_DOMAINS)}",
        car=town.car(),
        accounts=((town.rng.choice(SOCIAL), handle(town)),),
        payments=(handle(town),),
    )


def _juvenile(town: Town) -> Human:
    sex = town.rng.choice("FFFFFFM")
    account = (town.rng.choice(SOCIAL), handle(town))
    return replace(town.human(14, 16, sex), phone=town.phones.take(), accounts=(account,))


def _buyer(town: Town) -> Human:
    human = town.human(22, 63, "M")
    return replace(
        human,
        phone=town.phones.take(),
        licence=licence(town.rng, human.surname),
        car=town.car(),
        payments=(handle(town),),
    )


def _postings(town: Town, burners: tuple[str, ...], leader: Human, now: datetime) -> tuple[Posting, ...]:
    rng = town.rng
    ids = rng.sample(range(7_100_000, 7_999_999), POSTINGS)
    postings = [
        Posting(
            site=rng.choice(AD_SITES),
            ad_id=str(number),
            posted=now - timedelta(minutes=rng.randrange(6 * 1440, 150 * 1440)),
            title=rng.choice(TITLES),
            shown=burners[position % len(burners)],
            reply=leader.phone,
            poster=leader.email,
        )
        for position, number in enumerate(ids)
    ]
    rng.shuffle(postings)
    return tuple(postings)
