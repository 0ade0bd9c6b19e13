"""A whole answer, or none: the body of a response is read to its end, bounded, and only then believed.

A cut-off answer comes back from the library as a success with half a body, and a compressed one can grow without
end; both are stopped here.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from schemas.records import Stop

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_CHUNK = 64 * 1024


class Transient(Exception):
    """A request that may work when it is repeated; `after`: the seconds that the source asked for."""

    def __init__(self, message: str, after: float | None = None) -> None:
        """Say what was seen."""
        super().__init__(message)
        self.after = after


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer that arrived whole, and the source's clock."""

    body: bytes
    date: datetime | None
    looks_like_html: bool = False
    no_content: bool = False


def header_date(text: str | None) -> datetime | None:
    """A date in a header; None when there is none that can be read."""
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None


async def whole_body(response: httpx.Response, limit: int) -> bytes:
    """The body to its end, decompressed. Raises Transient when it was cut short, Stop when it is too large."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        body = await _bounded(response.aiter_raw(), limit)
        received = len(body)
    elif encoding in {"gzip", "x-gzip", "deflate"}:
        inflater = _Inflater(limit)
        received = 0
        async for chunk in response.aiter_raw():
            received += len(chunk)
            inflater.feed(chunk)
        body = inflater.whole()
    else:
        raise Stop(f"the source compresses its answers as `{encoding}` although they were asked for as they are")
    declared = response.headers.get("content-length")
    if declared is not None and declared.isdigit() and int(declared) != received:
        raise Transient(f"the answer was cut short: {received} of {declared} bytes arrived")
    return body


async def _bounded(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> Stop:
    return Stop(f"an answer is larger than `max_page_bytes` ({limit}); ask for smaller pages, or raise the limit")


class _Inflater:
    """Decompresses up to a limit and insists on the stream's own end."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._body = bytearray()
        self._started = False

    def feed(self, chunk: bytes) -> None:
        """Take compressed bytes; never holds more than the limit of what they become."""
        self._started = self._started or bool(chunk)
        try:
            while chunk:
                if self._stream.eof:  # gzip streams may follow each other
                    self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
                self._body += self._stream.decompress(chunk, _CHUNK)
                if len(self._body) > self._limit:
                    raise _too_large(self._limit)
                chunk = self._stream.unconsumed_tail or self._stream.unused_data
        except zlib.error as error:
            raise Transient("the compressed answer is damaged") from error

    def whole(self) -> bytes:
        """Everything; raises Transient when the stream did not come to its end."""
        if self._started and not self._stream.eof:
            raise Transient("the compressed answer was cut short")
        return bytes(self._body)
