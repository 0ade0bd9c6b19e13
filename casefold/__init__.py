"""The façade: the command line, the one place that wires everything, and the public plug-in API.

What a connector of somebody else's needs is here and nowhere else: `from casefold import Connector, Batch, Received`.
"""

from __future__ import annotations

from connectors.port import SPI_VERSION, Capabilities, CheckReport, CheckStep, Connector, Context, Outcome
from schemas.records import (
    BadConfiguration,
    Batch,
    FileProblem,
    Ignored,
    Known,
    Problem,
    Received,
    Retry,
    Stop,
    UnitDone,
)

__all__ = [
    "SPI_VERSION",
    "BadConfiguration",
    "Batch",
    "Capabilities",
    "CheckReport",
    "CheckStep",
    "Connector",
    "Context",
    "FileProblem",
    "Ignored",
    "Known",
    "Outcome",
    "Problem",
    "Received",
    "Retry",
    "Stop",
    "UnitDone",
]
