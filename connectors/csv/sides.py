"""Side tables: the rows of other files that belong to a main row, in memory that does not grow with the files.

Where a side file's keys come in the main files' order, both are walked in step. Where they do not, the side file
goes into a temporary SQLite database on disk (deleted when it is closed) and is looked up there. The verifying pass
decides, file by file; a file with a row that joins nothing always goes to the database, which then knows those rows.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, repeat
from operator import itemgetter

import orjson

from connectors.csv.table import OpenTable, Table, changed, check_whole, is_blank
from schemas.records import Problem, Quarantine

Cells = dict[str, str]
Lookup = Callable[[str], list[Cells]]
"""The side rows of a main row's key (its outer blanks stripped), in the order of the file."""

_PULSE_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Side:
    """One file of a join."""

    join: str
    table: Table
    key: str
    parent: str

    @property
    def index(self) -> int:
        """Where the key stands in a row."""
        return self.table.columns.index(self.key)


class KeyOrder:
    """Tells whether a column's keys rise or fall, so that a key that went by never comes again.

    Numbers without leading zeros rise by length, then as text. A key beside its equal is one key.
    """

    def __init__(self) -> None:
        """Start with every order possible."""
        self.last = ""
        self._rising = self._falling = self._longer = self._shorter = True

    def next(self, key: str) -> bool:
        """Take the next key, which is not the last one again; False once no order holds any more."""
        last, self.last = self.last, key
        if not last:
            return True
        rises, longer = last < key, (len(last), last) < (len(key), key)
        self._rising &= rises
        self._falling &= not rises
        self._longer &= longer
        self._shorter &= not longer
        return self._rising or self._falling or self._longer or self._shorter


class Follower:
    """Walks a side file behind the main keys, to see whether the two can be read in step."""

    def __init__(self, side: Side, opened: OpenTable) -> None:
        """Stand on the first row."""
        self._side = side
        self._opened = opened
        self._width = side.table.width
        self._groups = groupby(filter(None, opened.rows), itemgetter(side.index))
        self._pending: str | None = ""
        self.failed = False
        self._advance("")

    def follow(self, key: str) -> None:
        """Pass the rows of a main key."""
        if self._pending == key:
            self._advance(key)

    def fits(self) -> bool:
        """At the end of the main files: whether every side row was passed."""
        if self.failed or self._pending is not None:
            return False
        try:
            check_whole(self._side.table, self._opened, None)
        except Quarantine:
            return False
        return True

    def _advance(self, key: str) -> None:
        """Go to the first row of another key."""
        try:
            for raw, members in self._groups:
                found = raw.strip()
                if found and {self._width}.issuperset(map(len, members)):
                    if found != key:
                        self._pending = found
                        return
                elif found or not all(map(is_blank, members)):
                    break
            else:
                self._pending = None
                return
        except (csv.Error, UnicodeDecodeError, IndexError):
            pass
        self.failed = True
        self._pending = None


def in_step(side: Side, opened: OpenTable) -> Lookup:
    """Look-ups for main keys that come in the order of the side file, each key once or beside its equal."""
    columns = side.table.columns
    # groupby, map and zip keep the work of a row out of Python's own loop: a record has a dozen side rows.
    groups = groupby(filter(None, opened.rows), itemgetter(side.index))
    pending: str | None = None
    members: Iterator[list[str]] = iter(())
    current, found = "", list[Cells]()

    def advance() -> None:
        nonlocal pending, members
        for raw, rows in groups:
            if key := raw.strip():  # a row without a key is a blank one here
                pending, members = key, rows
                return
        pending = None

    def lookup(key: str) -> list[Cells]:
        nonlocal current, found
        if not key:
            return []  # and the key before it may yet come again
        if key == current:
            return found
        current, found = key, []
        while pending == key:
            found += map(dict, map(zip, repeat(columns), members))
            advance()
        return found

    advance()
    return lookup


class SideIndex:
    """Side rows on disk, by key; knows which of them no main row asked for."""

    def __init__(self) -> None:
        """Open a private temporary database, which SQLite deletes when it is closed."""
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -4096;
            CREATE TABLE main (parent TEXT, key TEXT, PRIMARY KEY (parent, key)) WITHOUT ROWID;
            CREATE TABLE side (side INTEGER, key TEXT, lines BLOB, cells BLOB);
            BEGIN;
            """
        )
        self._sides: list[Side] = []

    def close(self) -> None:
        """Delete the database."""
        self._db.close()

    def load(self, side: Side) -> Iterator[None]:
        """Store a side file's rows; raises Quarantine when it is malformed, Retry when it changed."""
        number = len(self._sides)
        self._sides.append(side)
        insert = f"INSERT INTO side VALUES ({number}, ?, ?, ?)"  # noqa: S608 - a number of ours
        with side.table.open() as opened, closing(_groups(side, opened)) as groups:
            count = 0
            for key, lines, cells in groups:
                self._db.execute(insert, (key, orjson.dumps(lines), orjson.dumps(cells)))
                count += len(lines)
                if count >= _PULSE_ROWS:
                    count = 0
                    yield None

    def ready(self) -> None:
        """Index what was loaded, for the look-ups by key."""
        self._db.execute("CREATE INDEX side_by_key ON side (side, key)")

    def lookup(self, side: Side) -> Lookup:
        """Look-ups for main keys in any order."""
        number, columns, execute = self._sides.index(side), side.table.columns, self._db.execute
        select = "SELECT cells FROM side WHERE side = ? AND key = ? ORDER BY rowid"

        def lookup(key: str) -> list[Cells]:
            return [
                dict(zip(columns, row, strict=False))
                for (blob,) in execute(select, (number, key))
                for row in orjson.loads(blob)
            ]

        return lookup

    def saw(self, parent: str, keys: Sequence[str]) -> None:
        """Note the keys of main rows, so that side rows of other keys can be told."""
        self._db.executemany("INSERT OR IGNORE INTO main VALUES (?, ?)", [(parent, key) for key in keys if key])

    def left(self, side: Side) -> Iterator[tuple[int, list[str]]]:
        """The side rows that join nothing, each with its line, in the order of the file."""
        select = (
            "SELECT lines, cells FROM side WHERE side = ? AND (key IS NULL OR NOT EXISTS"
            " (SELECT 1 FROM main WHERE main.parent = ? AND main.key = side.key)) ORDER BY rowid"
        )
        for lines, cells in self._db.execute(select, (self._sides.index(side), side.parent)):
            yield from zip(orjson.loads(lines), orjson.loads(cells), strict=True)


def _groups(side: Side, opened: OpenTable) -> Generator[tuple[str | None, list[int], list[list[str]]]]:
    """Rows beside each other that share a key; no key where the row is ragged or its key is blank."""
    rows, index, width = opened.rows, side.index, side.table.width
    group: list[list[str]] = []
    lines: list[int] = []
    current: str | None = None
    row: list[str] | None = None
    line = rows.line_num + 1
    try:
        for row in rows:
            start, line = line, rows.line_num + 1
            if is_blank(row):
                continue
            key = (row[index].strip() or None) if len(row) == width else None
            if key != current or len(lines) >= _PULSE_ROWS:
                if lines:
                    yield current, lines, group
                current, lines, group = key, [], []
            lines.append(start)
            group.append(row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise Quarantine(side.table.trouble(error, line)) from error
    check_whole(side.table, opened, row)
    if lines:
        yield current, lines, group


def joins_nothing(side: Side, row: Sequence[str]) -> Problem:
    """Why a side row is left over."""
    if len(row) != side.table.width:
        return ragged(row, side.table.width)
    hint = f"no main file has this value in its column `{side.parent}`; was the export of both made at one time?"
    return Problem("row joins no record", side.key, hint)


def ragged(row: Sequence[str], width: int) -> Problem:
    """Why a row is too short or too long for its header."""
    hint = "a delimiter or a quote is missing, or there is one too many; mend it in the system or its export"
    return Problem(f"row has {len(row)} cells, header has {width}", hint=hint)


def still_whole(side: Side, opened: OpenTable) -> None:
    """After the main files' end: raises Retry unless a file read in step was walked to its end, unchanged."""
    for row in opened.rows:
        if not is_blank(row):
            raise changed(side.table.name)
    if opened.digest() != side.table.scan.digest:
        raise changed(side.table.name)
