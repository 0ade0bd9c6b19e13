"""Landing: what a batch of records says becomes rows, and only rows that differ are written.

New records are pure appends. A replaced record is compared with what stands: mentions by id, links by content, and
the nodes that any difference touches go into the dirty set in the same transaction, so a kill loses nothing.
Give `land` each key once, and call it once in a transaction: workers then take node locks in one order.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from graph.bulk import Bulk, NodeKey, bulk
from graph.changes import Changes
from graph.codes import State
from graph.differ import compare, load_standing
from graph.drafts import NODE, Drafts, clean, draft, note_data
from graph.known import Current, current_by_key, current_hashes
from graph.store import Transaction
from schemas.ids import Ids
from schemas.mapped import MappedRecord

__all__ = ["Current", "Landing", "State", "Written", "current_by_key", "current_hashes", "land"]


class Landing(NamedTuple):
    """One record on its way into the store."""

    key: str
    state: int
    """A `graph.codes.State`; only a CURRENT record keeps mentions."""
    body: bytes
    hash: bytes
    content: bytes
    locator: str
    modified: str | None = None
    sequence: int | None = None
    unit: str | None = None
    recipe: int = 0
    mapped: MappedRecord | None = None
    reason: str | None = None
    """Why it is ignored."""
    current: Current | None = None
    """The version that it replaces; None: the key is new."""


class _Replacement(NamedTuple):
    """A record's new version, waiting for its nodes to be numbered."""

    row: tuple[Any, ...]
    body: bytes
    drafts: Drafts


class Written(NamedTuple):
    """Rows written: inserted, changed or removed."""

    records: int
    mentions: int
    links: int


def land(
    tx: Transaction, ids: Ids, source_no: int, source_name: str, agency: str, landings: Sequence[Landing]
) -> Written:
    """Write a batch of records with their mentions, links, search words and dirty nodes."""
    with _no_collector():
        engine = bulk(tx)
        standing = load_standing(engine, [item.current.seq for item in landings if item.current is not None])
        changes = Changes()
        replacing: list[_Replacement] = []
        nodes: dict[bytes, NodeKey] = {}
        new = Drafts(changes.mentions, changes.links, changes.words, [])
        numbers = iter(engine.record_numbers(len(landings) - len(standing)))
        for landing in landings:
            seq = next(numbers) if landing.current is None else landing.current.seq
            row = (seq, ids.record(source_name, landing.key), source_no, *_columns(landing, agency))
            drafts = new if landing.current is None else Drafts.none()
            # A record that is deleted or ignored says nothing.
            mapped = landing.mapped if landing.state == State.CURRENT else None
            if mapped is not None:
                draft(drafts, ids, seq, row[1], mapped, nodes)
            if landing.current is None:
                changes.add_record(row, landing.body, says_something=mapped is not None and bool(mapped.mentions))
            else:
                replacing.append(_Replacement(row, landing.body, drafts))
        made = _number_nodes(engine, nodes, [new, *(item.drafts for item in replacing)])
        for item in replacing:
            compare(changes, standing[item.row[0]], item.row, item.body, item.drafts, made)
        changes.write(engine)
        return Written(changes.records_written(), changes.mentions_written(), changes.links_written())


@contextmanager
def _no_collector() -> Iterator[None]:
    """Leave the cyclic garbage collector out: a batch is a hundred thousand young objects and not one cycle.

    Going through them again and again took 40 % of a landing's time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _columns(landing: Landing, agency: str) -> tuple[Any, ...]:
    """A record's row from its key on."""
    mapped = landing.mapped
    return (
        clean(landing.key),
        (mapped.owner if mapped and mapped.owner else agency),
        int(landing.state),
        landing.hash,
        landing.content,
        landing.modified,
        landing.sequence,
        clean(landing.locator),
        landing.unit if landing.unit is None else clean(landing.unit),
        landing.recipe,
        ",".join(mapped.protections) if mapped else "",
        note_data(mapped.notes) if mapped else None,
        landing.reason,
        1,
    )


def _number_nodes(engine: Bulk, nodes: dict[bytes, NodeKey], batch: Iterable[Drafts]) -> set[int]:
    """Put numbers in the place of node ids; the answer is those that are new."""
    numbers, made = engine.node_numbers(nodes)
    for drafts in batch:
        for mention in drafts.keyed:
            mention[NODE] = numbers[mention[NODE]]
    return made
