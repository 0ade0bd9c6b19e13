"""The REST connector as the port sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import ClassVar

from pydantic import BaseModel

from connectors.port import Capabilities, CheckReport, Context
from connectors.rest.check import check
from connectors.rest.config import RestConfig
from connectors.rest.outside import Outside
from connectors.rest.reading import Reading
from schemas.records import Batch, JsonObject, Known

_HERE = Outside()


class RestConnector:
    """Reads a list of JSON records over HTTP; after the first time only what was modified since."""

    SPI: ClassVar[int] = 1
    Config: ClassVar[type[BaseModel]] = RestConfig

    def __init__(self, config: RestConfig, context: Context, outside: Outside = _HERE) -> None:
        """Take the settings and what the wiring knows; opens nothing."""
        self._config = config
        self._context = context
        self._outside = outside

    def capabilities(self) -> Capabilities:
        """What follows from the settings."""
        incremental = self._config.incremental
        return Capabilities(
            incremental="none" if incremental is None else "cursor",
            ordered=incremental is not None and incremental.ordered,
            emits_deletes=self._config.deleted is not None,
        )

    async def check(self) -> CheckReport:
        """Resolve the name, connect, authenticate, read one page, compare clocks."""
        return await check(self._config, self._context, self._outside)

    async def read(self, since: JsonObject | None, known: Known) -> AsyncIterator[Batch]:
        """Yield the list's records, page by page."""
        reading = Reading(self._config, self._context, self._outside, known)
        async with aclosing(reading.batches(since)) as batches:
            async for batch in batches:
                yield batch
