"""The tests' own PostgreSQL: databases apart from each other, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.postgres import NoServer, PostgresServer, server_programs

ROOT = Path(__file__).resolve().parents[2]


def marks(url: str) -> int:
    """How many marks the database has, after adding one."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS marks (n int)"))
        connection.execute(text("INSERT INTO marks VALUES (1)"))
        count = connection.execute(text("SELECT count(*) FROM marks")).scalar_one()
    engine.dispose()
    return int(count)


def test_each_database_starts_empty_or_as_its_template(postgres: PostgresServer) -> None:
    with postgres.database() as first, postgres.database() as second:
        assert marks(first) == 1
        assert marks(second) == 1
        name = make_url(first).database
        assert name is not None
        with postgres.database(template=name) as copy:
            assert marks(copy) == 2


def test_it_sorts_as_people_do_and_not_by_bytes(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 'a' < 'B' AND 'B' < 'c'")).scalar_one()
    engine.dispose()


def test_a_killed_run_leaves_no_server_and_no_folder() -> None:
    try:
        server_programs()
    except NoServer as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "tests.postgres"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip().partition("host=")[2])
        assert (folder / ".s.PGSQL.5432").exists()
        owner.kill()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
