"""Every entity type with its properties: the one table that mappings, the store, the export and the docs read.

Properties are lists: two sources, or one source twice, may say different things, and both are kept.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, get_args

from pydantic import Field

from schemas.values import AgeRange, Frozen, GeoPoint, Identifier, Length, Mass, Money, PartialDate, PersonName
from schemas.vocabulary import EntityType


class Entity(Frozen):
    """What all entity types share: a type, and typed properties that are each a list of values."""

    TYPE: ClassVar[EntityType]


class Person(Entity):
    """A human being. Roles belong to events, never here."""

    TYPE: ClassVar[EntityType] = EntityType.PERSON
    name: tuple[PersonName, ...] = ()
    alias: tuple[PersonName, ...] = Field(default=(), description="Street names, maiden names, names of convenience.")
    birth_date: tuple[PartialDate, ...] = ()
    age: tuple[int | AgeRange, ...] = Field(default=(), description="Years at the time of the record.")
    sex: tuple[str, ...] = Field(default=(), description="NIBRS code: M, F, X or U.")
    race: tuple[str, ...] = Field(default=(), description="NIBRS code: W, B, I, A, P or U.")
    ethnicity: tuple[str, ...] = Field(default=(), description="NIBRS code: H, N or U.")
    height: tuple[Length, ...] = ()
    weight: tuple[Mass, ...] = ()
    eye_color: tuple[str, ...] = Field(default=(), description="NCIC code, such as BRO.")
    hair_color: tuple[str, ...] = Field(default=(), description="NCIC code, such as BLK.")
    identifier: tuple[Identifier, ...] = ()
    minor: tuple[bool, ...] = Field(default=(), description="The source says that the person is under 18.")
    description: tuple[str, ...] = Field(default=(), description="Scars, marks, tattoos, injuries, in words.")


class Organization(Entity):
    """A company, agency, gang or other body of people."""

    TYPE: ClassVar[EntityType] = EntityType.ORGANIZATION
    name: tuple[str, ...] = ()
    ori: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    identifier: tuple[Identifier, ...] = ()


class Phone(Entity):
    """A telephone number."""

    TYPE: ClassVar[EntityType] = EntityType.PHONE
    number: tuple[str, ...] = Field(default=(), description="E.164 when valid, with ;ext= if any; else as written.")
    valid: tuple[bool, ...] = Field(default=(), description="False: the number cannot exist, and never joins anything.")
    kind: tuple[str, ...] = Field(default=(), description="mobile, home, work … in the source's words.")


class Email(Entity):
    """An e-mail address."""

    TYPE: ClassVar[EntityType] = EntityType.EMAIL
    address: tuple[str, ...] = ()


class OnlineAccount(Entity):
    """An account at a named online service."""

    TYPE: ClassVar[EntityType] = EntityType.ONLINE_ACCOUNT
    service: tuple[str, ...] = ()
    handle: tuple[str, ...] = ()
    display_name: tuple[str, ...] = ()


class Ad(Entity):
    """One online advertisement."""

    TYPE: ClassVar[EntityType] = EntityType.AD
    url: tuple[str, ...] = ()
    ad_id: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    posted: tuple[PartialDate, ...] = ()
    text_hash: tuple[str, ...] = ()


class Website(Entity):
    """A web page or site that is not an ad."""

    TYPE: ClassVar[EntityType] = EntityType.WEBSITE
    url: tuple[str, ...] = ()


class Vehicle(Entity):
    """A motor vehicle, vessel or trailer."""

    TYPE: ClassVar[EntityType] = EntityType.VEHICLE
    vin: tuple[str, ...] = ()
    plate: tuple[str, ...] = ()
    plate_state: tuple[str, ...] = ()
    make: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    color: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    insurer: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()


class Location(Entity):
    """A place: an address, an intersection, a motel, a point on the map."""

    TYPE: ClassVar[EntityType] = EntityType.LOCATION
    name: tuple[str, ...] = ()
    full: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    postal_code: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    geo: tuple[GeoPoint, ...] = ()
    kind: tuple[str, ...] = Field(default=(), description="residence, motel, business … in the source's words.")


class FinancialAccount(Entity):
    """A bank account, card, payment handle or wallet."""

    TYPE: ClassVar[EntityType] = EntityType.FINANCIAL_ACCOUNT
    kind: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    handle: tuple[str, ...] = ()
    number: tuple[str, ...] = ()


class Device(Entity):
    """A telephone set, computer or other device."""

    TYPE: ClassVar[EntityType] = EntityType.DEVICE
    kind: tuple[str, ...] = ()
    make: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()


class Document(Entity):
    """A file or paper, by its hash; never its bytes."""

    TYPE: ClassVar[EntityType] = EntityType.DOCUMENT
    sha256: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    media_type: tuple[str, ...] = ()
    size: tuple[int, ...] = Field(default=(), description="Bytes.")


class Item(Entity):
    """A thing: weapon, drug, other property."""

    TYPE: ClassVar[EntityType] = EntityType.ITEM
    kind: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    make: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    quantity: tuple[str, ...] = ()
    value: tuple[Money, ...] = ()


class Event(Entity):
    """What all events share."""

    number: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    start: tuple[PartialDate, ...] = ()
    end: tuple[PartialDate, ...] = ()
    status: tuple[str, ...] = ()
    offense: tuple[str, ...] = Field(default=(), description="What for, in the source's words or codes.")
    description: tuple[str, ...] = ()


class Incident(Event):
    """Something that happened: a crime, a crash, a call for service."""

    TYPE: ClassVar[EntityType] = EntityType.INCIDENT


class Case(Event):
    """An agency's or court's file on one or more incidents."""

    TYPE: ClassVar[EntityType] = EntityType.CASE
    assigned: tuple[str, ...] = Field(default=(), description="RMS user ids of the officers whose case it is.")


class Arrest(Event):
    """An arrest, booking or warrant; `kind` says which."""

    TYPE: ClassVar[EntityType] = EntityType.ARREST


class Offense(Event):
    """An offense or charge."""

    TYPE: ClassVar[EntityType] = EntityType.OFFENSE
    code: tuple[str, ...] = ()
    statute: tuple[str, ...] = ()
    degree: tuple[str, ...] = ()


class Citation(Event):
    """A ticket or summons."""

    TYPE: ClassVar[EntityType] = EntityType.CITATION


class Note(Entity):
    """A text that somebody wrote: a narrative, a remark."""

    TYPE: ClassVar[EntityType] = EntityType.NOTE
    text: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    written: tuple[PartialDate, ...] = ()
    amount: tuple[Money, ...] = Field(default=(), description="Sums of money read out of the text.")


ENTITIES: dict[EntityType, type[Entity]] = {
    model.TYPE: model
    for model in (
        Person, Organization, Phone, Email, OnlineAccount, Ad, Website, Vehicle, Location, FinancialAccount,
        Device, Document, Item, Incident, Case, Arrest, Offense, Citation, Note,
    )
}  # fmt: skip


@cache
def properties(entity_type: EntityType) -> dict[str, Any]:
    """Name every property of a type with the Python type of one of its values."""
    fields = ENTITIES[entity_type].model_fields
    return {name: get_args(field.annotation)[0] for name, field in fields.items()}
