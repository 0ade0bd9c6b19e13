"""From fields and conditions to functions: everything that can be decided once per mapping is decided here.

The functions run once per value, two million times in a large load, so they hold no look-ups by name, no options
and no models. What a mapping gets wrong (a property, a path, a normalizer, a table) is said here with its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from mapping.defaults import SPREADING, default_normalizer
from mapping.normalize import NORMALIZERS, Unreadable, bind
from mapping.readers.cells import LONGEST, REMEMBERED, Cell, Part, fill_all, read_one, read_parts
from mapping.readers.port import Filling, Item, PathError, Reader
from mapping.yamlfile import Place, YamlFile, nearest
from schemas.entities import properties as properties_of
from schemas.mapped import QualityNote
from schemas.records import Problem, Quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from mapping.readers.niem.fields import Field as LaidField
    from mapping.readers.port import GraphReader, Items, Located, Values
    from mapping.spec import Condition, FieldRule, LinkBlock, Normalize, Scalar
    from schemas.mapped import CompactValue, Properties
    from schemas.vocabulary import EntityType

    Convert = Callable[[Any], Any]
    Notes = list[QualityNote]
    Fill = Callable[[Item, Properties, Notes], None]
    Read = Callable[[Item, Notes], list[CompactValue]]
    Possible = Callable[[Any], bool]
    """Whether there may be something in a record of a shape (`NiemReader.shape`)."""
    Field = tuple[Fill, Possible | None]
    Lay = Callable[[Properties, list[CompactValue]], None]
    Origin = Callable[[Item], Sequence[tuple[Any, str, str]]]
    """(what the normalizer reads, the raw text, where)."""


MOST_SHAPES = 1_024
"""Shapes of records for which what can be left out is remembered."""


class Compiler:
    """Compiles the parts of one mapping against one reader."""

    def __init__(self, file: YamlFile, reader: Reader, tables: Mapping[str, Mapping[str, Scalar]]) -> None:
        """Take the mapping's file (for its lines), the reader of its paths, and its look-up tables."""
        self.file, self.reader, self.tables = file, reader, tables
        self.graph = cast("GraphReader", reader) if reader.name == "niem" else None
        self.refers = self.graph is not None
        """Paths lead to objects that may be referred to, not to texts."""

    def values(self, path: str, place: Place) -> Values:
        """A path to texts; raises BadConfiguration with file and line."""
        try:
            return self.reader.values(path)
        except PathError as error:
            raise self.file.error(place, str(error)) from error

    def volatile(self, path: str, place: Place) -> None:
        """Check a path whose values come and go; raises BadConfiguration with file and line."""
        self.values(path, place)
        plain = getattr(self.reader, "plain", None)
        if plain is not None and plain(path) is None:
            raise self.file.error(place, f"{path!r} selects or computes; a volatile path is plain steps: meta.sent")

    def cell(self, path: str) -> tuple[tuple[str, ...], str] | None:
        """The keys, and what they add to a pointer, where the reader can look a path up; else None."""
        cell = getattr(self.reader, "cell", None)
        found: tuple[tuple[str, ...], str] | None = cell(path) if cell else None
        return found

    def items(self, path: str, place: Place) -> Items:
        """A path to items; raises BadConfiguration with file and line."""
        try:
            return self.reader.items(path)
        except PathError as error:
            raise self.file.error(place, str(error)) from error

    def identities(self, path: str, place: Place) -> Callable[[Item], Sequence[Hashable]] | None:
        """A path to what references compare, where there are any; raises BadConfiguration with file and line."""
        self.items(path, place)
        return None if self.graph is None else self.graph.identities(path)

    def chosen(self, block: LinkBlock, place: Place) -> tuple[Items | None, Callable[[Item], bool] | None]:
        """The items of a link block, and the question to ask of each."""
        items = self.items(block.each, (*place, "each")) if block.each else None
        when = self.test(block.when, (*place, "when"))
        if self.graph is not None and block.each is not None and items is not None and when is not None:
            chosen = self.graph.chosen(block.each, [condition.path for condition in block.when], items, when)
            if chosen is not None:
                return chosen, None
        return items, when

    def telling(self, block: LinkBlock, choose: Any, tell: Any) -> Any:
        """All that a link says beside its ends, in its reader's own way where it has one."""
        roles, words, times = (
            [self._spoken(rule, default) for rule in rules or ()]
            for rules, default in (
                (block.role, "text"), (block.words, "text"), ((*(block.start or ()), *(block.end or ())), "datetime"),
            )
        )  # fmt: skip
        if self.graph is None or None in (*roles, *words, *times):
            return tell
        return self.graph.telling(roles, words, times, choose, tell)

    def _spoken(self, rule: FieldRule, default: str) -> LaidField | list[CompactValue] | None:
        """A field without conditions, or a constant; None for any other."""
        if rule.when or rule.required:
            return None
        return self._field(rule, default, ()) if rule.set is None else [(rule.set, None, "", "set")]

    def at(self, place: Place, index: int) -> Place:
        """The place of one of several; where the file has one thing instead of a list of one, that thing's place."""
        return (*place, index) if (*place, index) in self.file.lines else place

    def possible(self, path: str | None) -> Possible | None:
        """The question whether a record of a shape may have anything at a path, where the reader can tell."""
        asked = getattr(self.reader, "possible", None)
        found: Possible | None = asked(path) if asked and path is not None else None
        return found

    def _readable(self, rule: FieldRule) -> Possible | None:
        """The question whether a field may have a value in a record of a shape; None: it is always read."""
        if rule.required or rule.set is not None:
            return None
        around = self.possible(rule.each)
        paths = rule.first or tuple((rule.parts or {}).values()) or (rule.path,)
        tests = [test for path in paths if (test := self.possible(path))]
        if not tests:
            return None
        return lambda shape: (around is None or around(shape)) and any(test(shape) for test in tests)

    def test(self, conditions: Sequence[Condition], place: Place) -> Callable[[Item], bool] | None:
        """All conditions as one question; None where there are none."""
        tests = [self._condition(condition, self.at(place, index)) for index, condition in enumerate(conditions)]
        if len(tests) == 1:
            return tests[0]
        return (lambda item: all(test(item) for test in tests)) if tests else None

    def _condition(self, condition: Condition, place: Place) -> Callable[[Item], bool]:
        read = self.values(condition.path, place)
        if self.graph is not None:
            return self.graph.once(condition.path, _question(condition, self.graph))
        if condition.empty is not None:
            wanted = condition.empty
            return lambda item: (not read(item)) is wanted
        if condition.unless is not None:
            refused = frozenset(_folded(text) for text in condition.unless)
            return lambda item: not any(_folded(text) in refused for text, _ in read(item))
        words = condition.among if condition.among is not None else (condition.equals,)
        accepted = frozenset(_folded(text) for text in words)
        return lambda item: any(_folded(text) in accepted for text, _ in read(item))

    def reads(self, fields: Sequence[FieldRule], default: str, place: Place) -> Read:
        """Some fields as one function that gives their values in order."""
        each = [self.read(rule, default, self.at(place, index)) for index, rule in enumerate(fields)]
        if len(each) == 1:
            return each[0]
        return lambda item, notes: [value for read in each for value in read(item, notes)]

    def read(self, rule: FieldRule, default: str, place: Place) -> Read:
        """One field as a function from an item to its values; raises BadConfiguration with file and line."""
        field = self._field(rule, default, place)
        return self._read(rule, default, place, field.read if field is not None else None)

    def _field(self, rule: FieldRule, default: str, place: Place) -> LaidField | None:
        """The field as its reader can answer it by itself; None where it cannot."""
        if self.graph is None or rule.set is not None or rule.split is not None:
            return None
        paths = rule.first or ((rule.path,) if rule.path is not None else ())
        convert, chain = self._converter(rule, default, place)
        try:
            found: LaidField = self.graph.field(rule.each, paths, rule.parts, convert, chain)
        except PathError:
            return None  # it is said with its line where the field is compiled
        return found

    def _read(self, rule: FieldRule, default: str, place: Place, quick: Callable[[Read], Read] | None) -> Read:
        when = self.test(rule.when, (*place, "when"))
        if rule.set is not None:
            return _constant(rule.set) if when is None else _only(when, _constant(rule.set))
        convert, chain = self._converter(rule, default, place)
        read = self._one(rule, convert, chain, place)
        if rule.each is not None:
            read = _at_each(self.items(rule.each, (*place, "each")), read)
        if quick is not None:
            read = quick(read)
        if rule.required:
            read = _required(read, rule.said())
        return read if when is None else _only(when, read)

    def _one(self, rule: FieldRule, convert: Convert, chain: str, place: Place) -> Read:
        """A field at one item."""
        if rule.parts is not None:
            parts = {name: self.values(path, (*place, "parts", name)) for name, path in rule.parts.items()}
            read = _reading(self._gathering(parts, rule.parts), convert, chain)
            cells = {name: self.cell(path) for name, path in rule.parts.items()}
            quick = [Part(name, *cell) for name, cell in cells.items() if cell]
            return read_parts(quick, convert, chain, read) if len(quick) == len(cells) else read
        if rule.first is not None:
            paths = [self.values(path, (*place, "first", index)) for index, path in enumerate(rule.first)]
            return _first([_reading_at(path, rule.split, convert, chain) for path in paths])
        read = _reading_at(self.values(rule.path or "", (*place, "path")), rule.split, convert, chain)
        cell = self.cell(rule.path or "") if rule.split is None else None
        return read if cell is None else read_one(*cell, convert, chain, read)

    def _gathering(self, parts: Mapping[str, Values], paths: Mapping[str, str]) -> Origin:
        """Parts put together; where the reader can tell, without looking for those that a record cannot have."""
        shape: Callable[[Item], Any] | None = getattr(self.reader, "shape", None)
        if shape is None:
            return _gathering(parts)
        asked = [(name, read, self.possible(paths[name])) for name, read in parts.items()]
        known: dict[Any, Origin] = {}

        def gather(item: Item) -> Sequence[tuple[Any, str, str]]:
            names = shape(item)
            origin = known.get(names)
            if origin is None:
                if len(known) >= MOST_SHAPES:
                    known.clear()
                kept = {name: read for name, read, possible in asked if possible is None or possible(names)}
                origin = known[names] = _gathering(kept)
            return origin(item)

        return gather

    def _converter(self, rule: FieldRule, default: str, place: Place) -> tuple[Convert, str]:
        """Look-up and normalizers as one function, and their names as a chain."""
        steps: list[tuple[str, Convert]] = []
        wanted: Normalize = default if rule.normalize is None else rule.normalize
        named = [one for one in (wanted if isinstance(wanted, list) else [wanted]) if one != "none"]
        if rule.lookup is not None:
            steps.append(("lookup", self._lookup(rule, place, texts=bool(named))))
        for number, normalizer in enumerate(named):
            steps.append(self._normalizer(normalizer, (rule.parts or {}) if number == 0 else {}, place))
        chain = "|".join(name for name, _ in steps)
        if len(steps) == 1:
            return steps[0][1], chain
        functions = [function for _, function in steps]
        return lambda raw: _through(functions, raw), chain

    def _lookup(self, rule: FieldRule, place: Place, *, texts: bool) -> Convert:
        """A table of codes; with `texts` its answers are texts, for a normalizer that reads them."""
        table, otherwise = rule.lookup or {}, rule.otherwise
        if isinstance(table, str) and table not in self.tables:
            message = f"there is no lookup table {table!r}; {nearest(table, list(self.tables))}"
            raise self.file.error((*place, "lookup"), message)
        rows = self.tables[table] if isinstance(table, str) else table
        folded: dict[str, Any] = {_folded(key): _text(value) if texts else value for key, value in rows.items()}
        if otherwise is None:
            return lambda raw: folded.get(_folded(raw), raw)
        other = _text(otherwise) if texts else otherwise
        return lambda raw: folded.get(_folded(raw), other)

    def _normalizer(
        self, wanted: str | Mapping[str, Mapping[str, Any] | None], parts: Mapping[str, str], place: Place
    ) -> tuple[str, Convert]:
        if not isinstance(wanted, str) and len(wanted) != 1:
            raise self.file.error((*place, "normalize"), "write one normalizer in each map; several make a list")
        name, options = (wanted, None) if isinstance(wanted, str) else next(iter(wanted.items()))
        known = NORMALIZERS.get(name)
        if known is None:
            message = f"there is no normalizer {name!r}; {nearest(name, list(NORMALIZERS))}"
            raise self.file.error((*place, "normalize"), message)
        for part in parts:
            if part not in known.parts:
                valid = nearest(part, sorted(known.parts)) if known.parts else "it takes no parts"
                message = f"the normalizer {name!r} takes no part {part!r}; {valid}"
                raise self.file.error((*place, "parts", part), message)
        try:
            return name, bind(name, options or {})
        except ValueError as error:
            raise self.file.error((*place, "normalize"), str(error)) from error

    def fills(
        self, entity: EntityType, properties: Mapping[str, Sequence[FieldRule]], place: Place
    ) -> tuple[tuple[Field, ...], tuple[Fill, ...]]:
        """The fields of a block's properties: those that read something, and those that set a constant."""
        laid: list[Filling] = []
        spread = {part for name in properties for part in SPREADING.get((entity, name), ()) if part != name}
        reading: list[Cell] = []
        possible: list[Possible | None] = []
        constants: list[Fill] = []
        for name, rules in properties.items():
            for index, rule in enumerate(rules):
                at = self.at((*place, name), index)
                fill = self.fill(entity, name, rule, at)
                if rule.set is not None:
                    constants.append(fill)
                    continue
                possible.append(self._readable(rule))
                alone = len(rules) == 1 and name not in spread and (entity, name) not in SPREADING
                if self.graph is not None:
                    lay = None if alone else _laying(name, SPREADING.get((entity, name)))
                    field = self._field(rule, default_normalizer(entity, name), at)
                    sure = not (rule.when or rule.required)
                    laid.append(Filling(name, fill, possible[-1], field, sure, lay))
                elif not alone or not rule.is_path():
                    reading.append(Cell(name, fill))
                else:
                    reading.append(self._cell(name, default_normalizer(entity, name), rule, fill, at))
        if self.graph is not None:
            return ((self.graph.fill_all(laid), None),), tuple(constants)
        if any(cell.keys for cell in reading):
            return ((fill_all(reading), None),), tuple(constants)
        return tuple(zip((cell.fill for cell in reading), possible, strict=True)), tuple(constants)

    def _cell(self, name: str, default: str, rule: FieldRule, fill: Fill, place: Place) -> Cell:
        """A field that is one path, with what it takes to read it quickly where its reader can."""
        cell = self.cell(rule.path or "")
        return Cell(name, fill, *cell, *self._converter(rule, default, place)) if cell else Cell(name, fill)

    def fill(self, entity: EntityType, name: str, rule: FieldRule, place: Place) -> Fill:
        """One field of one property as a function that adds its values to a mention's properties."""
        valid = properties_of(entity)
        if name not in valid:
            message = f"{entity} has no property {name!r}; {nearest(name, list(valid))}"
            raise self.file.error(place, message)
        read = self._read(rule, default_normalizer(entity, name), place, None)
        lay = _laying(name, SPREADING.get((entity, name)) if rule.set is None else None)

        def fill(item: Item, properties: Properties, notes: Notes) -> None:
            found = read(item, notes)
            if found:
                lay(properties, found)

        return fill


def _text(value: Scalar) -> str:
    """A constant as readers would give it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _question(condition: Condition, reader: GraphReader) -> Callable[[Item], bool]:
    """A condition on texts without their places, whose answer to each text is remembered."""
    if condition.empty is not None:
        exists = reader.exists(condition.path)
        return (lambda item: not exists(item)) if condition.empty else exists
    given = next(one for one in (condition.unless, condition.among, (condition.equals,)) if one is not None)
    texts, words = reader.texts(condition.path), frozenset(_folded(text) for text in given)
    known: dict[str, bool] = {}

    def among(text: str) -> bool:
        found = _folded(text) in words
        if len(text) <= LONGEST:
            if len(known) >= REMEMBERED:
                known.clear()
            known[text] = found
        return found

    def any_among(item: Item) -> bool:
        for text in texts(item):
            found = known.get(text)
            if among(text) if found is None else found:
                return True
        return False

    return any_among if condition.unless is None else lambda item: not any_among(item)


def _folded(text: object) -> str:
    if isinstance(text, bool):
        return "true" if text else "false"
    return " ".join(str(text).split()).casefold()


def _constant(value: Scalar) -> Read:
    found: list[CompactValue] = [(value, None, "", "set")]
    return lambda _item, _notes: found


def _only(when: Callable[[Item], bool], read: Read) -> Read:
    return lambda item, notes: read(item, notes) if when(item) else []


def _through(functions: Sequence[Callable[[Any], Any]], raw: Any) -> Any:
    for function in functions:
        if raw is None:
            return None
        raw = function(raw)
    return raw


def _gathering(parts: Mapping[str, Values]) -> Origin:
    """Parts read at one item and put together; the raw text joins them, the place is the first part's."""
    reads = list(parts.items())

    def gather(item: Item) -> Sequence[tuple[Any, str, str]]:
        found: dict[str, str] = {}
        where = ""
        for name, read in reads:
            located = read(item)
            if located:
                where = where or located[0][1]
                found[name] = located[0][0] if len(located) == 1 else " ".join(text for text, _ in located)
        return ((found, " ".join(found.values()), where),) if found else ()

    return gather


def _splitting(read: Values, separator: str) -> Values:
    def split(item: Item) -> Sequence[Located]:
        return [
            (piece.strip(), where)
            for text, where in read(item)
            for piece in text.split(separator)
            if piece and not piece.isspace()
        ]

    return split


def _at_each(items: Items, read: Read) -> Read:
    return lambda item, notes: [value for member in items(item) for value in read(member, notes)]


def _first(reads: Sequence[Read]) -> Read:
    """The first path that has a value: a blank or a placeholder is none, and the next path is asked."""

    def values(item: Item, notes: Notes) -> list[CompactValue]:
        for read in reads:
            found = read(item, notes)
            if found:
                return found
        return []

    return values


def _required(read: Read, said: str) -> Read:
    """Without a readable value the record goes to quarantine, with the reason why there is none."""

    def values(item: Item, notes: Notes) -> list[CompactValue]:
        mine: Notes = []
        found = read(item, mine)
        if found:
            notes += mine
            return found
        if mine:
            raise Quarantine(Problem(mine[0].reason, mine[0].path, "correct the field in the RMS"))
        raise Quarantine(Problem("a required field is empty", said, "fill the field in the RMS"))

    return values


def _reading_at(path: Values, split: str | None, convert: Convert, chain: str) -> Read:
    """The common field, one path: kept apart because it is most of what a load does."""
    read = path if split is None else _splitting(path, split)

    def values(item: Item, notes: Notes) -> list[CompactValue]:
        found: list[CompactValue] = []
        for raw, where in read(item):
            try:
                value = convert(raw)
            except Unreadable as error:
                notes.append(QualityNote(where, str(error)))
                continue
            if value is not None:
                found.append((value, None if value == raw else raw, where, chain))
        return found

    return values


def _reading(origin: Origin, convert: Convert, chain: str) -> Read:
    def values(item: Item, notes: Notes) -> list[CompactValue]:
        found: list[CompactValue] = []
        for given, raw, where in origin(item):
            try:
                value = convert(given)
            except Unreadable as error:
                notes.append(QualityNote(where, str(error)))
                continue
            if value is not None:
                found.append((value, None if value == raw else raw, where, chain))
        return found

    return values


def _laying(name: str, spread: frozenset[str] | None) -> Lay:
    """How values come to a property that may have some already."""
    if spread:
        return _spreading(name, spread)

    def lay(properties: Properties, found: list[CompactValue]) -> None:
        present = properties.get(name)
        if present is None:
            properties[name] = found
        else:
            properties[name] = present + [value for value in found if value not in present]

    return lay


def _spreading(main: str, allowed: frozenset[str]) -> Lay:
    """A normalizer that answers with several properties fills them all, from one raw text."""

    def spread(properties: Properties, values: list[CompactValue]) -> None:
        for found in values:
            value = found[0]
            if type(value) is not dict:
                _lay(properties, main, found)
                continue
            raw, rest = found[1], found[2:]
            for name, part in value.items():
                if name in allowed:
                    _lay(properties, name, (part, None if part == raw else raw, *rest))

    return spread


def _lay(properties: Properties, name: str, value: CompactValue) -> None:
    """Add a value to a property; the list that is there may be shared, so it is not changed in place."""
    present = properties.get(name)
    if present is None:
        properties[name] = [value]
    elif value not in present:
        properties[name] = [*present, value]
