"""From an id, or the beginning of one, to a node: any visible mention's id leads there, and a key's id too."""

from __future__ import annotations

import re

from graph.snapshot import Handle, Snapshot, handle_of
from schemas.ids import record_part

MINIMUM_DIGITS = 8
"""Fewer digits of an id are not taken: they would name another node tomorrow."""

_ID = re.compile(rf"[0-9a-f]{{{MINIMUM_DIGITS},32}}")

_BY_MENTION = """
WITH named AS MATERIALIZED (SELECT seq, agency FROM record WHERE id BETWEEN ? AND ?)
SELECT m.node, m.record, m.no
FROM named r JOIN mention m ON m.record = r.seq AND m.id BETWEEN ? AND ?{visible}
"""
# A key may have a hundred thousand mentions; one that is visible is enough.
_BY_KEY = """
WITH named AS MATERIALIZED (SELECT no FROM node WHERE id BETWEEN ? AND ?)
SELECT n.no FROM named n WHERE (SELECT 1 FROM mention m{visible} WHERE m.node = n.no LIMIT 1) = 1
"""


class AmbiguousId(LookupError):
    """The digits begin the ids of several visible nodes: more of them are needed."""


def find(snapshot: Snapshot, text: str) -> Handle | None:
    """The visible node that an id, or at least eight digits of one, names; raises AmbiguousId if it names several."""
    digits = text.strip().lower()
    if not _ID.fullmatch(digits):
        return None
    low, high = _between(digits)
    record_low, record_high = record_part(low), record_part(high) + b"\xff" * 8
    sight = snapshot.sight
    found = {
        handle_of(*row)
        for row in snapshot.rows(_BY_MENTION.format(visible=sight.and_record()), record_low, record_high, low, high)
    }
    found.update(row[0] for row in snapshot.rows(_BY_KEY.format(visible=sight.join()), low, high))
    if len(found) > 1:
        raise AmbiguousId(f"{digits} begins the ids of {len(found)} nodes; give more digits")
    return found.pop() if found else None


def _between(digits: str) -> tuple[bytes, bytes]:
    """The smallest and the largest id that begin with these digits."""
    return bytes.fromhex(digits.ljust(32, "0")), bytes.fromhex(digits.ljust(32, "f"))
