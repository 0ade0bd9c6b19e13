"""Which version of a record stands: by source sequence, else modified, else arrival; a delete wins unless it is older.

*Unchanged* means equal to the current version, so A, then B, then A again is two changes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from graph.codes import State

if TYPE_CHECKING:
    from graph.land import Current


class Verdict(Enum):
    """What a received version is to the one that stands."""

    NEW = "new"
    CHANGED = "changed"
    REMAP = "remap"
    """The same bytes, to be mapped again under another recipe."""
    UNCHANGED = "unchanged"
    OLDER = "older"


def compare(
    current: Current | None,
    *,
    digest: bytes,
    deleted: bool,
    modified: str | None,
    sequence: int | None,
    recipe: int,
) -> Verdict:
    """What a version with these facts is to the current one."""
    if current is None:
        return Verdict.NEW
    same_fate = (current.state == State.DELETED) == deleted
    if current.hash == digest and same_fate:
        return Verdict.UNCHANGED if current.recipe == recipe or deleted else Verdict.REMAP
    order = _order(current, modified, sequence)
    if order is None:
        return Verdict.CHANGED
    resurrects = current.state == State.DELETED and not deleted
    return Verdict.OLDER if order < 0 or (order == 0 and resurrects) else Verdict.CHANGED


def _order(current: Current, modified: str | None, sequence: int | None) -> int | None:
    """Below 0: older than the current version; above 0: later; None: the source does not say, arrival counts."""
    if current.sequence is not None and sequence is not None and current.sequence != sequence:
        return sequence - current.sequence
    if current.modified is not None and modified is not None:
        mine, theirs = _instant(modified), _instant(current.modified)
        return (mine > theirs) - (mine < theirs)
    return None


def _instant(text: str) -> datetime:
    """An ISO date or date-time as an instant; what has no zone counts as UTC, what has no day as its first."""
    padded = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
    moment = datetime.fromisoformat(padded)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
