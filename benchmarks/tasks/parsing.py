"""Parse-only: the same bytes through the bare parser of their format, and nothing done with what comes out."""

from __future__ import annotations

import csv
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from lxml import etree

from benchmarks.cpu import Meter
from benchmarks.shapes import messages, pages, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.child import Facts


BEGIN, END = b"<lexs:PublishMessage>", b"</lexs:PublishMessage>"


def parse(shape: str, folder: str) -> Facts:
    """CPU seconds of parsing a shape's input."""
    return {"cpu": PARSERS[shape](Path(folder))}


def _tables(folder: Path) -> float:
    """`csv.reader` over all four files, its rows thrown away without a loop of ours."""
    meter = Meter()
    with meter.running():
        for name in tables.FILES:
            with (folder / name).open(encoding="utf-8", newline="") as file:
                deque(csv.reader(file), maxlen=0)
    return meter.seconds


def _pages(folder: Path) -> float:
    """`orjson.loads` of each answer's body; the bodies are put together outside the count, as the server does."""
    meter = Meter()
    book = pages.Book(folder)
    for body in book.pages():
        with meter.running():
            orjson.loads(body)
    book.close()
    return meter.seconds


def _messages(folder: Path) -> float:
    """`etree.fromstring` of each message, cut out outside the count.

    That is the fastest way to have lxml see these bytes in memory that does not grow: `iterparse` over the whole file,
    letting go of each message, took 35 % more where this was written, and the tree of 200,000 messages at once would
    take tens of gigabytes.
    """
    meter = Meter()
    for document in _documents(folder / messages.FILE):
        with meter.running():
            etree.fromstring(document)
    return meter.seconds


def _documents(path: Path) -> Iterator[bytes]:
    """Each message as a document of its own, with the namespaces that are in scope."""
    with path.open("rb") as file:
        data = b""
        around: bytes | None = None
        while chunk := file.read(1 << 20):
            *whole, data = (data + chunk).split(END)
            for part in whole:
                if around is None:
                    around = part[: part.index(BEGIN)]
                yield around + part[part.index(BEGIN) :] + END + messages.TAIL.encode()


PARSERS: dict[str, Callable[[Path], float]] = {"csv": _tables, "json": _pages, "xml": _messages}
