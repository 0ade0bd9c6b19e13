"""One look at a file's bytes: its digest, its encoding with the proof, and what rules it out at once.

UTF-8 proves itself, Windows-1252 never does: it is what is left when the bytes are not UTF-8, and `check` says at
which byte that was seen.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from schemas.ids import SIZE
from schemas.records import Problem

CHUNK = 1 << 20
_FALLBACK = "cp1252"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-16", "utf-32")
_REAL_NON_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")

Stamp = tuple[int, int, int]
"""Inode, size and time of last change: what differs when a file was replaced or written to."""

NO_STAMP: Stamp = (0, 0, 0)
"""Of a file that may not even be looked at."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the bytes of a file say."""

    digest: bytes
    stamp: Stamp
    encoding: str
    proof: str
    """Why this encoding, for a person."""
    ends_with_newline: bool
    problem: Problem | None = None


def stamp(path: Path) -> Stamp:
    """What changes when somebody writes the file; raises OSError when it is gone."""
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


class _Utf8:
    """Follows a stream of bytes and remembers where it first was not UTF-8."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._seen = 0
        self.bad_at: int | None = None
        self.cut_short = False
        self.ascii = True

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        pending = self._decoder.getstate()[0]
        if self.bad_at is None and (pending or not chunk.isascii()):
            self.ascii = False
            try:
                self._decoder.decode(chunk)
            except UnicodeDecodeError as error:
                self.bad_at = self._seen - len(pending) + error.start
        self._seen += len(chunk)

    def end(self) -> None:
        """Note a character that the file's end cut in two."""
        if self.bad_at is None:
            pending = self._decoder.getstate()[0]
            self.cut_short = bool(pending)


def scan(path: Path, declared: str | None) -> Iterator[Scan | None]:
    """Read a file once; gives None while it reads, then the result. Raises OSError."""
    before = stamp(path)
    digest, utf8 = blake2b(digest_size=SIZE), _Utf8()
    seen, nul_at, start, end = 0, -1, b"", b""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            utf8.feed(chunk)
            if nul_at < 0 and (found := chunk.find(0)) >= 0:
                nul_at = seen + found
            start = start or chunk[:4]
            end = (end + chunk)[-4:]
            seen += len(chunk)
            yield None
    utf8.end()
    encoding, proof, problem = _encoding(path, declared, start, utf8)
    if seen == 0:
        problem = Problem("file is empty", hint="not even a header was written; ask for the export again")
    elif nul_at >= 0 and not encoding.startswith(_WIDE):
        hint = "the file is damaged, or is UTF-16: then declare `encoding: utf-16`"
        problem = Problem("file holds NUL bytes", f"byte {nul_at}", hint)
    ends_with_newline = end.rstrip(b"\0")[-1:] in {b"\n", b"\r"}
    yield Scan(digest.digest(), before, encoding, proof, ends_with_newline, problem)


def _encoding(path: Path, declared: str | None, start: bytes, utf8: _Utf8) -> tuple[str, str, Problem | None]:
    if declared is not None:
        return declared, "declared", None
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name, "the file starts with a byte order mark", None
    if utf8.cut_short:
        hint = "the file was cut short; or declare its `encoding`"
        return "utf-8", "", Problem("file ends inside a character", hint=hint)
    if utf8.bad_at is None:
        return "utf-8", "all bytes are ASCII" if utf8.ascii else "every byte is valid UTF-8", None
    seen = f"byte {utf8.bad_at} is not UTF-8"
    if _has_utf8(path):
        hint = "some characters are UTF-8 and some are not: declare the `encoding` that is right for most"
        return "utf-8", "", Problem("file mixes encodings", f"byte {utf8.bad_at}", hint)
    return _FALLBACK, f"{seen}, and nothing else in the file is beyond ASCII in UTF-8", None


def _has_utf8(path: Path) -> bool:
    """True when some non-ASCII characters of a file that is not UTF-8 are valid UTF-8 all the same."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            if _REAL_NON_ASCII.search(decoder.decode(chunk)):
                return True
    return False
