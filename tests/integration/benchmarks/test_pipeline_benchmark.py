"""The benchmark of the pipeline at a size at which its figures mean nothing: that it measures what it says it does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import child
from benchmarks.child import Failed, afresh, here
from benchmarks.pipeline import Pipeline, Plan
from benchmarks.server import running
from benchmarks.shapes import SHAPES
from benchmarks.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.server import Interface
    from tests.postgres import PostgresServer

CASES = 200


@pytest.fixture(scope="module")
def interface() -> Iterator[Interface]:
    with running() as found:
        yield found


def with_a_peer(task: str, **arguments: Any) -> child.Facts:
    """Run a task here; FollowTheMoney, which lives in the benchmarks' own environment, is played."""
    if task == "followthemoney":
        return {"cpu": 0.1, "entities": 1_000}
    return here(task, **arguments) | {"peak": 1 << 20}


def make_plan(tmp_path: Path, interface: Interface, postgres: PostgresServer | None, **other: Any) -> Plan:
    return Plan(
        **{"cases": CASES, "runs": 1, "call": with_a_peer, "shapes": tuple(SHAPES), "peer": True, **other},
        folder=tmp_path,
        interface=interface,
        postgres=postgres,
        say=lambda text: None,
    )


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_run_measures_every_figure_and_stores_alone_what_the_sync_stored(
    engine: str, tmp_path: Path, interface: Interface, request: pytest.FixtureRequest
) -> None:
    postgres = request.getfixturevalue("postgres") if engine == "postgresql" else None
    # that the store-only database has the rows of the synced one, the pipeline asserts itself, table by table
    pipeline = Pipeline(make_plan(tmp_path, interface, postgres))
    figures = pipeline.run().as_json()
    for shape in SHAPES:
        assert figures[f"end_to_end_{shape}_{engine}"]["value"] > 0
        assert figures[f"end_to_end_{shape}_{engine}"]["goal"] == 0.6
        assert figures[f"resync_same_{shape}_{engine}"]["value"] > 0
        assert figures[f"resync_changed_{shape}_{engine}"]["value"] > 0
        assert figures[f"memory_{shape}"]["value"] > 0
    assert figures["mapping_vs_followthemoney"]["value"] == pytest.approx(
        figures["mapping"]["value"] / 10_000, rel=0.01
    )
    assert figures["narratives"]["value"] > 0
    rows = [{table: sizes[table] for table in ("record", "mention", "link")} for sizes in pipeline.sizes.values()]
    assert rows[0] == rows[1] == rows[2], "the three shapes are one world"
    assert rows[0]["record"] == CASES
    assert 11 * CASES < sum(rows[0].values()) < 14 * CASES
    assert json.dumps(figures)


def test_a_store_that_holds_other_rows_is_found_out(tmp_path: Path, interface: Interface) -> None:
    def losing_links(task: str, **arguments: Any) -> child.Facts:
        facts = with_a_peer(task, **arguments)
        if task == "store":
            facts["rows"]["link"] -= 1
        return facts

    pipeline = Pipeline(make_plan(tmp_path, interface, None, call=losing_links, shapes=("csv",)))
    with pytest.raises(AssertionError, match="link"):
        pipeline.run()


def test_a_measured_thing_runs_in_a_process_of_its_own_and_says_how_much_memory_it_took(tmp_path: Path) -> None:
    SHAPES["csv"].write(World(20), tmp_path)
    facts = afresh("parse", shape="csv", folder=str(tmp_path))
    assert facts["cpu"] >= 0
    assert facts["peak"] > 5_000_000
    with pytest.raises(Failed, match="FileNotFoundError"):
        afresh("parse", shape="csv", folder=str(tmp_path / "missing"))


def test_the_profile_says_where_the_time_goes(tmp_path: Path, interface: Interface) -> None:
    pipeline = Pipeline(make_plan(tmp_path, interface, None, call=here, cases=50, shapes=("json",)))
    ((shape, table),) = pipeline.profiles()
    assert shape == "json"
    assert "tottime" in table
    assert "executemany" in table
