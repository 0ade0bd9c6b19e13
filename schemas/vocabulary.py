"""The closed word lists of Casefold: entity types, link types, roles, statuses, protections.

The set is versioned data: a word may be added or deprecated, never deleted and never given a new meaning, because
exports, agreements and judgements written years ago still use it.
"""

from __future__ import annotations

from enum import StrEnum


class EntityType(StrEnum):
    """What a mention or node is a mention or node of."""

    PERSON = "Person"
    ORGANIZATION = "Organization"
    PHONE = "Phone"
    EMAIL = "Email"
    ONLINE_ACCOUNT = "OnlineAccount"
    AD = "Ad"
    WEBSITE = "Website"
    VEHICLE = "Vehicle"
    LOCATION = "Location"
    FINANCIAL_ACCOUNT = "FinancialAccount"
    DEVICE = "Device"
    DOCUMENT = "Document"
    ITEM = "Item"
    INCIDENT = "Incident"
    CASE = "Case"
    ARREST = "Arrest"
    OFFENSE = "Offense"
    CITATION = "Citation"
    NOTE = "Note"


class LinkType(StrEnum):
    """A relationship between two mentions, read from `from` to `to`."""

    INVOLVED_IN = "INVOLVED_IN"
    ABOUT = "ABOUT"
    PART_OF_CASE = "PART_OF_CASE"
    USES = "USES"
    REGISTERED_TO = "REGISTERED_TO"
    ADVERTISES = "ADVERTISES"
    POSTED_BY = "POSTED_BY"
    LOCATED_AT = "LOCATED_AT"
    OWNS_OR_DRIVES = "OWNS_OR_DRIVES"
    COMMUNICATED_WITH = "COMMUNICATED_WITH"
    PAID = "PAID"
    MEMBER_OF = "MEMBER_OF"
    ASSOCIATE_OF = "ASSOCIATE_OF"
    FAMILY_OF = "FAMILY_OF"
    CONTROLS = "CONTROLS"
    TRAVELLED_WITH = "TRAVELLED_WITH"
    MENTIONED_IN = "MENTIONED_IN"


class Role(StrEnum):
    """How a person or organization took part in one event. Always kept beside the source's own words."""

    VICTIM = "victim"
    SUSPECTED_VICTIM = "suspected_victim"
    TRAFFICKER = "trafficker"
    RECRUITER = "recruiter"
    BUYER = "buyer"
    SUSPECT = "suspect"
    SUBJECT = "subject"
    PERSON_OF_INTEREST = "person_of_interest"
    ARRESTEE = "arrestee"
    WITNESS = "witness"
    REPORTING_PARTY = "reporting_party"
    MISSING_PERSON = "missing_person"
    DRIVER = "driver"
    OCCUPANT = "occupant"
    OFFICER = "officer"
    OTHER = "other"


class ValueStatus(StrEnum):
    """How far a value or link may be trusted: a field said so, a text was read so, or a person decided."""

    ASSERTED = "asserted"
    EXTRACTED = "extracted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Protection(StrEnum):
    """A reason in law to withhold a record, mention or value from most viewers."""

    JUVENILE = "juvenile"
    VICTIM = "victim"
    SEALED = "sealed"
    INTELLIGENCE = "intelligence"


class Op(StrEnum):
    """What a record version does to the versions before it."""

    UPSERT = "upsert"
    DELETE = "delete"
    EXPUNGE = "expunge"


IDENTIFIER_TYPES = frozenset(
    {EntityType.PHONE, EntityType.EMAIL, EntityType.ONLINE_ACCOUNT, EntityType.WEBSITE, EntityType.FINANCIAL_ACCOUNT}
)
"""Types whose nodes meet by canonical value across agencies, with no evidence to weigh."""

EVENT_TYPES = frozenset(
    {EntityType.INCIDENT, EntityType.CASE, EntityType.ARREST, EntityType.OFFENSE, EntityType.CITATION}
)
"""Types that persons can be involved in."""
