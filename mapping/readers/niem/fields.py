"""Fields of a mapping, answered from layouts: which texts of an element a field reads is worked out once per layout.

A block has some sixty fields and a person some ten elements. In a layout that was met before, only the fields that can
have a value are looked at, each goes straight to its texts, and what a text becomes is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mapping.normalize import Unreadable
from mapping.readers.niem.layouts import UNKNOWN, Layout
from mapping.readers.niem.paths import Hit, Path, anywhere_hits, hits_of
from mapping.readers.niem.reading import clean
from schemas.mapped import QualityNote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mapping.readers.niem.lookups import Lookups
    from mapping.readers.niem.node import Node
    from schemas.mapped import CompactValue

    Convert = Callable[[Any], Any]
    Notes = list[QualityNote]
    Found = list[CompactValue]
    Read = Callable[[Node, Notes], Found]
    Answer = tuple[Any, str | None] | tuple[()]
    Take = Callable[[Sequence[str], int, str, Notes], Found]
    """From a document's texts, an element and its XPath to the values of a field."""
    Pieces = tuple[Sequence[int], dict[str, Answer]]
    """Offsets, and answers by the texts there, joined by SEPARATOR."""
    Parts = Sequence[tuple[str, Sequence[Hit]]]

REMEMBERED: Final = 512
"""Answers kept for one field; then they are forgotten, for what varies that much is not worth it."""
LONGEST: Final = 64
"""Longer texts are not remembered: narratives do not come twice."""
_MOST_COMBINATIONS: Final = 64
"""Combinations of parts for which answers are kept."""
SEPARATOR: Final = "\x1f"
TEXTS: Final = frozenset({"", "name()"})


class Laid(NamedTuple):
    """What a field comes to in a layout: one text, at `offset`, or whatever `take` finds."""

    offset: int
    suffix: str
    take: Take | None
    pieces: Pieces | None = None
    """Where there is no more to it: the texts that are put together, and what they became before."""


class Field:
    """Where one field reads, and what it makes of that."""

    __slots__ = ("_alternatives", "_convert", "_each", "_gathered", "_lookups", "_parts", "chain", "known")

    def __init__(
        self,
        each: Sequence[Path] | None,
        alternatives: Sequence[Sequence[Path]],
        parts: Mapping[str, Sequence[Path]] | None,
        convert: Convert,
        chain: str,
        lookups: Lookups,
    ) -> None:
        """Take the paths: at each of these, the first of some alternatives that has a value, or all of some parts."""
        self._lookups = lookups
        self._each, self._alternatives, self._parts = each, alternatives, parts
        self._convert, self.chain = convert, chain
        self.known: dict[str, Answer] = {}
        self._gathered: dict[tuple[str, ...], dict[str, Answer]] = {}

    def read(self, otherwise: Read) -> Read:
        """The field by itself: from an item to its values."""
        if self._each is None and self._parts is None and all(path.anywhere for path in self._paths()):
            return self._read_anywhere(otherwise)
        if not all(path.within for path in self._paths()):
            return otherwise

        def read(item: Node, notes: Notes) -> Found:
            layout = item.layout
            if layout is UNKNOWN:
                layout = item.lay()
            laid = None if layout is None else self.within(layout)
            if laid is None:
                return otherwise(item, notes)
            document = item.document
            return self._taken(laid, document.texts, item.element, document.path(item.element), notes)

        return read

    def _paths(self) -> list[Path]:
        groups = [*self._alternatives, *(self._parts or {}).values(), self._each or ()]
        return [path for paths in groups for path in paths]

    def _read_anywhere(self, otherwise: Read) -> Read:
        """The same for paths that begin anywhere."""

        def read(item: Node, notes: Notes) -> Found:
            document = item.document
            laid = document.found.get(self, UNKNOWN)
            if laid is UNKNOWN:
                groups = [anywhere_hits(paths, document, self._lookups) for paths in self._alternatives]
                laid = document.found[self] = self._alternative(groups)
            return otherwise(item, notes) if laid is None else self._taken(laid, document.texts, 0, "", notes)

        return read

    def _taken(self, laid: Laid, texts: Sequence[str], base: int, start: str, notes: Notes) -> Found:
        """The values of a field that was laid out."""
        offset, suffix, take, _ = laid
        if offset < 0:
            return [] if take is None else take(texts, base, start, notes)
        text, where = texts[base + offset], start + suffix
        answer = self.known.get(text)
        if answer is None:
            answer = self.answer(text, where, notes)
        return [(answer[0], answer[1], where, self.chain)] if answer else []

    def within(self, layout: Layout) -> Laid | None:
        """What the field comes to in a layout; None where that cannot be told from the layout alone."""
        known = layout.found.get(self, UNKNOWN)
        if known is UNKNOWN:
            known = layout.found[self] = self._lay(layout)
        found: Laid | None = known
        return found

    def answer(self, text: str, where: str, notes: Notes) -> Answer:
        """What a text becomes, with the raw text where that differs; remembered."""
        found: Answer = ()
        raw = clean(text)
        if raw:
            try:
                value = self._convert(raw)
            except Unreadable as error:
                notes.append(QualityNote(where, str(error)))
                return ()
            if value is not None:
                found = (value, None if value == raw else raw)
        _remember(self.known, text, found)
        return found

    def spoken(self, layout: Layout) -> Found | None:
        """The values where they are made of names of elements alone, and so the same for all of a layout.

        Each has what it adds to the XPath of the item in the place of where it stands. None for any other field.
        """
        if self._each is not None or self._parts is not None:
            return None
        for paths in self._alternatives:
            hits = hits_of(paths, layout)
            if hits is None or any(hit.tail != "name()" for hit in hits):
                return None
            notes: Notes = []
            found = [(*answer, hit.suffix, self.chain) for hit in hits if (answer := self.answer(hit.name, "", notes))]
            if notes:
                return None
            if found:
                return found
        return []

    # --- laying out ---------------------------------------------------------------------------------------------

    def _lay(self, layout: Layout) -> Laid | None:
        starts = [0] if self._each is None else _starts(self._each, layout)
        if starts is None:
            return None
        takes: list[Laid] = []
        for start in starts:
            inner = layout if start == 0 else layout.inner(start)
            laid = self._texts(layout, inner, start) if self._parts is None else self._pieces(layout, inner, start)
            if laid is None:
                return None
            if laid is not NOTHING:
                takes.append(laid)
        if len(takes) < 2:  # noqa: PLR2004 - nothing, or all there is
            return takes[0] if takes else NOTHING
        each = [self.taking(laid) for laid in takes]

        def take(texts: Sequence[str], base: int, start: str, notes: Notes) -> Found:
            return [value for one in each for value in one(texts, base, start, notes)]

        return Laid(-1, "", take)

    def _texts(self, layout: Layout, inner: Layout, start: int) -> Laid | None:
        """The first alternative that has a value, at one place."""
        return self._alternative([_moved(paths, layout, inner, start) for paths in self._alternatives])

    def _alternative(self, found: Sequence[Sequence[Hit] | None]) -> Laid | None:
        """What the field comes to, given the hits of each alternative."""
        groups = [hits for hits in found if hits]
        if None in found or any(hit.tail not in TEXTS for hits in groups for hit in hits):
            return None
        if not groups:
            return NOTHING
        if len(groups) == 1 and len(groups[0]) == 1 and not groups[0][0].tail:
            return Laid(groups[0][0].offset, groups[0][0].suffix, None)
        takes = [self._all(hits) for hits in groups]
        return Laid(-1, "", takes[0] if len(takes) == 1 else _first(takes))

    def _pieces(self, layout: Layout, inner: Layout, start: int) -> Laid | None:
        """The parts, put together, at one place."""
        parts: list[tuple[str, Sequence[Hit]]] = []
        for name, paths in (self._parts or {}).items():
            hits = _moved(paths, layout, inner, start)
            if hits is None or any(hit.tail not in TEXTS for hit in hits):
                return None
            if hits:
                parts.append((name, hits))
        if not parts:
            return NOTHING
        if all(len(hits) == 1 and not hits[0].tail for _, hits in parts):
            return self._single([(name, hits[0].offset, hits[0].suffix) for name, hits in parts])
        return Laid(-1, "", self._together(parts))

    def taking(self, laid: Laid) -> Take:
        """What is laid out, as the function that it may be."""
        if laid.take is not None:
            return laid.take
        return self._all([Hit(laid.offset, laid.suffix, "", _unread, "")])

    def _all(self, hits: Sequence[Hit]) -> Take:
        """All texts at some hits."""
        places = [(offset, suffix, tail, name) for offset, suffix, tail, _, name in hits]
        known, answer, chain = self.known, self.answer, self.chain

        def take(texts: Sequence[str], base: int, start: str, notes: Notes) -> Found:
            found: Found = []
            for offset, suffix, tail, name in places:
                if tail:
                    text, where = name, f"local-name({start}{suffix})"
                else:
                    text, where = texts[base + offset], start + suffix
                value = known.get(text)
                if value is None:
                    value = answer(text, where, notes)
                if value:
                    found.append((value[0], value[1], where, chain))
            return found

        return take

    def _together(self, parts: Parts) -> Take:
        """Parts as one value: the raw text joins them, the place is that of the first."""

        def take(texts: Sequence[str], base: int, start: str, notes: Notes) -> Found:
            given: dict[str, str] = {}
            where = ""
            for name, hits in parts:
                located = [
                    (hit.name, f"local-name({start}{hit.suffix})") if hit.tail else (text, start + hit.suffix)
                    for hit in hits
                    if hit.tail or (text := clean(texts[base + hit.offset]))
                ]
                if located:
                    where = where or located[0][1]
                    given[name] = " ".join([text for text, _ in located])
            return self._made(given, where, notes)

        return take

    def _single(self, parts: Sequence[tuple[str, int, str]]) -> Laid:
        """Parts of one text each: what they become together is remembered."""
        names = tuple(name for name, _, _ in parts)
        offsets = [offset for _, offset, _ in parts]
        suffix, chain = parts[0][2], self.chain
        if len(self._gathered) >= _MOST_COMBINATIONS:
            self._gathered.clear()
        known = self._gathered.setdefault(names, {})

        def take(texts: Sequence[str], base: int, start: str, notes: Notes) -> Found:
            pieces = [texts[base + offset] for offset in offsets]
            key = SEPARATOR.join(pieces)
            value = known.get(key)
            if value:
                return [(value[0], value[1], start + suffix, chain)]
            given: dict[str, str] = {}
            where = ""
            for (name, _, place), piece in zip(parts, pieces, strict=True):
                text = clean(piece)
                if text:
                    given[name] = text
                    where = where or start + place
            found = self._made(given, where, notes)
            if found and len(given) == len(parts):
                _remember(known, key, (found[0][0], found[0][1]))
            return found

        return Laid(-1, suffix, take, (offsets, known))

    def _made(self, given: dict[str, str], where: str, notes: Notes) -> Found:
        """The value of some parts."""
        if not given:
            return []
        try:
            value = self._convert(given)
        except Unreadable as error:
            notes.append(QualityNote(where, str(error)))
            return []
        if value is None:
            return []
        raw = " ".join(given.values())
        return [(value, None if value == raw else raw, where, self.chain)]


NOTHING: Final = Laid(-1, "", None)
"""The field has no value in any element of the layout."""


def _unread(*_: object) -> Sequence[tuple[str, str]]:
    """A text is read where it is used."""
    return ()


def _starts(each: Sequence[Path], layout: Layout) -> list[int] | None:
    """The elements at which a field is read; None where the layout cannot tell."""
    starts: dict[int, None] = {}
    for path in each:
        elements = path.trace(layout) if path.within else None
        if elements is None or not layout.special.isdisjoint(elements):
            return None
        starts.update(dict.fromkeys(elements))
    return list(starts)


def _moved(paths: Sequence[Path], layout: Layout, inner: Layout, start: int) -> list[Hit] | None:
    """Hits in an element of a layout, as hits in the layout; None where they are no plain texts and names."""
    hits = hits_of(paths, inner)
    if hits is None:
        return None
    return [hit._replace(offset=start + hit.offset, suffix=layout.suffixes[start + hit.offset]) for hit in hits]


def _first(takes: Sequence[Take]) -> Take:
    def take(texts: Sequence[str], base: int, start: str, notes: Notes) -> Found:
        for one in takes:
            found = one(texts, base, start, notes)
            if found:
                return found
        return []

    return take


def _remember(known: dict[str, Answer], key: str, answer: Answer) -> None:
    if len(key) <= LONGEST:
        if len(known) >= REMEMBERED:
            known.clear()
        known[key] = answer
