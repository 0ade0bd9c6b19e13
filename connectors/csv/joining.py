"""Decides for each side file how it is joined, and joins it.

First every main file is walked with the side files in step behind it, which also verifies them; what does not come
in step goes to the index on disk. Then the main files are walked again, and each row gets its side rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from connectors.csv.rows import Chunk, Joined
from connectors.csv.sides import Follower, KeyOrder, Lookup, Side, SideIndex, in_step, still_whole
from connectors.csv.table import OpenTable, Table, check_whole, row_start, verify
from schemas.records import Problem, Quarantine

MAX_IN_STEP = 64
"""More side files than this are not held open at once: they go to the index."""
_PULSE_ROWS = 5_000


class Joining:
    """The side files of one read."""

    def __init__(self, sides: Sequence[Side]) -> None:
        """Take the side files whose columns are known."""
        self.sides = tuple(sides)
        self.indexed: list[Side] = []
        self._order = {side.parent: KeyOrder() for side in sides}
        self._ordered = dict.fromkeys(self._order, True)
        self._followers: list[tuple[Side, Follower]] = []
        self._stack = ExitStack()
        self._index: SideIndex | None = None
        self._stepping: list[tuple[Side, OpenTable]] = []
        self._lookups: list[tuple[Side, Lookup]] = []

    def __enter__(self) -> Self:
        """Open the side files that may be read in step."""
        if len(self.sides) <= MAX_IN_STEP:
            for side in self.sides:
                self._followers.append((side, Follower(side, self._stack.enter_context(side.table.open()))))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close every file and delete the index."""
        self._stack.close()

    # -- first: verify, and decide ----------------------------------------------------------------------------------

    def verify_main(self, table: Table) -> Iterator[None]:
        """Walk a main file to its end; raises Quarantine when it is malformed, Retry when it changed."""
        if not self._followers:
            yield from verify(table)
            return
        ways = [
            (
                parent,
                table.columns.index(parent),
                [follower for side, follower in self._followers if side.parent == parent],
            )
            for parent in self._order
        ]
        row: Sequence[str] | None = None
        with table.open() as opened:
            try:
                for count, row in enumerate(opened.rows):
                    if len(row) == table.width:
                        for parent, index, followers in ways:
                            self._follow(parent, row[index].strip(), followers)
                    if not count % _PULSE_ROWS:
                        yield None
            except (csv.Error, UnicodeDecodeError) as error:
                raise Quarantine(table.trouble(error, row_start(table))) from error
            check_whole(table, opened, row)

    def _follow(self, parent: str, key: str, followers: Sequence[Follower]) -> None:
        """Let the side files of one parent column pass a main row's key."""
        order = self._order[parent]
        if key and key != order.last:
            if not order.next(key):
                self._ordered[parent] = False
            for follower in followers:
                follower.follow(key)

    def settle(self) -> Iterator[tuple[Side, Problem] | None]:
        """Put what does not fit on disk; gives the side files that are malformed."""
        fitting = {id(side) for side, follower in self._followers if self._ordered[side.parent] and follower.fits()}
        self._stack.close()
        self.indexed = [side for side in self.sides if id(side) not in fitting]
        if not self.indexed:
            return
        self._index = SideIndex()
        self._stack.callback(self._index.close)
        for side in self.indexed:
            try:
                yield from self._index.load(side)
            except Quarantine as error:
                yield side, error.problem
        self._index.ready()

    # -- then: join -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the side files anew, for the walk that yields."""
        for side in self.sides:
            if self._index is not None and side in self.indexed:
                self._lookups.append((side, self._index.lookup(side)))
            else:
                opened = self._stack.enter_context(side.table.open())
                self._stepping.append((side, opened))
                self._lookups.append((side, in_step(side, opened)))

    def joined(self, table: Table, names: Sequence[str]) -> list[Joined]:
        """For each join, in the order of the mapping: how a row of this main file gets its side rows."""
        joined: list[Joined] = []
        for name in names:
            ways = [(side, lookup) for side, lookup in self._lookups if side.join == name]
            if ways:
                parent = ways[0][0].parent
                joined.append((name, table.columns.index(parent), _together([lookup for _, lookup in ways])))
        return joined

    def saw(self, chunk: Chunk) -> None:
        """Note the keys of main rows that went by, so that side rows of other keys can be told."""
        if self._index is None:
            return
        for parent in {side.parent for side in self.indexed}:
            good = (record for place, record in enumerate(chunk.parsed) if place not in chunk.problems)
            self._index.saw(parent, [record[parent].strip() for record in good])

    def unchanged(self) -> bool:
        """Whether every side file still is what it was when it was verified."""
        return all(side.table.unchanged() for side in self.sides)

    def finish(self) -> None:
        """After the last main row: raises Retry if a side file changed while it was walked."""
        for side, opened in self._stepping:
            still_whole(side, opened)

    def left(self, side: Side) -> Iterator[tuple[int, list[str]]]:
        """The rows of an indexed side file that no main row asked for, each with its line."""
        return iter(()) if self._index is None else self._index.left(side)


def _together(lookups: Sequence[Lookup]) -> Lookup:
    """One look-up over all files of a join."""
    if len(lookups) == 1:
        return lookups[0]
    return lambda key: [row for lookup in lookups for row in lookup(key)]
