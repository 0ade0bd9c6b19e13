"""One delimited file as rows: opened the same way each time, its bytes hashed while they are read.

The first pass (`verify`) reads a file to its end before anything of it is yielded: truncation, an unclosed quote or
bytes in another encoding show themselves only there.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.csv.config import CsvConfig
from connectors.csv.dialect import SAMPLE_CHARACTERS, cells, column_names, find_delimiter
from connectors.csv.scan import Scan, stamp
from schemas.ids import SIZE
from schemas.records import MAX_BATCH_BYTES, Problem, Quarantine, Retry

if TYPE_CHECKING:
    from _csv import Reader

_BUFFER = 256 * 1024
_PULSE_ROWS = 20_000


class _Digesting(io.RawIOBase):
    """A file that hashes what is read from it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self.digest = blake2b(digest_size=SIZE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed asks for Buffer, which has no slices
        count = self._file.readinto(buffer) or 0
        self.digest.update(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class OpenTable:
    """A table's rows from the first data row on."""

    def __init__(self, raw: _Digesting, rows: Reader) -> None:
        """Hold the reader, and the file that it reads."""
        self._raw = raw
        self.rows = rows

    def digest(self) -> bytes:
        """The digest of what was read; of the whole file once the rows are at their end."""
        return self._raw.digest.digest()


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited file whose encoding, dialect and columns are known."""

    path: Path
    name: str
    """Relative to the source's folder: it stands in locators and names the unit."""
    scan: Scan
    delimiter: str
    quote: str
    columns: tuple[str, ...]
    headless: bool
    final_newline: bool

    @property
    def width(self) -> int:
        """Cells in a row."""
        return len(self.columns)

    @contextmanager
    def open(self) -> Iterator[OpenTable]:
        """The rows, header passed; their bytes are hashed on the way. Raises OSError."""
        with _opened(self.path) as raw:
            text = io.TextIOWrapper(io.BufferedReader(raw, _BUFFER), self.scan.encoding, "strict", newline="")
            try:
                rows = cells(text, self.delimiter, self.quote)
                if not self.headless:
                    _header(rows)
                yield OpenTable(raw, rows)
            finally:
                text.close()

    def unchanged(self) -> bool:
        """Whether the file on disk still is the one that was scanned."""
        try:
            return stamp(self.path) == self.scan.stamp
        except OSError:
            return False

    def trouble(self, error: csv.Error | UnicodeDecodeError, line: int) -> Problem:
        """What a parser's error means to the person who exported the file; `line` is where the row starts."""
        if isinstance(error, UnicodeDecodeError):
            hint = "declare the source's `encoding`, or ask for an export in UTF-8"
            return Problem(f"bytes are not valid {self.scan.encoding}", f"line {line} or shortly after", hint)
        if "unexpected end" in str(error):
            hint = "the file was cut short, or a quote character is missing in this row"
            return Problem("a quote is opened and never closed", f"line {line}", hint)
        if "field larger" in str(error):
            hint = "a quote that is never closed makes one cell of the rows after it; look at this row"
            return Problem("a cell is larger than 8 MiB", f"line {line}", hint)
        return Problem("row breaks the quoting rules", f"line {line}", f"the parser says: {error}")

    def ending(self, last: Sequence[str] | None) -> Problem | None:
        """What the file's end says: a last row that is cut short means that the whole file is."""
        if self.scan.ends_with_newline:
            return None
        if last is not None and len(last) < self.width:
            return Problem("last row is cut short", hint="the file was not written to its end; ask for it again")
        if self.final_newline:
            hint = "the file was cut short; or set `final_newline: false` if the system writes such files"
            return Problem("file does not end with a newline", hint=hint)
        return None


@contextmanager
def _opened(path: Path) -> Iterator[_Digesting]:
    csv.field_size_limit(MAX_BATCH_BYTES)
    raw = _Digesting(path)
    try:
        yield raw
    finally:
        raw.close()


def is_blank(row: Sequence[str]) -> bool:
    """Whether all cells are empty or blanks."""
    return not any(row) or not "".join(row).strip()


def _header(rows: Reader) -> list[str]:
    """The first row that is not blank; empty when there is none."""
    return next((row for row in rows if not is_blank(row)), [])


def describe(path: Path, name: str, scan: Scan, config: CsvConfig, *, main: bool) -> Table:
    """Find a file's dialect and columns; raises Quarantine when the bytes rule it out, or OSError."""
    if scan.problem is not None:
        raise Quarantine(scan.problem)
    declared = config.header if main and config.header is not True else None
    columns: Sequence[str] = declared or ()
    table = Table(path, name, scan, config.delimiter or ",", config.quote, (), bool(declared), config.final_newline)
    try:
        csv.field_size_limit(MAX_BATCH_BYTES)
        with path.open(encoding=scan.encoding, newline="") as text:
            sample = text.read(SAMPLE_CHARACTERS)
            delimiter = config.delimiter or find_delimiter(sample, config.quote, len(columns) or None)
            text.seek(0)
            columns = columns or column_names(_header(cells(text, delimiter, config.quote)))
    except (csv.Error, UnicodeDecodeError) as error:
        raise Quarantine(table.trouble(error, 1)) from error
    if not columns:
        raise Quarantine(Problem("file has no header", hint="all its rows are blank; ask for the export again"))
    return Table(path, name, scan, delimiter, config.quote, tuple(columns), bool(declared), config.final_newline)


def verify(table: Table) -> Iterator[None]:
    """Read a table to its end; raises Quarantine if it is malformed and Retry if it changed since it was scanned."""
    last: Sequence[str] | None = None
    with table.open() as opened:
        rows = opened.rows
        try:
            while chunk := deque(islice(rows, _PULSE_ROWS), maxlen=1):
                last = chunk[0]
                yield None
        except (csv.Error, UnicodeDecodeError) as error:
            raise Quarantine(table.trouble(error, row_start(table))) from error
        check_whole(table, opened, last)


def check_whole(table: Table, opened: OpenTable, last: Sequence[str] | None) -> None:
    """At a table's end: raises Retry if its bytes are not those that were scanned, Quarantine if it was cut short."""
    if opened.digest() != table.scan.digest:
        raise changed(table.name)
    if (problem := table.ending(last)) is not None:
        raise Quarantine(problem)


def changed(name: str) -> Retry:
    """The error for a file that was written to while it was read."""
    return Retry(f"{name} changed while it was read; it is read again with the next run")


def row_start(table: Table) -> int:
    """The line on which the row that cannot be parsed starts: the slow way, once the fast way has failed."""
    line = 0
    with table.open() as opened:
        try:
            while True:
                line = opened.rows.line_num + 1
                next(opened.rows)
        except (csv.Error, UnicodeDecodeError, StopIteration):
            return line
