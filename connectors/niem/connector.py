"""The NIEM connector as the port sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from typing import ClassVar

from pydantic import BaseModel

from connectors.niem.check import check
from connectors.niem.config import NiemConfig
from connectors.niem.reading import Reading
from connectors.port import Capabilities, CheckReport, Context
from schemas.records import Batch, JsonObject, Known


class NiemConnector:
    """Reads the XML files of a folder; what did not change, file or record, is not parsed again."""

    SPI: ClassVar[int] = 1
    Config: ClassVar[type[BaseModel]] = NiemConfig

    def __init__(self, config: NiemConfig, context: Context) -> None:
        """Take the settings and what the wiring knows; opens nothing."""
        self._config = config
        self._context = context

    def capabilities(self) -> Capabilities:
        """A folder has no cursor; a message may say that a record is deleted, which the mapping reads."""
        return Capabilities(incremental="none", ordered=True, emits_deletes=True)

    async def check(self) -> CheckReport:
        """Look at the folder and the first files."""
        return await asyncio.to_thread(check, self._config, self._context)

    async def read(self, since: JsonObject | None, known: Known) -> AsyncIterator[Batch]:
        """Yield the records of new and changed files, file by file in the order of their names."""
        with closing(Reading(self._config, self._context, known).batches(since)) as steps:
            for step in steps:
                if step is None:
                    await asyncio.sleep(0)  # a long file must not keep other sources from their work
                else:
                    yield step
