"""The mapping language as frozen models: what may stand in a mapping's YAML, and nothing else.

docs/mapping.md is the grammar in words; these models are the grammar in code, and their JSON Schema serves editors.
Short forms (a bare path, one thing instead of a list) are opened up here, so that the compiler sees one form only.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.joins import Join
from schemas.vocabulary import EntityType, LinkType, Protection

GRAMMAR = "mapping/1"
Scalar = str | int | float | bool


class Block(BaseModel):
    """Base of every part of a mapping: immutable, and a key that is not in the grammar is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _listed(value: object) -> object:
    """Open the short form: one thing for a list of one."""
    return value if isinstance(value, list) else [value]


def _fields(value: object) -> object:
    """Open the short forms of a field: a bare path, or one field for a list of one."""
    opened = value if isinstance(value, list) else [value]
    return [{"path": item} if isinstance(item, str) else item for item in opened]


def _end(value: object) -> object:
    """Open the short form of a link's end: the name of an entity block."""
    return {"entity": value} if isinstance(value, str | list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Texts = Annotated[tuple[Scalar, ...], BeforeValidator(_listed, json_schema_input_type=Scalar | list[Scalar])]


class Condition(Block):
    """A test on one path; letter case and surrounding blanks do not matter."""

    path: str
    equals: Scalar | None = None
    among: tuple[Scalar, ...] | None = Field(default=None, alias="in")
    unless: Texts | None = Field(default=None, alias="not")
    empty: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        given = [test for test in (self.equals, self.among, self.unless, self.empty) if test is not None]
        if len(given) != 1:
            message = "a condition has a path and exactly one of: equals, in, not, empty"
            raise ValueError(message)
        return self


Conditions = Annotated[
    tuple[Condition, ...], BeforeValidator(_listed, json_schema_input_type=Condition | list[Condition])
]
Normalize = str | dict[str, dict[str, Any] | None] | list[str | dict[str, dict[str, Any] | None]]


class FieldRule(Block):
    """Where a value is read and what is done to it."""

    path: str | None = None
    first: tuple[str, ...] | None = None
    parts: dict[str, str] | None = None
    each: str | None = None
    set: Scalar | None = None
    lookup: str | dict[str, Scalar] | None = None
    otherwise: Scalar | None = None
    normalize: Normalize | None = None
    split: str | None = None
    when: Conditions = ()
    required: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [origin for origin in (self.path, self.first, self.parts, self.set) if origin is not None]
        if len(given) != 1:
            message = "a field has exactly one of: path, first, parts, set"
            raise ValueError(message)
        if self.otherwise is not None and self.lookup is None:
            message = "otherwise goes with lookup"
            raise ValueError(message)
        if self.parts is not None and (self.lookup is not None or self.split is not None):
            message = "lookup and split read one text, not parts"
            raise ValueError(message)
        if self.set is not None and any((self.lookup, self.normalize, self.split, self.each, self.required)):
            message = "set is a constant: only when goes with it"
            raise ValueError(message)
        return self

    def is_path(self) -> bool:
        """Whether this is a path with look-up and normalizers, and nothing more."""
        return self.path is not None and not (self.each or self.split or self.when or self.required)

    def said(self) -> str:
        """Where this field reads, in a few words for a person."""
        return self.path or " or ".join(self.first or ()) or "+".join((self.parts or {}).values()) or "(set)"


Fields = Annotated[
    tuple[FieldRule, ...],
    BeforeValidator(_fields, json_schema_input_type=str | FieldRule | list[str | FieldRule]),
]


class LinkEnd(Block):
    """One end of a link: an entity block by name, or what a path leads to."""

    entity: Names | None = None
    at: str | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.entity is None and self.at is None:
            message = "an end names an entity block, or a path with `at`"
            raise ValueError(message)
        return self


End = Annotated[LinkEnd, BeforeValidator(_end, json_schema_input_type=str | LinkEnd)]


class LinkBlock(Block):
    """One kind of link that a record asserts."""

    type: LinkType
    source: End = Field(alias="from")
    target: End = Field(alias="to")
    each: str | None = None
    when: Conditions = ()
    role: Fields | None = None
    words: Fields | None = None
    start: Fields | None = None
    end: Fields | None = None


class EntityBlock(Block):
    """One kind of entity that a record asserts, once or at each of some items."""

    type: EntityType
    each: str | None = None
    when: Conditions = ()
    key: Fields | None = None
    master: Fields | None = None
    meet: bool = True
    always: bool = False
    protect: dict[Protection, Conditions] = {}
    properties: dict[str, Fields] = {}
    entities: dict[str, EntityBlock] = {}
    links: tuple[LinkBlock, ...] = ()


class Ignore(Block):
    """Documents that are no case record, and why."""

    when: Conditions
    reason: str


class Match(Block):
    """Which records a mapping reads."""

    root: Names = ()
    when: Conditions = ()


class MappingTest(Block):
    """A mapping's own test: one record, and what must and must not come of it."""

    name: str
    record: dict[str, Any] | None = None
    body: str | None = None
    expect: Expectation


class Expectation(Block):
    """What a test expects: each entry must be met by some entity or link; none of `absent` may be there."""

    entities: tuple[dict[str, Any], ...] = ()
    links: tuple[dict[str, Any], ...] = ()
    absent: tuple[dict[str, Any], ...] = ()
    key: str | None = None


class MappingSpec(Block):
    """A whole mapping."""

    casefold: Literal["mapping/1"]
    reader: Literal["table", "json", "niem"]
    inherit: str | None = None
    match: Match = Match()
    key: Fields
    owner: Fields | None = None
    modified: Fields | None = None
    sequence: Fields | None = None
    delete: Conditions = ()
    ignore: tuple[Ignore, ...] = ()
    volatile: tuple[str, ...] = ()
    protect: dict[Protection, Conditions] = {}
    join: dict[str, Join] = {}
    lookup: dict[str, dict[str, Scalar]] = {}
    entities: dict[str, EntityBlock] = {}
    links: tuple[LinkBlock, ...] = ()
    narrative: bool = True
    tests: tuple[MappingTest, ...] = ()


MappingTest.model_rebuild()


class Choice(Block):
    """A mapping that leaves each record to the first of several that fits it."""

    casefold: Literal["mapping/1"]
    choose: tuple[str, ...] = Field(min_length=1)
