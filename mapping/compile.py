"""From fields and conditions to functions: everything that can be decided once per mapping is decided here.

The functions run once per value, two million times in a large load, so they hold no look-ups by name, no options
and no models. What a mapping gets wrong (a property, a path, a normalizer, a table) is said here with its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapping.defaults import SPREADING, default_normalizer
from mapping.normalize import NORMALIZERS, Unreadable, bind
from mapping.readers.port import Item, PathError, Reader
from mapping.yamlfile import Place, YamlFile, nearest
from schemas.entities import properties as properties_of
from schemas.mapped import QualityNote
from schemas.records import Problem, Quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mapping.readers.port import Items, Located, Values
    from mapping.spec import Condition, FieldRule, Normalize, Scalar
    from schemas.mapped import CompactValue, Properties
    from schemas.vocabulary import EntityType

Notes = list[QualityNote]
Fill = "Callable[[Item, Properties, Notes], None]"
Read = "Callable[[Item, Notes], list[CompactValue]]"
Origin = "Callable[[Item], Sequence[tuple[Any, str, str]]]"
"""(what the normalizer reads, the raw text, where)."""


class Compiler:
    """Compiles the parts of one mapping against one reader."""

    def __init__(self, file: YamlFile, reader: Reader, tables: Mapping[str, Mapping[str, Scalar]]) -> None:
        """Take the mapping's file (for its lines), the reader of its paths, and its look-up tables."""
        self.file, self.reader, self.tables = file, reader, tables

    def values(self, path: str, place: Place) -> Values:
        """A path to texts; raises BadConfiguration with file and line."""
        try:
            return self.reader.values(path)
        except PathError as error:
            raise self.file.error(place, str(error)) from error

    def items(self, path: str, place: Place) -> Items:
        """A path to items; raises BadConfiguration with file and line."""
        try:
            return self.reader.items(path)
        except PathError as error:
            raise self.file.error(place, str(error)) from error

    def test(self, conditions: Sequence[Condition], place: Place) -> Callable[[Item], bool] | None:
        """All conditions as one question; None where there are none."""
        tests = [self._condition(condition, place) for condition in conditions]
        if len(tests) == 1:
            return tests[0]
        return (lambda item: all(test(item) for test in tests)) if tests else None

    def _condition(self, condition: Condition, place: Place) -> Callable[[Item], bool]:
        read = self.values(condition.path, place)
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
        each = [self.read(rule, default, place) for rule in fields]
        if len(each) == 1:
            return each[0]
        return lambda item, notes: [value for read in each for value in read(item, notes)]

    def read(self, rule: FieldRule, default: str, place: Place) -> Read:
        """One field as a function from an item to its values; raises BadConfiguration with file and line."""
        when = self.test(rule.when, place)
        if rule.set is not None:
            constant: list[CompactValue] = [(rule.set, None, "", "set")]
            return (lambda item, notes: constant) if when is None else _only(when, lambda item, notes: constant)
        origin = self._origin(rule, place)
        convert, chain = self._converter(rule, default, place)
        read = _reading(origin, convert, chain, required=rule.required)
        if rule.path and rule.each is None and rule.split is None and not rule.required:
            read = _reading_path(self.values(rule.path, place), convert, chain)
        return read if when is None else _only(when, read)

    def _origin(self, rule: FieldRule, place: Place) -> Origin:
        origin = self._one_origin(rule, place)
        if rule.split is not None:
            origin = _splitting(origin, rule.split)
        if rule.each is None:
            return origin
        items = self.items(rule.each, place)
        return lambda item: [found for member in items(item) for found in origin(member)]

    def _one_origin(self, rule: FieldRule, place: Place) -> Origin:
        if rule.parts is not None:
            return _gathering({name: self.values(path, place) for name, path in rule.parts.items()})
        if rule.first is not None:
            candidates = [self.values(path, place) for path in rule.first]
            return lambda item: _triples(next((found for read in candidates if (found := read(item))), ()))
        read = self.values(rule.path or "", place)
        return lambda item: _triples(read(item))

    def _converter(self, rule: FieldRule, default: str, place: Place) -> tuple[Callable[[Any], Any], str]:
        """Look-up and normalizers as one function, and their names as a chain."""
        steps: list[tuple[str, Callable[[Any], Any]]] = []
        if rule.lookup is not None:
            steps.append(("lookup", self._lookup(rule.lookup, rule.otherwise, place)))
        wanted: Normalize = default if rule.normalize is None else rule.normalize
        for normalizer in wanted if isinstance(wanted, list) else [wanted]:
            if normalizer != "none":
                steps.append(self._normalizer(normalizer, rule, place))
        chain = "|".join(name for name, _ in steps)
        if len(steps) == 1:
            return steps[0][1], chain
        functions = [function for _, function in steps]
        return lambda raw: _through(functions, raw), chain

    def _lookup(
        self, table: str | Mapping[str, Scalar], otherwise: Scalar | None, place: Place
    ) -> Callable[[Any], Any]:
        if isinstance(table, str):
            if table not in self.tables:
                message = f"there is no lookup table {table!r}; {nearest(table, list(self.tables))}"
                raise self.file.error((*place, "lookup"), message)
            table = self.tables[table]
        folded = {_folded(key): value for key, value in table.items()}
        if otherwise is None:
            return lambda raw: folded.get(_folded(raw), raw)
        return lambda raw: folded.get(_folded(raw), otherwise)

    def _normalizer(
        self, wanted: str | Mapping[str, Mapping[str, Any] | None], rule: FieldRule, place: Place
    ) -> tuple[str, Callable[[Any], Any]]:
        name, options = (wanted, None) if isinstance(wanted, str) else next(iter(wanted.items()))
        known = NORMALIZERS.get(name)
        if known is None:
            message = f"there is no normalizer {name!r}; {nearest(name, list(NORMALIZERS))}"
            raise self.file.error((*place, "normalize"), message)
        for part in rule.parts or ():
            if part not in known.parts:
                valid = nearest(part, sorted(known.parts)) if known.parts else "it takes no parts"
                message = f"the normalizer {name!r} takes no part {part!r}; {valid}"
                raise self.file.error((*place, "parts", part), message)
        try:
            return name, bind(name, options or {})
        except ValueError as error:
            raise self.file.error((*place, "normalize"), str(error)) from error

    def fill(self, entity: EntityType, name: str, rule: FieldRule, place: Place) -> Fill:
        """One field of one property as a function that adds its values to a mention's properties."""
        valid = properties_of(entity)
        if name not in valid:
            message = f"{entity} has no property {name!r}; {nearest(name, list(valid))}"
            raise self.file.error(place, message)
        read = self.read(rule, default_normalizer(entity, name), place)
        spread = SPREADING.get((entity, name))
        if spread and rule.set is None:
            return _spreading(read, name, spread)

        def fill(item: Item, properties: Properties, notes: Notes) -> None:
            found = read(item, notes)
            if found:
                present = properties.get(name)
                if present is None:
                    properties[name] = found
                else:
                    properties[name] = present + [value for value in found if value not in present]

        return fill


def _folded(text: object) -> str:
    if isinstance(text, bool):
        return "true" if text else "false"
    return " ".join(str(text).split()).casefold()


def _only(when: Callable[[Item], bool], read: Read) -> Read:
    return lambda item, notes: read(item, notes) if when(item) else []


def _through(functions: Sequence[Callable[[Any], Any]], raw: Any) -> Any:  # noqa: ANN401 - any raw value
    for function in functions:
        if raw is None:
            return None
        raw = function(raw)
    return raw


def _triples(found: Sequence[Located]) -> Sequence[tuple[Any, str, str]]:
    return [(text, text, where) for text, where in found]


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


def _splitting(origin: Origin, separator: str) -> Origin:
    def split(item: Item) -> Sequence[tuple[Any, str, str]]:
        return [
            (piece.strip(), piece.strip(), where)
            for value, _, where in origin(item)
            if isinstance(value, str)
            for piece in value.split(separator)
            if piece.strip()
        ]

    return split


def _reading_path(read: Values, convert: Callable[[Any], Any], chain: str) -> Read:
    """The common field, one path: kept apart because it is most of what a load does."""

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


def _reading(origin: Origin, convert: Callable[[Any], Any], chain: str, *, required: bool) -> Read:
    def values(item: Item, notes: Notes) -> list[CompactValue]:
        found: list[CompactValue] = []
        for given, raw, where in origin(item):
            try:
                value = convert(given)
            except Unreadable as error:
                if required:
                    raise Quarantine(Problem(str(error), where, "correct the field in the RMS")) from error
                notes.append(QualityNote(where, str(error)))
                continue
            if value is not None:
                found.append((value, None if value == raw else raw, where, chain))
        if required and not found:
            raise Quarantine(Problem("a required field is empty", "", "fill the field in the RMS"))
        return found

    return values


def _spreading(read: Read, main: str, allowed: frozenset[str]) -> Fill:
    """A normalizer that answers with several properties fills them all, from one raw text."""

    def fill(item: Item, properties: Properties, notes: Notes) -> None:
        for value, raw, where, chain, *rest in read(item, notes):
            if type(value) is not dict:
                parts = {main: value}
            else:
                parts = {name: part for name, part in value.items() if name in allowed}
            for name, part in parts.items():
                entry = (part, None if raw is None or part == raw else raw, where, chain, *rest)
                present = properties.setdefault(name, [])
                if entry not in present:
                    present.append(entry)

    return fill
