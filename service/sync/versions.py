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

Order = tuple[int | None, str | None]
"""What orders the versions of a record: the source's sequence, which goes first, and its time of modification."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Verdict(Enum):
    """What a received version is to the one that stands."""

    NEW = "new"
    CHANGED = "changed"
    REMAP = "remap"
    """The same bytes, to be mapped again under another recipe, whatever the mapping made of them so far."""
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
    if current.hash == digest and current.recipe != recipe:
        return Verdict.REMAP
    if current.hash == digest and (current.state == State.DELETED) == deleted:
        return Verdict.UNCHANGED
    order = later((sequence, modified), (current.sequence, current.modified))
    if order is None:
        return Verdict.CHANGED
    resurrects = current.state == State.DELETED and not deleted
    return Verdict.OLDER if order < 0 or (order == 0 and resurrects) else Verdict.CHANGED


def later(mine: Order, theirs: Order) -> int | None:
    """Above 0: mine is the later version; below 0: the older; None: the source does not say, so arrival counts."""
    if mine[0] is not None and theirs[0] is not None and mine[0] != theirs[0]:
        return mine[0] - theirs[0]
    if mine[1] is None or theirs[1] is None:
        return None
    moments = _instant(mine[1]), _instant(theirs[1])
    if moments[0] is None or moments[1] is None:
        return None
    return (moments[0] > moments[1]) - (moments[0] < moments[1])


def _instant(text: str) -> float | None:
    """An ISO date or date-time in seconds; what has no zone counts as UTC, what has no day as its first.

    None for what is no such text: a mapping may leave `modified` as the source wrote it.
    """
    padded = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
    try:
        moment = datetime.fromisoformat(padded)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (aware - _EPOCH).total_seconds()
    except (ValueError, OverflowError):
        return None
