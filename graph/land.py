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
from graph.drafts import NODE, TYPE, Draft, clean, draft, nothing
from graph.known import Current, current_by_key, current_hashes
from graph.store import Transaction
from schemas.ids import Ids
from schemas.mapped import MappedRecord

__all__ = ["Current", "Draft", "Landing", "State", "Written", "current_by_key", "current_hashes", "draft", "land"]


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
    mapped: MappedRecord | Draft | None = None
    """What it says. Draft it (`graph.drafts.draft`) where it is mapped: that is faster than here."""
    reason: str | None = None
    """Why it is ignored."""
    current: Current | None = None
    """The version that it replaces; None: the key is new."""


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
        numbers = iter(engine.record_numbers(len(landings) - len(standing)))
        nodes: dict[bytes, NodeKey] = {}
        batch: list[tuple[int, Landing, Draft]] = []
        for landing in landings:
            seq = next(numbers) if landing.current is None else landing.current.seq
            said = _drafted(ids, source_name, landing)
            _place(said, seq, nodes)
            batch.append((seq, landing, said))
        made = _number_nodes(engine, nodes, batch)
        changes = Changes()
        for seq, landing, said in batch:
            row = (seq, said.record, source_no, *_columns(landing, said, agency))
            if landing.current is None:
                changes.add_record(row, landing.body, said)
            else:
                compare(changes, standing[seq], row, landing.body, said, made)
        changes.write(engine)
        return Written(changes.records_written(), changes.mentions_written(), changes.links_written())


def _drafted(ids: Ids, source_name: str, landing: Landing) -> Draft:
    """What the record says, as rows; one that is deleted or ignored says nothing."""
    if landing.mapped is None or landing.state != State.CURRENT:
        return nothing(ids, source_name, landing.key)
    return landing.mapped if isinstance(landing.mapped, Draft) else draft(ids, source_name, landing.key, landing.mapped)


def _place(said: Draft, seq: int, nodes: dict[bytes, NodeKey]) -> None:
    """Fill in the record's number, and add the keys of its nodes to `nodes`."""
    if said.mentions and said.mentions[0][0] is not None:
        raise ValueError("a draft lands once, for landing numbers its rows: draft the record again")
    for rows in (said.mentions, said.links, said.words):
        for row in rows:
            row[0] = seq
    for row in said.keyed:
        if row[NODE] not in nodes:
            nodes[row[NODE]] = (row[TYPE], seq)


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


def _columns(landing: Landing, said: Draft, agency: str) -> tuple[Any, ...]:
    """A record's row from its key on."""
    return (
        clean(landing.key),
        said.owner or agency,
        int(landing.state),
        landing.hash,
        landing.content,
        landing.modified,
        landing.sequence,
        clean(landing.locator),
        landing.unit if landing.unit is None else clean(landing.unit),
        landing.recipe,
        said.protections,
        said.notes,
        landing.reason,
        1,
    )


def _number_nodes(engine: Bulk, nodes: dict[bytes, NodeKey], batch: Iterable[tuple[int, Landing, Draft]]) -> set[int]:
    """Put numbers in the place of node ids; the answer is those that are new."""
    numbers, made = engine.node_numbers(nodes)
    for _, _, said in batch:
        for mention in said.keyed:
            mention[NODE] = numbers[mention[NODE]]
    return made
