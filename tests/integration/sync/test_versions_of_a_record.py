"""Which version of a record stands, whatever comes in whatever order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.records import Batch
from tests.integration.sync.stage import MAPPING, Feed, Knowing, Stage, case, deletion, received

if TYPE_CHECKING:
    from schemas.records import JsonObject


def test_a_then_b_then_a_is_two_changes(stage: Stage) -> None:
    before = None
    for status, mapped in (("a", 1), ("b", 1), ("a", 1), ("a", 0)):
        result = stage.feed(case("1", status=status))
        assert result.counts.mapped == mapped
        assert result.counts.unchanged == 1 - mapped
        assert stage.statuses() == {"1": status}
        before = before or stage.export()
    assert stage.versions("1") == 3
    assert stage.export() == before
    assert [row["version"] for row in stage.rows("record_history")] == [1, 2]


def test_a_deleted_record_leaves_the_graph_and_can_come_back(stage: Stage) -> None:
    person = {"people": [{"pid": "7", "name": "Jane Roe", "phones": ["313-555-0100"]}]}
    stage.feed(case("1", **person))
    alive = stage.export()
    gone = stage.feed(case("1", gone=True))
    assert (gone.counts.deleted, gone.counts.mapped) == (1, 0)
    assert stage.export() == b""
    assert stage.feed(case("1", gone=True)).counts.deleted == 0
    assert stage.feed(case("1", **person)).counts.mapped == 1
    assert stage.export() == alive
    kinds = [row["kind"] for row in sorted(stage.rows("change"), key=lambda row: row["seq"])]
    assert kinds.count(1) == 6, "each node of the record was created twice"
    assert kinds.count(3) == 3, "and removed once"


def test_a_deletion_feed_removes_by_key(stage: Stage) -> None:
    stage.feed(case("1"), case("2"))
    assert stage.feed(deletion("1"), deletion("unheard of")).counts.deleted == 2
    assert stage.statuses() == {"2": "open"}
    assert stage.feed(deletion("1")).counts.unchanged == 1


@pytest.mark.parametrize("feed", [True, False])
def test_a_delete_beats_every_upsert_that_is_not_later(stage: Stage, feed: bool) -> None:  # noqa: FBT001 - two kinds of delete
    first = case("1", at="2024-05-03T09:00Z")
    stage.feed(first)
    stage.feed(deletion("1") if feed else case("1", at="2024-05-03T09:00Z", gone=True))
    assert stage.statuses() == {}
    stage.feed(first)
    assert stage.statuses() == {}, "what was deleted does not come back because it is read once more"
    stage.feed(case("1", at="2024-05-03T04:59-04:00", status="older, in another zone"))
    stage.feed(case("1", at="2024-05-03T09:00Z", status="of that very minute"))
    assert stage.statuses() == {}
    stage.feed(case("1", at="2024-05-03T09:01Z", status="later"))
    assert stage.statuses() == {"1": "later"}


def test_a_delete_that_is_older_than_what_stands_deletes_nothing(stage: Stage) -> None:
    stage.feed(case("1", at="2024-05-03"))
    assert stage.feed(case("1", at="2024-05-02", gone=True)).counts.deleted == 0
    assert stage.statuses() == {"1": "open"}


def test_an_older_version_that_arrives_late_does_not_win(stage: Stage) -> None:
    stage.feed(case("1", at="2024-05-03", status="new"))
    assert stage.feed(case("1", at="2024-05-02", status="old")).counts.unchanged == 1
    assert stage.statuses() == {"1": "new"}
    assert stage.versions("1") == 1


def test_versions_of_one_moment_count_by_arrival(stage: Stage) -> None:
    stage.feed(case("1", at="2024-05-03", status="a"))
    stage.feed(case("1", at="2024-05-03", status="b"))
    assert stage.statuses() == {"1": "b"}


SEQUENCED = MAPPING.replace("modified: at", "modified: at\nsequence: seq")


def test_a_sequence_goes_before_a_time(stage: Stage) -> None:
    stage.feed(case("1", at="2024-05-01", seq=10, status="ten"), mapping=SEQUENCED)
    stage.feed(case("1", at="2024-05-09", seq=9, status="nine"), mapping=SEQUENCED)
    assert stage.statuses() == {"1": "ten"}
    stage.feed(case("1", at="2024-04-01", seq=11, status="eleven"), mapping=SEQUENCED)
    assert stage.statuses() == {"1": "eleven"}
    stage.feed(case("1", at="2024-04-02", seq=11, status="same sequence, later time"), mapping=SEQUENCED)
    assert stage.statuses() == {"1": "same sequence, later time"}


def test_a_time_that_cannot_be_read_leaves_the_order_to_arrival_and_is_noted(stage: Stage) -> None:
    raw = MAPPING.replace("modified: at", "modified: {path: at, normalize: none}")
    for mapping in (MAPPING, raw):
        stage.feed(case("1", at="soon", status="a"), mapping=mapping)
        stage.feed(case("1", at="sooner", status="b"), mapping=mapping)
        assert stage.statuses() == {"1": "b"}
    stage.feed(case("2", at="soon"))
    assert b"/at" in bytes(stage.rows("record", "key = '2'")[0]["notes"])


def test_two_versions_in_one_batch_are_two_versions(stage: Stage) -> None:
    result = stage.feed(case("1", status="a"), case("2"), case("1", status="b"), case("1", status="c"))
    assert result.counts.mapped == 4
    assert stage.statuses() == {"1": "c", "2": "open"}
    assert stage.versions("1") == 3


def test_versions_in_one_batch_stand_by_their_time_not_by_their_place(stage: Stage) -> None:
    stage.feed(case("1", at="2024-05-03", status="new"), case("1", at="2024-05-01", status="old"))
    assert stage.statuses() == {"1": "new"}


def test_a_record_and_its_deletion_in_one_batch(stage: Stage) -> None:
    stage.feed(case("1"), deletion("1"), case("2"))
    assert stage.statuses() == {"2": "open"}


def test_the_same_row_twice_is_one_record(stage: Stage) -> None:
    result = stage.feed(case("1"), case("1"), case("1"))
    assert (result.counts.mapped, result.counts.unchanged) == (1, 2)
    assert stage.versions("1") == 1


def test_what_is_volatile_makes_no_change(stage: Stage) -> None:
    stage.feed(case("1", sent="monday"))
    before = stage.dump()
    assert stage.feed(case("1", sent="tuesday")).counts.unchanged == 1
    assert stage.feed(case("1")).counts.unchanged == 1
    assert stage.dump() == before
    assert stage.feed(case("1", sent="tuesday", status="b")).counts.mapped == 1


def test_what_cannot_be_compared_counts_as_a_change(lone_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    lone_stage.feed(case("1", sent="monday"))

    def fail(*_: object) -> bytes:
        raise ValueError("monday")

    monkeypatch.setattr("mapping.readers.plain.JsonReader.content", fail)
    assert lone_stage.feed(case("1", sent="tuesday")).counts.mapped == 1


def test_a_connector_may_say_that_a_record_is_gone_and_leave_its_key_to_the_mapping(stage: Stage) -> None:
    stage.feed(case("1"), case("2"))
    assert stage.feed(received(case("1", n=2), deleted=True)).counts.deleted == 1
    assert stage.statuses() == {"2": "open"}
    counts = stage.sync(stage.source(Feed(), MAPPING + "narrative: false\n")).counts
    assert counts.mapped == 1, "the deletion is no work of the mapping"
    assert stage.statuses() == {"2": "open"}


# -- versions that a connector leaves out ------------------------------------------------------------------------


def history(*statuses: str) -> list[JsonObject]:
    return [case("1", status=status) for status in statuses]


@pytest.mark.parametrize("ahead", [0, 1])
@pytest.mark.parametrize("sizes", [(3,), (1, 1, 1), (2, 1), (1, 2)])
@pytest.mark.parametrize("others", [0, 1, 2])
def test_a_known_version_that_is_left_out_still_counts_in_its_place(
    lone_stage: Stage, ahead: int, sizes: tuple[int, ...], others: int
) -> None:
    """The file held A; now it holds B, C and A again, and A is what the connector knows and leaves out."""
    stage = lone_stage
    stage.feed(*history("a"))
    versions = history("b", "c", "a")
    batches: list[list[JsonObject]] = [[case(f"other {n}")] for n in range(others)]
    for size in sizes:
        batches.append(versions[:size])
        versions = versions[size:]
    for _ in range(2):
        assert stage.sync(stage.source(Knowing(*batches, ahead=ahead))).error is None
        assert stage.statuses()["1"] == "a", "the last version of the file stands"


def test_a_known_version_that_is_left_out_counts_even_behind_an_older_one(stage: Stage) -> None:
    moment = "2024-05-03"
    stage.feed(case("1", at=moment, status="c"))
    batch = [
        case("1", at="2024-05-01", status="a"),
        case("1", at=moment, status="b"),
        case("1", at=moment, status="c"),
    ]
    result = stage.sync(stage.source(Knowing(batch)))
    assert stage.statuses() == {"1": "c"}
    assert (result.counts.pulled, result.counts.mapped, result.counts.unchanged) == (3, 2, 1)


def test_a_run_that_reads_versions_in_order_counts_each_record_once(stage: Stage) -> None:
    stage.feed(*history("a"))
    result = stage.sync(stage.source(Knowing(history("b", "a"))))
    assert (result.counts.pulled, result.counts.mapped, result.counts.unchanged) == (2, 2, 0)


def test_a_full_run_that_starts_over_still_reads_everything(stage: Stage) -> None:
    first = Batch([received(case("0"))], checkpoint={"at": 5})
    stage.sync(stage.source(Feed(first)))
    stage.feed(*history("a"))
    feed = Knowing(history("b", "a"))
    stage.sync(stage.source(feed), full=True)
    assert feed.asked == [None, None], "the old checkpoint is not used by a run that was to read everything"


def test_a_run_that_starts_over_goes_on_from_what_it_has_written(stage: Stage) -> None:
    stage.feed(*history("a"))
    first = Batch([received(case("0"))], checkpoint={"at": 5})
    second = Batch([received(one) for one in history("b", "a")], checkpoint={"at": 6})
    feed = Knowing(first, second)
    stage.sync(stage.source(feed), full=True)
    assert feed.asked == [None, {"at": 5}]
    assert stage.statuses() == {"0": "open", "1": "a"}
