"""The compiled applier: a record's body goes in, what it says comes out, and nothing else happens.

Pure: the same body under the same recipe gives the same mentions and links on every machine and in every order.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from mapping.blocks import CompiledEntity, CompiledLink, Run, Scope, compile_entities, compile_links, protect, protections
from mapping.compile import Compiler, Read
from mapping.normalize import NORMALIZER_VERSION
from mapping.notes import read_notes
from schemas import SCHEMA_VERSION
from schemas.mapped import MappedRecord
from schemas.records import Problem, Quarantine
from schemas.vocabulary import EntityType, Protection, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mapping.load import LoadedMapping
    from mapping.narrative.port import Extractor
    from mapping.readers.port import Item, Reader

ADULT = 18
"""Age of majority in years: below it a person's mention is protected as juvenile."""
PERSON = str(EntityType.PERSON)
VICTIM, JUVENILE = str(Protection.VICTIM), str(Protection.JUVENILE)
VICTIM_ROLES = frozenset({str(Role.VICTIM), str(Role.SUSPECTED_VICTIM)})


class Identity(NamedTuple):
    """What tells one record and version from another, and whether it is a case record at all."""

    key: str
    owner: str | None
    modified: str | None
    sequence: int | None
    deleted: bool
    ignored: str | None
    """Why the document is no case record; None when it is one."""


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


class Mapper:
    """One mapping, compiled against its reader for one source."""

    def __init__(self, loaded: LoadedMapping, reader: Reader, source: str, extractor: Extractor | None) -> None:
        """Compile; raises BadConfiguration naming file, line and key."""
        spec, file = loaded.spec, loaded.file
        compiler = Compiler(file, reader, spec.lookup)
        self.name, self.spec, self.reader, self.source = loaded.name, spec, reader, source
        self.extractor = extractor if spec.narrative else None
        self.roots = frozenset(spec.match.root)
        self._when = compiler.test(spec.match.when, ("match", "when"))
        self._key = [compiler.read(rule, "text", ("key",)) for rule in spec.key]
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
            compiler.values(path, ("volatile", index))
        self._entities: tuple[CompiledEntity, ...] = compile_entities(
            compiler, spec.entities, ("entities",), frozenset()
        )
        reach = frozenset(_all_names(spec.entities))
        self._links: tuple[CompiledLink, ...] = compile_links(compiler, spec.links, ("links",), reach)

    def fits(self, root: Item) -> bool:
        """True when this mapping reads such a record."""
        if self.roots and getattr(root, "name", None) not in self.roots:
            return False
        return self._when is None or self._when(root)

    def identify(self, root: Item) -> Identity:
        """Key, owner, version order and fate of a record; raises Quarantine when it has no key."""
        for test, reason in self._ignore:
            if test is None or test(root):
                return Identity("", None, None, None, deleted=False, ignored=reason)
        deleted = self._delete is not None and self._delete(root)
        return Identity(
            self._record_key(root),
            _only(self._owner, root),
            _only(self._modified, root),
            _only(self._sequence, root),
            deleted,
            None,
        )

    def _record_key(self, root: Item) -> str:
        parts: list[str] = []
        found = False
        for read, constant in zip(self._key, self._constant_key, strict=True):
            values = read(root, [])
            parts.append(str(values[0][0]) if values else "")
            found = found or (bool(values) and not constant)
        if not found:
            paths = ", ".join(rule.path or "/".join(rule.first or ()) or "(parts)" for rule in self.spec.key)
            raise Quarantine(Problem("the record has no key", paths, "fill this field, or name another in `key`"))
        return "/".join(parts)

    def map(self, root: Item, agency: str) -> MappedRecord:
        """All that a record says; raises Quarantine where meaning would be lost."""
        run = Run(agency, self.source)
        scope: Scope = {}
        for block in self._entities:
            block.run(root, scope, run)
        for links, item, reach in run.pending:
            for link in links:
                link.run(item, reach, run)
        for link in self._links:
            link.run(root, scope, run)
        if self.extractor is not None:
            read_notes(run, self.extractor)
        _protect_persons(run)
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

    def open(self, body: bytes, parsed: Any | None = None) -> Opened:  # noqa: ANN401 - the reader port
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


def _only(read: Read | None, root: Item) -> Any:  # noqa: ANN401 - text or integer, as the normalizer says
    values = read(root, []) if read else []
    return values[0][0] if values else None


def _all_names(blocks: Mapping[str, Any]) -> set[str]:
    return {name for block in blocks for name in (block, *_all_names(blocks[block].entities))}


def _protect_persons(run: Run) -> None:
    """Protect who the record calls a victim or a minor, without waiting for a mapping to say so."""
    for link in run.links:
        if link.role in VICTIM_ROLES and run.mentions[link.source].type == PERSON:
            protect(run, link.source, VICTIM)
    for position, mention in enumerate(run.mentions):
        if mention.type == PERSON and _minor(mention.properties):
            protect(run, position, JUVENILE)


def _minor(properties: Mapping[str, Sequence[tuple[Any, ...]]]) -> bool:
    if any(value[0] is True for value in properties.get("minor", ())):
        return True
    return any(type(value[0]) is int and value[0] < ADULT for value in properties.get("age", ()))
