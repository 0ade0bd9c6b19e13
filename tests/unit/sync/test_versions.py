"""The order of versions has algebra: with times of their own, arrival does not matter, and a replay changes nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.codes import State
from graph.land import Current
from service.sync.stored import NO_RECIPE
from service.sync.versions import Verdict, compare, later

RECIPE = 7


class Version(NamedTuple):
    """One version as a source sends it."""

    name: str
    deleted: bool = False
    modified: str | None = None
    sequence: int | None = None


def arrive(current: Current | None, version: Version) -> tuple[Verdict, Current | None]:
    """What becomes of a record when a version arrives."""
    verdict = compare(
        current,
        digest=version.name.encode(),
        deleted=version.deleted,
        modified=version.modified,
        sequence=version.sequence,
        recipe=RECIPE,
    )
    if verdict in (Verdict.UNCHANGED, Verdict.OLDER):
        return verdict, current
    state = State.DELETED if version.deleted else State.CURRENT
    digest = version.name.encode()
    return verdict, Current(1, "K", state, digest, digest, version.modified, version.sequence, RECIPE, 1)


def end(versions: list[Version]) -> tuple[bytes, int] | None:
    """What stands when all have arrived."""
    current: Current | None = None
    for version in versions:
        _, current = arrive(current, version)
    return None if current is None else (current.hash, current.state)


MINUTES = st.integers(0, 59).map(lambda minute: f"2024-05-03T09:{minute:02}:00Z")


def histories(order: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Version]]:
    """Versions whose order differs, each an upsert or a delete."""
    facts = st.lists(st.tuples(order, st.booleans()), min_size=1, max_size=7, unique_by=lambda one: repr(one[0]))
    return facts.map(lambda found: [Version(f"v{n}", deleted, **facts) for n, (facts, deleted) in enumerate(found)])


TIMED = histories(MINUTES.map(lambda moment: {"modified": moment}))
NUMBERED = histories(st.integers(0, 99).map(lambda number: {"sequence": number}))


@given(TIMED | NUMBERED, st.randoms())
def test_versions_with_an_order_of_their_own_end_the_same_however_they_arrive(
    versions: list[Version], rng: Any
) -> None:
    shuffled = versions[:]
    rng.shuffle(shuffled)
    last = max(versions, key=lambda one: (one.sequence or 0, one.modified or ""))
    assert end(shuffled) == end(versions) == (last.name.encode(), State.DELETED if last.deleted else State.CURRENT)


@given(TIMED | NUMBERED, st.randoms())
def test_a_replay_of_all_that_came_writes_nothing(versions: list[Version], rng: Any) -> None:
    current: Current | None = None
    for version in versions:
        _, current = arrive(current, version)
    rng.shuffle(versions)
    assert {arrive(current, version)[0] for version in versions} <= {Verdict.UNCHANGED, Verdict.OLDER}


@given(MINUTES)
def test_a_delete_and_an_upsert_of_one_moment_end_deleted_in_either_order(moment: str) -> None:
    gone, there = Version("gone", deleted=True, modified=moment), Version("there", modified=moment)
    assert end([gone, there]) == end([there, gone]) == (b"gone", State.DELETED)


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_without_an_order_the_last_to_arrive_stands_and_equal_ones_are_unchanged(names: list[str]) -> None:
    current: Current | None = None
    for name in names:
        before = current
        verdict, current = arrive(current, Version(name))
        assert (verdict is Verdict.UNCHANGED) is (before is not None and before.hash == name.encode())
    assert current is not None
    assert current.hash == names[-1].encode()


ORDERS = st.tuples(st.none() | st.integers(-5, 5), st.none() | MINUTES | st.sampled_from(["2024", "2024-05", "soon"]))


@given(ORDERS, ORDERS)
def test_later_is_the_reverse_of_earlier(one: Any, other: Any) -> None:
    there, back = later(one, other), later(other, one)
    assert (there is None) is (back is None)
    if there is not None and back is not None:
        assert (there > 0) is (back < 0)
        assert (there == 0) is (back == 0)


@pytest.mark.parametrize(
    ("mine", "theirs", "order"),
    [
        ("2024-05-03T09:00:00Z", "2024-05-03T05:00:00-04:00", 0),
        ("2024-05-03T09:00:00Z", "2024-05-03T05:00:01-04:00", -1),
        ("2024-05-03T09:00:00", "2024-05-03T09:00:00Z", 0),
        ("2024-05-03T09:00:00.5Z", "2024-05-03T09:00:00Z", 1),
        ("2024-05-03", "2024-05-03T00:00", 0),
        ("2024-05", "2024-05-01", 0),
        ("2024", "2023-12-31", 1),
        ("0001-01-01T00:00+14:00", "0001-01-01", -1),
        ("9999-12-31T23:59-14:00", "9999-12-31", 1),
        ("soon", "2024", None),
        ("2024", "", None),
        ("20245", "2024", None),
    ],
)
def test_moments_are_compared_across_zones_and_precisions(mine: str, theirs: str, order: int | None) -> None:
    found = later((None, mine), (None, theirs))
    assert found == order or (found is not None and order is not None and found * order > 0)


def test_a_sequence_goes_first_and_equal_ones_leave_it_to_the_time() -> None:
    assert later((2, "2024"), (1, "2025")) == 1
    assert later((1, "2024"), (1, "2025")) == -1
    assert later((1, "2024"), (None, "2025")) == -1


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("deleted", [False, True])
def test_the_same_bytes_under_another_recipe_are_mapped_again_whatever_became_of_them(
    state: State,
    deleted: bool,  # noqa: FBT001 - both ways
) -> None:
    for recipe in (RECIPE - 1, NO_RECIPE):
        current = Current(1, "K", state, b"v", b"v", "2024", None, recipe, 1)
        assert arrive(current, Version("v", deleted, "2024"))[0] is Verdict.REMAP
