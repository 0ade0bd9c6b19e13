"""Who asks, and what may be seen: principals, handling, and the predicate that joins them.

Every read of the graph takes a `Predicate`, which only a `Principal` yields: there is no read without one.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.values import Frozen
from schemas.vocabulary import Protection

Ori = Annotated[str, Field(pattern=r"^[A-Z0-9]{9}$", description="Originating agency identifier, 9 characters.")]


class Handling(Frozen):
    """What travels with every record: its owner, its sharing label, and the protections on it."""

    agency: Ori
    label: str = "default"
    protections: frozenset[Protection] = frozenset()


class Principal(Frozen):
    """Who asks. The command line acts as the installation's administrator."""

    user: str
    agency: Ori | None = None
    rms_ids: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    memberships: frozenset[str] = frozenset()
    purpose: str = ""

    @classmethod
    def administrator(cls, user: str = "administrator") -> Principal:
        """The installation's own administrator, who sees every record."""
        return cls(user=user, roles=frozenset({"administrator"}))


class Predicate(Frozen):
    """What may be seen, in terms of the handling of records: compiled into the store's queries."""

    everything: bool = False
    agencies: frozenset[str] = frozenset()
    """ORIs whose records may be seen."""


def predicate(principal: Principal) -> Predicate:
    """What this principal may see without any agreement: all of it (administrator), or its own agency's records."""
    if "administrator" in principal.roles:
        return Predicate(everything=True)
    return Predicate(agencies=frozenset({principal.agency} if principal.agency else ()))
