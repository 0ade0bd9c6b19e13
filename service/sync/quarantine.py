"""What could not be read is kept verbatim with its reason, until it can be read or a person dismisses it.

An entry stands for one body at one place: reading the same bad file again adds nothing. A later version of the same
record that lands closes the entry by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, insert, select, update

from service.sync.tables import quarantine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    from schemas.records import Problem

OPEN, RESOLVED, DISMISSED = "open", "resolved", "dismissed"
_CHUNK = 500


class Held(NamedTuple):
    """One body that goes into quarantine."""

    hash: bytes
    locator: str
    body: bytes
    problem: Problem
    key: str | None = None
    unit: str | None = None
    kind: str = "record"


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


def hold(connection: Connection, source: int, held: Sequence[Held], recipe: int, now: int) -> int:
    """Put bodies into quarantine and say how many are new; one resolved before is opened again."""
    added = 0
    for item in held:
        same = (
            (quarantine.c.source == source) & (quarantine.c.hash == item.hash) & (quarantine.c.locator == item.locator)
        )
        known = connection.execute(select(quarantine).where(same)).first()
        said: dict[str, object] = {
            "path": item.problem.path,
            "reason": item.problem.reason,
            "hint": item.problem.hint,
            "recipe": recipe,
        }
        if known is None:
            values: dict[str, object] = {"hash": item.hash, "locator": item.locator, "key": item.key, "kind": item.kind}
            values |= {"state": OPEN, "unit": item.unit, "body": item.body, "created": now}
            connection.execute(insert(quarantine).values(source=source, **values, **said))
            added += 1
        elif known.state == RESOLVED or (known.reason, known.recipe) != (item.problem.reason, recipe):
            state = DISMISSED if known.state == DISMISSED else OPEN
            connection.execute(update(quarantine).where(quarantine.c.id == known.id).values(state=state, **said))
    return added


def resolve_keys(connection: Connection, source: int, keys: Sequence[str]) -> None:
    """Close the open entries of records that have landed."""
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        mine = (quarantine.c.source == source) & (quarantine.c.state == OPEN) & quarantine.c.key.in_(chunk)
        connection.execute(update(quarantine).where(mine).values(state=RESOLVED))


def resolve_units(connection: Connection, source: int, names: Iterable[str]) -> None:
    """Close the open entries of whole files that have now been read to their end."""
    for name in names:
        mine = (quarantine.c.source == source) & (quarantine.c.state == OPEN) & (quarantine.c.unit == name)
        connection.execute(update(quarantine).where(mine, quarantine.c.kind == "file").values(state=RESOLVED))


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
    mine = (q.source == source) & (q.state == OPEN) & (q.kind == "record") & (q.recipe != recipe)
    return [int(row.id) for row in connection.execute(select(q.id).where(mine).order_by(q.id))]


def body(connection: Connection, number: int) -> Row[bytes, bytes, str, str | None] | None:
    """Body, hash, locator and unit of one entry."""
    q = quarantine.c
    return connection.execute(select(q.body, q.hash, q.locator, q.unit).where(q.id == number)).one_or_none()


def set_state(connection: Connection, ids: Sequence[int], state: str) -> int:
    """Dismiss or resolve entries and say how many there were."""
    return connection.execute(update(quarantine).where(quarantine.c.id.in_(ids)).values(state=state)).rowcount


def open_count(connection: Connection, source: int) -> int:
    """How many entries of a source wait."""
    mine = (quarantine.c.source == source) & (quarantine.c.state == OPEN)
    return connection.execute(select(func.count()).select_from(quarantine).where(mine)).scalar_one()
