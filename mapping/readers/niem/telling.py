"""What a link says beside its ends, in an element of one layout: most say their kind by the element's name alone.

An association's role and words are its name, looked up; so they are worked out once for each layout, and only where it
stands is told of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mapping.readers.niem.fields import NOTHING, Field
from mapping.readers.niem.layouts import UNKNOWN, Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapping.readers.niem.node import Node
    from schemas.mapped import CompactValue, QualityNote

    Values = list[CompactValue]
    Constant = Sequence[CompactValue]
    Told = tuple[str | None, str | None, str, str | None, str | None]
    """Role, the source's words, where, start, end."""
    Tell = Callable[[Node, list[QualityNote]], Told]
    Choose = Callable[[Values, Values], tuple[str | None, str | None, str]]
    """From the values of role and words to role, words and where."""


_HERE: Final = "\0"
"""Stands for the item's own XPath, which is not known yet."""


class Said(NamedTuple):
    """Role, words, and where they stand, for all elements of a layout."""

    role: str | None
    words: str | None
    named: str | None
    """What the name that says so adds to the XPath; None: nothing in the document says so."""


def telling(
    roles: Sequence[Field | Constant], words: Sequence[Field | Constant], times: Sequence[Field], choose: Choose,
    otherwise: Tell,
) -> Tell:  # fmt: skip
    """All that a link says; `otherwise` tells it where more than names say it."""
    own = object()

    def tell(item: Node, notes: list[QualityNote]) -> Told:
        document, element = item.document, item.element
        told = document.found.get(own)
        if told is None:
            told = document.found[own] = {}
        known: Told | None = told.get(element)
        if known is not None:
            return known
        layout = item.layout
        if layout is UNKNOWN:
            layout = item.lay()
        said = None if layout is None else layout.plans.get(own, UNKNOWN)
        if said is UNKNOWN and layout is not None:
            said = layout.plans[own] = _said(roles, words, times, choose, layout)
        if said is None:
            return otherwise(item, notes)
        role, spoken, named = said
        where = document.path(element)
        known = told[element] = role, spoken, where if named is None else f"local-name({where}{named})", None, None
        return known

    return tell


def _said(
    roles: Sequence[Field | Constant], words: Sequence[Field | Constant], times: Sequence[Field], choose: Choose,
    layout: Layout,
) -> Said | None:  # fmt: skip
    """What a link says in a layout; None where names alone do not tell."""
    if any(field.within(layout) is not NOTHING for field in times):
        return None
    said, spoken = _values(roles, layout), _values(words, layout)
    if said is None or spoken is None:
        return None
    role, word, where = choose(said, spoken)
    return Said(role, word, where[len(_HERE) :] if where else None)


def _values(fields: Sequence[Field | Constant], layout: Layout) -> Values | None:
    found: Values = []
    for field in fields:
        if not isinstance(field, Field):
            found += field
            continue
        spoken = field.spoken(layout)
        if spoken is None:
            return None
        found += [_placed(value) for value in spoken]
    return found


def _placed(value: CompactValue) -> tuple[Any, ...]:
    said, raw, suffix, chain = value
    return said, raw, _HERE + suffix, chain
