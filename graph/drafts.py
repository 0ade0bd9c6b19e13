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
    """Rows of one record, before its mentions and links are numbered against what the store has."""

    mentions: list[list[Any]]
    """[record, no, id, node id or None, type, local, protections, properties], no being the position."""
    links: list[tuple[Any, ...]]
    """(record, no, type, source, target, role, data), no and the ends being positions."""
    words: list[str]
    """Search words, one text a mention."""


def draft(ids: Ids, record: int, record_id: bytes, mapped: MappedRecord, nodes: dict[bytes, NodeKey]) -> Drafts:
    """The rows of what one record says; the keys of its nodes are added to `nodes`."""
    try:
        return _draft(ids, record, record_id, mapped, nodes)
    except (UnicodeEncodeError, orjson.JSONEncodeError):
        return _draft(ids, record, record_id, scrubbed(mapped), nodes)


def _draft(ids: Ids, record: int, record_id: bytes, mapped: MappedRecord, nodes: dict[bytes, NodeKey]) -> Drafts:
    mentions: list[list[Any]] = []
    words: list[str] = []
    add, add_words, dumps, node_of, mention_of = mentions.append, words.append, orjson.dumps, ids.node, ids.mention_of
    for no, (local, entity_type, basis, properties, protections) in enumerate(mapped.mentions):
        code = ENTITY_CODES[entity_type]
        if basis is None:
            node = None
        else:
            node = node_of(entity_type, basis)
            if node not in nodes:
                nodes[node] = NodeKey(code, record)
        flags = ",".join(protections) if protections else ""
        text = local if local.isascii() and "\0" not in local else clean(local)
        add([record, no, mention_of(record_id, local), node, code, text, flags, dumps(properties)])
        add_words(search_words(entity_type, properties))
    links = [
        (record, no, LINK_CODES[item[0]], item[1], item[2], ROLE_CODES[item[3]] if item[3] else None, link_data(item))
        for no, item in enumerate(mapped.links)
    ]
    return Drafts(mentions, links, words)


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
