"""Readers of rows and JSON: a value with its JSON Pointer is an item, a column or a JMESPath leads on from it.

A table's row is a JSON object of its cells, so both readers share everything but the meaning of a path.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

import jmespath
import orjson
from jmespath.exceptions import JMESPathError

from mapping.readers.port import Items, Located, PathError, Values
from schemas.records import Problem, Quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_STEP = re.compile(r'([A-Za-z_][A-Za-z0-9_]*|"[^"\\]+")((?:\[(?:\*|\d{1,9})\])*)(\.(?!\Z)|\Z)')

_HOLDERS = frozenset({dict, list})

Steps = tuple[str | int | None, ...]
"""Keys, indices, and None for every member of a list."""


class Node(NamedTuple):
    """A JSON value, the pointer to it, and the node that an `each` stepped from."""

    value: Any
    pointer: str
    parent: Node | None = None


def _text(value: object) -> str | None:
    """A scalar as the text that a normalizer reads; None for null, blank, and anything that holds others."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return None


def escape(key: str) -> str:
    """A key as one step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def _climbing(path: str) -> tuple[int, str]:
    """How many `../` a path starts with, and the rest."""
    steps = 0
    while path.startswith("../"):
        steps, path = steps + 1, path[3:]
    return steps, path


def _climb(node: Node, steps: int) -> Node | None:
    current: Node | None = node
    for _ in range(steps):
        current = current.parent if current else None
    return current


class PlainReader(ABC):
    """What rows and JSON share; a subclass says what a path means below one node."""

    name: str

    def root(self, body: bytes, parsed: Any | None) -> Node:
        """The node of a whole record; raises Quarantine for a body that is no JSON object."""
        if parsed is None:
            try:
                parsed = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                raise Quarantine(Problem("the stored body is not valid JSON", hint="fetch the record again")) from error
        if not isinstance(parsed, dict):
            raise Quarantine(Problem("the record is not a JSON object", hint="check the path to the records"))
        return Node(parsed, "")

    def values(self, path: str) -> Values:
        """Compile a path to its texts with their pointers."""
        steps, rest = _climbing(path)
        below = self._below(rest)

        def read(node: Node) -> Sequence[Located]:
            start = _climb(node, steps) if steps else node
            if start is None:
                return ()
            found = []
            for value, pointer in below(start):
                text = _text(value)
                if text is not None:
                    found.append((text, pointer))
                elif isinstance(value, list):
                    found += [(t, f"{pointer}/{n}") for n, v in enumerate(value) if (t := _text(v)) is not None]
            return found

        return read if steps or not _NAME.match(rest) else self._quick(rest)

    def items(self, path: str) -> Items:
        """Compile a path to its items: the members of a list, or one object."""
        cell = self.cell(path)
        if cell is not None and len(cell[0]) == 1:
            return _members(cell[0][0], cell[1])
        steps, rest = _climbing(path)
        below = self._below(rest)

        def read(node: Node) -> Sequence[Node]:
            start = _climb(node, steps) if steps else node
            if start is None:
                return ()
            found: list[Node] = []
            for value, pointer in below(start):
                if isinstance(value, list):
                    found += [
                        Node(member, f"{pointer}/{n}", node) for n, member in enumerate(value) if member is not None
                    ]
                elif value is not None:
                    found.append(Node(value, pointer, node))
            return found

        return read

    def content(self, body: bytes, volatile: Sequence[str]) -> bytes:
        """The body without what its paths call volatile, for telling whether anything of meaning changed."""
        root = self.root(body, None)
        for path in volatile:
            steps = self.plain(path)
            if steps:
                _drop(root.value, steps)
        return orjson.dumps(root.value, option=orjson.OPT_SORT_KEYS)

    def cell(self, path: str) -> tuple[tuple[str, ...], str] | None:
        """The keys, and what they add to a pointer, where a path is nothing but keys of objects; else None."""
        steps = None if path.startswith("../") else self.plain(path)
        keys = tuple(step for step in steps or () if isinstance(step, str))
        if steps is None or len(keys) != len(steps):
            return None
        return keys, "".join(f"/{escape(key)}" for key in keys)

    @abstractmethod
    def plain(self, path: str) -> Steps | None:
        """A path that is nothing but steps; None for one that selects or computes, and cannot be volatile."""

    def where(self, item: Node) -> str:
        """The JSON Pointer to an item."""
        return item.pointer

    def identity(self, item: Node) -> Hashable | None:  # noqa: ARG002 - the reader port
        """Rows and JSON values are never the same thing by themselves; keys say so."""
        return None

    def local_key(self, item: Node) -> str | None:  # noqa: ARG002 - the reader port
        """Rows and JSON values carry no id but what a mapping names."""
        return None

    def _quick(self, key: str) -> Values:
        """The common case, one plain key: a dictionary look-up and nothing else."""
        suffix = "/" + escape(key)

        def read(node: Node) -> Sequence[Located]:
            container = node.value
            value = container.get(key) if type(container) is dict else None
            if type(value) is str:
                return ((value, node.pointer + suffix),) if value and not value.isspace() else ()
            if value is None:
                return ()
            if type(value) is list:
                pointer = node.pointer + suffix
                return [(t, f"{pointer}/{n}") for n, v in enumerate(value) if (t := _text(v)) is not None]
            text = _text(value)
            return ((text, node.pointer + suffix),) if text is not None else ()

        return read

    @abstractmethod
    def _below(self, path: str) -> Callable[[Node], Sequence[tuple[Any, str]]]:
        """Compile a path to the values below a node, each with its pointer."""


def _members(key: str, suffix: str) -> Items:
    """The common case, one plain key: the members of the list that it holds, or the one object."""

    def read(node: Node) -> Sequence[Node]:
        held = node.value.get(key) if type(node.value) is dict else None
        if held is None:
            return ()
        pointer = node.pointer + suffix
        if not isinstance(held, list):
            return (Node(held, pointer, node),)
        return [Node(member, f"{pointer}/{n}", node) for n, member in enumerate(held) if member is not None]

    return read


class TableReader(PlainReader):
    """Rows: a path is a column's name, or the name of a join."""

    name = "table"

    def plain(self, path: str) -> Steps | None:
        """A column is one step."""
        return (path,)

    def values(self, path: str) -> Values:
        """Compile a column's name, after any `../`."""
        steps, rest = _climbing(path)
        return super().values(path) if steps else self._quick(rest)

    def _below(self, path: str) -> Callable[[Node], Sequence[tuple[Any, str]]]:
        suffix = "/" + escape(path)

        def read(node: Node) -> Sequence[tuple[Any, str]]:
            if isinstance(node.value, dict) and path in node.value:
                return ((node.value[path], node.pointer + suffix),)
            return ()

        return read


class JsonReader(PlainReader):
    """JSON: a path is JMESPath.

    Plain steps keep exact pointers, and so do the objects that anything richer selects; a text that it selects or
    computes points at the item it started from.
    """

    name = "json"

    def plain(self, path: str) -> Steps | None:
        """The steps of `a."b c"[*].d[0]`; None for anything richer."""
        steps: list[str | int | None] = []
        at = 0
        while at < len(path):
            step = _STEP.match(path, at)
            if step is None:
                return None
            steps.append(step[1].strip('"'))
            steps += [None if index == "*" else int(index) for index in step[2][1:-1].split("][") if index]
            at = step.end()
        return tuple(steps) or None

    def _below(self, path: str) -> Callable[[Node], Sequence[tuple[Any, str]]]:
        if path == "@":
            return lambda node: ((node.value, node.pointer),)
        steps = self.plain(path)
        if steps is not None:
            return _stepwise(steps)
        try:
            compiled = jmespath.compile(path)
        except JMESPathError as error:
            message = f"{path!r} is not valid JMESPath"
            raise PathError(message) from error

        def read(node: Node) -> Sequence[tuple[Any, str]]:
            try:
                value = compiled.search(node.value)
            except JMESPathError as error:
                raise Quarantine(
                    Problem("a path does not fit this record", path, "compare it with the record")
                ) from error
            return () if value is None else _located(node, value)

        return read


def _located(node: Node, value: Any) -> Sequence[tuple[Any, str]]:
    """What a search found, each object with the pointer to where it stands below the node."""
    known = dict(_containers(node.value, node.pointer)) if isinstance(value, dict | list) else {}
    found: list[tuple[Any, str]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list) and id(one) not in known:
            waiting += reversed(one)
        elif one is not None:
            found.append((one, known.get(id(one), node.pointer)))
    return found


def _containers(value: Any, pointer: str) -> Iterator[tuple[int, str]]:
    """Identity and pointer of every object and list in a value."""
    waiting = [(value, pointer)]
    while waiting:
        one, where = waiting.pop()
        if isinstance(one, dict):
            yield id(one), where
            waiting += [(inner, f"{where}/{escape(key)}") for key, inner in one.items() if type(inner) in _HOLDERS]
        elif isinstance(one, list):
            yield id(one), where
            waiting += [(inner, f"{where}/{index}") for index, inner in enumerate(one) if type(inner) in _HOLDERS]


def _stepwise(steps: Steps) -> Callable[[Node], Sequence[tuple[Any, str]]]:
    """`a.b[*].c` step by step, so that every value keeps its own pointer."""

    def read(node: Node) -> Sequence[tuple[Any, str]]:
        found: list[tuple[Any, str]] = [(node.value, node.pointer)]
        for step in steps:
            found = [reached for value, pointer in found for reached in _step(value, pointer, step)]
        return found

    return read


def _step(value: Any, pointer: str, step: str | int | None) -> list[tuple[Any, str]]:
    if step is None:
        members = value if isinstance(value, list) else []
        return [(member, f"{pointer}/{index}") for index, member in enumerate(members) if member is not None]
    if isinstance(step, int):
        found = isinstance(value, list) and step < len(value) and value[step] is not None
        return [(value[step], f"{pointer}/{step}")] if found else []
    if isinstance(value, dict) and value.get(step) is not None:
        return [(value[step], f"{pointer}/{escape(step)}")]
    return []


def _drop(value: Any, steps: Steps) -> None:
    """Take away what some steps lead to; members of a list become null, so that the others keep their places."""
    step, rest = steps[0], steps[1:]
    if step is None:
        for index in range(len(value) if isinstance(value, list) else 0):
            _drop(value, (index, *rest))
    elif isinstance(step, int):
        if isinstance(value, list) and step < len(value):
            if rest:
                _drop(value[step], rest)
            else:
                value[step] = None
    elif isinstance(value, dict) and step in value:
        if rest:
            _drop(value[step], rest)
        else:
            del value[step]
