"""Records on their way in: what a connector yields, and the errors that say what happens next.

`Received` is a plain tuple, because a batch holds a thousand of them; the models stand where agency IT looks.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

JsonObject = dict[str, Any]

MAX_BATCH_RECORDS = 1_000
MAX_BATCH_BYTES = 8 * 1024 * 1024
MAX_CHECKPOINT_BYTES = 16 * 1024


class Problem(NamedTuple):
    """Why something cannot be read, where, and what to do. Never the data itself."""

    reason: str
    """A short class of fault, the same for all records that share it: `row has 7 cells, header has 9`."""
    path: str = ""
    """Column, JSON Pointer or XPath within the record; empty when the whole is meant."""
    hint: str = ""
    """What agency IT can do about it."""


class Received(NamedTuple):
    """One version of one source document, as received and split; not yet keyed."""

    body: bytes
    """The smallest well-formed unit, verbatim: a JSON object of one row's cells, a JSON object, one XML report."""
    hash: bytes
    """`schemas.ids.content_hash` of the bytes as received (before media bytes were dropped)."""
    locator: str
    """Where a person finds it: `people.csv:17`, a URL with pointer, `file.xml` with XPath."""
    parsed: Any = None
    """What the connector parsed already (dict, lxml element …), so that nothing is parsed twice; None: not yet."""
    unit: str | None = None
    """Name of the file or page run it came in, where that can be known unchanged as a whole."""
    deleted: bool = False
    """The source says that this record is gone (a deletion feed); the mapping may find more such signs."""
    key: str | None = None
    """The record key, where the connector knows it (a deletion feed); else the mapping finds it."""
    problem: Problem | None = None
    """A bad record is data, not an exception: the runner quarantines it."""
    dropped_media: int = 0
    """Bytes of media that were replaced by their SHA-256 and length."""


class UnitDone(NamedTuple):
    """A file was read to its end: with its last batch it becomes known, and is skipped while it stays the same."""

    name: str
    fingerprint: bytes
    records: int = 0
    """How many records it holds, so that a run that skips it can say how many were unchanged."""


class Ignored(NamedTuple):
    """A document that is no case record (a subscription, an access-control answer), with the reason."""

    body: bytes
    hash: bytes
    locator: str
    reason: str
    unit: str | None = None


class FileProblem(NamedTuple):
    """A whole file that cannot be read: truncated, malformed. Nothing of it was or will be yielded."""

    unit: str
    fingerprint: bytes
    problem: Problem
    body: bytes = b""
    """The file's bytes where they are small enough to keep (<= 1 MiB)."""


class Batch(NamedTuple):
    """What the runner commits in one transaction: at most 1,000 records and 8 MiB (an oversize record alone)."""

    records: list[Received]
    checkpoint: JsonObject | None = None
    """True only once this batch and all before it are durable; None: nothing to resume from."""
    unchanged: int = 0
    """Records that the connector skipped because `Known` knew them."""
    units: tuple[UnitDone, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    problems: tuple[FileProblem, ...] = ()


class Known(Protocol):
    """What the runner knows already; a connector asks so that unchanged input costs next to nothing."""

    def unit(self, name: str, fingerprint: bytes) -> int | None:
        """How many records this very file gave when it was last read whole; None when it must be read."""

    def hashes(self, hashes: list[bytes]) -> set[bytes]:
        """Which of these content hashes are current records of this source, mapped as they would be now."""


class NothingKnown:
    """A `Known` that knows nothing: preview, check and a full re-read use it."""

    def unit(self, name: str, fingerprint: bytes) -> int | None:  # noqa: ARG002 - the protocol's signature
        """Say that every file must be read."""
        return None

    def hashes(self, hashes: list[bytes]) -> set[bytes]:  # noqa: ARG002 - the protocol's signature
        """Say that no record is known."""
        return set()


class SourceError(Exception):
    """Base of what a source can do to a run; each is named for what happens next."""


class Retry(SourceError):
    """The source may work later: the run of this source ends, its checkpoint stands. `after` is in seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        """Say what was seen and, if the source named it, how long to wait."""
        super().__init__(message)
        self.after = after


class Stop(SourceError):
    """The source answered something that only a person can mend: access revoked, a contract broken."""


class BadConfiguration(SourceError):
    """The configuration is wrong: nothing was pulled. The message names file, line, key and the nearest valid one."""


class Quarantine(SourceError):
    """This record cannot be read; the others go on."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem to the quarantine table."""
        super().__init__(problem.reason)
        self.problem = problem
