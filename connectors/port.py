"""The port behind which every kind of RMS stands: a connector answers `records after this checkpoint`.

A connector fetches and splits; it keeps no state, maps nothing and writes nowhere. What it parsed to split a
document travels with the record, so that nothing is parsed twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from schemas.records import Batch, JsonObject, Known

SPI_VERSION = 1
"""Version of this port; a plug-in names the one it was built for."""


class Capabilities(BaseModel):
    """What a connector can do, so that the runner knows how to treat what it yields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    incremental: Literal["none", "cursor", "window", "snapshot"] = "none"
    ordered: bool = False
    """Batches come in the order of the cursor, so that a checkpoint may advance within a run."""
    emits_deletes: bool = False
    push: bool = False


class Outcome(StrEnum):
    """How one step of a check ended."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    HINT = "hint"


class CheckStep(BaseModel):
    """One step of a connection test, said to a person: what was tried, how it ended, what to do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str
    outcome: Outcome
    message: str
    """What was seen; never a secret and never case data."""
    hint: str = ""


class CheckReport(BaseModel):
    """The steps of a connection test in order; the first failure ends them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: tuple[CheckStep, ...]
    columns: tuple[str, ...] = ()
    """Every column that was seen, where the source has columns: what the mapping reads is held against them."""

    @property
    def ok(self) -> bool:
        """True when no step failed."""
        return all(step.outcome is not Outcome.FAIL for step in self.steps)


@runtime_checkable
class Connector(Protocol):
    """What every kind of source implements; constructed as `Kind(config, context)`."""

    Config: ClassVar[type[BaseModel]]
    """Settings of one source. Secrets are references (`env:NAME`, `file:PATH`), never values."""

    def capabilities(self) -> Capabilities:
        """Say what this connector can do, before anything is opened."""

    async def check(self) -> CheckReport:
        """Try the connection step by step; changes nothing at the source."""

    def read(self, since: JsonObject | None, known: Known) -> AsyncIterator[Batch]:
        """Yield batches from the checkpoint on (`>=`: what is unchanged is dropped by the runner or by `known`).

        Raises Retry, Stop or BadConfiguration; a bad record or file is data in the batch, not an exception.
        """


class Context(Protocol):
    """What the wiring hands a connector besides its settings."""

    @property
    def source(self) -> str:
        """Name of the source, for messages."""

    @property
    def base(self) -> str:
        """The home folder; relative paths in settings start here."""

    @property
    def batch_size(self) -> int:
        """The most records a batch may hold, 1 to 1,000."""

    @property
    def join(self) -> Mapping[str, Any]:
        """Side tables that the mapping joins by key (`schemas.joins.Join` by name); empty for most sources."""

    def secret(self, reference: str) -> str:
        """Resolve `env:NAME` or `file:PATH`; raises BadConfiguration naming the reference, never the value."""
