"""What a mapping needs of a reader: a body becomes items, and a path becomes a function from item to values.

Paths are compiled once per mapping and called once per item, so a reader does its thinking in `values` and `items`,
and as little as it can in what they return.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

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


class Filling(NamedTuple):
    """One field of a block, for a reader that fills all of a block in its own way."""

    name: str
    """The property."""
    fill: Callable[[Item, Any, Any], None]
    """How it is read where the reader knows no better way."""
    possible: Callable[[Any], bool] | None
    """Whether a record of some shape may have anything for it; None: always ask."""
    field: Any
    """The same as the reader's own `field` makes of it; None where it cannot."""
    sure: bool
    """The field says all: nothing depends on conditions."""
    lay: Callable[[Any, Any], None] | None
    """How its values are added to the property; None: they are all that the property has."""


class GraphReader(Reader, Protocol):
    """A reader whose items stand in a graph, and which answers parts of a mapping in ways of its own."""

    def texts(self, path: str) -> Callable[[Item], Sequence[str]]:
        """As `values`, for who does not care where a text stands; raises PathError."""

    def exists(self, path: str) -> Callable[[Item], bool]:
        """Compile a path to the question whether there is any text at it; raises PathError."""

    def once(self, path: str, test: Callable[[Item], bool]) -> Callable[[Item], bool]:
        """A question that hangs on what is at a path, asked as seldom as can be."""

    def chosen(self, each: str, paths: Sequence[str], items: Items, when: Callable[[Item], bool]) -> Items | None:
        """The items at a path for which a question holds that hangs on these; None: ask it of each of them."""

    def anchor(self, item: Item) -> Hashable | None:
        """What `identities` gives of an item."""

    def identities(self, path: str) -> Callable[[Item], Sequence[Hashable]]:
        """Compile a path to a function that gives what identifies each object at it; raises PathError."""

    def field(
        self,
        each: str | None,
        alternatives: Sequence[str],
        parts: Mapping[str, str] | None,
        convert: Callable[[Any], Any],
        chain: str,
    ) -> Any:
        """A field that the reader can answer by itself: has `read`; raises PathError."""

    def fill_all(self, fillings: Sequence[Filling]) -> Callable[[Item, Any, Any], None]:
        """All fields of a block as one function."""

    def telling(self, roles: Sequence[Any], words: Sequence[Any], times: Sequence[Any], choose: Any, tell: Any) -> Any:
        """What a link says beside its ends, as `tell` would say it."""
