"""One read of a folder: scan every file, verify what is new, then yield its records.

Nothing of a file is yielded before it was read to its end once, and a file that changes under our hands ends the
run with Retry. What a checkpoint says was done is not believed blindly: records before it are skipped only when the
store knows them, so a mapping that was edited between two runs misses none.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from connectors.batches import Batches, Chosen
from connectors.csv.columns import check_main, check_sides, sides_of
from connectors.csv.config import CsvConfig
from connectors.csv.folder import File, Fingerprints, Folder, find, look
from connectors.csv.joining import Joining
from connectors.csv.rows import Chunk, chunks, loose_cells
from connectors.csv.scan import NO_STAMP, Scan, stamp
from connectors.csv.sides import Side, joins_nothing
from connectors.csv.table import Table, changed, describe
from connectors.port import Context
from schemas.ids import content_hash
from schemas.joins import Join
from schemas.records import (
    MAX_BATCH_BYTES,
    Batch,
    FileProblem,
    JsonObject,
    Known,
    Problem,
    Quarantine,
    Received,
    Retry,
    UnitDone,
)

MAX_KEPT_BYTES = 1 << 20
"""A file that cannot be read is kept for whoever mends it, up to this size."""

Step = Batch | None
"""A batch, or nothing yet: a pause in which other sources may work."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A file with its fingerprint; `known`: how many records it gave, when it need not be read."""

    file: File
    fingerprint: bytes
    known: int | None


class Reading:
    """Reads a source's folder once."""

    def __init__(self, config: CsvConfig, context: Context, known: Known) -> None:
        """Take the settings, what the wiring knows, and what the runner knows."""
        self._config = config
        self._source = context.source
        self._batch_size = context.batch_size
        self._context = context
        self._known = known
        self._joins: Mapping[str, Join] = context.join
        self._out = Batches(context.batch_size)
        self._scans: dict[str, Scan] = {}
        self._checkpoint: JsonObject = {}

    def batches(self, since: JsonObject | None) -> Generator[Step]:
        """Every step of the read. Raises Retry or BadConfiguration."""
        try:
            yield from self._steps(since)
        except OSError as error:
            name = Path(error.filename).name if isinstance(error.filename, str) else "a file"
            what = error.strerror or type(error).__name__
            raise Retry(f"source {self._source}: {name} could not be read to its end ({what})") from error
        except (csv.Error, UnicodeDecodeError, IndexError) as error:
            # Every file was parsed to its end before: what cannot be parsed now is not what it was then.
            raise Retry(f"source {self._source}: a file changed while it was read; the next run reads it") from error

    def _steps(self, since: JsonObject | None) -> Iterator[Step]:
        folder = find(self._config, self._context)
        yield from self._scan(folder)
        main, side = self._units(folder)
        for unit in main:
            self._out.skipped(unit.known or 0)
        if self._joins and any(unit.known is None for unit in (*main, *side)):
            yield from self._read(folder, main, side, since or {})
        else:
            for unit in main:
                if unit.known is None:
                    yield from self._read(folder, [unit], [], since or {})
        yield self._out.finish({})

    def _scan(self, folder: Folder) -> Iterator[Step]:
        """Look at the bytes of every file."""
        for file in folder.files():
            for scanned in look(file, self._config.encoding):
                if scanned is not None:
                    self._scans[file.name] = scanned
                yield None

    def _units(self, folder: Folder) -> tuple[list[Unit], list[Unit]]:
        """The main files, and the side files, whose records are the rows that join nothing; which are known."""
        marks = Fingerprints(self._config, self._joins)
        sides = [(file.name, self._scans[file.name].digest) for _, files in folder.sides for file in files]
        main = [self._unit(file, marks.of(self._scans[file.name].digest, sides)) for file in folder.main]
        mains = [unit.fingerprint for unit in main]
        beside = {file.name: file for _, files in folder.sides for file in files}
        return main, [
            self._unit(file, marks.of_side(self._scans[name].digest, mains)) for name, file in sorted(beside.items())
        ]

    def _unit(self, file: File, fingerprint: bytes) -> Unit:
        known = None if self._scans[file.name].problem else self._known.unit(file.name, fingerprint)
        return Unit(file, fingerprint, known)

    # -- files that belong together: one main file, or all of them with all that is joined to them ----------------

    def _read(self, folder: Folder, main: Sequence[Unit], beside: Sequence[Unit], since: JsonObject) -> Iterator[Step]:
        """Verify all files, since a row of any may belong to a row of any other; then yield the new ones."""
        problems: dict[str, Problem] = {}
        tables = self._describe([unit.file for unit in main], problems, main=True)
        side_tables = self._describe([unit.file for unit in beside], problems, main=False)
        sides = self._sides(folder, side_tables, problems)
        problems |= check_main(self._source, tables, self._joins)
        with Joining(sides) as joining:
            yield from self._verify(joining, [table for table in tables if table.name not in problems], problems)
            waits_for = next((unit.file.name for unit in beside if unit.file.name in problems), None)
            if waits_for is not None:
                waiting = Problem("a side file cannot be read", hint=f"this file waits until {waits_for} is mended")
                problems = dict.fromkeys((unit.file.name for unit in main if unit.known is None), waiting) | problems
            for unit in (*main, *beside):
                if unit.file.name in problems:
                    yield from self._refuse(unit, problems[unit.file.name])
            if waits_for is not None:
                return
            joining.start()
            whole = {table.name: table for table in tables if table.name not in problems}
            for unit in main:
                if unit.file.name in whole:
                    yield from self._emit(unit, whole[unit.file.name], joining, since)
            joining.finish()
            if len(whole) == len(main):
                yield from self._finish_sides(beside, joining)

    def _describe(self, files: Sequence[File], problems: dict[str, Problem], *, main: bool) -> list[Table]:
        """The files that have a dialect and columns; what is wrong with the others goes to `problems`."""
        tables = []
        for file in files:
            try:
                tables.append(describe(file.path, file.name, self._scans[file.name], self._config, main=main))
            except Quarantine as error:
                self._certain(file.name, file.path)
                problems[file.name] = error.problem
        return tables

    def _sides(self, folder: Folder, tables: Sequence[Table], problems: dict[str, Problem]) -> list[Side]:
        """The side files of each join that have its key."""
        by_name = {table.name: table for table in tables}
        files = {name: [by_name[file.name] for file in files if file.name in by_name] for name, files in folder.sides}
        if not tables:
            return []
        problems |= check_sides(self._source, files, self._joins)
        return [side for name, join in self._joins.items() for side in sides_of(name, join, files[name])]

    def _verify(self, joining: Joining, tables: Sequence[Table], problems: dict[str, Problem]) -> Iterator[Step]:
        """Read every file to its end; what is wrong with one goes to `problems`."""
        for table in tables:
            try:
                yield from joining.verify_main(table)
            except Quarantine as error:
                self._certain(table.name, table.path)
                problems[table.name] = error.problem
        for found in joining.settle():
            if found is not None:
                side, problem = found
                self._certain(side.table.name, side.table.path)
                problems[side.table.name] = problem
            yield None

    def _certain(self, name: str, path: Path) -> None:
        """Before a file is called malformed: raises Retry when it is no longer the one that was looked at."""
        if self._scans[name].stamp != NO_STAMP and stamp(path) != self._scans[name].stamp:
            raise changed(name)

    def _refuse(self, unit: Unit, problem: Problem) -> Iterator[Step]:
        """Report a file that cannot be read, with its bytes where they are few."""
        body = b""
        path, size = unit.file.path, self._scans[unit.file.name].stamp[1]
        if size <= MAX_KEPT_BYTES and problem.reason != "a side file cannot be read":
            try:
                body = path.read_bytes()[:MAX_KEPT_BYTES]
            except OSError:
                body = b""
        yield from self._out.problem(FileProblem(unit.file.name, unit.fingerprint, problem, body))

    # -- records --------------------------------------------------------------------------------------------------

    def _emit(self, unit: Unit, table: Table, joining: Joining, since: JsonObject) -> Iterator[Step]:
        """Yield a main file's records; one that is known only walks by, for the sake of the side files."""
        mark = {"unit": table.name, "fingerprint": unit.fingerprint.hex()}
        resumed = all(since.get(name) == value for name, value in mark.items())
        before = int(since.get("records", 0)) if resumed else 0
        done = 0
        joined = joining.joined(table, list(self._joins))
        ignore_blank = self._config.ignore_blank_rows
        with table.open() as opened:
            for chunk in chunks(table, opened, joined, self._batch_size, ignore_blank=ignore_blank):
                if not (table.unchanged() and joining.unchanged()):
                    raise changed(table.name)
                joining.saw(chunk)
                done += len(chunk.bodies)
                if unit.known is None:
                    self._checkpoint = {**mark, "records": done}
                    yield from self._put(table.name, chunk, again=done <= before)
                yield None
            if opened.digest() != table.scan.digest:
                raise changed(table.name)
        if unit.known is None:
            self._out.done(UnitDone(table.name, unit.fingerprint, done))

    def _put(self, name: str, chunk: Chunk, *, again: bool) -> Iterator[Batch]:
        """Put what the store does not know into batches; `again`: an earlier run came past here."""
        hashes = list(map(content_hash, chunk.bodies))
        yield from self._out.put(lambda: self._new(name, chunk, hashes, again=again), self._checkpoint)

    def _new(self, name: str, chunk: Chunk, hashes: list[bytes], *, again: bool) -> Chosen:
        """The records of a chunk that the store does not know."""
        same = self._known.hashes(hashes)
        problems = chunk.problems
        records = [
            Received(body, digest, f"{name}:{line}", parsed, name, False, None, problems.get(place))  # noqa: FBT003 - positions are faster than names
            for place, (body, digest, line, parsed) in enumerate(
                zip(chunk.bodies, hashes, chunk.lines, chunk.parsed, strict=True)
            )
            if (digest not in same if place not in problems else not again)
        ]
        if len(records) == len(hashes):
            return Chosen(records, chunk.size)
        known = sum(digest in same for place, digest in enumerate(hashes) if place not in problems)
        return Chosen(records, sum(len(record.body) for record in records), known)

    def _finish_sides(self, beside: Sequence[Unit], joining: Joining) -> Iterator[Step]:
        """Yield the side rows that join nothing, then the side files' ends."""
        left = Counter[str]()
        for side in joining.indexed:
            columns = side.table.columns
            for line, row in joining.left(side):
                left[side.table.name] += 1
                body = orjson.dumps(loose_cells(columns, row))
                problem = joins_nothing(side, row)
                locator, name = f"{side.table.name}:{line}", side.table.name
                received = Received(body, content_hash(body), locator, None, name, problem=problem)
                yield from self._out.add([received], min(len(body), MAX_BATCH_BYTES), self._checkpoint)
            yield None
        for unit in beside:
            if unit.known is None:
                self._out.done(UnitDone(unit.file.name, unit.fingerprint, left[unit.file.name]))
