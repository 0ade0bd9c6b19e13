"""Entity and link blocks, compiled: what one item of a record becomes.

Entities are made first, outside in; links after them, when every end that a record holds is there to be linked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapping.identity import SEPARATOR, anonymous_key, basis
from mapping.yamlfile import nearest
from schemas.mapped import MappedLink, MappedMention, QualityNote
from schemas.vocabulary import LinkType, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from mapping.compile import Compiler, Fill, Notes, Read
    from mapping.readers.port import Item, Items, Reader, Values
    from mapping.spec import EntityBlock, LinkBlock, LinkEnd
    from mapping.yamlfile import Place
    from schemas.mapped import CompactValue, Properties

Scope = dict[str, list[int]]
"""Entity block name to the positions of its mentions in reach of an item."""
ROLES = frozenset(str(role) for role in Role)


@dataclass(slots=True)
class Run:
    """One record while it is mapped."""

    agency: str
    source: str
    mentions: list[MappedMention] = field(default_factory=list)
    links: dict[MappedLink, None] = field(default_factory=dict)
    notes: Notes = field(default_factory=list)
    by_local: dict[str, int] = field(default_factory=dict)
    by_identity: dict[Hashable, list[tuple[str, int]]] = field(default_factory=dict)
    by_key: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    pending: list[tuple[Sequence[CompiledLink], Item, Scope]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CompiledEntity:
    """An entity block as functions."""

    name: str
    type: str
    items: Items | None
    when: Callable[[Item], bool] | None
    key: Read | None
    master: Read | None
    meet: bool
    always: bool
    protect: tuple[tuple[str, Callable[[Item], bool]], ...]
    fills: tuple[Fill, ...]
    constants: tuple[Fill, ...]
    entities: tuple[CompiledEntity, ...]
    links: tuple[CompiledLink, ...]
    reader: Reader

    def run(self, item: Item, scope: Scope, run: Run) -> None:
        """Make this block's entities at an item, then what is nested in them."""
        made: list[int] = []
        for member in (item,) if self.items is None else self.items(item):
            if self.when is not None and not self.when(member):
                continue
            position = self._mention(member, run)
            if position is not None and position not in made:
                made.append(position)
            if self.entities or self.links:
                inner = {**scope, self.name: [] if position is None else [position]}
                for nested in self.entities:
                    nested.run(member, inner, run)
                if self.links:
                    run.pending.append((self.links, member, inner))
                for nested in self.entities:
                    _gather(nested, inner, scope)
        scope[self.name] = made

    def _mention(self, item: Item, run: Run) -> int | None:
        properties: Properties = {}
        notes = run.notes
        for fill in self.fills:
            fill(item, properties, notes)
        key = _joined(self.key, item, notes)
        if not properties and key is None and not self.always:
            return None
        for fill in self.constants:
            fill(item, properties, notes)
        identity = self.reader.identity(item) if self.items is not None else None
        position = self._known(identity, run)
        if position is None:
            position = self._place(item, key, properties, run)
        else:
            _merge(run, position, properties)
        if identity is not None:
            run.by_identity.setdefault(identity, []).append((self.name, position))
        if key is not None:
            run.by_key.setdefault(key, []).append((self.name, position))
        for protection, holds in self.protect:
            if holds(item):
                protect(run, position, protection)
        return position

    def _known(self, identity: Hashable | None, run: Run) -> int | None:
        """The mention of the same type that another block made of the very same object."""
        if identity is None:
            return None
        for _, position in run.by_identity.get(identity, ()):
            if run.mentions[position].type == self.type:
                return position
        return None

    def _place(self, item: Item, key: str | None, properties: Properties, run: Run) -> int:
        """Give a mention its local key and its basis; one that is there already takes these values in."""
        master = _joined(self.master, item, run.notes)
        if master is not None:
            canonical: str | None = f"{run.source}{SEPARATOR}{master}"
        else:
            canonical = basis(self.type, properties, run.agency) if self.meet else None
        own = self.reader.local_key(item) if key is None and self.items is not None else None
        if key is not None:
            local = f"{self.type}:{key}"
        elif own is not None:
            local = own if _type_at(run, own) in (None, self.type) else f"{self.type}:{own}"
        else:
            local = anonymous_local(run, self.type, properties, canonical)
        return place(run, MappedMention(local, self.type, canonical, properties))


@dataclass(frozen=True, slots=True)
class CompiledEnd:
    """One end of a link as functions."""

    names: tuple[str, ...]
    items: Items | None
    values: Values | None
    identity: Callable[[Item], Hashable | None]

    def positions(self, item: Item, scope: Scope, run: Run) -> list[int]:
        """The mentions that this end names at an item."""
        if self.items is not None:
            found = [hit for member in self.items(item) for hit in run.by_identity.get(self.identity(member), ())]
        elif self.values is not None:
            found = [hit for text, _ in self.values(item) for hit in run.by_key.get(text.strip(), ())]
        else:
            return [position for name in self.names for position in scope.get(name, ())]
        named = [position for name, position in found if not self.names or name in self.names]
        return list(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class CompiledLink:
    """A link block as functions."""

    type: str
    source: CompiledEnd
    target: CompiledEnd
    mutual: bool
    """Both ends are the same path: each pair is linked once, in document order."""
    items: Items | None
    when: Callable[[Item], bool] | None
    role: Read | None
    words: Read | None
    start: Read | None
    end: Read | None
    reader: Reader

    def run(self, item: Item, scope: Scope, run: Run) -> None:
        """Link what this block names, at an item or at each of its items."""
        for member in (item,) if self.items is None else self.items(item):
            if self.when is not None and not self.when(member):
                continue
            sources = self.source.positions(member, scope, run)
            targets = self.target.positions(member, scope, run) if sources else []
            if targets:
                self._link(member, sources, targets, run)

    def _link(self, item: Item, sources: Sequence[int], targets: Sequence[int], run: Run) -> None:
        notes = run.notes
        said = self.role(item, notes) if self.role else []
        role, words, where = _role(_first_role(said)) if said else (None, None, "")
        if role is None and self.type == LinkType.INVOLVED_IN:
            role = str(Role.OTHER)
        if self.words:
            spoken = self.words(item, notes)
            words = str(_raw(spoken[0])) if spoken else words
            where = where or (spoken[0][2] if spoken else "")
        start, end = _text(self.start, item, notes), _text(self.end, item, notes)
        where = where or self.reader.where(item)
        for source in sources:
            for target in targets[targets.index(source) + 1 :] if self.mutual and source in targets else targets:
                if source != target:
                    link = MappedLink(self.type, source, target, role, words, start, end, where)
                    run.links.setdefault(link)


def place(run: Run, mention: MappedMention) -> int:
    """Add a mention, or lay its values into the one with its local key."""
    known = run.by_local.get(mention.local)
    if known is not None:
        _merge(run, known, mention.properties)
        return known
    position = len(run.mentions)
    run.by_local[mention.local] = position
    run.mentions.append(mention)
    return position


def anonymous_local(run: Run, entity_type: str, properties: Properties, canonical: str | None) -> str:
    """The local key of a thing without an id: its canonical value, else its identifying values and an ordinal."""
    if canonical is not None:
        return f"{entity_type}:{canonical.replace(SEPARATOR, '/')}"
    stem = anonymous_key(entity_type, properties)
    local, ordinal = stem, 1
    while local in run.by_local:
        ordinal += 1
        local = f"{stem}#{ordinal}"
    return local


def protect(run: Run, position: int, protection: str) -> None:
    """Put a protection on a mention."""
    mention = run.mentions[position]
    if protection not in mention.protections:
        run.mentions[position] = mention._replace(protections=tuple(sorted({*mention.protections, protection})))


def _type_at(run: Run, local: str) -> str | None:
    known = run.by_local.get(local)
    return None if known is None else run.mentions[known].type


def _merge(run: Run, position: int, properties: Properties) -> None:
    present = run.mentions[position].properties
    for name, values in properties.items():
        mine = present.setdefault(name, [])
        if mine is not values:
            present[name] = mine + [value for value in values if value not in mine]


def _gather(block: CompiledEntity, inner: Scope, outer: Scope) -> None:
    """Let the enclosing scope see what a nested block made, from each of its items."""
    for name in (block.name, *(nested.name for nested in block.entities)):
        outer.setdefault(name, [])
        outer[name] = outer[name] + [position for position in inner.get(name, ()) if position not in outer[name]]


def _raw(value: CompactValue) -> Any:  # noqa: ANN401 - a raw text or the value it equals
    return value[0] if value[1] is None else value[1]


def _first_role(said: Sequence[CompactValue]) -> CompactValue:
    """Of several words for a role, the first that is one of ours; else the first."""
    return next((value for value in said if str(value[0]).strip().lower() in ROLES), said[0])


def _role(value: CompactValue) -> tuple[str, str, str]:
    """The role, the source's words and where: a word that is no role of ours becomes `other`."""
    role = str(value[0]).strip().lower()
    return (role if role in ROLES else str(Role.OTHER)), str(_raw(value)), value[2]


def _joined(read: Read | None, item: Item, notes: Notes) -> str | None:
    """The values of a key's fields joined by `/`; None when nothing but constants has a value."""
    if read is None:
        return None
    values = read(item, notes)
    if len(values) == 1:
        return str(values[0][0]) if values[0][3] != "set" else None
    if all(value[3] == "set" for value in values):
        return None
    return "/".join(str(value[0]) for value in values)


def _text(read: Read | None, item: Item, notes: Notes) -> str | None:
    values = read(item, notes) if read else []
    return str(values[0][0]) if values else None


def compile_entities(
    compiler: Compiler, blocks: Mapping[str, EntityBlock], place: Place, known: frozenset[str]
) -> tuple[CompiledEntity, ...]:
    """Entity blocks as functions; `known` are the names that links here may speak of. Raises BadConfiguration."""
    reach = known | _names(blocks)
    return tuple(_entity(compiler, name, block, (*place, name), reach) for name, block in blocks.items())


def _names(blocks: Mapping[str, EntityBlock]) -> frozenset[str]:
    names: frozenset[str] = frozenset(blocks)
    for block in blocks.values():
        names |= _names(block.entities)
    return names


def _entity(compiler: Compiler, name: str, block: EntityBlock, place: Place, reach: frozenset[str]) -> CompiledEntity:
    fills: list[Fill] = []
    constants: list[Fill] = []
    for prop, rules in block.properties.items():
        for rule in rules:
            fill = compiler.fill(block.type, prop, rule, (*place, "properties", prop))
            (fills if rule.set is None else constants).append(fill)
    return CompiledEntity(
        name=name,
        type=str(block.type),
        items=compiler.items(block.each, (*place, "each")) if block.each else None,
        when=compiler.test(block.when, (*place, "when")),
        key=compiler.reads(block.key, "text", (*place, "key")) if block.key else None,
        master=compiler.reads(block.master, "text", (*place, "master")) if block.master else None,
        meet=block.meet,
        always=block.always,
        protect=protections(compiler, block.protect, (*place, "protect")),
        fills=tuple(fills),
        constants=tuple(constants),
        entities=compile_entities(compiler, block.entities, (*place, "entities"), reach),
        links=compile_links(compiler, block.links, (*place, "links"), reach),
        reader=compiler.reader,
    )


def protections(
    compiler: Compiler, wanted: Mapping[Any, Any], place: Place
) -> tuple[tuple[str, Callable[[Item], bool]], ...]:
    """Protections with the question that says when they hold."""
    tests = ((str(name), compiler.test(conditions, (*place, str(name)))) for name, conditions in wanted.items())
    return tuple((name, test) for name, test in tests if test is not None)


def compile_links(
    compiler: Compiler, blocks: Sequence[LinkBlock], place: Place, reach: frozenset[str]
) -> tuple[CompiledLink, ...]:
    """Link blocks as functions; raises BadConfiguration for an end that names no entity block."""
    return tuple(_link(compiler, block, (*place, index), reach) for index, block in enumerate(blocks))


def _link(compiler: Compiler, block: LinkBlock, place: Place, reach: frozenset[str]) -> CompiledLink:
    return CompiledLink(
        type=str(block.type),
        source=_end(compiler, block.source, (*place, "from"), reach),
        target=_end(compiler, block.target, (*place, "to"), reach),
        mutual=block.source == block.target,
        items=compiler.items(block.each, (*place, "each")) if block.each else None,
        when=compiler.test(block.when, (*place, "when")),
        role=compiler.reads(block.role, "text", (*place, "role")) if block.role else None,
        words=compiler.reads(block.words, "text", (*place, "words")) if block.words else None,
        start=compiler.reads(block.start, "datetime", (*place, "start")) if block.start else None,
        end=compiler.reads(block.end, "datetime", (*place, "end")) if block.end else None,
        reader=compiler.reader,
    )


def _end(compiler: Compiler, end: LinkEnd, place: Place, reach: frozenset[str]) -> CompiledEnd:
    for name in end.entity or ():
        if name not in reach:
            message = f"there is no entity block {name!r} in reach; {nearest(name, sorted(reach))}"
            raise compiler.file.error(place, message)
    refers = compiler.reader.name == "niem"
    return CompiledEnd(
        names=end.entity or (),
        items=compiler.items(end.at, place) if end.at and refers else None,
        values=compiler.values(end.at, place) if end.at and not refers else None,
        identity=compiler.reader.identity,
    )


