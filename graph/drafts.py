"""From what a mapping read to rows: the part of landing that touches every value, so every line here is hot.

A draft is a mention's row as a list whose node is still its id; it becomes a number when all nodes of the batch are
looked up at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from graph.bulk import NodeKey
from graph.codes import ENTITY_CODES, LINK_CODES, ROLE_CODES
from graph.words import search_words
from schemas.ids import Ids
from schemas.mapped import MappedLink, MappedMention, MappedRecord, QualityNote

NODE = 3
"""Where in a mention's row its node stands."""


class Drafts(NamedTuple):
    """Rows of mentions and links, before they are numbered against what the store has."""

    mentions: list[list[Any]]
    """[record, no, id, node id or None, type, local, protections, properties], no being the position."""
    links: list[tuple[Any, ...]]
    """(record, no, type, source, target, role, data), no and the ends being positions."""
    words: list[tuple[int, int, str]]
    """(record, no, search words) of the mentions that have words."""
    keyed: list[list[Any]]
    """Those of the mentions that meet others by a key: their node is an id that becomes a number."""

    @classmethod
    def none(cls) -> Drafts:
        """Nothing, to add to."""
        return cls([], [], [], [])


def draft(
    into: Drafts, ids: Ids, record: int, record_id: bytes, mapped: MappedRecord, nodes: dict[bytes, NodeKey]
) -> None:
    """Add the rows of what one record says; the keys of its nodes are added to `nodes`."""
    sizes = [len(rows) for rows in into]
    try:
        _draft(into, ids, record, record_id, mapped, nodes)
    except (UnicodeEncodeError, orjson.JSONEncodeError):
        for rows, size in zip(tuple[list[Any], ...](into), sizes, strict=True):
            del rows[size:]
        _draft(into, ids, record, record_id, scrubbed(mapped), nodes)


def _draft(
    into: Drafts, ids: Ids, record: int, record_id: bytes, mapped: MappedRecord, nodes: dict[bytes, NodeKey]
) -> None:
    mentions, links, all_words, keyed = into
    mention_id, node_id, dumps = ids.mentions_of(record_id), ids.node, orjson.dumps
    for no, (local, entity_type, basis, properties, protections) in enumerate(mapped.mentions):
        code = ENTITY_CODES[entity_type]
        text = local if local.isascii() and "\0" not in local else clean(local)
        flags = ",".join(protections) if protections else ""
        row = [record, no, mention_id(local), None, code, text, flags, dumps(properties)]
        mentions.append(row)
        if basis is not None:
            node = row[NODE] = node_id(entity_type, basis)
            if node not in nodes:
                nodes[node] = (code, record)
            keyed.append(row)
        words = search_words(entity_type, properties)
        if words:
            all_words.append((record, no, words))
    for no, link in enumerate(mapped.links):
        role = ROLE_CODES[link[3]] if link[3] else None
        links.append((record, no, LINK_CODES[link[0]], link[1], link[2], role, link_data(link)))


_PLAIN = (None, None, None, "asserted", 1.0)


def link_data(link: MappedLink) -> bytes | None:
    """Where, words, start, end, status and confidence of a link, with defaults at the end cut off."""
    _, _, _, _, words, start, end, where, status, confidence = link
    if (words, start, end, status, confidence) == _PLAIN:
        return orjson.dumps([where]) if where else None
    if end is None and start is None and status == "asserted" and confidence == 1.0:
        return orjson.dumps([where, words])
    return orjson.dumps([where, words, start, end, status, confidence])


def note_data(notes: list[QualityNote]) -> bytes | None:
    """A record's quality notes as they are stored."""
    return orjson.dumps([[clean(path), clean(reason)] for path, reason in notes]) if notes else None


def clean(text: str) -> str:
    """The text without what no UTF-8 database column holds: NUL and halves of surrogate pairs become U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def scrubbed(mapped: MappedRecord) -> MappedRecord:
    """The same record with nothing in it that cannot be written: a strange character must not stop a batch."""
    mentions = [MappedMention(m.local, m.type, m.basis, _scrub(m.properties), m.protections) for m in mapped.mentions]
    links = [MappedLink(*(_scrub(part) for part in link)) for link in mapped.links]
    return mapped._replace(mentions=mentions, links=links)


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    if isinstance(value, dict):
        return {clean(str(key)): _scrub(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrub(item) for item in value]
    return clean(str(value))
