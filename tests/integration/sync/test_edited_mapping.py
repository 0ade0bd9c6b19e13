"""An edited mapping maps again what it touches, from the stored bodies: nothing is pulled, nothing is lost."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from schemas.records import Batch, Ignored
from tests.integration.sync.stage import (
    MAPPING,
    OTHER_AGENCY,
    Feed,
    Knowing,
    Stage,
    case,
    deletion,
    open_store,
    received,
)

PEOPLE = [{"pid": "7", "name": "Jane Roe", "role": "VIC", "phones": ["313-555-0100"]}]
BY_NUMBER = MAPPING.replace("key: id", "key: no")


def edited(stage: Stage, mapping: str, *records: Any) -> Any:
    result = stage.sync(stage.source(Knowing(list(records)), mapping))
    assert result.error is None, result.error
    return result.counts


def fresh(stage: Stage, mapping: str, *records: Any) -> bytes:
    """What another source would give that never had another mapping, told as if it were this one."""
    stage.sync(stage.source(Feed(records), mapping))
    return stage.export()


def test_what_a_mapping_says_anew_is_in_the_graph_after_the_next_sync(stage: Stage) -> None:
    stage.feed(case("1", people=PEOPLE), case("2"))
    counts = edited(stage, MAPPING.replace("role: role", "role: {path: role, lookup: {VIC: victim}}"))
    assert (counts.pulled, counts.mapped) == (0, 2)
    assert b'"roles":["victim"]' in stage.export()


def test_only_what_differs_is_written(stage: Stage) -> None:
    stage.feed(case("1", people=PEOPLE), case("2"))
    before = stage.dump("mention", "link", "node", "change", "record_body", "record_history")
    counts = edited(stage, MAPPING + "# a comment\nprotect: {sealed: {path: never, equals: x}}\n")
    assert (counts.mapped, counts.mentions, counts.links) == (2, 0, 0)
    assert stage.dump(*before) == before
    assert edited(stage, MAPPING + "protect: {sealed: {path: never, equals: x}}\n").mapped == 0, "once is enough"


def test_no_more_than_a_batch_is_held_and_a_run_that_ended_early_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.sync.again.REMAP_BATCH", 2)
    records = [case(str(n)) for n in range(5)]
    stage.feed(*records)

    class Killed(BaseException):
        pass

    heard = itertools.count()

    def killing(point: str, source: str, counts: Any) -> None:
        if point == "write" and next(heard) == 1:
            raise Killed

    other = MAPPING.replace("status: {", "kind: {set: report}\n      status: {")
    with pytest.raises(Killed):
        stage.sync(stage.source(Feed(), other), observe=killing)
    assert edited(stage, other).mapped == 3
    assert stage.export().count(b'"kind":["report"]') == 5


# -- keys ----------------------------------------------------------------------------------------------------------


def numbered(**numbers: str) -> list[dict[str, Any]]:
    return [case(id_, no=no, status=f"of {id_}") for id_, no in numbers.items()]


@pytest.mark.parametrize("size", [1, 2, 500])
@pytest.mark.parametrize(
    "numbers",
    [
        {"a": "x", "b": "y", "c": "z"},
        {"a": "b", "b": "a"},
        {"a": "b", "b": "c", "c": "d"},
        {"a": "b", "b": "c", "c": "a"},
        {"a": "a", "b": "b"},
        {"a": "x", "b": "b", "c": "b"},
        {"a": "c", "b": "c", "c": "c"},
        {"c": "a", "b": "a", "a": "b"},
    ],
)
def test_an_edited_key_withdraws_the_old_keys_and_loses_no_record(
    lone_stage: Stage, monkeypatch: pytest.MonkeyPatch, numbers: dict[str, str], size: int
) -> None:
    """Even where the old keys of some are the new keys of others: they may change places."""
    monkeypatch.setattr("service.sync.again.REMAP_BATCH", size)
    stage = lone_stage
    records = [one | {"at": f"2024-01-{n + 1:02}"} for n, one in enumerate(numbered(**numbers))]
    stage.feed(*records)
    edited(stage, BY_NUMBER)
    kept = {one["no"]: one["id"] for one in records}
    assert stage.statuses() == {id_: f"of {id_}" for id_ in kept.values()}
    current = {row["key"] for row in stage.rows("record", "state = 0")}
    assert current == set(kept)
    assert stage.waiting(None) == []
    before = stage.dump()
    assert edited(stage, BY_NUMBER, *records).mapped == 0
    assert stage.dump() == before


def test_a_record_that_has_moved_is_followed_under_its_new_key(stage: Stage) -> None:
    stage.feed(*numbered(a="x"))
    edited(stage, BY_NUMBER)
    changed = case("a", no="x", status="changed")
    assert edited(stage, BY_NUMBER, changed).mapped == 1
    assert edited(stage, BY_NUMBER, *numbered(a="x")).mapped == 1, "what stands under the old key is not known any more"
    assert stage.statuses() == {"a": "of a"}


def test_a_key_that_is_edited_back_brings_everything_back(stage: Stage) -> None:
    records = numbered(a="b", b="a", c="x")
    stage.feed(*records)
    before = stage.export()
    edited(stage, BY_NUMBER)
    edited(stage, MAPPING)
    assert stage.export() == before
    assert {row["key"] for row in stage.rows("record", "state = 0")} == {"a", "b", "c"}


def test_a_record_whose_new_key_cannot_be_read_keeps_its_entities(stage: Stage) -> None:
    stage.feed(case("a", no="x"), case("b"))
    before = stage.statuses()
    counts = edited(stage, BY_NUMBER)
    assert (counts.mapped, counts.quarantined) == (1, 1)
    assert stage.statuses() == before
    edited(stage, MAPPING.replace("key: id", "key: {first: [no, id]}"))
    assert stage.statuses() == before
    assert stage.waiting() == []


def test_a_record_that_moves_and_cannot_be_mapped_keeps_its_entities(stage: Stage) -> None:
    stage.feed(case("a", no="x"), case("b", no="y", text="x"))
    stricter = BY_NUMBER.replace("text: text", "text: {path: text, required: true}")
    edited(stage, stricter)
    assert set(stage.statuses()) == {"a", "b"}
    assert [entry.path for entry in stage.waiting()] == ["text"]
    edited(stage, BY_NUMBER)
    assert set(stage.statuses()) == {"a", "b"}
    assert stage.waiting() == []


def test_one_that_cannot_be_mapped_waits_in_quarantine_when_another_takes_its_key(stage: Stage) -> None:
    stage.feed(case("a", no="b"), case("b", no="a", text="x"))
    edited(stage, BY_NUMBER.replace("text: text", "text: {path: text, required: true}"))
    assert set(stage.statuses()) == {"b"}, "one key cannot hold two records"
    assert len(stage.waiting()) == 1
    edited(stage, BY_NUMBER)
    assert set(stage.statuses()) == {"a", "b"}
    assert stage.waiting() == []


def test_one_that_cannot_be_mapped_gives_way_to_who_has_its_key_now_even_if_that_is_older(stage: Stage) -> None:
    stage.feed(case("a", no="b", at="2024-05-09"), case("b", no="c", at="2024-05-01", text="x"))
    stricter = BY_NUMBER.replace("text: text", "text: {path: text, required: true}")
    stage.sync(stage.source(Feed([case("z", no="a", at="2024-05-01", text="x")]), stricter))
    assert stage.statuses() == {"b": "open", "z": "open"}
    edited(stage, BY_NUMBER)
    assert stage.statuses() == {"a": "open", "b": "open", "z": "open"}


@pytest.mark.parametrize("point", ["map", "land", "write"])
@pytest.mark.parametrize("hearing", range(6))
def test_a_run_that_ends_while_keys_change_loses_nothing(
    lone_stage: Stage, monkeypatch: pytest.MonkeyPatch, point: str, hearing: int
) -> None:
    monkeypatch.setattr("service.sync.again.REMAP_BATCH", 2)
    stage = lone_stage
    records = numbered(a="b", b="c", c="a", d="x", e="d", f="f")
    stage.feed(*records)
    left = [hearing]

    class Killed(BaseException):
        pass

    def killing(heard: str, source: str, counts: Any) -> None:
        if heard == point:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

    try:
        stage.sync(stage.source(Feed(), BY_NUMBER), observe=killing)
    except Killed:
        edited(stage, BY_NUMBER)
    assert stage.statuses() == {one["id"]: one["status"] for one in records}
    assert {row["key"] for row in stage.rows("record", "state = 0")} == {one["no"] for one in records}


# -- fate ----------------------------------------------------------------------------------------------------------

ALL_GONE = MAPPING.replace("delete: {path: gone, equals: true}", "delete: {path: status, equals: open}")


def test_a_mended_rule_of_deletion_brings_back_what_a_wrong_one_took(stage: Stage) -> None:
    stage.feed(case("1", at="2024-05-03"), case("2", at="2024-05-03", gone=True))
    before = stage.export()
    assert edited(stage, ALL_GONE).deleted == 1
    assert "1" not in stage.statuses()
    edited(stage, MAPPING)
    assert stage.export() == before
    assert edited(stage, MAPPING).deleted == 0


def test_what_the_source_itself_deleted_does_not_come_back_with_another_mapping(stage: Stage) -> None:
    stage.feed(case("1"), case("2"))
    stage.feed(deletion("1"))
    edited(stage, MAPPING + "narrative: false\n")
    assert stage.statuses() == {"2": "open"}


def test_a_mapping_that_now_ignores_a_record_withdraws_it_and_the_next_may_take_it_back(stage: Stage) -> None:
    stage.feed(case("1", kind="draft"), case("2"))
    before = stage.export()
    counts = edited(stage, MAPPING.replace("equals: test", "in: [test, draft]"))
    assert (counts.ignored, counts.mapped) == (1, 1)
    assert counts.reasons == {"a test record": 1}
    assert stage.statuses() == {"2": "open"}
    edited(stage, MAPPING)
    assert stage.export() == before


def test_a_version_that_is_to_be_ignored_takes_the_place_of_the_one_before(stage: Stage) -> None:
    stage.feed(case("1"), case("2"))
    counts = stage.feed(case("1", kind="test")).counts
    assert (counts.ignored, counts.reasons) == (1, {"a test record": 1})
    assert stage.statuses() == {"2": "open"}
    assert stage.feed(case("1", kind="test")).counts.ignored == 0
    stage.feed(case("1"))
    assert stage.statuses() == {"1": "open", "2": "open"}


def test_an_older_version_that_is_to_be_ignored_does_not_win(stage: Stage) -> None:
    stage.feed(case("1", at="2024-05-03"))
    stage.feed(case("1", at="2024-05-02", kind="test"))
    assert stage.statuses() == {"1": "open"}


def test_ignored_documents_without_a_key_stand_apart_and_are_kept_with_their_reason(stage: Stage) -> None:
    documents = [{"kind": "test", "n": 1}, {"kind": "test", "n": 2}]
    assert stage.feed(*documents).counts.ignored == 2
    assert {row["reason"] for row in stage.rows("record")} == {"a test record"}
    assert stage.feed(*documents).counts.ignored == 0
    assert edited(stage, MAPPING.replace("key: id", "key: n").replace("equals: test", "equals: x")).quarantined == 2


def test_what_the_connector_found_to_be_no_case_record_is_never_mapped(stage: Stage) -> None:
    body = received(case("1"))
    batch = Batch([], ignored=(Ignored(body.body, body.hash, "a.xml", "a subscription"),))
    counts = stage.sync(stage.source(Feed(batch))).counts
    assert (counts.pulled, counts.ignored, counts.reasons) == (1, 1, {"a subscription": 1})
    before = stage.dump()
    again = stage.sync(stage.source(Feed(batch), MAPPING + "narrative: false\n")).counts
    assert (again.ignored, again.mapped, again.unchanged) == (0, 0, 1)
    assert stage.dump() == before


# -- the source ----------------------------------------------------------------------------------------------------


def test_another_agency_of_the_source_owns_every_record_after_the_next_sync(stage: Stage) -> None:
    records = [case("1", people=PEOPLE), case("2", ori="MI9999900")]
    owned = MAPPING.replace("modified: at", "modified: at\nowner: ori")
    stage.sync(stage.source(Feed(records), owned))
    assert {row["key"]: row["agency"] for row in stage.rows("record")} == {"1": "MI1234500", "2": "MI9999900"}
    counts = stage.sync(stage.source(Feed(), owned, agency=OTHER_AGENCY)).counts
    assert counts.mapped == 2
    assert {row["key"]: row["agency"] for row in stage.rows("record")} == {"1": OTHER_AGENCY, "2": "MI9999900"}
    export = stage.export()
    assert OTHER_AGENCY.encode() in export
    assert b"MI1234500" not in export


def test_an_edited_mapping_gives_the_graph_that_it_would_have_given_from_the_start(
    stage: Stage, postgres_store: str, sqlite_store: str
) -> None:
    records = [case("1", people=PEOPLE), case("2", kind="draft"), case("3", no="4"), case("4", no="3", text="ig: @x")]
    last = BY_NUMBER.replace("key: no", "key: {first: [no, id]}").replace("equals: test", "in: [test, draft]")
    stage.feed(*records)
    for mapping in (ALL_GONE, BY_NUMBER, MAPPING + "narrative: false\n", last):
        edited(stage, mapping)
    other = open_store(postgres_store if stage.store.dialect == "sqlite" else sqlite_store)
    try:
        assert fresh(Stage(other), last, *records) == stage.export()
    finally:
        other.close()
