"""One read of a list: page after page, each believed only when it arrived whole.

What came before a failure is handed on before the failure is raised, with the checkpoint that was true before it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from typing import Any

from connectors.batches import Batches, Chosen
from connectors.port import Context
from connectors.rest.answer import Answer
from connectors.rest.client import Client, opened
from connectors.rest.config import Deleted, RestConfig
from connectors.rest.cursor import Cursor
from connectors.rest.expression import compiled
from connectors.rest.outside import Outside
from connectors.rest.page import Page, PageReader
from connectors.rest.paging import Ask, Circles, first_url, pager
from schemas.ids import content_hash
from schemas.records import MAX_BATCH_BYTES, Batch, JsonObject, Known, Received, SourceError


class Reading:
    """Reads a source's list once."""

    def __init__(self, config: RestConfig, context: Context, outside: Outside, known: Known) -> None:
        """Take the settings, what the wiring knows, the outside, and what the runner knows."""
        self._config = config
        self._context = context
        self._outside = outside
        self._known = known
        self._out = Batches(context.batch_size)
        self._checkpoint: JsonObject = {}
        self._pages = PageReader(config)
        self._gone = None if config.deleted is None else _says(config.deleted)
        self._key = None if config.key is None else compiled(config.key)

    async def batches(self, since: JsonObject | None) -> AsyncGenerator[Batch]:
        """The batches of the read. Raises Retry, Stop or BadConfiguration."""
        cursor = None if self._config.incremental is None else Cursor(self._config.incremental, since)
        self._checkpoint = {} if cursor is None else cursor.midway()
        try:
            async with (
                opened(self._config, self._context, self._outside) as client,
                aclosing(self._walk(client, cursor)) as pages,
            ):
                async for ask, page, hashes in pages:
                    after = self._checkpoint if cursor is None else cursor.midway()
                    for batch in self._put(ask, page, hashes, after):
                        yield batch
        except SourceError:
            if self._out.pending:
                yield self._out.flush()
            raise
        yield self._out.finish({} if cursor is None else cursor.end())

    async def _walk(self, client: Client, cursor: Cursor | None) -> AsyncGenerator[tuple[Ask, Page, list[bytes]]]:
        """The pages in order, each with the hashes of its records."""
        paging, circles = pager(self._config.pagination), Circles()
        ask: Ask | None = paging.first(first_url(self._config, None if cursor is None else cursor.parameter()))
        first = True
        while ask is not None:
            answer, page = await client.get(ask.url, self._accept(first=first))
            hashes = list(map(content_hash, page.bodies))
            circles.watch(ask, hashes)
            if cursor is not None:
                cursor.watch(page.records, answer.date)
            yield ask, page, hashes
            ask, first = paging.next(ask, page.whole, len(page.records)), False

    def _accept(self, *, first: bool) -> Callable[[Answer], tuple[Answer, Page]]:
        """Read an answer as a page while it can still be asked for again: it may be whole and yet no page."""
        return lambda answer: (answer, self._pages.read(answer, first=first))

    def _put(self, ask: Ask, page: Page, hashes: list[bytes], after: JsonObject) -> Iterator[Batch]:
        """Put what the store does not know into batches; only the last of a page may move the cursor."""
        start, size = 0, 0
        limit = self._context.batch_size
        for place, body in enumerate(page.bodies):
            if place > start and (place - start >= limit or size + len(body) > MAX_BATCH_BYTES):
                yield from self._put_part(ask, page, hashes, range(start, place))
                start, size = place, 0
            size += len(body)
        self._checkpoint = after
        yield from self._put_part(ask, page, hashes, range(start, len(hashes)))

    def _put_part(self, ask: Ask, page: Page, hashes: list[bytes], places: range) -> Iterator[Batch]:
        """Put a part of a page that fits a batch."""
        yield from self._out.put(lambda: self._new(ask, page, hashes, places), self._checkpoint)

    def _new(self, ask: Ask, page: Page, hashes: list[bytes], places: range) -> Chosen:
        """The records of a part that the store does not know."""
        same = self._known.hashes(hashes[places.start : places.stop]) if places else set()
        stem = f"{ask.label}#{self._pages.pointer}/"
        problems, records, bodies = page.problems, page.records, page.bodies
        made: list[Received] = []
        size = known = 0
        for place in places:
            digest, problem = hashes[place], problems.get(place)
            if digest in same and problem is None:
                known += 1
                continue
            record, body = records[place], bodies[place]
            gone = self._gone is not None and problem is None and self._gone(record)
            key = self._key_of(record) if gone else None
            made.append(Received(body, digest, f"{stem}{place}", record, None, gone, key, problem))
            size += len(body)
        return Chosen(made, size, known)

    def _key_of(self, record: Any) -> str | None:
        """The key that the source gives a record, as text."""
        found = None if self._key is None else self._key(record)
        return str(found) if isinstance(found, (str, int)) else None


def _says(deleted: Deleted) -> Callable[[Any], bool]:
    """Whether a record says that it is gone: the value and its type, since 1 is not true."""
    search, meant = compiled(deleted.path), deleted.equals
    return lambda record: type(seen := search(record)) is type(meant) and bool(seen == meant)
