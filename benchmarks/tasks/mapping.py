"""Mapping alone: the CSV connector and the mapper, as a sync runs them, without a store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cpu import Meter
from casefold.settings import load_settings
from casefold.wiring import wire
from schemas.records import NothingKnown
from service.sync.collector import few_collections

if TYPE_CHECKING:
    from benchmarks.child import Facts
    from service.sync.source import Source


def map_only(home: str) -> Facts:
    """CPU seconds of reading and mapping a home's source; how many mentions and links that made."""
    settings = load_settings(Path(home))
    source = wire(settings, settings.sources[0]).source
    meter = Meter()
    with meter.running(), few_collections():
        mentions, links = asyncio.run(_mapped(source))
    return {"cpu": meter.seconds, "mentions": mentions, "links": links}


async def _mapped(source: Source) -> tuple[int, int]:
    mentions = links = 0
    async for batch in source.connector.read(None, NothingKnown()):
        for received in batch.records:
            opened = source.mapping.open(received.body, received.parsed)
            assert opened.identify().ignored is None
            mapped = opened.map(source.agency)
            mentions += len(mapped.mentions)
            links += len(mapped.links)
    return mentions, links
