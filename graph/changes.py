"""The rows that one landing writes, gathered first and then written table by table: each statement runs once."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.bulk import Bulk, Row
from graph.codes import ChangeKind
from graph.drafts import Draft

HISTORY = (
    "agency", "state", "hash", "content", "modified", "sequence", "locator", "unit", "recipe", "protections", "notes",
    "reason",
)  # fmt: skip
"""Columns that a record and its superseded versions share; also what a replaced record's row may change."""

_FRESH = ChangeKind.FRESH.value
_COPY = (
    f"INSERT INTO record_history (seq, version, {', '.join(HISTORY)}, body) "  # noqa: S608 - names are ours
    f"SELECT seq, version, {', '.join(HISTORY)}, body FROM record JOIN record_body ON record = seq WHERE seq = ?"
)
_RECORD = f"UPDATE record SET {', '.join(f'{name} = ?' for name in HISTORY)}, version = ? WHERE seq = ?"  # noqa: S608 - names are ours
_BODY = "UPDATE record_body SET body = ? WHERE record = ?"
_MENTION = (
    "UPDATE mention SET node = ?, type = ?, local = ?, protections = ?, properties = ? WHERE record = ? AND no = ?"
)
_NO_MENTION = "DELETE FROM mention WHERE record = ? AND no = ?"
_NO_LINK = "DELETE FROM link WHERE record = ? AND no = ?"


@dataclass(slots=True)
class Changes:
    """Rows to write, by what is done to them."""

    records: list[Row] = field(default_factory=list)
    bodies: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    words: list[Row] = field(default_factory=list)
    dirty: list[Row] = field(default_factory=list)
    superseded: list[Row] = field(default_factory=list)
    record_updates: list[Row] = field(default_factory=list)
    body_updates: list[Row] = field(default_factory=list)
    mention_updates: list[Row] = field(default_factory=list)
    mention_deletes: list[Row] = field(default_factory=list)
    link_deletes: list[Row] = field(default_factory=list)
    word_deletes: list[Row] = field(default_factory=list)

    def add_record(self, row: Row, body: bytes, said: Draft) -> None:
        """A new record; all the nodes of its mentions are dirty."""
        self.records.append(row)
        self.bodies.append((row[0], body))
        self.mentions += said.mentions
        self.links += said.links
        self.words += said.words
        if said.mentions:
            self.dirty.append((_FRESH, row[0], None, None))

    def write(self, engine: Bulk) -> None:
        """Write everything; what goes makes room first, for numbers within a record are used again."""
        engine.execute_many(_COPY, self.superseded)
        engine.execute_many(_NO_LINK, self.link_deletes)
        engine.execute_many(_NO_MENTION, self.mention_deletes)
        engine.delete_words(self.word_deletes)
        engine.execute_many(_RECORD, self.record_updates)
        engine.execute_many(_BODY, self.body_updates)
        engine.execute_many(_MENTION, self.mention_updates)
        engine.insert("record", self.records)
        engine.insert("record_body", self.bodies)
        engine.insert("mention", self.mentions)
        engine.insert("link", self.links)
        engine.insert("search", self.words)
        engine.insert("dirty", self.dirty)

    def records_written(self) -> int:
        """Record rows inserted or changed."""
        return len(self.records) + len(self.record_updates)

    def mentions_written(self) -> int:
        """Mention rows inserted, changed or removed."""
        return len(self.mentions) + len(self.mention_updates) + len(self.mention_deletes)

    def links_written(self) -> int:
        """Link rows inserted or removed."""
        return len(self.links) + len(self.link_deletes)
