"""One file, opened once: its fingerprint, its head, and its bytes in chunks, as often as a pass needs them."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from connectors.niem.prolog import HEAD, Prolog, look
from schemas.ids import SIZE

CHUNK: Final = 1 << 20


class Source:
    """An open file. What is read is this very file, even when another takes its name meanwhile."""

    def __init__(self, path: Path, name: str) -> None:
        """Open a file; raises OSError."""
        self.name = name
        self._file = path.open("rb", buffering=0)
        self._stamp = self._now()
        self.size = self._stamp[0]
        head = self._file.read(HEAD)
        self.empty = not head.strip()
        self.prolog: Prolog = look(head)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def changed(self) -> bool:
        """Whether somebody wrote to the file since it was opened."""
        return self._now() != self._stamp

    def _now(self) -> tuple[int, int]:
        seen = os.fstat(self._file.fileno())
        return seen.st_size, seen.st_mtime_ns

    def whole(self) -> bytes:
        """The whole file, as it is."""
        self._file.seek(0)
        return self._file.read()

    def fingerprint(self) -> bytes:
        """The digest of the whole file."""
        digest = blake2b(digest_size=SIZE)
        for chunk in self._raw():
            digest.update(chunk)
        return digest.digest()

    def chunks(self) -> Iterator[bytes]:
        """The document in chunks, without what stands before it; two- and four-byte encodings as UTF-8."""
        if self.prolog.wide is None:
            yield from self._raw(self.prolog.start)
            return
        decoder = codecs.getincrementaldecoder(self.prolog.wide)()
        first = True
        for raw in self._raw():
            text = decoder.decode(raw)
            if first:
                text = _undeclared(text)
                first = False
            yield text.encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")

    def _raw(self, start: int = 0) -> Iterator[bytes]:
        self._file.seek(start)
        while chunk := self._file.read(CHUNK):
            yield chunk


def _undeclared(text: str) -> str:
    """The text without its XML declaration, which names an encoding that it no longer has."""
    text = text.removeprefix("\ufeff")
    return text[text.index("?>") + 2 :] if text.startswith("<?xml ") and "?>" in text else text
