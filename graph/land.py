"""Landing: what a batch of records says becomes rows, and only rows that differ are written.

New records are pure appends. A replaced record is compared with what stands: mentions by id, links by content, and
the nodes that any difference touches go into the dirty set in the same transaction, so a kill loses nothing.
Give `land` each key once, and call it once in a transaction: workers then take node locks in one order.
"""

from __future__ import annotations

from collections.abc import Sequence
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


class Written(NamedTuple):
    """Rows written: inserted, changed or removed."""

    records: int
    mentions: int
    links: int


def land(
    tx: Transaction, ids: Ids, source_no: int, source_name: str, agency: str, landings: Sequence[Landing]
) -> Written:
    """Write a batch of records with their mentions, links, search words and dirty nodes."""
    engine = bulk(tx)
    standing = load_standing(engine, [item.current.seq for item in landings if item.current is not None])
    numbers = iter(engine.record_numbers(len(landings) - len(standing)))
    nodes: dict[bytes, NodeKey] = {}
    batch: list[tuple[Landing, tuple[Any, ...], Drafts]] = []
    for landing in landings:
        seq = next(numbers) if landing.current is None else landing.current.seq
        record_id = ids.record(source_name, landing.key)
        row = (seq, record_id, source_no, *_columns(landing, agency))
        batch.append((landing, row, _drafts(ids, row, landing, nodes)))
    made = _number_nodes(engine, nodes, batch)
    changes = Changes()
    for landing, row, drafts in batch:
        if landing.current is None:
            changes.add_record(row, landing.body)
            changes.add_mentions(drafts.mentions, drafts.words)
            changes.links += drafts.links
        else:
            compare(changes, standing[row[0]], row, landing.body, drafts, made)
    changes.write(engine)
    return Written(changes.records_written(), changes.mentions_written(), changes.links_written())


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


def _drafts(ids: Ids, row: tuple[Any, ...], landing: Landing, nodes: dict[bytes, NodeKey]) -> Drafts:
    """What the record says; one that is deleted or ignored says nothing."""
    if landing.mapped is None or landing.state != State.CURRENT:
        return Drafts([], [], [])
    return draft(ids, row[0], row[1], landing.mapped, nodes)


def _number_nodes(
    engine: Bulk, nodes: dict[bytes, NodeKey], batch: list[tuple[Landing, tuple[Any, ...], Drafts]]
) -> set[int]:
    """Put numbers in the place of node ids; the answer is those that are new."""
    numbers, made = engine.node_numbers(nodes)
    for _, _, drafts in batch:
        for mention in drafts.mentions:
            if mention[NODE] is not None:
                mention[NODE] = numbers[mention[NODE]]
    return made
