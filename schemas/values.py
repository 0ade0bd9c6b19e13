"""Values: what is known, in which raw words, where it was read, how it was made comparable, how sure that is."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from schemas.vocabulary import ValueStatus

PARTIAL_DATE = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$"
"""ISO 8601 with the precision that the source gave: 1995, 1995-05, 1995-05-14, 1995-05-14T09:00-04:00."""

PartialDate = Annotated[str, Field(pattern=PARTIAL_DATE)]


class Frozen(BaseModel):
    """Base of every model at a border: immutable, and a field that is not ours is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonName(Frozen):
    """A person's name in parts; `full` reads given, middle, surname, suffix."""

    full: str
    given: str | None = None
    middle: str | None = None
    surname: str | None = None
    suffix: str | None = None
    prefix: str | None = None


class Identifier(Frozen):
    """A number that somebody issued to a person: a driver licence, SSN, SID, FBI number or badge."""

    kind: str
    value: str
    issuer: str | None = None
    placeholder: bool | None = None
    """True for a number that stands for `none` (123456789): kept, never compared."""
    damaged: bool | None = None
    """True for a number that the source's software ruined (8.61673e+006): kept, never compared."""


class Length(Frozen):
    """A body height in centimetres."""

    cm: int


class Mass(Frozen):
    """A body weight in kilograms."""

    kg: int


class AgeRange(Frozen):
    """An age given as a range, in years, both ends included."""

    min: int
    max: int


class GeoPoint(Frozen):
    """A place on the earth as the source gave it; decimal degrees (WGS 84) when it could be read so."""

    lat: float | str
    lon: float | str


class Money(Frozen):
    """An amount with its ISO 4217 currency; the amount is a decimal string, never a float."""

    amount: str
    currency: str = "USD"


class Value(Frozen):
    """One value of one property of one mention, with its provenance."""

    value: Any
    """The normalized value, in the shape that the property's kind prescribes."""
    raw: str
    """The source's own words."""
    where: str
    """JSON Pointer or XPath, with `#start-end` behind it for a span of characters in that text."""
    chain: str = ""
    """Names of the transforms, in order, joined by `|`; empty when the raw text was taken as it was."""
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    status: ValueStatus = ValueStatus.ASSERTED
