"""A small world to land records in: fictional agencies, people and phones, and a store that takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from graph.codes import State
from graph.export.jsonl import export_jsonl
from graph.land import Landing, Written, current_by_key, land
from graph.publish import Published, publish
from graph.read import Graph
from graph.register import recipe_number, source_number
from graph.store import Store
from schemas.access import Principal
from schemas.ids import Ids, content_hash
from schemas.mapped import MappedLink, MappedMention, MappedRecord

IDS = Ids(b"a secret of a fictional place")
NORTH, SOUTH = "MI0000001", "MI0000002"
AGENCIES = {"north": NORTH, "south": SOUTH}
ADMINISTRATOR = Principal.administrator()
TABLES = (
    "record", "record_body", "record_history", "mention", "link", "node", "change", "dirty", "search",
)  # fmt: skip


def values(*items: Any, where: str = "/x") -> list[tuple[Any, ...]]:
    """Values as a mapping makes them."""
    return [(item, None, where, "") for item in items]


def person(local: str, full: str, basis: str | None = None, **more: Any) -> MappedMention:
    given, _, surname = full.partition(" ")
    name = {"full": full, "given": given, "surname": surname}
    properties = {"name": values(name), **{key: values(item) for key, item in more.items()}}
    return MappedMention(local, "Person", basis, properties)


def phone(number: str, local: str | None = None) -> MappedMention:
    return MappedMention(local or f"Phone:{number}", "Phone", number, {"number": values(number)})


def incident(number: str, agency: str = NORTH, **more: Any) -> MappedMention:
    properties = {"number": values(number), **{key: values(item) for key, item in more.items()}}
    return MappedMention("Incident", "Incident", f"{agency}|Incident|{number}", properties)


def place(full: str) -> MappedMention:
    return MappedMention(f"Location:{full}", "Location", None, {"full": values(full)})


def note(text: str) -> MappedMention:
    return MappedMention("Note", "Note", None, {"text": values(text)})


def involved(source: int, target: int, role: str = "suspect", **more: Any) -> MappedLink:
    return MappedLink("INVOLVED_IN", source, target, role, **more)


def uses(source: int, target: int, where: str = "/phone") -> MappedLink:
    return MappedLink("USES", source, target, where=where)


def mapped(*mentions: MappedMention, links: tuple[MappedLink, ...] = (), owner: str | None = None) -> MappedRecord:
    return MappedRecord(list(mentions), list(links), [], owner=owner)


@dataclass
class World:
    """A store, and the shortest way to put records into it."""

    store: Store
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def landing(
        self, key: str, said: MappedRecord | None, *, body: bytes | None = None, state: int = State.CURRENT, **more: Any
    ) -> Landing:
        """A landing whose bytes are what the record says, unless they are given."""
        data = repr((said, state)).encode() if body is None else body
        digest = content_hash(data)
        return Landing(key, state, data, digest, digest, f"file.csv:{key}", mapped=said, **more)

    def land(self, source: str, *landings: Landing, recipe: bytes = b"r1") -> Written:
        """Land a batch in one transaction, each landing replacing what has its key."""
        with self.store.write() as tx:
            number = source_number(tx.connection, source, AGENCIES[source])
            made = recipe_number(tx.connection, recipe)
            known = current_by_key(tx.connection, IDS, source, [item.key for item in landings])
            batch = [item._replace(current=known.get(item.key), recipe=made) for item in landings]
            return land(tx, IDS, number, source, AGENCIES[source], batch)

    def put(self, source: str, key: str, said: MappedRecord, **more: Any) -> Written:
        """Land one record and publish."""
        written = self.land(source, self.landing(key, said, **more))
        self.publish()
        return written

    def delete(self, source: str, key: str) -> Written:
        written = self.land(source, self.landing(key, None, state=State.DELETED, body=b"gone"))
        self.publish()
        return written

    def publish(self, limit: int = 2_000) -> Published:
        return publish(self.store, limit)

    def graph(self, principal: Principal = ADMINISTRATOR) -> Graph:
        return Graph(self.store, principal)

    def export(self, principal: Principal = ADMINISTRATOR) -> bytes:
        chunks: list[bytes] = []
        export_jsonl(self.graph(principal), chunks.append)
        return b"".join(chunks)

    def query(self, statement: str, **parameters: Any) -> list[Any]:
        with self.store.read() as tx:
            return list(tx.connection.execute(sa.text(statement), parameters))

    def count(self, table: str) -> int:
        return int(self.query(f"SELECT count(*) FROM {table}")[0][0])

    def clear(self) -> None:
        """Take every row out, as if the store had just been made."""
        with self.store.write() as tx:
            tx.connection.execute(sa.text("DELETE FROM installation WHERE key = 'tally'"))
            for table in (*TABLES, "source", "recipe"):
                if table == "search" and self.store.dialect == "sqlite":
                    tx.connection.execute(sa.text("INSERT INTO search (search) VALUES ('delete-all')"))
                else:
                    tx.connection.execute(sa.text(f"DELETE FROM {table}"))


def officer(agency: str = NORTH) -> Principal:
    """Somebody who sees the records of one agency."""
    return Principal(user="officer", agency=agency)
