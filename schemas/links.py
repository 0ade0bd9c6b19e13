"""Links: a relationship as one record asserts it. Which types may stand at which end is said here, once."""

from __future__ import annotations

from pydantic import Field

from schemas.values import Frozen, PartialDate
from schemas.vocabulary import LinkType, Role, ValueStatus

LINK_MEANING: dict[LinkType, str] = {
    LinkType.INVOLVED_IN: "a person, organization or thing took part in an event, in a role",
    LinkType.ABOUT: "an offense, item or note concerns an event (or an offense concerns an arrest)",
    LinkType.PART_OF_CASE: "an event belongs to a case or to a larger event",
    LinkType.USES: "somebody uses a phone, account, e-mail, device",
    LinkType.REGISTERED_TO: "a vehicle, account, phone or firearm is registered to somebody",
    LinkType.ADVERTISES: "an ad offers somebody, or shows a phone, e-mail or account to reply to",
    LinkType.POSTED_BY: "an ad was posted by an account, phone, e-mail or person",
    LinkType.LOCATED_AT: "somebody lives or was seen, or something happened, at a place",
    LinkType.OWNS_OR_DRIVES: "somebody owns, drives or rides in a vehicle, or has an item",
    LinkType.COMMUNICATED_WITH: "two parties, phones or accounts were in contact",
    LinkType.PAID: "money went from one party or account to another",
    LinkType.MEMBER_OF: "a person belongs to or works for an organization",
    LinkType.ASSOCIATE_OF: "two persons know each other",
    LinkType.FAMILY_OF: "two persons are family",
    LinkType.CONTROLS: "a person controls another person, an account or an organization",
    LinkType.TRAVELLED_WITH: "two persons travelled together",
    LinkType.MENTIONED_IN: "a thing is named in a note",
}


class Link(Frozen):
    """One relationship between two mentions of one record, with its place in that record."""

    type: LinkType
    source: str = Field(description="Local key of the mention the link starts from.")
    target: str = Field(description="Local key of the mention the link leads to.")
    role: Role | None = None
    words: str | None = Field(default=None, description="The source's own words for the role or relationship.")
    start: PartialDate | None = None
    end: PartialDate | None = None
    where: str = ""
    status: ValueStatus = ValueStatus.ASSERTED
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
