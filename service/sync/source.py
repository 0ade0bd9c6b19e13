"""A source, wired: what reads it, what maps it, whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from connectors.port import Connector
    from mapping.apply import SourceMapping


class Source(NamedTuple):
    """One feed, wired: what reads it and what maps it."""

    name: str
    agency: str
    label: str
    connector: Connector
    mapping: SourceMapping
    config: bytes
    """Hash of the connector's settings: a checkpoint made under others is not used."""
