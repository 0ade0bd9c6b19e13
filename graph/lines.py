"""From rows to nodes and edges: pure, and the same whatever the order of the rows.

Nothing of how the store is built may enter here: no row number, version, recipe, locator or run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson

from graph.codes import ENTITY_NAMES, LINK_NAMES, ROLE_NAMES
from graph.labels import label, merged_properties
from graph.views import EdgeView, NodeView
from schemas.ids import Ids
from schemas.vocabulary import EVENT_TYPES, IDENTIFIER_TYPES, EntityType

KEYED_TYPES = IDENTIFIER_TYPES | EVENT_TYPES | {EntityType.AD, EntityType.DOCUMENT, EntityType.NOTE}
"""Types whose node is what its key says; the others are named by their smallest visible mention."""


class MentionRow(NamedTuple):
    """One visible mention, with what its record says of itself."""

    id: bytes
    type: int
    local: str
    properties: bytes
    agency: str
    source: str
    record: str


class LinkRow(NamedTuple):
    """One visible link, with the mentions at its ends."""

    type: int
    role: int | None
    data: bytes | None
    source_mention: bytes
    target_mention: bytes
    agency: str
    source: str
    record: str


def is_keyed(type_code: int) -> bool:
    """Whether a node of this type that mentions share has the id of its key, for everybody."""
    return ENTITY_NAMES[type_code] in KEYED_TYPES


def node_view(node_id: bytes, mentions: Sequence[MentionRow]) -> NodeView:
    """The node on which these mentions stand; there is at least one."""
    entity_type = ENTITY_NAMES[mentions[0].type]
    properties = [orjson.loads(mention.properties) for mention in mentions]
    return NodeView(
        id=node_id.hex(),
        type=entity_type,
        label=label(entity_type, properties),
        properties=merged_properties(properties),
        mentions=tuple(_mention_line(mention) for mention in sorted(mentions)),
    )


def _mention_line(mention: MentionRow) -> dict[str, Any]:
    return {
        "id": mention.id.hex(),
        "agency": mention.agency,
        "source": mention.source,
        "record": mention.record,
        "local": mention.local,
    }


class Evidence(NamedTuple):
    """What one link contributes to its edge."""

    line: dict[str, Any]
    role: str | None
    start: str | None
    end: str | None


def evidence(ids: Ids, link: LinkRow) -> Evidence:
    """What one link contributes to its edge."""
    where, words, start, end, status, confidence = link_fields(link.data)
    role = ROLE_NAMES[link.role] if link.role else None
    detail = f"{role or ''}\x1f{words or ''}"
    link_id = ids.link(LINK_NAMES[link.type], link.source_mention, link.target_mention, detail)
    line = {
        "link": link_id.hex(),
        "agency": link.agency,
        "source": link.source,
        "record": link.record,
        "where": where,
        "status": status,
        "confidence": confidence,
    }
    return Evidence(line, role, start, end)


def link_fields(data: bytes | None) -> tuple[str, str | None, str | None, str | None, str, float]:
    """Where, words, start, end, status and confidence of a stored link; `graph.drafts.link_data` wrote them."""
    fields = orjson.loads(data) if data else []
    where, words, start, end, status, confidence = fields + ["", None, None, None, "asserted", 1.0][len(fields) :]
    return where, words, start, end, status, confidence


def edge_view(ids: Ids, type_code: int, source: bytes, target: bytes, links: Iterable[Evidence]) -> EdgeView:
    """The edge of one type between two nodes on which these links stand."""
    link_type = LINK_NAMES[type_code]
    found = list(links)
    starts = [item.start for item in found if item.start]
    ends = [item.end for item in found if item.end]
    lines = {orjson.dumps(item.line): item.line for item in found}
    return EdgeView(
        id=ids.edge(link_type, source, target).hex(),
        type=link_type,
        source=source.hex(),
        target=target.hex(),
        roles=tuple(sorted({item.role for item in found if item.role})),
        start=min(starts, default=None),
        end=max(ends, default=None),
        evidence=tuple(lines[key] for key in sorted(lines)),
    )
