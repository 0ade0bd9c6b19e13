"""From what a mapping read to rows: the part of landing that touches every value, so every line here is hot.

Drafting a record as soon as it is mapped takes half the time of drafting a thousand of them later: what the mapping
made is still in the processor's cache. It needs nothing of the store, so the runner may do it where it maps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from graph.codes import ENTITY_CODES, LINK_CODES, ROLE_CODES
from graph.words import search_words
from schemas.ids import Ids
from schemas.mapped import MappedLink, MappedMention, MappedRecord, QualityNote

NODE, TYPE = 3, 4
"""Where in a mention's row its node and its type stand."""


class Draft(NamedTuple):
    """All that one record says, as rows whose first column, the record's number, is still empty.

    Landing fills in numbers, so a draft lands once.
    """

    record: bytes
    """The record's id."""
    owner: str | None
    protections: str
    notes: bytes | None
    mentions: list[list[Any]]
    """[record, no, id, node id or None, type, local, protections, properties], no being the position."""
    links: list[list[Any]]
    """[record, no, type, source, target, role, data], no and the ends being positions."""
    words: list[list[Any]]
    """[record, no, search words] of the mentions that have words."""
    keyed: list[list[Any]]
    """Those of the mentions that meet others by a key: their node is an id that becomes a number."""


def draft(ids: Ids, source_name: str, key: str, mapped: MappedRecord) -> Draft:
    """The rows of what one record says."""
    record = ids.record(source_name, key)
    try:
        return _draft(ids, record, mapped)
    except (UnicodeEncodeError, orjson.JSONEncodeError):
        return _draft(ids, record, scrubbed(mapped))


def nothing(ids: Ids, source_name: str, key: str) -> Draft:
    """The draft of a record that is deleted or ignored: it says nothing."""
    return Draft(ids.record(source_name, key), None, "", None, [], [], [], [])


def _draft(ids: Ids, record: bytes, mapped: MappedRecord) -> Draft:
    mentions: list[list[Any]] = []
    all_words: list[list[Any]] = []
    keyed: list[list[Any]] = []
    mention_id, node_id, dumps = ids.mentions_of(record), ids.node, orjson.dumps
    for no, (local, entity_type, basis, properties, protections) in enumerate(mapped.mentions):
        text = local if local.isascii() and "\0" not in local else clean(local)
        flags = ",".join(protections) if protections else ""
        row = [None, no, mention_id(local), None, ENTITY_CODES[entity_type], text, flags, dumps(properties)]
        mentions.append(row)
        if basis is not None:
            row[NODE] = node_id(entity_type, basis)
            keyed.append(row)
        words = search_words(entity_type, properties)
        if words:
            all_words.append([None, no, words])
    links = [
        [None, no, LINK_CODES[item[0]], item[1], item[2], ROLE_CODES[item[3]] if item[3] else None, link_data(item)]
        for no, item in enumerate(mapped.links)
    ]
    flags = ",".join(mapped.protections)
    return Draft(record, mapped.owner, flags, note_data(mapped.notes), mentions, links, all_words, keyed)


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
