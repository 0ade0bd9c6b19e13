"""A store, a clock that a test sets, and sources that yield what a test says: all that a run needs, nothing real."""

from __future__ import annotations

import asyncio
import textwrap
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

import orjson
import sqlalchemy as sa
from pydantic import BaseModel

import service.sync.migrations as sync_migrations
from connectors.port import Capabilities, CheckReport
from graph.export.jsonl import export_jsonl
from graph.read import Graph
from graph.store import Store
from mapping.apply import SourceMapping
from mapping.load import LoadedMapping, _validated
from mapping.narrative import RuleExtractor
from mapping.readers.niem import NiemReader
from mapping.readers.plain import JsonReader, TableReader
from mapping.spec import MappingSpec
from mapping.yamlfile import parse_yaml
from schemas.access import Principal
from schemas.ids import Ids, content_hash
from schemas.records import Batch, JsonObject, Known, Problem, Received
from service.sync import quarantine
from service.sync.runner import Runner, SourceResult
from service.sync.source import Source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from connectors.port import Connector
    from mapping.narrative.port import Extractor
    from mapping.readers.port import Reader
    from service.sync.quarantine import Entry

    Given = Batch | BaseException | Sequence[JsonObject | Received]

IDS = Ids(b"a secret of the tests, long enough")
AGENCY, OTHER_AGENCY = "MI1234500", "OH7654300"
READERS: dict[str, Callable[[], Reader]] = {"table": TableReader, "json": JsonReader, "niem": NiemReader}
DATA = ("record", "record_body", "record_history", "mention", "link", "node", "change")
"""The tables that a run without news leaves as they are."""

MAPPING = """
casefold: mapping/1
reader: json
key: id
modified: at
delete: {path: gone, equals: true}
ignore: [{when: {path: kind, equals: test}, reason: a test record}]
volatile: [sent]
entities:
  incident:
    type: Incident
    properties:
      number: id
      status: {path: status, required: true, when: {path: status, not: skip}}
  note: {type: Note, properties: {text: text}}
  person:
    each: people
    type: Person
    key: pid
    master: pid
    properties: {name: name}
    entities: {phone: {each: phones, type: Phone, properties: {number: "@"}}}
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: role}
      - {type: USES, from: person, to: phone}
links: [{type: ABOUT, from: note, to: incident}]
"""


@cache
def mapping_of(text: str = MAPPING, source: str = "rms", extractor: Extractor | None = None) -> SourceMapping:
    """A mapping from YAML, compiled; its hash is that of what it says."""
    file = parse_yaml(textwrap.dedent(text), "mapping.yaml")
    digest = content_hash(orjson.dumps(file.data, option=orjson.OPT_SORT_KEYS))
    loaded = LoadedMapping("mapping", file, _validated(MappingSpec, file), digest)
    return SourceMapping([loaded], READERS, source, extractor or RuleExtractor())


def case(number: object, **more: Any) -> JsonObject:
    """A record of the mapping above."""
    return {"id": number, "status": "open", **more}


def received(record: JsonObject | bytes, locator: str | None = None, **more: Any) -> Received:
    """A record on its way in."""
    body = record if isinstance(record, bytes) else orjson.dumps(record)
    return Received(body, content_hash(body), locator or f"feed:{content_hash(body).hex()[:8]}", **more)


def deletion(key: str) -> Received:
    """What a deletion feed says: this key is gone."""
    return received(orjson.dumps({"deleted": key}), deleted=True, key=key)


def unreadable(body: bytes, reason: str = "row has 7 cells, header has 9") -> Received:
    """What a connector itself could not read."""
    return received(body, problem=Problem(reason, "", "mend the file"))


def _batch(given: Given) -> Batch | BaseException:
    if isinstance(given, BaseException | Batch):
        return given
    records = cast("Sequence[JsonObject | Received]", given)
    return Batch([one if isinstance(one, Received) else received(one) for one in records])


class Feed:
    """A connector that yields what it was given; an exception among the batches is raised in its place."""

    Config: ClassVar[type[BaseModel]] = BaseModel

    def __init__(self, *batches: Given) -> None:
        self.batches = [_batch(given) for given in batches]
        self.asked: list[JsonObject | None] = []

    def capabilities(self) -> Capabilities:
        return Capabilities()

    async def check(self) -> CheckReport:
        return CheckReport(steps=())

    async def read(self, since: JsonObject | None, known: Known) -> AsyncIterator[Batch]:
        self.asked.append(since)
        for batch in self.batches:
            if isinstance(batch, BaseException):
                raise batch
            yield batch


class Knowing(Feed):
    """A feed that leaves out what is known, as connectors do, `ahead` batches before it yields them."""

    def __init__(self, *batches: Given, ahead: int = 0) -> None:
        super().__init__(*batches)
        self.ahead = ahead
        self.left_out = 0

    async def read(self, since: JsonObject | None, known: Known) -> AsyncIterator[Batch]:
        self.asked.append(since)
        waiting: list[Batch] = []
        for batch in self.batches:
            assert isinstance(batch, Batch)
            same = known.hashes([one.hash for one in batch.records])
            fresh = [one for one in batch.records if one.hash not in same]
            self.left_out += len(batch.records) - len(fresh)
            waiting.append(batch._replace(records=fresh, unchanged=len(batch.records) - len(fresh)))
            if len(waiting) > self.ahead:
                yield waiting.pop(0)
        for batch in waiting:
            yield batch


@dataclass
class Clock:
    """Unix time in seconds, as a test sets it."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Stage:
    """One store, and everything that a test does with it."""

    store: Store
    clock: Clock = field(default_factory=Clock)

    def source(
        self,
        connector: Connector,
        mapping: str | SourceMapping = MAPPING,
        name: str = "rms",
        agency: str = AGENCY,
        config: bytes = b"settings",
    ) -> Source:
        """A source, wired."""
        made = mapping if isinstance(mapping, SourceMapping) else mapping_of(mapping, name)
        return Source(name, agency, "default", connector, made, config)

    def runner(self, **more: Any) -> Runner:
        return Runner(self.store, clock=self.clock, **more)

    def sync(self, source: Source, *, full: bool = False, **more: Any) -> SourceResult:
        """Run a source once; a test that expects an error reads it from the result."""
        return asyncio.run(self.runner(**more).sync(source, full=full))

    def feed(self, *records: JsonObject | Received, mapping: str | SourceMapping = MAPPING) -> SourceResult:
        """Sync one batch of the source `rms`."""
        result = self.sync(self.source(Feed(records), mapping))
        assert result.error is None, result.error
        return result

    def retry(self, source: Source, *ids: int) -> SourceResult:
        return asyncio.run(self.runner().retry(source, ids))

    def export(self) -> bytes:
        """The graph, as `casefold export --format jsonl` gives it."""
        lines: list[bytes] = []
        export_jsonl(Graph(self.store, Principal.administrator()), lines.append)
        return b"".join(lines)

    def statuses(self) -> dict[str, str | None]:
        """The status of every incident in the graph, by number."""
        lines = [orjson.loads(line) for line in self.export().splitlines()]
        found = [line["properties"] for line in lines if line["kind"] == "node" and line["type"] == "Incident"]
        return {one["number"][0]: one.get("status", [None])[0] for one in found}

    def rows(self, table: str, where: str = "true") -> list[dict[str, Any]]:
        """Rows of a table as they are."""
        with self.store.read() as reading:
            query = sa.text(f"SELECT * FROM {table} WHERE {where}")
            return [dict(row._mapping) for row in reading.connection.execute(query)]

    def dump(self, *tables: str) -> dict[str, list[str]]:
        """Whole tables, to compare."""
        return {table: sorted(map(repr, self.rows(table))) for table in tables or DATA}

    def versions(self, key: str) -> int:
        """How many versions of a record there were."""
        (row,) = self.rows("record", f"key = '{key}'")
        return int(row["version"])

    def waiting(self, state: str | None = quarantine.OPEN) -> list[Entry]:
        """The entries of the quarantine."""
        with self.store.read() as reading:
            return quarantine.entries(reading.connection, state=state)

    def set_state(self, entry: int, state: str) -> None:
        with self.store.write() as tx:
            quarantine.set_state(tx.connection, [entry], state)


def open_store(url: str) -> Store:
    return Store.open(url, IDS)


def migrate(url: str) -> None:
    """Make the tables in an empty database."""
    store = open_store(url)
    store.migrate(sync_migrations.VERSIONS)
    store.close()


def staged(url: str) -> Iterator[Stage]:
    """A stage on a database that has its tables."""
    store = open_store(url)
    yield Stage(store)
    store.close()
