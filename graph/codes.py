"""Small numbers for the closed word lists, as the tables hold them.

A number is never given to another word and never changed: stores written years ago still hold it. New words get the
next free number; a test pins that every word has one.
"""

from __future__ import annotations

from enum import IntEnum

from schemas.vocabulary import EntityType, LinkType, Role

ENTITY_CODES: dict[str, int] = {
    EntityType.PERSON.value: 1,
    EntityType.ORGANIZATION.value: 2,
    EntityType.PHONE.value: 3,
    EntityType.EMAIL.value: 4,
    EntityType.ONLINE_ACCOUNT.value: 5,
    EntityType.AD.value: 6,
    EntityType.WEBSITE.value: 7,
    EntityType.VEHICLE.value: 8,
    EntityType.LOCATION.value: 9,
    EntityType.FINANCIAL_ACCOUNT.value: 10,
    EntityType.DEVICE.value: 11,
    EntityType.DOCUMENT.value: 12,
    EntityType.ITEM.value: 13,
    EntityType.INCIDENT.value: 14,
    EntityType.CASE.value: 15,
    EntityType.ARREST.value: 16,
    EntityType.OFFENSE.value: 17,
    EntityType.CITATION.value: 18,
    EntityType.NOTE.value: 19,
}
"""Also the order in which search lists types: who, then what leads to whom, then what happened."""

LINK_CODES: dict[str, int] = {
    LinkType.INVOLVED_IN.value: 1,
    LinkType.ABOUT.value: 2,
    LinkType.PART_OF_CASE.value: 3,
    LinkType.USES.value: 4,
    LinkType.REGISTERED_TO.value: 5,
    LinkType.ADVERTISES.value: 6,
    LinkType.POSTED_BY.value: 7,
    LinkType.LOCATED_AT.value: 8,
    LinkType.OWNS_OR_DRIVES.value: 9,
    LinkType.COMMUNICATED_WITH.value: 10,
    LinkType.PAID.value: 11,
    LinkType.MEMBER_OF.value: 12,
    LinkType.ASSOCIATE_OF.value: 13,
    LinkType.FAMILY_OF.value: 14,
    LinkType.CONTROLS.value: 15,
    LinkType.TRAVELLED_WITH.value: 16,
    LinkType.MENTIONED_IN.value: 17,
}

ROLE_CODES: dict[str, int] = {
    Role.VICTIM.value: 1,
    Role.SUSPECTED_VICTIM.value: 2,
    Role.TRAFFICKER.value: 3,
    Role.RECRUITER.value: 4,
    Role.BUYER.value: 5,
    Role.SUSPECT.value: 6,
    Role.SUBJECT.value: 7,
    Role.PERSON_OF_INTEREST.value: 8,
    Role.ARRESTEE.value: 9,
    Role.WITNESS.value: 10,
    Role.REPORTING_PARTY.value: 11,
    Role.MISSING_PERSON.value: 12,
    Role.DRIVER.value: 13,
    Role.OCCUPANT.value: 14,
    Role.OFFICER.value: 15,
    Role.OTHER.value: 16,
}

ENTITY_NAMES = {code: name for name, code in ENTITY_CODES.items()}
LINK_NAMES = {code: name for name, code in LINK_CODES.items()}
ROLE_NAMES = {code: name for name, code in ROLE_CODES.items()}


class State(IntEnum):
    """What the current version of a record is. Only a CURRENT record has mentions."""

    CURRENT = 0
    DELETED = 1
    IGNORED = 2


class ChangeKind(IntEnum):
    """What happened to a node, as the feed says it. FRESH stands in the dirty set only: all of a new record's nodes."""

    FRESH = 0
    CREATED = 1
    CHANGED = 2
    REMOVED = 3
