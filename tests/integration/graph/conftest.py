"""Fresh stores on either engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.store import Store
from tests.integration.graph.builders import IDS, World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """An empty store, once on each engine."""
    store = Store.open(database_url, IDS)
    store.migrate()
    yield World(store)
    store.close()


@pytest.fixture
def lone_world(sqlite_url: str) -> Iterator[World]:
    """An empty store on SQLite, for what does not depend on the engine."""
    store = Store.open(sqlite_url, IDS)
    store.migrate()
    yield World(store)
    store.close()
