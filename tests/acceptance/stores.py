"""New stores on either engine, and all that a store says, to be compared with another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.integration.sync.stage import Stage, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.postgres import PostgresServer

RECORDS = "SELECT id, key, agency, state, hash, modified, reason FROM record"
MENTIONS = """
SELECT m.id, r.id AS record, m.type, m.local, m.protections, m.properties
FROM mention m JOIN record r ON r.seq = m.record
"""
LINKS = """
SELECT r.id AS record, l.type, a.id AS source, b.id AS target, l.role, l.data
FROM link l JOIN record r ON r.seq = l.record
JOIN mention a ON a.record = l.record AND a.no = l.source JOIN mention b ON b.record = l.record AND b.no = l.target
"""
QUARANTINE = """
SELECT s.name, q.hash, q.locator, q.reason, q.path, q.kind, q.state FROM quarantine q JOIN source s ON s.no = q.source
"""


class Stores:
    """New stores of one engine."""

    def __init__(self, new: Callable[[], str]) -> None:
        self.new = new


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    made: list[str] = []
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")

        def new() -> str:
            path = tmp_path / f"store-{len(made)}.sqlite"
            path.write_bytes(template.read_bytes())
            made.append(path.name)
            return f"sqlite:///{path}"

        yield Stores(new)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name: str = request.getfixturevalue("postgres_template")

    def create() -> str:
        made.append(server.create(name))
        return server.url(made[-1])

    yield Stores(create)
    for one in made:
        server.drop(one)


def told(url: str) -> dict[str, Any]:
    """All that a store says, without the numbers that it gave by itself."""
    store = open_store(url)
    try:
        said: dict[str, Any] = {"export": Stage(store).export()}
        with store.read() as reading:
            for name, query in (("records", RECORDS), ("mentions", MENTIONS), ("links", LINKS), ("held", QUARANTINE)):
                said[name] = sorted(repr(tuple(row)) for row in reading.connection.execute(sa.text(query)))
            said["dirty"] = reading.connection.execute(sa.text("SELECT count(*) FROM dirty")).scalar()
        return said
    finally:
        store.close()
