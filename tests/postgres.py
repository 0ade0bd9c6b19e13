"""A real PostgreSQL of the test's own: installed binaries, a scratch folder, a unix socket, nothing to set up.

The server ends with the process that asked for it, whatever ends that process: it is held by a pipe, and when the
pipe closes the server stops and its folder goes. Nothing here knows pytest, so benchmarks use it too.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where Debian, Fedora, Homebrew and source builds put the server's programs, which are seldom on PATH.
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/bin")

# Holds the server until its stdin closes; then stops it at once and takes the folder away.
KEEPER = """
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
  -c synchronous_commit=off -c max_connections=50 -c shared_buffers=64MB >"$2/log" 2>&1 </dev/null &
server=$!
read -r _
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$2"
"""


class NoServer(Exception):
    """This machine has no PostgreSQL server programs, or they would not start."""


def server_programs() -> Path:
    """The newest folder that holds `initdb` and `postgres`; raises NoServer, with the way to mend it."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for place in PLACES:
        folders += sorted(Path("/").glob(place.lstrip("/")), key=_version, reverse=True)
    for folder in folders:
        program = shutil.which("postgres", path=folder)
        if program and shutil.which("initdb", path=Path(program).resolve().parent):
            return Path(program).resolve().parent
    raise NoServer("no PostgreSQL server programs found; on Debian and Ubuntu: apt-get install postgresql")


def _version(folder: Path) -> int:
    """The major version in a path such as /usr/lib/postgresql/15/bin, else 0."""
    digits = "".join(character for character in str(folder) if character.isdigit())
    return int(digits or 0)


def _unprivileged_user() -> str | None:
    """Whom the server runs as: `initdb` and `postgres` refuse root. None: whoever runs this."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass
class PostgresServer:
    """One running server. It is reached by its unix socket only."""

    folder: Path
    admin: psycopg.Connection[tuple[object, ...]]
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://casefold@/{database}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """A new database's name; the database is empty, or a copy of the template, which nobody may be using."""
        name = f"test_{next(self._numbers)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.admin.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, database: str) -> None:
        """Drop it, and whoever is still connected."""
        self.admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    @contextlib.contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a new database that is gone afterwards."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)


@contextlib.contextmanager
def running_server(*, collation: str = "en-US") -> Iterator[PostgresServer]:
    """A server for the length of the block; raises NoServer.

    It sorts as people in the United States do, so that code which leans on byte order is found out; `collation="C"`
    gives byte order, which is faster.
    """
    programs = server_programs()
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="casefold-pg-"))
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    _initialize(programs, folder, user, collation)
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", str(programs), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the tests; the server ends after them
        **_as(user),
    )
    try:
        with _connect(folder, keeper) as admin:
            yield PostgresServer(folder, admin)
    finally:
        assert keeper.stdin is not None
        keeper.stdin.close()
        keeper.wait(30)


def _as(user: str | None) -> dict[str, Any]:
    """Arguments of subprocess that drop root's rights for good."""
    if user is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _initialize(programs: Path, folder: Path, user: str | None, collation: str) -> None:
    locale = ["--locale=C"]
    if collation != "C":
        locale += ["--locale-provider=icu", f"--icu-locale={collation}"]
    done = subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "casefold", "-A", "trust", "-E", "UTF8", "-N", *locale],
        capture_output=True,
        text=True,
        check=False,
        **_as(user),
    )
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoServer(f"initdb failed: {done.stderr.strip()[-500:]}")


def _connect(folder: Path, keeper: subprocess.Popen[bytes]) -> psycopg.Connection[tuple[object, ...]]:
    """An administrator's connection, as soon as the server takes one; it took 0.1 s where this was written."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(f"host={folder} user=casefold dbname=postgres", autocommit=True)
        except psycopg.OperationalError as error:
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise NoServer(f"PostgreSQL did not start; its log is {folder / 'log'}") from error
            time.sleep(0.05)


if __name__ == "__main__":
    with running_server() as server, server.database() as address:
        sys.stdout.write(f"{address}\nA scratch PostgreSQL; Ctrl-C ends it.\n")
        sys.stdout.flush()  # whoever reads it through a pipe waits for the first line
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(86_400)
