"""Ids: keyed hashes, so that nobody can find out by guessing whether a case number is in the graph.

One secret per installation keys them all (blake2b, 128 bits). Two stores with one secret give one record the same
ids, which is how an interrupted run, another batch size or another engine can be compared byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

SIZE = 16
"""Bytes of an id; in text an id is 32 hexadecimal digits."""
MINIMUM_SECRET = 16


def content_hash(data: bytes) -> bytes:
    """The hash of a record's bytes, unkeyed: it stays inside the store."""
    return blake2b(data, digest_size=SIZE).digest()


_HEAD = 2
"""Bytes of its record's id with which a mention's id begins; its own eight follow, then six more of the record's."""


def record_part(mention: bytes) -> bytes:
    """The first eight bytes of the id of a mention's record."""
    return mention[:_HEAD] + mention[_HEAD + SIZE // 2 :]


class Ids:
    """Makes every id of one installation from its secret."""

    __slots__ = ("_edge", "_local", "_node", "_record")

    def __init__(self, secret: bytes) -> None:
        """Take the installation's secret of at least 16 bytes; raises ValueError for a shorter one."""
        if len(secret) < MINIMUM_SECRET:
            message = f"the identity key has {len(secret)} bytes; it needs at least {MINIMUM_SECRET}"
            raise ValueError(message)
        key = blake2b(secret, digest_size=32).digest()
        self._record = blake2b(b"", digest_size=SIZE, key=key, person=b"record")
        self._local = blake2b(b"", digest_size=SIZE // 2, key=key, person=b"mention")
        self._node = blake2b(b"", digest_size=SIZE, key=key, person=b"node")
        self._edge = blake2b(b"", digest_size=SIZE, key=key, person=b"edge")

    def record(self, source: str, record: str) -> bytes:
        """The id of a record, from its source and key."""
        state = self._record.copy()
        state.update(f"{source}\x1f{record}".encode("utf-8", "surrogatepass"))
        return state.digest()

    def mention(self, source: str, record: str, local: str) -> bytes:
        """The id of a mention, from its source, record key and local key."""
        return self.mentions_of(self.record(source, record))(local)

    def mentions_of(self, record: bytes) -> Callable[[str], bytes]:
        """What makes ids of mentions, from their local keys, within the record of this id.

        Half of a mention's id is its record's (`record_part` takes it out), so that a store finds any mention by an
        index of one entry a record; its first digits differ from mention to mention, so that they may be typed.
        """
        within = self._local.copy()
        within.update(record)
        begin, head, tail = within.copy, record[:_HEAD], record[_HEAD : SIZE // 2]

        def mention(local: str) -> bytes:
            state = begin()
            state.update(local.encode("utf-8", "surrogatepass"))
            return head + state.digest() + tail

        return mention

    def node(self, entity_type: str, basis: str) -> bytes:
        """The id of a node that meets by a canonical key."""
        state = self._node.copy()
        state.update(f"{entity_type}\x1f{basis}".encode("utf-8", "surrogatepass"))
        return state.digest()

    def edge(self, link_type: str, source: bytes, target: bytes) -> bytes:
        """The id of an edge, from its type and the ids of its two nodes."""
        state = self._edge.copy()
        state.update(link_type.encode() + b"\x1f" + source + target)
        return state.digest()

    def link(self, link_type: str, source: bytes, target: bytes, detail: str) -> bytes:
        """The id of a link, from its type, its two mentions and its role with the source's words."""
        state = self._edge.copy()
        state.update(b"link\x1f" + link_type.encode() + b"\x1f" + source + target)
        state.update(detail.encode("utf-8", "surrogatepass"))
        return state.digest()

    def fingerprint(self) -> str:
        """A short public mark of the secret, so that a store can refuse a key that is not its own."""
        return self.node("installation", "fingerprint").hex()[:16]
