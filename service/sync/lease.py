"""One process at a time runs a source: a lease with a fencing token that every batch's transaction checks.

A process that was stopped and wakes after its lease was taken finds another token in the row and may not commit, so
the order of wake-ups cannot double a record. A holder known to be dead on this machine is replaced at once; one
that cannot be asked (another machine) is waited for until its lease expires.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import OperationalError

from schemas.records import Retry
from service.sync.tables import lease

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

LEASE_MS = 60_000
"""How long a lease holds without renewal; every batch renews it."""
LOCK_WAIT_MS = 5_000
"""How long to wait for whoever is writing under the lease: long enough for one batch, or for a process to die."""


_LOCK_NOT_AVAILABLE = "55P03"
_BOUNDS = text(
    "SELECT set_config('idle_in_transaction_session_timeout', :idle, true), set_config('lock_timeout', :lock, true)"
)


class LeaseLost(Exception):
    """Another process runs this source now; what this one has in hand must not be written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write for one source, as of one token."""

    source: int
    holder: str
    token: int


def process_name() -> str:
    """This process, so that another on the same machine can tell whether it lives: host:pid:start."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    """When a process started, in clock ticks since boot (Linux); empty where that cannot be known."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def is_dead(holder: str) -> bool:
    """True only when the holder was a process of this machine that is surely gone."""
    host, _, rest = holder.partition(":")
    pid, _, started = rest.partition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return bool(started) and _started(int(pid)) != started


def acquire(connection: Connection, source: int, holder: str, now: int, dead: Callable[[str], bool] = is_dead) -> Lease:
    """Take the lease of a source inside a write transaction; raises Retry while another process holds it."""
    row = _locked(connection, source)
    if row is None:
        connection.execute(insert(lease).values(source=source, holder=holder, token=1, expires=now + LEASE_MS))
        return Lease(source, holder, 1)
    if row.holder and row.holder != holder and row.expires > now and not dead(row.holder):
        message = f"another process syncs this source now ({row.holder.partition(':')[0]}); try again when it is done"
        raise Retry(message, after=(row.expires - now) / 1000)
    token = row.token + 1
    values = {"holder": holder, "token": token, "expires": now + LEASE_MS}
    connection.execute(update(lease).where(lease.c.source == source).values(**values))
    return Lease(source, holder, token)


def _locked(connection: Connection, source: int) -> Row[Any] | None:
    """The lease's row, locked; raises Retry where another has it locked for too long.

    Whoever is writing under the lease at this moment has it so: it is alive, dying, or stopped in mid-transaction.
    """
    _bound(connection, lock_timeout=LOCK_WAIT_MS)
    try:
        return connection.execute(select(lease).where(lease.c.source == source).with_for_update()).one_or_none()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        message = "another process writes for this source at this moment; try again when it is done"
        raise Retry(message, after=LEASE_MS / 1000) from error


def _bound(connection: Connection, *, lock_timeout: int = 0) -> None:
    """On PostgreSQL: end this transaction when we stand still in it for as long as a lease lasts.

    A process that was stopped in mid-transaction would else keep its locks, and everybody waiting, until it wakes.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_BOUNDS, {"idle": str(LEASE_MS), "lock": str(lock_timeout)})


def renew(connection: Connection, held: Lease, now: int) -> None:
    """Check the token and prolong the lease, in the transaction that writes under it; raises LeaseLost."""
    _bound(connection)
    mine = (lease.c.source == held.source) & (lease.c.token == held.token) & (lease.c.holder == held.holder)
    result = connection.execute(update(lease).where(mine).values(expires=now + LEASE_MS))
    if result.rowcount != 1:
        message = "another process took over this source; nothing of this batch was written"
        raise LeaseLost(message)


def release(connection: Connection, held: Lease) -> None:
    """Give the lease back; one that was lost stays with its new holder."""
    mine = (lease.c.source == held.source) & (lease.c.token == held.token) & (lease.c.holder == held.holder)
    connection.execute(update(lease).where(mine).values(holder="", expires=0))
