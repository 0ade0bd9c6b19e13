"""What an agency has on file: cases in words that no system has shaped yet. The writers give them their form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.demo.people import STATE, Car, Human, Place


@dataclass(frozen=True, slots=True)
class Agency:
    """One fictional agency."""

    key: str
    ori: str
    """County number 99 exists in no state: nobody's identifier."""
    name: str
    short: str
    source: str


CITY = Agency("city", f"{STATE}9901100", "Port Alden Police Department", "Port Alden Police", "port-alden-pd")
COUNTY = Agency("county", f"{STATE}9900000", "Tamarack County Sheriff's Office", "Tamarack Sheriff", "tamarack-sheriff")
BUREAU = Agency(
    "bureau", f"{STATE}9990000", "Lakes State Bureau of Investigation", "Lakes State Bureau", "lakes-bureau"
)
AGENCIES = (CITY, COUNTY, BUREAU)


@dataclass(frozen=True, slots=True)
class Posting:
    """One online ad: what it shows, who answers, who paid for it."""

    site: str
    ad_id: str
    posted: datetime
    title: str
    shown: str
    """The phone in the text of the ad: a different burner every few days."""
    reply: str
    """The phone from which the answer comes: always the same."""
    poster: str
    """The e-mail of the account that posted it: always the same."""

    @property
    def url(self) -> str:
        """Where the ad stood."""
        return f"https://{self.site}/post/{self.ad_id}"


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part in one case, with what was written down about the person there."""

    who: Human
    role: str
    """A role of the schema; each writer has its own code for it."""
    nameless: bool = False
    """Known here by a street name only."""
    aliases: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    accounts: tuple[tuple[str, str], ...] = ()
    payments: tuple[str, ...] = ()
    car: Car | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case of one agency."""

    agency: Agency
    number: str
    kind: str
    offense: str
    occurred: datetime
    updated: datetime
    place: Place
    officer: str
    status: str
    narrative: str
    parts: tuple[Part, ...] = ()
    postings: tuple[Posting, ...] = ()
    phones: tuple[str, ...] = ()
    """Phones that stand in the case without a user."""
    cars: tuple[Car, ...] = ()
    """Cars that nobody was seen to drive."""
    paid: tuple[tuple[str, str, int], ...] = ()
    """Payments: from a handle, to a handle, whole dollars."""
    network: bool = False
    """Whether the case touches the network. Known to the author of this fiction only: no writer writes it."""
