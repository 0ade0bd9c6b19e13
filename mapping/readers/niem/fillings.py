"""All fields of a block as one function, which in a layout that was met before asks only those that have a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapping.readers.niem.fields import NOTHING, REMEMBERED, SEPARATOR, Field, Laid
from mapping.readers.niem.layouts import UNKNOWN, Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapping.readers.niem.node import Node
    from mapping.readers.port import Filling
    from schemas.mapped import CompactValue, Properties, QualityNote

    Notes = list[QualityNote]
    Fill = Callable[[Node, Properties, Notes], None]
    Lay = Callable[[Properties, list[CompactValue]], None]
    Run = Callable[[Node, Properties, Notes, Sequence[str], int, str], None]
    Step = tuple[str, int, str, dict[str, Any], Any, str, Any]
    """Property, offset of the text, suffix, answers that are remembered, how to find others, chain.

    Where there is no offset: the offsets of several texts; where there is no way to find others: what to do instead.
    """


def fill_all(fillings: Sequence[Filling]) -> Fill:
    """All fields of a block as one function."""
    own = object()
    general = _by_names(fillings)

    def fill(item: Node, properties: Properties, notes: Notes) -> None:
        layout = item.layout
        if layout is UNKNOWN:
            layout = item.lay()
        if layout is None:
            general(item, properties, notes)
            return
        plan = layout.plans.get(own)
        if plan is None:
            plan = layout.plans[own] = [step for one in fillings if (step := _step(one, layout)) is not None]
        if plan:
            _follow(plan, item, properties, notes)

    return fill


def _follow(plan: Sequence[Step], item: Node, properties: Properties, notes: Notes) -> None:
    """Fill what an item of a layout has."""
    document, base = item.document, item.element
    texts, start = document.texts, document.path(base)
    for name, offset, suffix, known, answer, chain, more in plan:
        if offset >= 0:
            text, where = texts[base + offset], start + suffix
            value = known.get(text)
            if value is None:
                value = answer(text, where, notes)
            if value:
                properties[name] = [(value[0], value[1], where, chain)]
        elif answer is not None:
            value = known.get(SEPARATOR.join([texts[base + piece] for piece in more]))
            if value is not None:
                properties[name] = [(value[0], value[1], start + suffix, chain)]
            elif found := answer(texts, base, start, notes):
                properties[name] = found
        else:
            more(item, properties, notes, texts, base, start)


def _by_names(fillings: Sequence[Filling]) -> Fill:
    """The fields that a document can have, one after the other."""
    kept: dict[frozenset[str], list[Fill]] = {}

    def general(item: Node, properties: Properties, notes: Notes) -> None:
        names = item.document.names
        fills = kept.get(names)
        if fills is None:
            if len(kept) >= REMEMBERED:
                kept.clear()
            fills = kept[names] = [one.fill for one in fillings if one.possible is None or one.possible(names)]
        for fill in fills:
            fill(item, properties, notes)

    return general


def _step(one: Filling, layout: Layout) -> Step | None:
    """What to do for a field in a layout; None: nothing."""
    field: Field | None = one.field
    laid = None if field is None else field.within(layout)
    if laid is NOTHING and (one.sure or one.possible is not None):
        return None
    if field is None or laid is None or not one.sure:
        return one.name, -1, "", {}, None, "", _asking(one)
    if one.lay is None and laid.take is None:
        return one.name, laid.offset, laid.suffix, field.known, field.answer, field.chain, None
    if one.lay is None and laid.pieces is not None:
        offsets, known = laid.pieces
        return one.name, -1, laid.suffix, known, laid.take, field.chain, offsets
    return one.name, -1, "", {}, None, "", _running(one, field, laid)


def _asking(one: Filling) -> Run:
    """A field that is read as always, if the document can have it."""
    fill, possible = one.fill, one.possible
    known: dict[frozenset[str], bool] = {}

    def run(item: Node, properties: Properties, notes: Notes, *_: object) -> None:
        if possible is not None:
            names = item.document.names
            may = known.get(names)
            if may is None:
                if len(known) >= REMEMBERED:
                    known.clear()
                may = known[names] = possible(names)
            if not may:
                return
        fill(item, properties, notes)

    return run


def _running(one: Filling, field: Field, laid: Laid) -> Run:
    """A field of several texts, or of a property that has several fields."""
    name, lay = one.name, one.lay
    take = field.taking(laid)

    def run(_: Node, properties: Properties, notes: Notes, texts: Sequence[str], base: int, start: str) -> None:
        found = take(texts, base, start, notes)
        if found:
            if lay is None:
                properties[name] = found
            else:
                lay(properties, found)

    return run
