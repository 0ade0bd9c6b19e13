"""The CSV connector as the port sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from typing import ClassVar

from pydantic import BaseModel

from connectors.csv.check import check
from connectors.csv.config import CsvConfig
from connectors.csv.reading import Reading
from connectors.port import Capabilities, CheckReport, Context
from schemas.records import Batch, JsonObject, Known


class CsvConnector:
    """Reads the delimited files of a folder; a file that did not change costs one look at its bytes."""

    SPI: ClassVar[int] = 1
    Config: ClassVar[type[BaseModel]] = CsvConfig

    def __init__(self, config: CsvConfig, context: Context) -> None:
        """Take the settings and what the wiring knows; opens nothing."""
        self._config = config
        self._context = context

    def capabilities(self) -> Capabilities:
        """A folder has no cursor; files that are known are skipped whole, and a checkpoint may advance in mid-file."""
        return Capabilities(incremental="none", ordered=True)

    async def check(self) -> CheckReport:
        """Look at the folder, each file's encoding and dialect, the joins, and the first rows."""
        return await asyncio.to_thread(check, self._config, self._context)

    async def read(self, since: JsonObject | None, known: Known) -> AsyncIterator[Batch]:
        """Yield the records of new and changed files, file by file in the order of their names."""
        with closing(Reading(self._config, self._context, known).batches(since)) as steps:
            for step in steps:
                if step is None:
                    await asyncio.sleep(0)  # a long file must not keep other sources from their work
                else:
                    yield step
