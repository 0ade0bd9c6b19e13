"""What could not be read is kept verbatim with its reason, until it can be read or a person dismisses it.

An entry stands for one body at one place: reading the same bad file again adds nothing. A later version of the same
record that lands closes the entry by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from graph.drafts import clean
from schemas.records import Problem
from service.sync.tables import quarantine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection, Row


OPEN, RESOLVED, DISMISSED = "open", "resolved", "dismissed"
RECORD, UNREAD, FILE, MOVING = "record", "unread", "file", "moving"
"""What an entry is: a record that its mapping cannot read; a part of a file that the connector cannot read, which
reading the file again may mend and no mapping; a whole file; a record on its way from one key to another."""
_CHUNK = 500
LONGEST = 600
"""Characters of a key, place or path that are kept here: a database's index takes no more than some thousand bytes."""


_NO_PROBLEM = Problem("")


class Held(NamedTuple):
    """One body that goes into quarantine."""

    hash: bytes
    locator: str
    body: bytes
    problem: Problem
    key: str | None = None
    unit: str | None = None
    kind: str = RECORD


class Waiting(NamedTuple):
    """An open entry of a record's key."""

    id: int
    key: str
    hash: bytes
    kind: str
    body: bytes


class Entry(NamedTuple):
    """One entry of the quarantine as agency IT sees it; the body is asked for apart."""

    id: int
    source: int
    kind: str
    key: str | None
    locator: str
    path: str
    reason: str
    hint: str
    state: str


class Group(NamedTuple):
    """All open entries of a source that share a reason and a path: one line with one thing to do."""

    source: int
    reason: str
    path: str
    hint: str
    waiting: int
    """How many."""
    first: int


def hold(
    connection: Connection,
    source: int,
    held: Sequence[Held],
    recipe: int,
    now: int,
    stands: Collection[str] = (),
) -> int:
    """Put bodies into quarantine and say how many wait there.

    What was dismissed stays so; what was resolved is opened again, unless its key `stands`: the version that settled
    it is still sent too.
    """
    waiting = 0
    for item in held:
        place = short(item.locator)
        same = (quarantine.c.source == source) & (quarantine.c.hash == item.hash) & (quarantine.c.locator == place)
        known = connection.execute(select(quarantine).where(same)).first()
        if known is not None and known.state == RESOLVED and item.key in stands:
            continue
        state = DISMISSED if known is not None and known.state == DISMISSED and item.kind != MOVING else OPEN
        waiting += state == OPEN
        said: dict[str, object] = {
            "path": short(item.problem.path),
            "reason": short(item.problem.reason),
            "hint": short(item.problem.hint),
            "recipe": recipe,
            "kind": item.kind,
            "key": None if item.key is None else short(item.key),
            "state": state,
        }
        if known is None:
            unit = None if item.unit is None else clean(item.unit)
            values = {"source": source, "hash": item.hash, "locator": place, "unit": unit, "body": item.body}
            connection.execute(insert(quarantine).values(created=now, **values, **said))
        elif any(getattr(known, name) != value for name, value in said.items()):
            connection.execute(update(quarantine).where(quarantine.c.id == known.id).values(**said))
    return waiting


def short(text: str) -> str:
    """A text as it can be kept and indexed: cut, and without what no database column holds."""
    return clean(text[:LONGEST])


def of_keys(connection: Connection, source: int, keys: Iterable[str]) -> list[Waiting]:
    """The open entries of these records."""
    q = quarantine.c
    wanted = [short(key) for key in keys]
    found: list[Waiting] = []
    for start in range(0, len(wanted), _CHUNK):
        mine = (q.source == source) & (q.state == OPEN) & q.key.in_(wanted[start : start + _CHUNK])
        rows = connection.execute(select(q.id, q.key, q.hash, q.kind, q.body).where(mine))
        found += [Waiting(*row) for row in rows]
    return found


def resolve_units(connection: Connection, source: int, names: Sequence[str]) -> None:
    """Close the open entries of whole files that have now been read to their end."""
    for start in range(0, len(names), _CHUNK):
        mine = (quarantine.c.source == source) & (quarantine.c.state == OPEN) & (quarantine.c.kind == FILE)
        these = quarantine.c.unit.in_([clean(name) for name in names[start : start + _CHUNK]])
        connection.execute(update(quarantine).where(mine, these).values(state=RESOLVED))


def has_open(connection: Connection, source: int) -> bool:
    """True when anything of this source waits, so that a clean source pays for no closing."""
    mine = (quarantine.c.source == source) & (quarantine.c.state == OPEN)
    return connection.execute(select(quarantine.c.id).where(mine).limit(1)).first() is not None


def groups(connection: Connection, state: str = OPEN) -> list[Group]:
    """What waits, grouped by source, reason and path, the largest first."""
    q = quarantine.c
    query = (
        select(q.source, q.reason, q.path, func.min(q.hint), func.count(), func.min(q.id))
        .where(q.state == state)
        .group_by(q.source, q.reason, q.path)
        .order_by(func.count().desc(), q.source, q.reason, q.path)
    )
    return [Group(*row) for row in connection.execute(query)]


def entries(
    connection: Connection, state: str | None = OPEN, source: int | None = None, ids: Sequence[int] | None = None
) -> list[Entry]:
    """Entries in the order they came; all of a source, of some ids, or of a state."""
    q = quarantine.c
    query = select(q.id, q.source, q.kind, q.key, q.locator, q.path, q.reason, q.hint, q.state).order_by(q.id)
    if state is not None:
        query = query.where(q.state == state)
    if source is not None:
        query = query.where(q.source == source)
    if ids is not None:
        query = query.where(q.id.in_(ids))
    return [Entry(*row) for row in connection.execute(query)]


def untried(connection: Connection, source: int, recipe: int) -> list[int]:
    """Open records that were last tried under another recipe: a mended mapping may read them now."""
    q = quarantine.c
    mine = (q.source == source) & (q.state == OPEN) & q.kind.in_((RECORD, MOVING)) & (q.recipe != recipe)
    return [int(row.id) for row in connection.execute(select(q.id).where(mine).order_by(q.id))]


def body(connection: Connection, number: int) -> Row[bytes, bytes, str, str | None] | None:
    """Body, hash, locator and unit of one entry."""
    q = quarantine.c
    return connection.execute(select(q.body, q.hash, q.locator, q.unit).where(q.id == number)).one_or_none()


def to_try(connection: Connection, ids: Sequence[int]) -> dict[int, Held]:
    """Those of these entries that wait and that a mapping may read, in the order in which they came."""
    q = quarantine.c
    query = select(q.id, q.hash, q.locator, q.body, q.key, q.unit, q.kind).order_by(q.id)
    mine = q.id.in_(ids) & (q.state == OPEN) & q.kind.in_((RECORD, MOVING))
    return {
        row.id: Held(row.hash, row.locator, row.body, _NO_PROBLEM, row.key, row.unit, row.kind)
        for row in connection.execute(query.where(mine))
    }


def close(connection: Connection, ids: Sequence[int]) -> None:
    """Resolve entries; those of records that only moved leave no trace."""
    mine = quarantine.c.id.in_(ids)
    connection.execute(delete(quarantine).where(mine, quarantine.c.kind == MOVING))
    connection.execute(update(quarantine).where(mine, quarantine.c.state == OPEN).values(state=RESOLVED))


def set_state(connection: Connection, ids: Sequence[int], state: str) -> int:
    """Dismiss or resolve entries and say how many there were."""
    return connection.execute(update(quarantine).where(quarantine.c.id.in_(ids)).values(state=state)).rowcount


def open_count(connection: Connection, source: int) -> int:
    """How many entries of a source wait."""
    mine = (quarantine.c.source == source) & (quarantine.c.state == OPEN)
    return connection.execute(select(func.count()).select_from(quarantine).where(mine)).scalar_one()
