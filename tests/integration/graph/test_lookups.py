"""What is known is looked up, never searched for: on PostgreSQL a plan once read the whole index for each batch."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from graph import bulk as bulks
from graph.bulk import bulk
from graph.known import current_by_key, current_hashes
from graph.store import Store
from tests.integration.graph.builders import IDS

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS = 3_000
SOURCE, RECIPE = 1, 1


def row(number: int) -> tuple[Any, ...]:
    id_, digest = IDS.record("source", str(number)), number.to_bytes(16, "big")
    return (
        number, id_, SOURCE, str(number), "MI0000000", 0, digest, digest, None, None, "x", None, RECIPE, "", None,
        None, 1,
    )  # fmt: skip


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    opened = Store.open(postgres_url, IDS)
    opened.migrate()
    with opened.write() as tx:
        bulk(tx).insert("record", [row(number) for number in range(1, RECORDS + 1)])
    yield opened
    opened.close()


def removed(plan: dict[str, Any]) -> int:
    """Rows that a plan read and threw away."""
    mine = int(plan.get("Rows Removed by Filter", 0)) * int(plan.get("Actual Loops", 1))
    return mine + sum(map(removed, plan.get("Plans", ())))


@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize(
    ("statement", "leading"),
    [
        ("SELECT hash FROM record WHERE source = ? AND recipe = ? AND hash IN ({})", (SOURCE, RECIPE)),
        ("SELECT id, seq FROM record WHERE id IN ({})", ()),
    ],
)
def test_a_look_up_reads_no_row_that_it_does_not_want(
    store: Store, mode: str, statement: str, leading: tuple[int, ...]
) -> None:
    wanted = [os.urandom(16) for _ in range(1_000)]
    with store.read() as reading:
        driver = reading.driver
        driver.execute(f"SET LOCAL plan_cache_mode = {mode}")
        query = f"EXPLAIN (ANALYZE, FORMAT JSON) {bulks._each(statement)}"
        answer = driver.execute(query, (wanted, *leading), prepare=True).fetchone()[0]
    plan = answer if isinstance(answer, list) else json.loads(answer)
    assert removed(plan[0]["Plan"]) == 0


def test_what_is_known_is_found_and_what_is_not_is_not(store: Store) -> None:
    mine = [number.to_bytes(16, "big") for number in (1, RECORDS)]
    with store.read() as reading:
        found = current_hashes(reading.connection, SOURCE, [*mine, b"\0" * 16], RECIPE)
        assert found == set(mine)
        assert current_hashes(reading.connection, SOURCE, mine, RECIPE + 1) == set()
        assert current_hashes(reading.connection, SOURCE, [], RECIPE) == set()
        current = current_by_key(reading.connection, IDS, "source", ["7", "no such key"])
    assert {key: one.seq for key, one in current.items()} == {"7": 7}
