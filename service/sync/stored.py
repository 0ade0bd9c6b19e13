"""Stored records, read back to be mapped again: everything right of a record can be computed anew from its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import exists, select, update

from graph.tables import record, record_body, source
from service.sync.quarantine import RESOLVED
from service.sync.tables import quarantine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


NO_RECIPE = 0
"""The recipe of what no mapping made: a deletion that the source reported, a document that the connector ignored, a
key that a record has left. Recipes of mappings are numbered from 1."""


OUTLIVED_RECIPE = -1
"""The recipe of what stands under a key that its mapping no longer gives it, until it can be read: never current."""


class Stored(NamedTuple):
    """One current record with its body."""

    seq: int
    key: str
    hash: bytes
    locator: str
    unit: str | None
    body: bytes


_COLUMNS = (record.c.seq, record.c.key, record.c.hash, record.c.locator, record.c.unit, record_body.c.body)


def stale_records(connection: Connection, source_no: int, recipe: int, after: int, limit: int) -> list[Stored]:
    """Records of a source that another recipe made something of, in order of `seq` from `after` on.

    Those that this recipe cannot read wait in quarantine, and are not tried again with every run.
    """
    tried = exists().where(
        quarantine.c.source == record.c.source,
        quarantine.c.hash == record.c.hash,
        quarantine.c.locator == record.c.locator,
        quarantine.c.recipe == recipe,
        quarantine.c.state != RESOLVED,
    )
    other = record.c.recipe.not_in((recipe, NO_RECIPE))
    # Whether there is any is answered by an index alone, and almost always it is: none.
    if not after and not connection.execute(select(exists().where(record.c.source == source_no, other))).scalar():
        return []
    query = (
        select(*_COLUMNS)
        .join(record_body, record_body.c.record == record.c.seq)
        # `+ 0` leaves that index aside: it would be sorted anew for every batch; the rows are in this order already.
        .where(record.c.source + 0 == source_no, other, ~tried)
        .where(record.c.seq > after)
        .order_by(record.c.seq)
        .limit(limit)
    )
    return [Stored(*row) for row in connection.execute(query)]


def forget_order(connection: Connection, numbers: Sequence[int]) -> None:
    """Let any version take the place of these records, and any mapping read them again."""
    if numbers:
        these = update(record).where(record.c.seq.in_(numbers))
        connection.execute(these.values(modified=None, sequence=None, recipe=OUTLIVED_RECIPE))


def stored_record(connection: Connection, record_id: bytes) -> Stored | None:
    """The current version of one record, by its id (`Ids.record`)."""
    query = select(*_COLUMNS).join(record_body, record_body.c.record == record.c.seq)
    row = connection.execute(query.where(record.c.id == record_id)).one_or_none()
    return None if row is None else Stored(*row)


def body_of(connection: Connection, seq: int) -> bytes:
    """The body of a record's current version."""
    return bytes(connection.execute(select(record_body.c.body).where(record_body.c.record == seq)).scalar_one())


def source_names(connection: Connection) -> dict[int, str]:
    """Names of the sources by number."""
    return {row.no: row.name for row in connection.execute(select(source.c.no, source.c.name))}
