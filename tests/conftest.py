"""What every test may ask for: a database of either kind, a seeded choice, a tenth of a long run."""

from __future__ import annotations

import contextlib
import os
import random
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import NoServer, PostgresServer, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# A shared machine has slow moments; a slow example is no failure.
settings.register_profile("casefold", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("casefold"), max_examples=1_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("casefold")
    group.addoption("--long", action="store_true", help="long tests in full, not the seeded tenth of them")
    group.addoption("--seed", type=int, default=None, help="draw the same cases as the run that printed this seed")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.seed is None:
        drawn = random.SystemRandom().randrange(1_000_000)
        config.option.seed = getattr(config, "workerinput", {}).get("casefold_seed", drawn)
    settings.load_profile("long" if config.option.long else "casefold")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the seed to a worker of pytest-xdist: all of them must draw the same cases."""
    node.workerinput["casefold_seed"] = node.config.option.seed


def pytest_report_header(config: pytest.Config) -> str:
    size = "in full" if config.option.long else "a tenth (--long: in full)"
    return f"long tests: {size}; cases drawn with --seed {config.option.seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the cases of a test marked `long`, a seeded tenth runs, and at least one."""
    if config.option.long:
        return
    cases = defaultdict(list)
    for item in items:
        if item.get_closest_marker("long"):
            cases[item.nodeid.partition("[")[0]].append(item)
    spared: set[pytest.Item] = set()
    for name, group in cases.items():
        group.sort(key=lambda item: item.nodeid)
        kept = random.Random(f"{config.option.seed} {name}").sample(group, max(1, len(group) // 10))
        spared.update(set(group) - set(kept))
    if spared:
        config.hook.pytest_deselected(items=[item for item in items if item in spared])
        items[:] = [item for item in items if item not in spared]


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """The run's seed, as its header prints it."""
    return int(request.config.option.seed)


@pytest.fixture
def rng(request: pytest.FixtureRequest, seed: int) -> random.Random:
    """A generator of this test's own: what it draws depends on the seed and the test's name only."""
    return random.Random(f"{seed} {request.node.nodeid}")


@pytest.fixture(scope="session")
def tenth(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """How many rounds of `n` to run: all with --long, else a tenth of them and at least one."""
    full = request.config.option.long
    return lambda n: n if full else max(1, n // 10)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests are marked `anyio` and run on asyncio, as the runner does."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for each worker. Without the programs: a skip, but in CI a failure."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running_server())
        except NoServer as missing:
            if os.environ.get("CI"):
                pytest.fail(f"CI tests both engines: {missing}")
            pytest.skip(str(missing))
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'casefold.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, once on each engine."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))
