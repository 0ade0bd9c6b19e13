"""What cannot be read is set aside with its reason, the rest lands, and nothing of it is lost or told."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from mapping.apply import Mapper
from schemas.records import Batch, FileProblem, Problem, UnitDone
from service.sync import quarantine
from tests.integration.sync.stage import (
    MAPPING,
    Feed,
    Knowing,
    Stage,
    case,
    deletion,
    mapping_of,
    received,
    unreadable,
)

MENDED = MAPPING.replace("required: true, when: {path: status, not: skip}", "required: false")
STRICTER = MAPPING.replace("text: text", "text: {path: text, required: true}")
BAD: dict[str, Any] = {"id": "2"}
"""A record without the status that the mapping requires."""
CANARY = "Zephyrine Quillfeather"


def test_a_bad_record_is_set_aside_with_reason_path_and_hint_and_the_rest_lands(stage: Stage) -> None:
    result = stage.feed(case("1"), BAD, case("3"))
    assert (result.counts.pulled, result.counts.mapped, result.counts.quarantined) == (3, 2, 1)
    assert sorted(stage.statuses()) == ["1", "3"]
    (entry,) = stage.waiting()
    assert (entry.key, entry.path, entry.reason, entry.kind) == ("2", "status", "a required field is empty", "record")
    assert entry.hint
    assert entry.locator.startswith("feed:")


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"id": ""}', b'{"id": NaN}', b"\xff", b"", b"[" * 3000])
def test_a_body_that_is_no_record_is_set_aside(lone_stage: Stage, body: bytes) -> None:
    result = lone_stage.feed(case("1"), received(body), case("3"))
    assert (result.counts.mapped, result.counts.quarantined) == (2, 1)
    assert lone_stage.waiting()[0].reason


def test_reading_the_same_bad_record_again_adds_nothing(stage: Stage) -> None:
    stage.feed(case("1"), BAD)
    before = stage.dump("quarantine")
    assert stage.feed(case("1"), BAD).counts.quarantined == 1
    assert stage.dump("quarantine") == before


def test_one_body_in_two_places_waits_twice(stage: Stage) -> None:
    stage.feed(received(BAD, "a.csv:1"), received(BAD, "b.csv:7"))
    assert sorted(entry.locator for entry in stage.waiting()) == ["a.csv:1", "b.csv:7"]


def test_an_entry_is_resolved_when_a_later_version_of_its_record_lands(stage: Stage) -> None:
    stage.feed(BAD)
    stage.feed(case("1"))
    assert len(stage.waiting()) == 1
    stage.feed(case("2"))
    assert stage.waiting() == []
    assert [entry.state for entry in stage.waiting(None)] == [quarantine.RESOLVED]


def test_an_entry_is_resolved_when_its_record_is_deleted(stage: Stage) -> None:
    stage.feed(BAD)
    stage.feed(deletion("2"))
    assert stage.waiting() == []


def test_an_older_version_that_lands_late_does_not_settle_a_later_bad_one(stage: Stage) -> None:
    stage.feed({"id": "2", "at": "2024-05-03"})
    stage.feed(case("2", at="2024-05-02"))
    assert len(stage.waiting()) == 1, "the version of 3 May has still not been read"
    stage.feed(case("2", at="2024-05-04"))
    assert stage.waiting() == []


def test_a_bad_version_leaves_the_good_one_before_it_in_the_graph(stage: Stage) -> None:
    stage.feed(case("2"))
    stage.feed(BAD)
    assert stage.statuses() == {"2": "open"}
    assert len(stage.waiting()) == 1


def test_in_one_batch_a_bad_version_waits_only_if_it_is_the_last(stage: Stage) -> None:
    stage.feed(BAD, case("2"))
    assert stage.waiting() == []
    stage.feed(case("3"), {"id": "3"})
    assert [entry.key for entry in stage.waiting()] == ["3"]


def test_what_was_resolved_waits_again_when_it_comes_back_bad(stage: Stage) -> None:
    stage.feed(BAD)
    stage.feed(case("2"))
    stage.feed(BAD)
    assert [entry.state for entry in stage.waiting(None)] == [quarantine.OPEN]


# -- a mended mapping ----------------------------------------------------------------------------------------------


def test_a_mended_mapping_reads_what_waited(stage: Stage) -> None:
    stage.feed(BAD)
    result = stage.sync(stage.source(Feed(), MENDED))
    assert result.counts.mapped == 1
    assert stage.statuses() == {"2": None}
    assert stage.waiting() == []


def test_what_a_mended_mapping_cannot_read_either_waits_with_the_new_reason_and_is_not_tried_each_time(
    stage: Stage,
) -> None:
    stage.feed(BAD)
    assert stage.sync(stage.source(Feed(), STRICTER)).counts.quarantined == 1
    before = stage.dump("quarantine")
    assert stage.sync(stage.source(Feed(), STRICTER)).counts.quarantined == 0
    assert stage.dump("quarantine") == before


def test_a_record_that_a_new_mapping_cannot_read_keeps_its_entities_until_it_is_mended(stage: Stage) -> None:
    stage.feed(case("1", text="x"), case("2"))
    before = stage.export()
    result = stage.sync(stage.source(Feed(), STRICTER))
    assert (result.counts.mapped, result.counts.quarantined) == (1, 1)
    assert stage.export() == before
    assert stage.sync(stage.source(Feed(), STRICTER)).counts.quarantined == 0, "it is not tried again with every run"
    assert stage.sync(stage.source(Feed(), MAPPING)).counts.mapped == 1
    assert stage.waiting() == []
    assert stage.export() == before


def test_mapping_a_good_version_again_does_not_settle_a_later_bad_one(stage: Stage) -> None:
    stage.feed(case("2"))
    stage.feed(BAD)
    stage.sync(stage.source(Feed(), MAPPING + "narrative: false\n"))
    assert [entry.key for entry in stage.waiting()] == ["2"], "the version without a status has still not been read"
    stage.sync(stage.source(Feed(), MENDED))
    assert stage.statuses() == {"2": None}


def test_what_the_connector_could_not_read_is_never_mapped(stage: Stage) -> None:
    """A row that joins nothing looks like a record: it has the key of one, and would replace it."""
    stage.feed(case("1"), unreadable(b'{"id": "1", "status": "of a side row"}', "no row of the main file has this key"))
    assert [entry.kind for entry in stage.waiting()] == [quarantine.UNREAD]
    stage.sync(stage.source(Feed(), MENDED))
    stage.retry(stage.source(Feed(), MENDED), stage.waiting()[0].id)
    assert stage.statuses() == {"1": "open"}
    assert len(stage.waiting()) == 1


# -- what a person does --------------------------------------------------------------------------------------------


def test_retry_reads_again_what_waits_and_leaves_the_rest(stage: Stage) -> None:
    stage.feed(BAD, {"id": "3"}, {"id": "4", "text": "x"})
    second, third, fourth = stage.waiting()
    result = stage.retry(stage.source(Feed(), MENDED), second.id, fourth.id)
    assert (result.counts.mapped, result.counts.quarantined) == (2, 0)
    assert [entry.id for entry in stage.waiting()] == [third.id]
    assert sorted(stage.statuses()) == ["2", "4"]


def test_retry_of_what_still_cannot_be_read_says_so(stage: Stage) -> None:
    stage.feed(BAD)
    result = stage.retry(stage.source(Feed(), STRICTER), stage.waiting()[0].id)
    assert (result.counts.mapped, result.counts.quarantined, result.error) == (0, 1, None)
    assert len(stage.waiting()) == 1


def test_retry_of_several_versions_keeps_open_what_still_cannot_be_read(stage: Stage) -> None:
    stage.feed({"id": "2", "n": 1}, {"id": "2", "n": 2}, {"id": "2", "n": 3}, {"id": "9"})
    ids = [entry.id for entry in stage.waiting()]
    picky = MENDED.replace("text: text", "text: {path: text, required: true, when: {path: n, in: [1, 3]}}")
    result = stage.retry(stage.source(Feed(), picky), *ids)
    assert result.counts.quarantined == 2
    assert [entry.id for entry in stage.waiting()] == ids[-1:], "the first was followed by one that landed"
    assert sorted(stage.statuses()) == ["2", "9"]


def test_a_file_that_is_read_again_does_not_reopen_what_a_later_row_of_it_settled(stage: Stage) -> None:
    for feed in (Feed([BAD, case("2")]), Feed([BAD, case("2")]), Knowing([BAD, case("2")])):
        stage.sync(stage.source(feed), full=True)
        assert stage.waiting() == []


def test_retry_of_an_early_version_does_not_settle_a_later_one(stage: Stage) -> None:
    stage.feed({"id": "2", "n": 1}, {"id": "2", "n": 2})
    early, late = stage.waiting()
    stage.retry(stage.source(Feed(), MENDED), early.id)
    assert [entry.id for entry in stage.waiting()] == [late.id]


def test_retry_of_an_older_version_that_came_later_does_not_settle_the_later_one(stage: Stage) -> None:
    stage.feed({"id": "2", "at": "2024-05-09", "text": ""}, {"id": "2", "at": "2024-05-01", "text": "x"})
    late, old = stage.waiting()
    picky = MENDED.replace("text: text", "text: {path: text, required: true}")
    assert stage.retry(stage.source(Feed(), picky), late.id, old.id).counts.mapped == 1
    assert [entry.id for entry in stage.waiting()] == [late.id]


def test_a_record_that_changes_its_key_does_not_settle_a_later_bad_version(stage: Stage) -> None:
    records = [case("1", no="2", at="2024-05-01"), case("2", no="1", at="2024-05-01")]
    stage.feed(*records, {"id": "1", "no": "2", "at": "2024-05-09"})
    stage.sync(stage.source(Feed(), MAPPING.replace("key: id", "key: no")))
    assert [entry.key for entry in stage.waiting()] == ["2"]
    stage.sync(stage.source(Feed(), MENDED.replace("key: id", "key: no")))
    assert stage.statuses() == {"1": None, "2": "open"}


def test_retry_leaves_alone_what_no_longer_waits(stage: Stage) -> None:
    """The body is older than what landed since: to land it now would turn time back."""
    stage.feed(BAD)
    stage.feed(case("2", status="newer"))
    (entry,) = stage.waiting(None)
    stage.retry(stage.source(Feed(), MENDED), entry.id)
    assert stage.statuses() == {"2": "newer"}


def test_what_was_dismissed_stays_so_and_no_longer_counts(stage: Stage) -> None:
    stage.feed(BAD)
    stage.set_state(stage.waiting()[0].id, quarantine.DISMISSED)
    assert stage.feed(BAD).counts.quarantined == 0
    assert stage.waiting() == []
    stage.feed(case("2"))
    assert [entry.state for entry in stage.waiting(None)] == [quarantine.DISMISSED]


def file_problem(fingerprint: bytes = b"1" * 16) -> Batch:
    problem = Problem("the file ends in the middle of a row", "line 7", "send it again")
    return Batch([received(case("1"))], problems=(FileProblem("b.csv", fingerprint, problem, b"half a file"),))


def test_a_file_that_cannot_be_read_waits_until_it_was_read_to_its_end(stage: Stage) -> None:
    stage.sync(stage.source(Feed(file_problem())))
    stage.sync(stage.source(Feed(file_problem())))
    (entry,) = stage.waiting()
    assert (entry.kind, entry.locator, entry.path) == ("file", "b.csv", "line 7")
    stage.sync(stage.source(Feed(Batch([], units=(UnitDone("a.csv", b"2"),)))))
    assert len(stage.waiting()) == 1
    stage.sync(stage.source(Feed(Batch([], units=(UnitDone("b.csv", b"2"),)))))
    assert stage.waiting() == []


def test_a_file_is_no_record_to_retry(stage: Stage) -> None:
    stage.sync(stage.source(Feed(file_problem())))
    before = stage.dump("quarantine")
    stage.retry(stage.source(Feed()), stage.waiting()[0].id)
    stage.sync(stage.source(Feed(), MENDED))
    assert stage.dump("quarantine") == before


# -- whatever a mapping does ---------------------------------------------------------------------------------------


class Bug(Exception):
    pass


@pytest.mark.parametrize("method", ["identify", "map"])
@pytest.mark.parametrize("fault", [Bug, RecursionError, MemoryError, KeyError, AssertionError])
def test_a_mapping_that_fails_sets_one_record_aside_and_tells_nothing_of_it(
    lone_stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    method: str,
    fault: type[Exception],
) -> None:
    stage = lone_stage
    original = getattr(Mapper, method)

    def failing(self: Mapper, root: Any, *more: Any) -> Any:
        if root.value.get("text") == CANARY:
            raise fault(f"cannot cope with {CANARY}")
        return original(self, root, *more)

    monkeypatch.setattr(Mapper, method, failing)
    caplog.set_level(logging.DEBUG)
    result = stage.feed(case("1"), case("2", text=CANARY), case("3"))
    assert (result.counts.mapped, result.counts.quarantined, result.error) == (2, 1, None)
    assert sorted(stage.statuses()) == ["1", "3"]
    (entry,) = stage.waiting()
    assert fault.__name__ in entry.reason
    assert "failing" in entry.reason, "where it happened"
    assert fault.__name__ in caplog.text
    assert CANARY not in caplog.text
    assert CANARY not in repr(entry)


def test_no_case_data_enters_a_reason_a_log_or_an_audit_row(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person = {"pid": CANARY, "name": CANARY, "phones": [CANARY]}
    records: list[Any] = [
        {"id": "1", "text": CANARY, "people": [person]},
        {"id": "", "text": CANARY},
        case("3", at=CANARY, text=CANARY, people=CANARY),
        case({"nested": CANARY}),
    ]
    bodies = [received(f'{{"id": "{CANARY}'.encode()), unreadable(CANARY.encode())]
    result = stage.sync(stage.source(Feed([*records, *bodies])))
    assert result.counts.quarantined == 5
    told = [caplog.text, repr(result), repr(stage.rows("run"))]
    for entry in stage.waiting():
        told += [entry.path, entry.reason, entry.hint, entry.locator]
    assert not any(CANARY in one for one in told)


def test_a_run_that_fails_says_so_in_its_audit_row_without_case_data(stage: Stage) -> None:
    class Telling(Feed):
        async def read(self, since: Any, known: Any) -> Any:
            yield self.batches[0]
            raise ValueError(f"cannot read {CANARY}")

    result = stage.sync(stage.source(Telling([case("1")])))
    assert result.error is not None
    assert "ValueError in read" in result.error
    assert CANARY not in result.error
    (run,) = stage.rows("run")
    assert run["outcome"] == "failed"
    assert CANARY not in repr(run)


def test_a_record_with_more_entities_than_a_store_can_number_is_set_aside(
    lone_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.sync.intake.MENTION_BITS", 2)
    people = [{"pid": str(n), "name": "Jane Roe"} for n in range(4)]
    assert lone_stage.feed(case("1"), case("2", people=people)).counts.quarantined == 1
    assert lone_stage.waiting()[0].reason == "the record has over 4 entities"


# -- texts that databases do not take ------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ["nul\x00", "a" * 20_000, "\U0001f600" * 5_000, "￿"])
def test_odd_keys_paths_and_places_are_kept(stage: Stage, odd: str) -> None:
    problem = Problem(odd, odd, odd)
    records: list[Any] = [
        received({"id": odd + "!"}, odd),
        received(b"x", odd + "2", problem=problem, unit=odd),
        received(case(odd), odd),
    ]
    result = stage.sync(stage.source(Feed([*records, case("1")])))
    assert (result.error, result.counts.mapped, result.counts.quarantined) == (None, 2, 2)
    before = stage.dump("quarantine")
    stage.sync(stage.source(Feed([*records, case("1")])))
    assert stage.dump("quarantine") == before
    assert len(stage.statuses()) == 2


HOSTILE = [
    "nul\x00inside", "\ufffe\uffff", "\u202eevil", "a" * 300_000, "\U0001f600" * 3_000, "'; DROP TABLE record; --",
    "\\", "\\x00", "\t\r\n\v\f", "{1,2}", "e\u0301" * 2_000, "-0", "1e999", "\u0378", "' & | ! :* <->",
    "\x7f\x85\u2028",
]  # fmt: skip


def test_hostile_texts_land_or_are_set_aside_and_stop_nobody(stage: Stage) -> None:
    records = [
        case(
            f"{n} {text[:50]}",
            status=text,
            text=text,
            at=text,
            people=[{"pid": text, "name": text, "role": text, "phones": [text]}, {"name": text}],
        )
        for n, text in enumerate(HOSTILE)
    ]
    result = stage.sync(stage.source(Feed([*records, case("last")])))
    assert result.error is None
    assert result.counts.mapped + result.counts.quarantined == len(HOSTILE) + 1
    assert "last" in stage.statuses()
    again = stage.sync(stage.source(Feed([*records, case("last")])))
    assert (again.error, again.counts.mapped) == (None, 0)


def test_a_mapping_recipe_knows_its_extractor() -> None:
    assert mapping_of().recipe != mapping_of(MENDED).recipe
