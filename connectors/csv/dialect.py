"""Which character separates the cells, and what the columns are called.

The delimiter is the one that cuts the first rows into the most cells of equal number; `csv.Sniffer` guesses at
letters and is not asked.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 50
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}


def spoken(delimiter: str) -> str:
    """The delimiter's name, for messages."""
    return _NAMES.get(delimiter, f"`{delimiter}`")


def find_delimiter(sample: str, quote: str, width: int | None = None) -> str:
    """The delimiter of a text's first characters; `width` is the number of columns where that is declared."""
    scores = {delimiter: _score(sample, delimiter, quote, width) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=scores.__getitem__)


def _score(sample: str, delimiter: str, quote: str, width: int | None) -> tuple[float, int]:
    """How regular the rows are when cut so: the share of rows as wide as the first, and that width."""
    # The sample may end in mid-row, and another delimiter may make nonsense of the quotes: so not strict.
    widths: list[int] = []
    try:
        rows = islice(cells(StringIO(sample, newline=""), delimiter, quote, strict=False), _SAMPLE_ROWS)
        widths.extend(len(row) for row in rows if any(row))
    except csv.Error:
        return 0.0, 0
    expected = width or (widths[0] if widths else 0)
    if expected < 2:  # noqa: PLR2004 - one column needs no delimiter
        return 0.0, 0
    if len(widths) > 2:  # noqa: PLR2004 - the last row of a sample may be cut
        widths.pop()
    return round(widths.count(expected) / len(widths), 1), expected


def cells(lines: Iterable[str], delimiter: str, quote: str, *, strict: bool = True) -> Reader:
    """The standard library's reader, as it is used here: strict, or an unclosed quote swallows the rest of a file."""
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, quotechar=None, strict=strict)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=strict)


def column_names(header: Sequence[str]) -> list[str]:
    """Names without outer blanks, each once: an empty one becomes `column N`, a second one gets ` (2)`."""
    names: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(header, start=1):
        plain = cell.strip() or f"column {position}"
        name, count = plain, 1
        while name in taken:
            count += 1
            name = f"{plain} ({count})"
        taken.add(name)
        names.append(name)
    return names
