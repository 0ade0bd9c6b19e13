"""A replaced record against what stands of it: the least writing that makes the store say what the record says now.

Mentions are compared by id and keep their numbers; links are compared by content. What neither touches is not
written, and its nodes do not become dirty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count
from typing import Any, NamedTuple

import orjson

from graph.bulk import Bulk, Row
from graph.changes import HISTORY, Changes
from graph.codes import ENTITY_NAMES, ChangeKind
from graph.drafts import NODE, Draft
from graph.words import search_words

NodeRef = tuple[int | None, bytes | None]
"""A node as the dirty set names it: its number, or the id of the mention that is a node of its own."""

_HASH, _STATE = HISTORY.index("hash"), HISTORY.index("state")
_SHARED = 4
"""Where in a record's row the columns of HISTORY begin, but for key: seq, id, source, key, *HISTORY, version."""
_RECORD_QUERY = f"SELECT seq, version, {', '.join(HISTORY)} FROM record WHERE seq IN ({{}})"  # noqa: S608 - names are ours
_MENTION_QUERY = "SELECT record, no, id, node, type, local, protections, properties FROM mention WHERE record IN ({})"
_LINK_QUERY = "SELECT record, no, type, source, target, role, data FROM link WHERE record IN ({})"


class Standing(NamedTuple):
    """What the store holds of one record."""

    version: int
    columns: tuple[Any, ...]
    """The columns of HISTORY."""
    mentions: dict[bytes, Row]
    """Rows by mention id."""
    links: dict[tuple[Any, ...], int]
    """Numbers by content (type, source, target, role, data)."""


def load_standing(engine: Bulk, numbers: Collection[int]) -> dict[int, Standing]:
    """What stands of these records, by number."""
    found = {
        seq: Standing(version, tuple(columns), {}, {})
        for seq, version, *columns in engine.select(_RECORD_QUERY, numbers)
    }
    for row in engine.select(_MENTION_QUERY, numbers):
        found[row[0]].mentions[row[2]] = row
    for row in engine.select(_LINK_QUERY, numbers):
        found[row[0]].links[tuple(row[2:])] = row[1]
    return found


def compare(changes: Changes, old: Standing, row: Row, body: bytes, said: Draft, made: set[int]) -> None:
    """Add what differs between `old` and the record's new row and draft; `made` are nodes that are new."""
    touched = _Touched(made)
    owner_changed = _compare_record(changes, old, row, body)
    _compare_mentions(changes, old, said, touched)
    _compare_links(changes, old, row[0], said, touched)
    if owner_changed:
        for mention in said.mentions:
            touched.add(mention, ChangeKind.CHANGED)
    changes.dirty += touched.rows(row[0])


class _Touched:
    """The nodes of one record that differ, each with the strongest word for what happened to it."""

    def __init__(self, made: set[int]) -> None:
        self._made = made
        self._kinds: dict[NodeRef, ChangeKind] = {}

    def add(self, mention: Row, kind: ChangeKind) -> None:
        """Note what happened to the node of a mention, whose row this is."""
        node = mention[NODE]
        if node is None:
            self._kinds.setdefault((None, mention[2]), kind)
        else:
            # Whether a shared node goes is seen when it is published: others may stand on it.
            self._kinds.setdefault((node, None), ChangeKind.CREATED if node in self._made else ChangeKind.CHANGED)

    def rows(self, record: int) -> list[Row]:
        """Rows of the dirty set."""
        return [(kind.value, record, node, mention) for (node, mention), kind in self._kinds.items()]


def _compare_record(changes: Changes, old: Standing, row: Row, body: bytes) -> bool:
    """Compare the record's own row; whether its owner changed is the answer."""
    columns = tuple(row[_SHARED:-1])
    if columns == old.columns:
        return False
    version = old.version
    if columns[_HASH] != old.columns[_HASH] or columns[_STATE] != old.columns[_STATE]:
        version += 1
        changes.superseded.append((row[0],))
        changes.body_updates.append((body, row[0]))
    changes.record_updates.append((*columns, version, row[0]))
    return bool(columns[0] != old.columns[0])


def _compare_mentions(changes: Changes, old: Standing, said: Draft, touched: _Touched) -> None:
    """Compare mentions by id, and give each of the new ones its number."""
    new = {mention[2]: mention for mention in said.mentions}
    for id_, standing in old.mentions.items():
        if id_ not in new:
            _remove_mention(changes, standing)
            touched.add(standing, ChangeKind.REMOVED)
    free = _free({standing[1] for id_, standing in old.mentions.items() if id_ in new})
    texts = {no: words for _, no, words in said.words}
    for position, mention in enumerate(said.mentions):
        words = texts.get(position, "")
        before = old.mentions.get(mention[2])
        if before is None:
            mention[1] = next(free)
            changes.mentions.append(mention)
            _add_words(changes, mention, words)
            touched.add(mention, ChangeKind.CREATED)
            continue
        mention[1] = before[1]
        if list(before) != mention:
            _change_mention(changes, before, mention, words, touched)


def _change_mention(changes: Changes, before: Row, mention: Row, words: str, touched: _Touched) -> None:
    record, no, _, *columns = mention
    changes.mention_updates.append((*columns, record, no))
    if words != (old_words := _words_of(before)):
        _remove_words(changes, before, old_words)
        _add_words(changes, mention, words)
    if before[NODE] == mention[NODE]:
        touched.add(mention, ChangeKind.CHANGED)
    else:
        touched.add(before, ChangeKind.REMOVED)
        touched.add(mention, ChangeKind.CREATED)


def _compare_links(changes: Changes, old: Standing, record: int, said: Draft, touched: _Touched) -> None:
    """Compare links by content; a link that goes or comes touches the nodes at both its ends."""
    numbers = [mention[1] for mention in said.mentions]
    new = [
        (type_, numbers[source], numbers[target], role, data) for _, _, type_, source, target, role, data in said.links
    ]
    keep = set(new)
    before = {row[1]: row for row in old.mentions.values()}
    after = {row[1]: row for row in said.mentions}
    for content, no in old.links.items():
        if content not in keep:
            changes.link_deletes.append((record, no))
            for end in content[1:3]:
                touched.add(before[end], ChangeKind.CHANGED)
    free = _free({no for content, no in old.links.items() if content in keep})
    for content in new:
        if content not in old.links:
            changes.links.append((record, next(free), *content))
            for end in content[1:3]:
                touched.add(after[end], ChangeKind.CHANGED)


def _remove_mention(changes: Changes, standing: Row) -> None:
    changes.mention_deletes.append(tuple(standing[:2]))
    _remove_words(changes, standing, _words_of(standing))


def _words_of(standing: Row) -> str:
    """The words under which a mention was indexed."""
    return search_words(ENTITY_NAMES[standing[4]], orjson.loads(standing[7]))


def _add_words(changes: Changes, mention: Row, words: str) -> None:
    if words:
        changes.words.append((mention[0], mention[1], words))


def _remove_words(changes: Changes, standing: Row, words: str) -> None:
    if words:
        changes.word_deletes.append((standing[0], standing[1], words))


def _free(used: set[int]) -> Iterator[int]:
    """The numbers that are not in use, from the lowest on."""
    return (number for number in count() if number not in used)
