"""What a piece of work cost: CPU time of this process, and of a PostgreSQL server that worked for it; peak memory.

CPU time is user plus system time of all threads. Of a PostgreSQL server it is that of the postmaster, of every
process that it has, and of those that it had and has reaped, as Linux keeps count in /proc: whatever the server did
for a piece of work, in backends or in the background, is in the difference of two such sums.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 30.0
"""Seconds to wait until backends that said good-bye are gone."""


class Meter:
    """Adds up the CPU time between `start` and `stop`."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what is done in the block."""
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - began


class Server:
    """The CPU time of a PostgreSQL server, between `begin` and `end`."""

    def __init__(self, address: str) -> None:
        """Take a libpq address of a database that is not the one being measured."""
        self._address = address
        self._began = 0.0

    def begin(self) -> None:
        """Write what earlier work left in memory, and start counting."""
        self._began = self._settled()

    def end(self) -> float:
        """CPU seconds since `begin`, all that was written having reached the files."""
        return self._settled() - self._began

    def _settled(self) -> float:
        """The sum once everything is written and no client but this one is connected."""
        deadline = time.monotonic() + PATIENCE
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            backend = connection.info.backend_pid
            others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> %s"
            # The watcher of the benchmark itself (one connection that made the databases) stays.
            while _count(connection, others, backend) > 1 and time.monotonic() < deadline:
                time.sleep(0.02)
            return _family(_parent(backend))


def _count(connection: psycopg.Connection[tuple[object, ...]], query: str, backend: int) -> int:
    row = connection.execute(query.encode(), (backend,)).fetchone()
    return int(str(row[0])) if row else 0


def _fields(pid: int) -> list[str]:
    """What follows the program's name in /proc/PID/stat: its state, its parent, and so on."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _parent(pid: int) -> int:
    return int(_fields(pid)[1])


def _family(postmaster: int) -> float:
    """CPU seconds of the postmaster, of its living children, and of those that it has reaped."""
    own = _fields(postmaster)
    ticks = sum(map(int, own[11:15]))  # utime, stime, and both of reaped children
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = _fields(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def peak_memory() -> int:
    """The most bytes that this process has had in memory.

    Linux's VmHWM, because what getrusage says includes the process that started this one.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
