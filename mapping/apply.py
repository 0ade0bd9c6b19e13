"""The compiled applier: a record's body goes in, what it says comes out, and nothing else happens.

Pure: the same body under the same recipe gives the same mentions and links on every machine and in every order.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from mapping.blocks import (
    Plan,
    Run,
    compile_entities,
    compile_links,
    key_of,
    key_reads,
    protect,
    protections,
)
from mapping.compile import Compiler
from mapping.normalize import NORMALIZER_VERSION
from mapping.notes import read_notes
from schemas import SCHEMA_VERSION
from schemas.mapped import MappedRecord, QualityNote
from schemas.records import Problem, Quarantine
from schemas.vocabulary import EntityType, Protection, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mapping.compile import Notes, Read
    from mapping.load import LoadedMapping
    from mapping.narrative.port import Extractor
    from mapping.readers.port import Item, Reader
    from mapping.spec import FieldRule
    from schemas.mapped import CompactValue, Properties

_YEAR, _DAY = 4, 10
"""Lengths of an ISO date to the year and to the day."""
ADULT = 18
"""Age of majority in years: below it a person's mention is protected as juvenile."""
PERSON = str(EntityType.PERSON)
VICTIM, JUVENILE = str(Protection.VICTIM), str(Protection.JUVENILE)
VICTIM_ROLES = frozenset({str(Role.VICTIM), str(Role.SUSPECTED_VICTIM)})
_NO_KEY = "fill this field, or name another in `key`"


class Identity(NamedTuple):
    """What tells one record and version from another, and whether it is a case record at all."""

    key: str
    """Empty for an ignored document whose key is not complete."""
    owner: str | None
    modified: str | None
    sequence: int | None
    deleted: bool
    ignored: str | None
    """Why the document is no case record; None when it is one."""
    notes: tuple[QualityNote, ...] = ()
    """What of this could not be read."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A record opened by the mapping that reads it."""

    mapper: Mapper
    root: Item

    def identify(self) -> Identity:
        """Key, owner, version order and fate of this record; raises Quarantine when it has no key."""
        return self.mapper.identify(self.root)

    def map(self, agency: str) -> MappedRecord:
        """All that this record says, for the agency that owns it; raises Quarantine where meaning would be lost."""
        return self.mapper.map(self.root, agency)

    def close(self) -> None:
        """Free what was opened now: it refers to itself, and the collector pays five times as much to find that out."""
        release: Callable[[Item], None] | None = getattr(self.mapper.reader, "release", None)
        if release is not None:
            release(self.root)


class Mapper:
    """One mapping, compiled against its reader for one source."""

    def __init__(self, loaded: LoadedMapping, reader: Reader, source: str, extractor: Extractor | None) -> None:
        """Compile; raises BadConfiguration naming file, line and key."""
        spec, file = loaded.spec, loaded.file
        compiler = Compiler(file, reader, spec.lookup)
        self.name, self.spec, self.reader, self.source = loaded.name, spec, reader, source
        self.extractor = extractor if spec.narrative else None
        self.roots = frozenset(spec.match.root)
        if self.roots and reader.name != "niem":
            raise file.error(("match", "root"), f"only NIEM documents have a root; a {reader.name} mapping uses `when`")
        self._when = compiler.test(spec.match.when, ("match", "when"))
        self._key = key_reads(compiler, spec.key, ("key",))
        self._constant_key = [rule.set is not None for rule in spec.key]
        self._owner = compiler.reads(spec.owner, "ori", ("owner",)) if spec.owner else None
        self._modified = compiler.reads(spec.modified, "datetime", ("modified",)) if spec.modified else None
        self._sequence = compiler.reads(spec.sequence, "integer", ("sequence",)) if spec.sequence else None
        self._delete = compiler.test(spec.delete, ("delete",))
        self._ignore = [
            (compiler.test(rule.when, ("ignore", index, "when")), rule.reason) for index, rule in enumerate(spec.ignore)
        ]
        self._protect = protections(compiler, spec.protect, ("protect",))
        for index, path in enumerate(spec.volatile):
            compiler.volatile(path, ("volatile", index))
        reach = frozenset(_all_names(spec.entities))
        self._plan = Plan(
            compile_entities(compiler, spec.entities, ("entities",), frozenset()),
            compile_links(compiler, spec.links, ("links",), reach),
        )
        self._shape: Callable[[Item], Any] | None = getattr(reader, "shape", None)
        self._remarks: Callable[[Item], list[QualityNote]] | None = getattr(reader, "remarks", None)

    def fits(self, root: Item) -> bool:
        """True when this mapping reads such a record."""
        if self.roots and getattr(root, "name", None) not in self.roots:
            return False
        return self._when is None or self._when(root)

    def identify(self, root: Item) -> Identity:
        """Key, owner, version order and fate of a record; raises Quarantine when it has no key or no known owner."""
        notes: Notes = []
        ignored = next((reason for test, reason in self._ignore if test is None or test(root)), None)
        deleted = ignored is None and self._delete is not None and self._delete(root)
        key = self._record_key(root, complete=ignored is not None)
        owner = _only(self._owner, root, notes)
        if notes and owner is None and ignored is None:
            raise Quarantine(Problem(f"the owner cannot be read: {notes[0].reason}", notes[0].path, "correct the ORI"))
        modified, sequence = _only(self._modified, root, notes), _only(self._sequence, root, notes)
        if sequence is not None and type(sequence) is not int:
            notes.append(QualityNote(_said(self.spec.sequence or ()), "the sequence is not a whole number"))
            sequence = None
        return Identity(key, owner, modified, sequence, deleted, ignored, tuple(notes))

    def _record_key(self, root: Item, *, complete: bool) -> str:
        """The record's key; with `complete`, an empty text unless every field of the key has a value."""
        parts: list[str] = []
        found = False
        for read, constant in zip(self._key, self._constant_key, strict=True):
            values = read(root, [])
            parts.append(str(values[0][0]) if values else "")
            found = found or (bool(values) and not constant)
        if complete:
            return key_of(parts) if all(parts) and found else ""
        if not found:
            raise Quarantine(Problem("the record has no key", _said(self.spec.key), _NO_KEY))
        return key_of(parts)

    def map(self, root: Item, agency: str) -> MappedRecord:
        """All that a record says; raises Quarantine where meaning would be lost."""
        run = Run(agency, self.source)
        plan = self._plan if self._shape is None else self._plan.within(self._shape(root))
        plan.run(root, run)
        if self.extractor is not None:
            read_notes(run, self.extractor)
        _protect_persons(run)
        if self._remarks is not None:
            run.notes.extend(self._remarks(root))
        held = tuple(sorted(name for name, holds in self._protect if holds(root)))
        return MappedRecord(run.mentions, list(run.links), run.notes, held)


class SourceMapping:
    """What maps the records of one source: one mapping, or the first of several that fits."""

    def __init__(
        self,
        loaded: Sequence[LoadedMapping],
        readers: Mapping[str, Callable[[], Reader]],
        source: str,
        extractor: Extractor | None,
    ) -> None:
        """Compile every mapping; raises BadConfiguration naming file, line and key."""
        made: dict[str, Reader] = {}
        self.mappers: list[Mapper] = []
        for one in loaded:
            reader = made.setdefault(one.spec.reader, readers[one.spec.reader]())
            self.mappers.append(Mapper(one, reader, source, extractor))
        self._reader = self.mappers[0].reader
        if len(made) > 1:
            message = "the mappings of one `choose` must share one reader"
            raise loaded[0].file.error(("choose",), message)
        version = f"{SCHEMA_VERSION}|{NORMALIZER_VERSION}|{extractor.version if extractor else 0}"
        self.recipe = blake2b(b"".join(one.hash for one in loaded) + version.encode(), digest_size=16).digest()
        """Changes when the mapping, a normalizer, the extractor or the schema does: then records are mapped again."""
        self.volatile = any(mapper.spec.volatile for mapper in self.mappers)

    def open(self, body: bytes, parsed: Any | None = None) -> Opened:
        """Open a record with the mapping that fits it; raises Quarantine where none does."""
        root = self._reader.root(body, parsed)
        for mapper in self.mappers:
            if mapper.fits(root):
                return Opened(mapper, root)
        name = getattr(root, "name", "such a record")
        raise Quarantine(Problem(f"no profile reads {name}", "", "write a mapping whose `match` names it"))

    def content(self, opened: Opened, body: bytes) -> bytes:
        """A record's bytes without what its mapping calls volatile, to tell whether anything of meaning changed."""
        spec = opened.mapper.spec
        return opened.mapper.reader.content(body, spec.volatile) if spec.volatile else body


def _only(read: Read | None, root: Item, notes: Notes) -> Any:
    """The first value: text or integer, as the normalizer says."""
    values = read(root, notes) if read is not None else None
    return values[0][0] if values else None


def _said(fields: Sequence[FieldRule]) -> str:
    """The paths of some fields, for a person to look at."""
    return ", ".join(rule.said() for rule in fields if rule.set is None)


def _all_names(blocks: Mapping[str, Any]) -> set[str]:
    return {name for block in blocks for name in (block, *_all_names(blocks[block].entities))}


def _protect_persons(run: Run) -> None:
    """Protect who the record calls a victim or a minor, without waiting for a mapping to say so."""
    mentions = run.mentions
    persons = {position: mention[3] for position, mention in enumerate(mentions) if mention[1] == PERSON}
    for link in run.links:
        source = link[1]
        properties = persons.get(source)
        if properties is None:
            continue
        if link[3] in VICTIM_ROLES:
            protect(run, source, VICTIM)
        begun = mentions[link[2]][3].get("start")
        if begun and "birth_date" in properties and _minor_at(properties["birth_date"], begun[0][0]):
            protect(run, source, JUVENILE)
    for position, properties in persons.items():
        if _minor(properties):
            protect(run, position, JUVENILE)


def _minor(properties: Properties) -> bool:
    """Whether a field says so, or an age; of a range (`16-20`) the lower end counts: this person may be a minor."""
    if "minor" in properties and any(value[0] is True for value in properties["minor"]):
        return True
    if "age" not in properties:
        return False
    ages = (value[0] for value in properties["age"])
    return any((age if type(age) is int else age["min"] if type(age) is dict else ADULT) < ADULT for age in ages)


def _minor_at(births: Sequence[CompactValue], begun: str) -> bool:
    """Whether a birth date makes a person a minor when an event began; a date in part leaves the doubt to the child."""
    start = begun[:10]
    for value in births:
        born = value[0]
        if len(born) >= _YEAR and born[:_YEAR].isdigit():
            if start[:_YEAR].isdigit() and int(start[:_YEAR]) - int(born[:_YEAR]) > ADULT:
                continue  # as nearly all are
            adult = f"{int(born[:_YEAR]) + ADULT:04}{born[_YEAR:10]}"
            shared = min(len(adult), len(start))
            if adult[:shared] > start[:shared] or (adult[:shared] == start[:shared] and shared < _DAY):
                return True
    return False
