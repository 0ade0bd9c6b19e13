"""What a principal may see, as SQL: the filter that stands inside every query, before its limits and counts.

A record that may not be seen changes no byte of any answer, so nothing may be read past this filter: neither which
mention is a node's smallest, nor how often a name occurs, nor how many neighbours there are.
"""

from __future__ import annotations

import re

from schemas.access import Predicate, Principal, predicate

_ORI = re.compile(r"[A-Z0-9]{9}")


class Sight:
    """One principal's view of the records, compiled once."""

    __slots__ = ("_agencies", "everything")

    def __init__(self, seen: Predicate) -> None:
        """Compile a predicate. Agencies that are no ORIs own nothing, and are left out."""
        self.everything = seen.everything
        self._agencies = ", ".join(f"'{agency}'" for agency in sorted(seen.agencies) if _ORI.fullmatch(agency))

    @classmethod
    def of(cls, principal: Principal) -> Sight:
        """What this principal may see."""
        return cls(predicate(principal))

    def and_record(self, record: str = "r") -> str:
        """A condition on a record that the query has joined anyway, with its AND."""
        if self.everything:
            return ""
        if not self._agencies:
            return " AND false"
        # As a CASE, because a planner takes a plain comparison for selective and begins with it, at every record.
        return f" AND CASE WHEN {record}.agency IN ({self._agencies}) THEN true ELSE false END"

    def join(self, mention: str = "m", record: str = "v") -> str:
        """A join that leaves only mentions of visible records; nothing when all are visible."""
        if self.everything:
            return ""
        return f" JOIN record {record} ON {record}.seq = {mention}.record{self.and_record(record)}"
