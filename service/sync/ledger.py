"""What a source's runs remember: checkpoint, files read whole, and one audit row a run.

All of it is written in the transaction of the batch that it speaks of, so it is never ahead of the data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import insert, select, text, update

from service.sync.tables import checkpoint, run, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from schemas.records import JsonObject, UnitDone


@dataclass(slots=True)
class Counts:
    """What one run of one source did, in records."""

    pulled: int = 0
    unchanged: int = 0
    mapped: int = 0
    ignored: int = 0
    quarantined: int = 0
    deleted: int = 0
    mentions: int = 0
    links: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    """Why records were ignored, with counts."""

    def ignore(self, reason: str) -> None:
        """Count one ignored document."""
        self.ignored += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def copy(self) -> Counts:
        """The counts as they are now."""
        return replace(self, reasons=dict(self.reasons))

    def restore(self, before: Counts) -> None:
        """Forget what was counted since a copy was made."""
        for one in fields(self):
            setattr(self, one.name, getattr(before, one.name))


def load_checkpoint(connection: Connection, source: int, config: bytes) -> JsonObject | None:
    """The checkpoint that was made under these very settings; None: start anew."""
    row = connection.execute(select(checkpoint).where(checkpoint.c.source == source)).one_or_none()
    if row is None or row.config != config:
        return None
    data: JsonObject = orjson.loads(row.data)
    return data or None


def save_checkpoint(connection: Connection, source: int, config: bytes, data: JsonObject) -> None:
    """Keep a checkpoint; a row that would not change is not written."""
    packed = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    row = connection.execute(select(checkpoint).where(checkpoint.c.source == source)).one_or_none()
    if row is None:
        connection.execute(insert(checkpoint).values(source=source, config=config, data=packed))
    elif (row.config, row.data) != (config, packed):
        changed = update(checkpoint).where(checkpoint.c.source == source).values(config=config, data=packed)
        connection.execute(changed)


def fingerprint(config: bytes, content: bytes) -> bytes:
    """A file as these settings read it: with others it is another."""
    return blake2b(content, digest_size=16, key=config[:64]).digest()


def known_units(connection: Connection, source: int) -> dict[str, tuple[bytes, int]]:
    """Files read whole: fingerprint and number of records, by name.

    A changed mapping does not unmake them: their records are mapped again from the store, and those in quarantine
    are tried again from there, in the order in which they came.
    """
    query = select(unit.c.name, unit.c.fingerprint, unit.c.records).where(unit.c.source == source)
    return {row.name: (row.fingerprint, row.records) for row in connection.execute(query)}


_SAVE_UNIT = text(
    "INSERT INTO unit (source, name, fingerprint, records) VALUES (:source, :name, :fingerprint, :records) "
    "ON CONFLICT (source, name) DO UPDATE SET fingerprint = excluded.fingerprint, records = excluded.records "
    "WHERE unit.fingerprint <> excluded.fingerprint OR unit.records <> excluded.records"
)
"""One statement for all files of a batch: a folder of documents has a thousand of them."""


def save_units(connection: Connection, source: int, config: bytes, units: Sequence[UnitDone]) -> None:
    """Remember files that were read to their end under these settings."""
    rows = [
        {
            "source": source,
            "name": done.name,
            "fingerprint": fingerprint(config, done.fingerprint),
            "records": done.records,
        }
        for done in units
    ]
    if rows:
        connection.execute(_SAVE_UNIT, rows)


def begin_run(connection: Connection, source: int, now: int) -> int:
    """Open the run's audit row and give its number."""
    values = {"source": source, "started": now, "counts": b"{}"}
    number = connection.execute(insert(run).values(**values)).inserted_primary_key
    return int(number[0]) if number else 0


def update_run(connection: Connection, number: int, counts: Counts) -> None:
    """Bring the audit row up to what this batch adds."""
    connection.execute(update(run).where(run.c.id == number).values(counts=orjson.dumps(asdict(counts))))


def end_run(connection: Connection, number: int, now: int, counts: Counts, outcome: str, error: str | None) -> None:
    """Close the audit row with how the run ended."""
    values = {"finished": now, "counts": orjson.dumps(asdict(counts)), "outcome": outcome, "error": error}
    connection.execute(update(run).where(run.c.id == number).values(**values))
