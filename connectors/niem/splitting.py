"""Cuts a well-formed file of many records into its records, byte for byte, in constant memory.

In well-formed XML without a DOCTYPE a `<` begins a tag, a comment, a CDATA section or a processing instruction, and
nothing else: so a scan that steps over the last three finds every tag, and needs no parser. The caller has proven the
file well-formed before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

RECORDS: Final[dict[bytes, bytes | None]] = {b"PublishMessage": None, b"Report": b"Submission"}
"""Elements that hold one record (local name), and what their parent must be called where the name alone says little:
LEXS messages, NIBRS reports."""

_TOKEN: Final = re.compile(
    rb"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>|(?P<end>/[^>]*>)"
    rb"|(?P<name>[^\s/>!?]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<empty>/?)>)",
    re.DOTALL,
)
_REST_OF_TAG: Final = re.compile(rb"(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(/?)>")
_CLOSERS: Final = {b"!--": b"-->", b"![CDATA[": b"]]>", b"?": b"?>"}


class Slice(NamedTuple):
    """One record as it stands in the file, within the tags of the elements around it."""

    document: bytes
    """A document of its own, with the namespaces that were in scope."""
    start: int
    """Where in it the record itself begins; what is before are start tags, what is after are their end tags."""
    end: int


class _Around:
    """The open elements around the place where the scan stands."""

    def __init__(self, declaration: bytes) -> None:
        self._declaration = declaration
        self._tags: list[tuple[bytes, bytes]] = []
        self._made: tuple[bytes, bytes] | None = None

    def open(self, name: bytes, tag: bytes) -> None:
        self._tags.append((name, tag))
        self._made = None

    def close(self) -> None:
        self._tags.pop()
        self._made = None

    @property
    def parent(self) -> bytes | None:
        return _local(self._tags[-1][0]) if self._tags else None

    def made(self) -> tuple[bytes, bytes]:
        """The start tags before, and the end tags after, a record that stands here."""
        if self._made is None:
            before = self._declaration + b"".join(tag for _, tag in self._tags)
            after = b"".join(b"</%s>" % name for name, _ in reversed(self._tags))
            self._made = (before, after)
        return self._made


class Splitter:
    """Which elements are records; `split` may be called for any number of files."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        """Know the built-in records and `extra` ones, by name with or without a prefix."""
        self._records = {**RECORDS, **{name.rpartition(":")[2].encode(): None for name in extra}}
        names = b"|".join(re.escape(name) for name in sorted(self._records))
        self._start = re.compile(rb"<(?:[\w.-]+:)?(?:" + names + rb")(?=[\s/>])")

    def several(self, body: bytes) -> bool:
        """Whether a document may hold more than one record: quick, and never wrongly no."""
        first = self._start.search(body)
        return first is not None and self._start.search(body, first.end()) is not None

    def split(self, chunks: Iterable[bytes], declaration: bytes = b"") -> Iterator[Slice]:
        """The records of a well-formed document that comes in chunks."""
        feed = iter(chunks)
        around = _Around(declaration)
        data, position = next(feed, b""), 0
        while True:
            position = data.find(b"<", position)
            token = _TOKEN.match(data, position) if position >= 0 else None
            if token is None:
                more = next(feed, None)
                if more is None:
                    return
                data = (data[position:] if position >= 0 else b"") + more
                position = 0
            elif token["end"]:
                around.close()
                position = token.end()
            elif (name := token["name"]) is None:
                position = token.end()
            elif self._is_record(name, around.parent):
                if token["empty"]:
                    end = token.end()
                else:
                    data, position, end = _record_end(data, position, token.end(), name, feed)
                before, after = around.made()
                length = len(before) + end - position
                yield Slice(b"".join((before, data[position:end], after)), len(before), length)
                position = end
            else:
                if not token["empty"]:
                    around.open(name, token[0])
                position = token.end()

    def _is_record(self, name: bytes, parent: bytes | None) -> bool:
        local = _local(name)
        return local in self._records and self._records[local] in (None, parent)


def _plain_end(data: bytes, at: int, name: bytes) -> int | None:
    """Where a record ends in which nothing could hide its end tag, as in nearly all; None for any other."""
    end = data.find(b"</" + name + b">", at)
    if end < 0 or data.find(b"<" + name, at, end) >= 0:
        return None
    if data.find(b"!", at, end) >= 0 and data.find(b"<!", at, end) >= 0:
        return None
    if data.find(b"?", at, end) >= 0 and data.find(b"<?", at, end) >= 0:
        return None
    return end + len(name) + len(b"</>")


def _record_end(data: bytes, start: int, at: int, name: bytes, feed: Iterator[bytes]) -> tuple[bytes, int, int]:
    """Where the record that begins at `start` ends; gives the data again, which may have grown and been cut."""
    end = _plain_end(data, at, name)
    if end is not None:
        return data, start, end
    mark = re.compile(rb"<(?:(/?)" + re.escape(name) + rb"(?=[\s/>])|(!--|!\[CDATA\[|\?))")
    depth = 1
    while True:
        found = mark.search(data, at)
        step = None if found is None else _step(data, found)
        if step is not None:
            change, at = step
            depth += change
            if depth == 0:
                return data, start, at
            continue
        more = next(feed, None)
        if more is None:  # cannot be in a well-formed file; what there is goes to the parser, which will say so
            return data, start, len(data)
        # only what may be the beginning of a tag cut in two is looked at again
        at = found.start() if found is not None else max(at, len(data) - len(name) - len(b"<![CDATA["))
        data, at, start = data[start:] + more, at - start, 0


def _step(data: bytes, found: re.Match[bytes]) -> tuple[int, int] | None:
    """What one mark changes in depth, and where the scan goes on; None when the data end in mid-construct."""
    if found[2] is not None:
        closer = _CLOSERS[found[2]]
        end = data.find(closer, found.end())
        return None if end < 0 else (0, end + len(closer))
    rest = _REST_OF_TAG.match(data, found.end())
    if rest is None:
        return None
    if found[1]:
        return -1, rest.end()
    return (0 if rest[1] else 1), rest.end()


def _local(name: bytes) -> bytes:
    return name.rpartition(b":")[2]
