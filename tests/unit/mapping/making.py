"""Mappings made from text, and what they make of a record in a form that a test can state."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import orjson

from mapping.apply import Mapper
from mapping.load import LoadedMapping, _validated
from mapping.narrative.port import Find, Kind
from mapping.readers.niem import NiemReader
from mapping.readers.plain import JsonReader, TableReader
from mapping.spec import MappingSpec
from mapping.yamlfile import parse_yaml

if TYPE_CHECKING:
    from mapping.readers.port import Reader
    from schemas.mapped import MappedRecord

AGENCY = "MI1234500"
READERS: dict[str, type[Any]] = {"table": TableReader, "json": JsonReader, "niem": NiemReader}


def loaded(text: str, name: str = "m.yaml") -> LoadedMapping:
    """A mapping from YAML text; raises BadConfiguration."""
    file = parse_yaml(textwrap.dedent(text), name)
    return LoadedMapping(name, file, _validated(MappingSpec, file), b"")


def compiled(text: str, extractor: Any = None, source: str = "src") -> Mapper:
    """A mapping from YAML text, compiled; raises BadConfiguration."""
    one = loaded(text)
    reader: Reader = READERS[one.spec.reader]()
    return Mapper(one, reader, source, extractor)


def table(body: str) -> str:
    """A mapping of rows with the key K: `body` is the rest of it."""
    return "casefold: mapping/1\nreader: table\nkey: K\n" + textwrap.dedent(body)


def json(body: str) -> str:
    """A mapping of JSON with the key k: `body` is the rest of it."""
    return "casefold: mapping/1\nreader: json\nkey: k\n" + textwrap.dedent(body)


def niem(body: str) -> str:
    """A mapping of NIEM with the key nc:ActivityIdentification: `body` is the rest of it."""
    head = "casefold: mapping/1\nreader: niem\nkey: //nc:ActivityIdentification/nc:IdentificationID\n"
    return head + textwrap.dedent(body)


def mapped(text: str, record: dict[str, Any] | bytes, extractor: Any = None) -> MappedRecord:
    """What a mapping makes of one record, read from its body as a remap would."""
    mapper = compiled(text, extractor)
    body = record if isinstance(record, bytes) else orjson.dumps(record)
    return mapper.map(mapper.reader.root(body, None), AGENCY)


def values(record: MappedRecord, entity_type: str, name: str) -> list[list[Any]]:
    """The values of one property of each entity of a type, in order."""
    found = [mention for mention in record.mentions if mention.type == entity_type]
    return [[value[0] for value in mention.properties.get(name, ())] for mention in found]


def where(record: MappedRecord, entity_type: str, name: str) -> list[str]:
    """Where the values of one property stood, over all entities of a type."""
    found = [mention for mention in record.mentions if mention.type == entity_type]
    return [value[2] for mention in found for value in mention.properties.get(name, ())]


def shown(record: MappedRecord) -> set[tuple[str, str, str, str | None]]:
    """Links as (type, local key of the one end, of the other, role)."""
    return {
        (link.type, record.mentions[link.source].local, record.mentions[link.target].local, link.role)
        for link in record.links
    }


class Finding:
    """An extractor that finds what a test tells it to."""

    version = 1

    def __init__(self, *finds: Find) -> None:
        self._finds = finds

    def find(self, text: str) -> list[Find]:
        """Those of the finds whose raw text stands there."""
        return [one for one in self._finds if text[one.start : one.end] == one.raw]


def found(text: str, raw: str, kind: Kind, value: dict[str, Any]) -> Find:
    """A find of `raw` where it first stands in `text`."""
    start = text.index(raw)
    return Find(start, start + len(raw), kind, raw, value, 0.9)
