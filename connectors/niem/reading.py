"""Reads a folder of NIEM files into batches: small files whole, large ones proven first and then cut."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final

from connectors.batches import Batches
from connectors.niem.config import NiemConfig
from connectors.niem.folder import Folder, find
from connectors.niem.include import MARK, Included, serialized
from connectors.niem.media import drop_media
from connectors.niem.parsing import Element, parse, parser, prove, proven
from connectors.niem.problems import CHANGED, EMPTY, TOO_DEEP
from connectors.niem.prolog import HEAD, Prolog, look
from connectors.niem.source import Source
from connectors.niem.splitting import Slice, Splitter
from connectors.port import Context
from schemas.ids import content_hash
from schemas.records import (
    MAX_BATCH_BYTES,
    Batch,
    FileProblem,
    Ignored,
    JsonObject,
    Known,
    Problem,
    Quarantine,
    Received,
    Retry,
    UnitDone,
)

SMALL: Final = 8 * 1024 * 1024
"""Files up to this size are parsed whole before anything of them is yielded."""
LARGEST_DOCUMENT: Final = 64 * 1024 * 1024
"""A file larger than SMALL that is one record is still read up to this size, for its media are dropped."""
KEPT: Final = 1 << 20
_TOO_LARGE: Final = Problem("one document is larger than 64 MiB", "", "name its records with `record`, or send less")
_PART: Final = "part of another document (xi:include)"
_FRAGMENT: Final = b"SameAsDigestReference"


class Reading:
    """One read of a source from beginning to end."""

    def __init__(self, config: NiemConfig, context: Context, known: Known) -> None:
        """Find the folder; raises BadConfiguration or Retry."""
        self._known = known
        self._limit = context.batch_size
        self._folder: Folder = find(context.base, config.path, config.files, context.source)
        self._splitter = Splitter(config.record)
        self._parser = parser()
        self._batches = Batches(context.batch_size)
        self._included: set[Path] = set()
        self._late: list[tuple[str, Path]] = []

    def batches(self, since: JsonObject | None) -> Generator[Batch | None, None, None]:
        """All that is new, file by file; None where others may have their turn."""
        for name, path in self._folder.files:
            yield from self._file(name, path, since or {}, late=False)
            yield None
        for name, path in self._late:  # parts of messages: read by themselves only if no message included them
            yield from self._file(name, path, since or {}, late=True)
        yield self._batches.finish({})

    def _file(self, name: str, path: Path, since: JsonObject, *, late: bool) -> Iterator[Batch | None]:
        try:
            source = Source(path, name)
        except OSError as error:
            yield from self._batches.problem(FileProblem(name, b"", _unreadable(error)))
            return
        with source:
            if source.size > SMALL:
                yield from self._large(source, since)
            else:
                yield from self._small(source, path, late=late)

    # --- small files --------------------------------------------------------------------------------------------

    def _small(self, source: Source, path: Path, *, late: bool) -> Iterator[Batch]:
        raw = source.whole()
        fingerprint = content_hash(raw)
        name = source.name
        merging = Included(self._folder.root, path.resolve()) if MARK in raw else None
        if merging is None and self._skip(name, fingerprint):
            return
        if late and path.resolve() in self._included:
            yield from self._ignore(Ignored(raw, fingerprint, name, _PART, name), fingerprint)
            return
        if not late and _FRAGMENT in raw and b"Digest>" not in raw:
            self._late.append((name, path))
            return
        try:
            if source.changed:
                raise Quarantine(CHANGED)
            if merging is not None:
                yield from self._merged(raw, fingerprint, source, merging)
            else:
                yield from self._whole(raw, fingerprint, source)
        except Quarantine as error:
            kept = raw if len(raw) <= KEPT else b""
            yield from self._batches.problem(FileProblem(name, fingerprint, error.problem, kept))

    def _whole(self, raw: bytes, fingerprint: bytes, source: Source) -> Iterator[Batch]:
        """A document without includes: one record, or several that stand in it."""
        if source.empty:
            raise Quarantine(EMPTY)
        prolog = source.prolog
        if prolog.wide is None and self._splitter.several(raw):
            slices = list(self._cut(raw, prolog))
            if len(slices) > 1:
                yield from self._several(slices, fingerprint, source.name)
                return
        whole = raw[prolog.start :] if prolog.start else raw
        body, dropped = drop_media(whole)
        element = parse(body, self._parser, prolog)
        digest = content_hash(whole) if prolog.start else fingerprint
        record = Received(body, digest, source.name, element, source.name, dropped_media=dropped)
        yield from self._add([record], len(body), source.name, fingerprint, 1)
        self._batches.done(UnitDone(source.name, fingerprint, 1))

    def _cut(self, raw: bytes, prolog: Prolog) -> Iterator[Slice]:
        """The records of a small file, which is proven first: the scan trusts what it reads."""
        body = raw[prolog.start :]
        problem = prove([body], prolog)
        if problem is not None:
            raise Quarantine(problem)
        return self._splitter.split([body], prolog.declaration)

    def _several(self, slices: Sequence[Slice], fingerprint: bytes, name: str) -> Iterator[Batch]:
        done = 0
        for group in _groups(iter(slices), self._limit):
            yield from self._records(group, done, name, fingerprint)
            done += len(group)
        self._batches.done(UnitDone(name, fingerprint, done))

    def _merged(self, raw: bytes, fingerprint: bytes, source: Source, merging: Included) -> Iterator[Batch]:
        """A document with includes: its bytes are those of the merged tree."""
        prolog = source.prolog
        body, dropped = drop_media(raw[prolog.start :])
        element = parse(body, self._parser, prolog)
        merging.resolve(element)
        self._included.update(merging.parts)
        if merging.parts:
            fingerprint = content_hash(b"".join((fingerprint, *map(content_hash, merging.parts.values()))))
        if self._skip(source.name, fingerprint):
            return
        if merging.parts:
            body = serialized(element)
            element = parse(body, self._parser, look(body[:HEAD]))
        dropped += merging.dropped
        record = Received(body, content_hash(body), source.name, element, source.name, dropped_media=dropped)
        yield from self._add([record], len(body), source.name, fingerprint, 1)
        self._batches.done(UnitDone(source.name, fingerprint, 1))

    # --- large files --------------------------------------------------------------------------------------------

    def _large(self, source: Source, since: JsonObject) -> Iterator[Batch | None]:
        """Prove a file, then cut it: nothing is yielded of a file whose end was not seen."""
        name, fingerprint = source.name, source.fingerprint()
        if self._skip(name, fingerprint):
            return
        yield None
        problem = prove(source.chunks(), source.prolog)
        yield None
        if source.changed:
            problem = CHANGED
        slices = self._splitter.split(source.chunks(), source.prolog.declaration)
        first = next(slices, None) if problem is None else None
        if first is not None:
            yield from self._stream(chain((first,), slices), source, fingerprint, since)
        elif problem is None or problem.reason == TOO_DEEP.reason:
            yield from self._large_document(source, fingerprint)
        else:
            yield from self._batches.problem(FileProblem(name, fingerprint, problem))

    def _large_document(self, source: Source, fingerprint: bytes) -> Iterator[Batch]:
        """A large file that is one record, or that only its media make too large to be proven."""
        try:
            if source.size > LARGEST_DOCUMENT:
                raise Quarantine(_TOO_LARGE)
            yield from self._whole(source.whole(), fingerprint, source)
        except Quarantine as error:
            yield from self._batches.problem(FileProblem(source.name, fingerprint, error.problem))

    def _stream(
        self, slices: Iterator[Slice], source: Source, fingerprint: bytes, since: JsonObject
    ) -> Iterator[Batch | None]:
        done = 0
        if since.get("unit") == source.name and since.get("fingerprint") == fingerprint.hex():
            done = sum(1 for _ in islice(slices, int(since.get("records", 0))))
        for group in _groups(slices, self._limit):
            yield from self._records(group, done, source.name, fingerprint)
            done += len(group)
            yield None
            if source.changed:
                raise Retry(f"{source.name} changed while it was read; it is read again in the next run")
        self._batches.done(UnitDone(source.name, fingerprint, done))

    # --- both ---------------------------------------------------------------------------------------------------

    def _records(self, group: Sequence[Slice], start: int, name: str, fingerprint: bytes) -> Iterator[Batch]:
        """Add the records of some slices, but those that are known and unchanged: these are not even parsed."""
        hashes = [content_hash(one.document) for one in group]
        known = self._known.hashes(hashes)
        fresh = [
            self._received(one, digest, f"{name}#{start + number}", name)
            for number, (one, digest) in enumerate(zip(group, hashes, strict=True), 1)
            if digest not in known
        ]
        self._batches.skipped(len(group) - len(fresh))
        size = sum(len(record.body) for record in fresh)
        yield from self._add(fresh, size, name, fingerprint, start + len(group))

    def _received(self, one: Slice, digest: bytes, locator: str, unit: str) -> Received:
        body, dropped = drop_media(one.document)
        text = proven(body)
        if text is not None:
            return Received(body, digest, locator, text, unit, dropped_media=dropped)
        try:
            element: Element | None = parse(body, self._parser, _SLICE)
            problem = None
        except Quarantine as error:
            element, problem = None, error.problem
        return Received(body, digest, locator, element, unit, problem=problem, dropped_media=dropped)

    def _add(
        self, records: Sequence[Received], size: int, name: str, fingerprint: bytes, count: int
    ) -> Iterator[Batch]:
        checkpoint: JsonObject = {"unit": name, "fingerprint": fingerprint.hex(), "records": count}
        yield from self._batches.add(records, size, checkpoint)

    def _skip(self, name: str, fingerprint: bytes) -> bool:
        """Leave out a file that was read whole before and is the same."""
        count = self._known.unit(name, fingerprint)
        if count is None:
            return False
        self._batches.skipped(count)
        return True

    def _ignore(self, ignored: Ignored, fingerprint: bytes) -> Iterator[Batch]:
        yield from self._batches.ignore(ignored)
        self._batches.done(UnitDone(ignored.locator, fingerprint, 0))


_SLICE: Final = Prolog(0, doctype=False, root=None, declaration=b"", wide=None)


def _groups(slices: Iterator[Slice], limit: int) -> Iterator[list[Slice]]:
    """Slices that may travel together: at most `limit` and 8 MiB, an oversize one alone."""
    group: list[Slice] = []
    size = 0
    for one in slices:
        length = len(one.document)
        if group and (len(group) == limit or size + length > MAX_BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(one)
        size += length
    if group:
        yield group


def _unreadable(error: OSError) -> Problem:
    return Problem(f"the file cannot be opened ({type(error).__name__})", "", "let this program read it")
