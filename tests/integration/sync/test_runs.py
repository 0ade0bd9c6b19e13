"""How runs end, what they remember, and that a run without news writes nothing."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from connectors.context import SourceContext
from connectors.csv import CsvConnector
from connectors.csv.config import CsvConfig
from schemas.joins import Join
from schemas.records import BadConfiguration, Batch, Retry, Stop, UnitDone
from service.sync.runner import Runner
from tests.integration.sync.stage import (
    DATA,
    MAPPING,
    Clock,
    Feed,
    Knowing,
    Stage,
    case,
    deletion,
    mapping_of,
    migrate,
    open_store,
    received,
    unreadable,
)

if TYPE_CHECKING:
    from mapping.apply import SourceMapping
    from service.sync.ledger import Counts

PEOPLE = [{"pid": "7", "name": "Jane Roe", "role": "VIC", "phones": ["313-555-0100"]}]


def news(*, at: int = 1, **more: Any) -> Batch:
    return Batch([received(case("1", people=PEOPLE, text="ig: @night_owl22", **more))], checkpoint={"at": at})


def forbid_writing(stage: Stage) -> None:
    """From now on, whoever writes a row of data fails."""
    with stage.store.write() as tx:
        for table in DATA:
            if stage.store.dialect == "sqlite":
                for event in ("INSERT", "UPDATE", "DELETE"):
                    tx.connection.execute(
                        sa.text(
                            f"CREATE TRIGGER no_{event}_{table} BEFORE {event} ON {table} "
                            f"BEGIN SELECT RAISE(ABORT, 'wrote {table}'); END"
                        )
                    )
                continue
            tx.connection.execute(
                sa.text(
                    f"CREATE OR REPLACE FUNCTION no_{table}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION 'wrote {table}'; END $$"
                )
            )
            events = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
            tx.connection.execute(
                sa.text(
                    f"CREATE TRIGGER no BEFORE {events} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION no_{table}()"
                )
            )


# -- nothing new -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Feed, Knowing])
@pytest.mark.parametrize("full", [False, True])
def test_a_second_run_of_the_same_input_maps_nothing_and_writes_no_row(
    stage: Stage,
    kind: type[Feed],
    full: bool,  # noqa: FBT001 - both ways
) -> None:
    records: list[Any] = [
        *(case(str(n), people=PEOPLE, text="call 313-555-0199", at="2024-05-03") for n in range(9)),
        case("t", kind="test"),
        case("g", gone=True),
        {"id": "bad"},
        unreadable(b"x,y"),
    ]
    batch = Batch([one if not isinstance(one, dict) else received(one) for one in records], checkpoint={"n": 1})
    first = stage.sync(stage.source(kind(batch)), full=full).counts
    assert (first.pulled, first.mapped, first.ignored, first.deleted, first.quarantined) == (13, 9, 1, 1, 2)
    assert first.mentions > 0
    assert first.links > 0
    before = stage.dump(*DATA, "quarantine", "checkpoint", "unit", "dirty")
    assert before["dirty"] == []
    forbid_writing(stage)
    again = stage.sync(stage.source(kind(batch)), full=full)
    assert again.error is None
    counts = again.counts
    assert (counts.pulled, counts.mapped, counts.ignored, counts.deleted) == (13, 0, 0, 0)
    assert (counts.mentions, counts.links, counts.unchanged) == (0, 0, 11)
    assert stage.dump(*before) == before


def test_writing_would_have_been_noticed(stage: Stage) -> None:
    """The test above rests on this."""
    stage.feed(case("1"))
    forbid_writing(stage)
    with pytest.raises(Exception, match="wrote record"):
        stage.feed(case("1", status="b"))


# -- how a run ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said", "configuration"),
    [
        (Retry("the server asks for patience", after=5), "the server asks for patience", False),
        (Stop("access was revoked"), "access was revoked", False),
        (BadConfiguration("rms.yaml:3: url: no such host"), "rms.yaml:3: url: no such host", True),
        (KeyError("x"), "the connector failed: KeyError in read:", False),
        (MemoryError(), "the connector failed: MemoryError in read:", False),
        (OSError("disk on fire"), "the connector failed: OSError in read:", False),
    ],
)
def test_a_source_that_fails_keeps_what_it_gave_and_its_checkpoint(
    stage: Stage,
    error: BaseException,
    said: str,
    configuration: bool,  # noqa: FBT001 - a table of cases
) -> None:
    result = stage.sync(stage.source(Feed(news(), error, [case("2")])))
    assert result.error is not None
    assert result.error.startswith(said)
    assert result.configuration is configuration
    assert result.counts.mapped == 1
    assert stage.statuses() == {"1": "open"}
    (run,) = stage.rows("run")
    assert (run["outcome"], run["error"]) == ("failed", result.error)
    assert orjson.loads(run["counts"])["mapped"] == 1
    feed = Feed([case("2")])
    assert stage.sync(stage.source(feed)).error is None, "the lease was given back"
    assert feed.asked == [{"at": 1}]


def test_a_source_that_fails_does_not_stop_the_others(stage: Stage) -> None:
    results = [
        stage.sync(stage.source(Feed(news(), ValueError("x")), name="a")),
        stage.sync(stage.source(Feed(Stop("y")), name="b")),
        stage.sync(stage.source(Feed(news()), name="c")),
    ]
    assert [result.error is None for result in results] == [False, False, True]
    assert [(run["source"], run["outcome"]) for run in stage.rows("run")] == [
        (1, "failed"),
        (2, "failed"),
        (3, "done"),
    ]
    assert all(lease["holder"] == "" for lease in stage.rows("lease"))


def test_what_is_no_exception_of_a_record_ends_the_run_and_gives_the_lease_back(stage: Stage) -> None:
    with pytest.raises(KeyboardInterrupt):
        stage.sync(stage.source(Feed(news(), KeyboardInterrupt())))
    (run,) = stage.rows("run")
    assert (run["outcome"], run["error"]) == ("failed", "KeyboardInterrupt")
    assert stage.rows("lease")[0]["holder"] == ""
    assert stage.rows("dirty") == [], "what landed was published"


def test_a_connector_is_closed_when_its_run_ends_early(lone_stage: Stage) -> None:
    closed: list[bool] = []

    class Closing(Feed):
        async def read(self, since: Any, known: Any) -> Any:
            try:
                yield self.batches[0]
            finally:
                closed.append(True)

    def stopping(point: str, source: str, counts: Counts) -> None:
        if point == "map":
            raise Stop("enough")

    result = lone_stage.sync(lone_stage.source(Closing(news())), observe=stopping)
    assert (result.error, closed) == ("enough", [True])


def test_a_store_that_fails_is_a_fault_of_ours_and_raised(lone_stage: Stage) -> None:
    stage = lone_stage
    with stage.store.write() as tx:
        tx.connection.execute(sa.text("ALTER TABLE mention RENAME TO elsewhere"))
    with pytest.raises(Exception, match="mention"):
        stage.feed(case("1"))


def test_a_store_that_another_process_keeps_busy_is_no_fault(
    lone_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(error: Exception) -> Any:
        def fail(*_: Any) -> None:
            raise error

        return fail

    class Deadlock(Exception):
        sqlstate = "40P01"

    locked = sqlite3.OperationalError("database is locked")
    for busy in (OperationalError("BEGIN IMMEDIATE", {}, locked), locked, Deadlock()):
        monkeypatch.setattr("service.sync.runner.source_number", failing(busy))
        result = lone_stage.sync(lone_stage.source(Feed(news())))
        assert result.error is not None
        assert result.error.startswith("the store is busy")
    broken = OperationalError("BEGIN", {}, sqlite3.OperationalError("disk I/O error"))
    monkeypatch.setattr("service.sync.runner.source_number", failing(broken))
    with pytest.raises(OperationalError):
        lone_stage.sync(lone_stage.source(Feed(news())))


def test_the_audit_of_a_run_tells_what_it_did_and_when(stage: Stage) -> None:
    stage.sync(stage.source(Feed(news(), [case("t", kind="test")])))
    (run,) = stage.rows("run")
    assert (run["started"], run["finished"]) == (stage.clock.now * 1000, stage.clock.now * 1000)
    counts = orjson.loads(run["counts"])
    assert (counts["pulled"], counts["mapped"], counts["reasons"]) == (2, 1, {"a test record": 1})


def test_the_points_of_a_run_are_heard_in_order(stage: Stage) -> None:
    heard: list[str] = []
    stage.sync(stage.source(Feed(news(), [])), observe=lambda point, source, counts: heard.append(point))
    batch = ["fetch", "map", "land", "write", "checkpoint"]
    assert heard == [*batch, "publish", *batch, "end"]


# -- checkpoints and files -------------------------------------------------------------------------------------------


def test_a_checkpoint_is_used_by_the_next_run_and_by_a_full_one_it_is_not(stage: Stage) -> None:
    stage.sync(stage.source(Feed(news(at=1), news(at=2, status="b"))))
    feed = Feed()
    stage.sync(stage.source(feed))
    stage.sync(stage.source(feed), full=True)
    assert feed.asked == [{"at": 2}, None]


def test_a_checkpoint_made_under_other_settings_is_not_used(stage: Stage) -> None:
    stage.sync(stage.source(Feed(news()), config=b"one"))
    feed = Feed()
    stage.sync(stage.source(feed, config=b"two"))
    stage.sync(stage.source(feed, config=b"one"))
    assert feed.asked == [None, {"at": 1}]


def test_a_batch_without_a_checkpoint_keeps_the_one_before_and_an_empty_one_starts_anew(stage: Stage) -> None:
    stage.sync(stage.source(Feed(news(), [case("2")])))
    feed = Feed()
    stage.sync(stage.source(feed))
    stage.sync(stage.source(Feed(Batch([], checkpoint={}))))
    stage.sync(stage.source(feed))
    assert feed.asked == [{"at": 1}, None]


class Files(Feed):
    """Asks about one file, as a connector does before it opens it."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[int | None] = []

    async def read(self, since: Any, known: Any) -> Any:
        self.answers.append(known.unit("a.csv", b"print"))
        self.answers.append(known.unit("a.csv", b"other"))
        yield Batch([])


def test_a_file_that_was_read_whole_is_known_while_it_and_the_settings_stay_the_same(stage: Stage) -> None:
    done = Batch([received(case("1"))], units=(UnitDone("a.csv", b"print", 1),))
    stage.sync(stage.source(Feed(done), config=b"one"))
    files = Files()
    stage.sync(stage.source(files, config=b"one"))
    stage.sync(stage.source(files, config=b"two"))
    stage.sync(stage.source(files, config=b"one"), full=True)
    stage.sync(stage.source(files, config=b"one", name="another"))
    assert files.answers == [1, None, *[None] * 6]


def test_two_sources_with_the_same_keys_stay_apart(stage: Stage) -> None:
    for name in ("a", "b"):
        stage.sync(stage.source(Feed([case("1", people=PEOPLE)]), name=name))
    assert len(stage.rows("record")) == 2
    stage.sync(stage.source(Feed([deletion("1")]), name="a"))
    assert stage.statuses() == {"1": "open"}
    assert stage.export().count(b'"source":"b"') > 0
    assert b'"source":"a"' not in stage.export()


# -- batches and files in any order ----------------------------------------------------------------------------------

CSV = """
casefold: mapping/1
reader: table
key: CASE_NO
modified: UPDATED
delete: {path: STATUS, equals: PURGED}
join: {people: {files: "persons*.csv", key: CASE_NO}}
entities:
  incident: {type: Incident, properties: {number: CASE_NO, status: STATUS}}
  note: {type: Note, properties: {text: NARRATIVE}}
  person:
    each: people
    type: Person
    key: PID
    master: PID
    properties: {name: {parts: {surname: LAST, given: FIRST}}}
    entities: {phone: {type: Phone, properties: {number: CELL}}}
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: ROLE}
      - {type: USES, from: person, to: phone}
links: [{type: ABOUT, from: note, to: incident}]
"""


def drop(folder: Path, days: list[int]) -> None:
    """A folder with a file of cases for each day, and one of persons."""
    folder.mkdir()
    persons = ["CASE_NO,PID,LAST,FIRST,CELL,ROLE"]
    for place, day in enumerate(days):
        rows = ["CASE_NO,STATUS,UPDATED,NARRATIVE"]
        for n in range(13):
            number = f"{day}-{n}"
            status = "PURGED" if n == 5 else "OPEN"
            rows.append(f"{number},{status},2024-05-{day:02},Suspect's ig: @owl{n}")
            persons.append(f"{number},P{n % 4},Roe{n % 4},Jane,313-555-01{n:02},witness")
        (folder / f"cases-{place}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "persons.csv").write_text("\n".join(persons) + "\n", encoding="utf-8")


def csv_source(stage: Stage, folder: Path, batch_size: int, mapping: SourceMapping) -> Any:
    join = {"people": Join(files="persons*.csv", key="CASE_NO")}
    context = SourceContext("rms", str(folder.parent), batch_size, join)
    config = CsvConfig(path=folder.name, files="cases*.csv")
    return stage.source(CsvConnector(config, context), mapping)


@pytest.fixture(scope="module")
def csv_mapping() -> SourceMapping:
    return mapping_of(CSV)


@pytest.fixture
def expected(lone_stage: Stage, tmp_path: Path, csv_mapping: SourceMapping) -> bytes:
    """The export of one batch of everything on SQLite."""
    drop(tmp_path / "whole", [1, 2, 3])
    result = lone_stage.sync(csv_source(lone_stage, tmp_path / "whole", 1_000, csv_mapping))
    assert (result.error, result.counts.mapped, result.counts.deleted) == (None, 36, 3)
    return lone_stage.export()


@pytest.mark.parametrize("batch_size", [1, 7, 1_000])
@pytest.mark.parametrize("days", [[1, 2, 3], [3, 1, 2]])
def test_batches_of_any_size_and_files_in_any_order_give_the_same_bytes(
    store_url: str, tmp_path: Path, expected: bytes, csv_mapping: SourceMapping, batch_size: int, days: list[int]
) -> None:
    store = open_store(store_url)
    if store.dialect == "sqlite":
        # The fixture `expected` used this very file.
        store.close()
        store_url = f"sqlite:///{tmp_path / 'other.sqlite'}"
        migrate(store_url)
        store = open_store(store_url)
    try:
        stage = Stage(store)
        drop(tmp_path / "folder", days)
        result = stage.sync(csv_source(stage, tmp_path / "folder", batch_size, csv_mapping))
        assert result.error is None
        assert result.counts.pulled == 39
        assert stage.export() == expected
        again = stage.sync(csv_source(stage, tmp_path / "folder", batch_size, csv_mapping), full=True)
        assert (again.counts.mapped, again.counts.unchanged) == (0, 39)
        assert stage.export() == expected
    finally:
        store.close()


def test_a_run_needs_no_event_loop_of_its_own(lone_stage: Stage) -> None:
    async def both() -> list[str | None]:
        runner = Runner(lone_stage.store, clock=Clock())
        sources = [lone_stage.source(Feed(news()), name=name) for name in ("a", "b")]
        return [result.error for result in await asyncio.gather(*map(runner.sync, sources))]

    assert asyncio.run(both()) == [None, None]


def test_nothing_is_logged_above_information_in_a_clean_run(
    lone_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lone_stage.sync(lone_stage.source(Feed(news()), MAPPING))
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []
