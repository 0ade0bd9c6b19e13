"""What a mapping needs of a reader: a body becomes items, and a path becomes a function from item to values.

Paths are compiled once per mapping and called once per item, so a reader does its thinking in `values` and `items`,
and as little as it can in what they return.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol

Item = Any
"""Something that paths can address: a table row, a JSON value with its pointer, a NIEM object."""

Located = tuple[str, str]
"""A raw text and where it stands in the body (JSON Pointer or XPath)."""

Values = Callable[[Item], Sequence[Located]]
Items = Callable[[Item], Sequence[Item]]


class PathError(ValueError):
    """A path that this reader cannot read; the message says which part and why."""


class Reader(Protocol):
    """One kind of body."""

    name: str

    def root(self, body: bytes, parsed: Any | None) -> Item:
        """The item of a whole record: from what the connector parsed, else from the body; raises Quarantine."""

    def values(self, path: str) -> Values:
        """Compile a path to a function that gives every non-blank text at it, in document order; raises PathError."""

    def items(self, path: str) -> Items:
        """Compile a path to a function that gives every item at it, in document order; raises PathError."""

    def content(self, body: bytes, volatile: Sequence[str]) -> bytes:
        """The body without what these paths lead to and without generated ids, in a canonical form to compare."""

    def where(self, item: Item) -> str:
        """Where an item stands in the body."""

    def identity(self, item: Item) -> Hashable | None:
        """What makes two items the same thing to references within a record; None where the format has no such."""

    def local_key(self, item: Item) -> str | None:
        """The item's own stable id in the document; None where it has none or it changes with each document."""
