from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rest.config import Incremental
from connectors.rest.cursor import Cursor, earlier


def incremental(**settings: Any) -> Incremental:
    return Incremental(parameter="since", field="at", **settings)


def at(*values: Any) -> list[dict[str, Any]]:
    return [{"at": value} for value in values]


@pytest.mark.parametrize(
    ("value", "form", "look_back", "asked"),
    [
        ("2024-05-03T09:00:00Z", "iso", 90, "2024-05-03T08:58:30Z"),
        ("2024-05-03T09:00:00+02:00", "iso", 90, "2024-05-03T08:58:30+02:00"),
        ("2024-05-03T09:00:00.250Z", "iso", 1, "2024-05-03T08:59:59.250Z"),
        ("2024-05-03T09:00:00.000250Z", "iso", 1, "2024-05-03T08:59:59.000250Z"),
        ("2024-05-03 09:00:00", "iso", 1, "2024-05-03 08:59:59"),
        ("2024-05-03", "iso", 1, "2024-05-02"),
        ("0001-01-01T00:00:00Z", "iso", 1, "0001-01-01T00:00:00Z"),
        ("2024-05-03T09:00:00+02:00", "iso", 0, "2024-05-03T09:00:00+02:00"),
        (1714726800, "epoch", 100, "1714726700"),
        ("1714726800", "epoch", 100, "1714726700"),
        (1714726800.5, "epoch", 100, "1714726700.5"),
        (1714726800000, "epoch_ms", 100, "1714726700000"),
    ],
)
def test_the_look_back_is_written_as_the_source_writes_its_values(
    value: Any, form: Any, look_back: float, asked: str
) -> None:
    settings = incremental(format=form, look_back=look_back)
    assert earlier(value, settings) == asked
    assert Cursor(settings, {"since": value, "field": "at"}).parameter() == asked


def test_the_first_read_asks_from_the_start_or_from_where_it_is_told() -> None:
    assert Cursor(incremental(), None).parameter() is None
    assert Cursor(incremental(initial="2020-01-01"), {}).parameter() == "2020-01-01"


@pytest.mark.parametrize(
    "since", [{"since": "2024-05-03", "field": "other"}, {"since": "soon", "field": "at"}, {"since": None}, {"unit": 1}]
)
def test_a_checkpoint_of_another_field_or_format_is_none(since: dict[str, Any]) -> None:
    assert Cursor(incremental(), since).parameter() is None


def test_values_are_compared_as_times_not_as_texts() -> None:
    cursor = Cursor(incremental(), None)
    cursor.watch(at("2024-05-03T09:00:00+02:00", "2024-05-03T08:00:00Z", "2024-05-03T07:30:00.5Z"), None)
    assert cursor.end() == {"since": "2024-05-03T08:00:00Z", "field": "at"}


@pytest.mark.parametrize("value", [None, True, [], {}, "soon", float("nan"), 1e30])
@pytest.mark.parametrize("form", ["iso", "epoch"])
def test_what_is_no_time_moves_nothing(value: Any, form: Any) -> None:
    cursor = Cursor(incremental(format=form), None)
    cursor.watch(at(value), None)
    assert cursor.end() == {}


def test_the_sources_own_tomorrow_is_the_limit() -> None:
    cursor = Cursor(incremental(), None)
    clock = datetime(2024, 5, 3, 12)  # noqa: DTZ001 - a Date header may name no zone
    cursor.watch(at("2024-05-04T11:00:00Z", "2024-05-04T13:00:00Z"), clock)
    assert cursor.end()["since"] == "2024-05-04T11:00:00Z"
    cursor.watch(at("2024-05-05T13:00:00Z"), datetime(2024, 5, 5, tzinfo=UTC))
    assert cursor.end()["since"] == "2024-05-05T13:00:00Z"


def test_an_unordered_source_advances_only_at_the_end() -> None:
    cursor = Cursor(incremental(), {"since": "2024-05-01", "field": "at"})
    cursor.watch(at("2024-05-03", "2024-05-02"), None)
    assert cursor.midway()["since"] == "2024-05-01"
    assert cursor.end()["since"] == "2024-05-03"


def test_an_ordered_source_advances_to_below_its_last_value() -> None:
    cursor = Cursor(incremental(ordered=True), {"since": "2024-05-02", "field": "at"})
    cursor.watch(at("2024-05-01", "2024-05-02"), None)  # the look-back
    assert cursor.midway()["since"] == "2024-05-02"
    cursor.watch(at("2024-05-03", "2024-05-04", "2024-05-04"), None)
    assert cursor.midway()["since"] == "2024-05-03"
    assert cursor.end()["since"] == "2024-05-04"


def test_a_source_that_is_not_as_ordered_as_it_says_goes_back_to_the_start() -> None:
    cursor = Cursor(incremental(ordered=True), {"since": "2024-05-01", "field": "at"})
    cursor.watch(at("2024-05-03", "2024-05-05", "2024-05-04"), None)
    assert cursor.midway()["since"] == "2024-05-01"
    assert cursor.end()["since"] == "2024-05-05"


days = st.integers(1, 28).map(lambda day: f"2024-05-{day:02d}")


@given(st.lists(st.lists(days, max_size=5), max_size=6), st.booleans())
def test_the_cursor_never_goes_beyond_what_was_read_nor_back_at_the_end(pages: list[list[str]], ordered: bool) -> None:  # noqa: FBT001 - drawn
    start = "2024-05-10"
    cursor = Cursor(incremental(ordered=ordered), {"since": start, "field": "at"})
    if ordered:
        flat = iter(sorted(day for page in pages for day in page))
        pages = [[next(flat) for _ in page] for page in pages]
    for number, page in enumerate(pages):
        cursor.watch(at(*page), None)
        # Whatever comes later is not before the checkpoint, so asking from there on finds it.
        midway = cursor.midway()["since"]
        assert start <= midway
        if ordered:
            assert all(midway <= max(start, day) for later in pages[number + 1 :] for day in later)
    assert cursor.end()["since"] == max([start, *(day for page in pages for day in page)])
