"""What every connector must do, whatever it connects to: a subclass of `Conformance` gives a `case`, and is tested."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from pydantic import BaseModel, ValidationError

from connectors.port import SPI_VERSION, Capabilities, Connector
from schemas.ids import content_hash
from schemas.records import (
    MAX_BATCH_BYTES,
    MAX_CHECKPOINT_BYTES,
    Batch,
    FileProblem,
    JsonObject,
    Known,
    NothingKnown,
    Received,
    UnitDone,
)


class Memory:
    """A `Known` that remembers what was made durable, as the store does."""

    def __init__(self) -> None:
        self.current: set[bytes] = set()
        self.units: dict[str, UnitDone] = {}

    def unit(self, name: str, fingerprint: bytes) -> int | None:
        done = self.units.get(name)
        return done.records if done is not None and done.fingerprint == fingerprint else None

    def hashes(self, hashes: list[bytes]) -> set[bytes]:
        assert len(hashes) <= 1_000
        return self.current.intersection(hashes)

    def commit(self, batch: Batch) -> None:
        """Make a batch durable: good records become current, files become known."""
        self.current.update(record.hash for record in batch.records if record.problem is None)
        self.current.update(ignored.hash for ignored in batch.ignored)
        self.units.update((unit.name, unit) for unit in batch.units)


@dataclass
class Haul:
    """What one read gave."""

    batches: list[Batch] = field(default_factory=list)

    @property
    def records(self) -> list[Received]:
        return [record for batch in self.batches for record in batch.records]

    @property
    def problems(self) -> list[FileProblem]:
        return [problem for batch in self.batches for problem in batch.problems]

    @property
    def units(self) -> list[UnitDone]:
        return [unit for batch in self.batches for unit in batch.units]

    @property
    def unchanged(self) -> int:
        return sum(batch.unchanged for batch in self.batches)

    @property
    def ignored(self) -> int:
        return sum(len(batch.ignored) for batch in self.batches)


def drain(
    connector: Connector, since: JsonObject | None = None, known: Known | None = None, *, batches: int | None = None
) -> Haul:
    """Read to the end, or as far as some batches; a `Memory` is told of each batch, as if it were committed."""

    async def read() -> Haul:
        haul = Haul()
        async with aclosing(connector.read(since, known or NothingKnown())) as reading:  # type: ignore[type-var]
            async for batch in reading:
                haul.batches.append(batch)
                if isinstance(known, Memory):
                    known.commit(batch)
                if len(haul.batches) == batches:
                    break
        return haul

    return asyncio.run(read())


@dataclass
class Case:
    """A source that a connector reads, with what is in it."""

    make: Callable[[int], Connector]
    """The connector, with this batch size."""
    good: int
    """Records without a problem, ignored documents among them."""
    bad: int
    """Records that cannot be read, each alone."""
    change: Callable[[], None]
    """Changes one good record at the source."""
    settings: JsonObject
    """Settings that the connector's Config accepts."""
    secrets: tuple[str, ...] = ()
    """Values that must never be seen outside a request."""


def identities(haul: Haul) -> list[tuple[bytes, bytes, str]]:
    """What a record is to the runner."""
    records = [(record.body, record.hash, record.locator) for record in haul.records]
    return records + [(doc.body, doc.hash, doc.locator) for batch in haul.batches for doc in batch.ignored]


def contents(haul: Haul) -> set[bytes]:
    """The hashes of all that came."""
    return {digest for _, digest, _ in identities(haul)}


class Conformance:
    """The suite; a subclass is named Test… and gives the fixture `case`."""

    @pytest.fixture
    def case(self) -> Case | Iterator[Case]:
        raise NotImplementedError

    def test_it_is_a_connector_of_this_version_of_the_port(self, case: Case) -> None:
        connector = case.make(10)
        assert isinstance(connector, Connector)
        assert type(connector).SPI == SPI_VERSION  # type: ignore[attr-defined]
        assert isinstance(connector.capabilities(), Capabilities)

    def test_its_settings_are_closed_and_describe_themselves(self, case: Case) -> None:
        config: type[BaseModel] = case.make(10).Config
        config.model_validate(case.settings)
        json.dumps(config.model_json_schema())
        with pytest.raises(ValidationError, match="no_such_setting"):
            config.model_validate({**case.settings, "no_such_setting": 1})

    def test_the_check_passes_and_says_no_secret(self, case: Case) -> None:
        report = asyncio.run(case.make(10).check())
        assert report.steps
        assert report.ok, report
        self.assert_silent(case, report.model_dump_json())

    def test_every_record_arrives_once_and_a_bad_one_stops_no_other(self, case: Case) -> None:
        haul = drain(case.make(10))
        assert sum(record.problem is None for record in haul.records) + haul.ignored == case.good
        assert sum(record.problem is not None for record in haul.records) == case.bad
        assert len({record.locator for record in haul.records}) == len(haul.records)

    def test_a_record_is_its_bytes(self, case: Case) -> None:
        for record in drain(case.make(10)).records:
            assert record.body
            assert record.locator
            if not record.dropped_media:
                assert record.hash == content_hash(record.body)
            if isinstance(record.parsed, dict):
                assert orjson.loads(record.body) == record.parsed

    def test_a_problem_names_its_kind_and_what_to_do(self, case: Case) -> None:
        for record in drain(case.make(10)).records:
            if record.problem is not None:
                assert record.problem.reason
                assert record.problem.hint

    @pytest.mark.parametrize("size", [1, 7, 1_000])
    def test_batches_keep_to_their_limits(self, case: Case, size: int) -> None:
        for batch in drain(case.make(size)).batches:
            assert len(batch.records) <= size
            assert len(batch.records) <= 1 or sum(len(record.body) for record in batch.records) <= MAX_BATCH_BYTES
            assert len(orjson.dumps(batch.checkpoint)) <= MAX_CHECKPOINT_BYTES

    def test_the_size_of_batches_changes_no_record(self, case: Case) -> None:
        whole = identities(drain(case.make(1_000)))
        assert identities(drain(case.make(1))) == whole
        assert identities(drain(case.make(7))) == whole

    def test_a_second_read_of_the_same_finds_nothing_new(self, case: Case) -> None:
        memory = Memory()
        first = drain(case.make(7), known=memory)
        again = drain(case.make(7), first.batches[-1].checkpoint, memory)
        assert [record for record in again.records if record.problem is None] == []
        assert again.ignored == 0

    def test_a_second_read_from_the_start_counts_what_it_left_out(self, case: Case) -> None:
        memory = Memory()
        drain(case.make(7), known=memory)
        again = drain(case.make(7), None, memory)
        assert [record for record in again.records if record.problem is None] == []
        assert again.unchanged >= case.good

    def test_killed_after_any_batch_it_loses_nothing_and_repeats_no_good_record(self, case: Case) -> None:
        # Where a record stood may differ: a list that is asked for from later on has other pages.
        whole = contents(drain(case.make(3)))
        for batches in range(1, len(drain(case.make(3)).batches)):
            memory = Memory()
            before = drain(case.make(3), None, memory, batches=batches)
            after = drain(case.make(3), before.batches[-1].checkpoint, memory)
            assert contents(before) | contents(after) == whole
            good = {record.hash for record in before.records if record.problem is None}
            assert not good & {record.hash for record in after.records}

    def test_a_checkpoint_that_it_does_not_know_loses_nothing(self, case: Case) -> None:
        whole = identities(drain(case.make(7)))
        assert identities(drain(case.make(7), {"made": "by another version"})) == whole

    def test_one_changed_record_is_the_one_that_comes(self, case: Case) -> None:
        memory = Memory()
        first = drain(case.make(7), known=memory)
        case.change()
        again = drain(case.make(7), first.batches[-1].checkpoint, memory)
        good = [record for record in again.records if record.problem is None]
        assert len(good) == 1
        assert good[0].hash not in {record.hash for record in first.records}

    def test_it_says_no_secret_anywhere(self, case: Case, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            haul = drain(case.make(7))
        self.assert_silent(case, caplog.text)
        self.assert_silent(case, repr([(batch.checkpoint, batch.problems) for batch in haul.batches]))
        self.assert_silent(case, repr([(record.locator, record.problem, record.unit) for record in haul.records]))

    def assert_silent(self, case: Case, text: str) -> None:
        for secret in case.secrets:
            assert secret not in text

    def test_a_reader_may_leave_at_any_time(self, case: Case) -> None:
        drain(case.make(1), batches=1)

    def test_two_reads_are_independent(self, case: Case) -> None:
        connector = case.make(5)
        first: Any = identities(drain(connector))
        assert identities(drain(connector)) == first
