"""Entity and link blocks, compiled: what one item of a record becomes.

Entities are made first, outside in; links after them, when every end that a record holds is there to be linked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from mapping.identity import BASES, SEPARATOR, anonymous_key
from mapping.yamlfile import nearest
from schemas.mapped import MappedLink, MappedMention
from schemas.vocabulary import LinkType, Role, ValueStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from mapping.compile import Compiler, Field, Fill, Notes, Possible, Read
    from mapping.identity import Basis
    from mapping.readers.port import Item, Items, Reader, Values
    from mapping.spec import EntityBlock, FieldRule, LinkBlock, LinkEnd
    from mapping.yamlfile import Place
    from schemas.mapped import CompactValue, Properties

    KeyRead = tuple[Read, ...]
    Told = tuple[str | None, str | None, str, str | None, str | None]
    """Role, the source's own words, where, start and end of a link."""
    Tell = Callable[[Item, Notes], Told]
    Choose = Callable[[Sequence[CompactValue], Sequence[CompactValue]], tuple[str | None, str | None, str]]

ROLES = frozenset(str(role) for role in Role)
INVOLVED_IN, OTHER, ASSERTED = str(LinkType.INVOLVED_IN), str(Role.OTHER), str(ValueStatus.ASSERTED)

# A named tuple's own constructor costs twice as much, and a record makes a dozen of them.
_NEW_MENTION = partial(tuple.__new__, MappedMention)
_NEW_LINK = partial(tuple.__new__, MappedLink)


class Scope:
    """Positions of the mentions in reach of an item, by the name of their entity block: its own, else those around.

    It looks outward when a link asks, not when it is made: a block may be written below the one that links to it.
    """

    __slots__ = ("around", "names")

    def __init__(self, names: dict[str, list[int]], around: Scope | None = None) -> None:
        """Take what this item's blocks made, and the scope of the item around."""
        self.names, self.around = names, around

    def get(self, name: str) -> Sequence[int]:
        """The mentions of a block: the nearest scope that has such a block answers."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.around
        return ()

    def add(self, name: str, positions: list[int]) -> None:
        """Let a block's mentions be found here, beside those that it made of other items."""
        present = self.names.get(name)
        if not present:
            self.names[name] = positions
        elif len(positions) == 1:
            if positions[0] not in present:
                present.append(positions[0])
        else:
            self.names[name] = list(dict.fromkeys([*present, *positions]))


class Run:
    """One record while it is mapped."""

    __slots__ = (
        "agency", "by_identity", "by_key", "by_local", "links", "mentions", "notes", "ordinals", "pending", "source",
    )  # fmt: skip

    def __init__(self, agency: str, source: str) -> None:
        """Start with nothing said, for the record's owner and source."""
        self.agency, self.source = agency, source
        self.mentions: list[MappedMention] = []
        self.links: dict[MappedLink, None] = {}
        self.notes: Notes = []
        self.by_local: dict[str, int] = {}
        self.by_identity: dict[Hashable, list[tuple[str, int]]] = {}
        self.by_key: dict[str, list[tuple[str, int]]] = {}
        self.ordinals: dict[str, int] = {}
        """How many things without an id share a stem of local keys so far."""
        self.pending: list[tuple[Sequence[CompiledLink], Item, Scope]] = []


@dataclass(frozen=True, slots=True)
class CompiledEntity:
    """An entity block as functions."""

    name: str
    type: str
    items: Items | None
    when: Callable[[Item], bool] | None
    key: KeyRead | None
    master: KeyRead | None
    canonical: Basis | None
    """On what such mentions meet by their values; None: on nothing."""
    always: bool
    protect: tuple[tuple[str, Callable[[Item], bool]], ...]
    fields: tuple[Field, ...]
    fills: tuple[Fill, ...]
    """Of the fields, those that may have a value."""
    constants: tuple[Fill, ...]
    entities: tuple[CompiledEntity, ...]
    links: tuple[CompiledLink, ...]
    reader: Reader
    anchor: Callable[[Item], Hashable | None]
    """What references compare of an item."""
    refers: bool
    """Items may be the same thing to references, and carry ids of their own."""
    possible: Possible | None
    """Whether a record of a shape may have any of its items; None: always."""
    below: tuple[str, ...]
    """Names of all blocks nested in this one."""

    def within(self, shape: Any) -> CompiledEntity | None:
        """This block without what a record of this shape cannot have; None where it can have nothing of it."""
        if self.possible is not None and not self.possible(shape):
            return None
        return replace(
            self,
            fills=tuple(fill for fill, possible in self.fields if possible is None or possible(shape)),
            entities=tuple(inner for block in self.entities if (inner := block.within(shape))),
            links=tuple(link for link in self.links if link.may_be(shape, frozenset())),
        )

    def run(self, item: Item, scope: Scope, run: Run) -> None:
        """Make this block's entities at an item, then what is nested in them."""
        made: dict[int, None] = {}
        inner: list[Scope] = []
        nests = bool(self.entities or self.links)
        for member in (item,) if self.items is None else self.items(item):
            if self.when is not None and not self.when(member):
                continue
            position = self._mention(member, run)
            if position is not None:
                made[position] = None
            if nests:
                inner.append(self._nest(member, [] if position is None else [position], scope, run))
        scope.add(self.name, list(made))
        for name in self.below:
            scope.add(name, [position for one in inner for position in one.names[name]])

    def _nest(self, item: Item, own: list[int], scope: Scope, run: Run) -> Scope:
        """What stands at one item; what this block made of another item is out of its reach."""
        names: dict[str, list[int]] = {name: [] for name in self.below}
        names[self.name] = own
        inner = Scope(names, scope)
        for nested in self.entities:
            nested.run(item, inner, run)
        if self.links:
            run.pending.append((self.links, item, inner))
        return inner

    def _mention(self, item: Item, run: Run) -> int | None:
        properties: Properties = {}
        notes = run.notes
        for fill in self.fills:
            fill(item, properties, notes)
        key = joined(self.key, item, notes) if self.key is not None else None
        if not properties and key is None and not self.always:
            return None
        for fill in self.constants:
            fill(item, properties, notes)
        canonical = self._basis(item, properties, run)
        if self.refers:
            position = self._refer(item, key, canonical, properties, run)
        else:
            position = self._place(key, None, canonical, properties, run)
        if key is not None:
            run.by_key.setdefault(key, []).append((self.name, position))
        for protection, holds in self.protect:
            if holds(item):
                protect(run, position, protection)
        return position

    def _refer(self, item: Item, key: str | None, canonical: str | None, properties: Properties, run: Run) -> int:
        """Place a mention that references may lead to; the very same object is one mention, whatever blocks meet it."""
        identity = self.anchor(item)
        position = self._known(identity, run)
        if position is None:
            own = self.reader.local_key(item) if key is None else None
            position = self._place(key, own, canonical, properties, run)
        else:
            _merge(run, position, properties, canonical)
        if identity is not None:
            run.by_identity.setdefault(identity, []).append((self.name, position))
        return position

    def _known(self, identity: Hashable | None, run: Run) -> int | None:
        """The mention of the same type that another block made of the very same object."""
        if identity is None:
            return None
        for _, position in run.by_identity.get(identity, ()):
            if run.mentions[position].type == self.type:
                return position
        return None

    def _place(self, key: str | None, own: str | None, canonical: str | None, properties: Properties, run: Run) -> int:
        """Give a mention its local key; one that is there already takes these values in."""
        if key is not None:
            local = f"{self.type}:{key}"
        elif own is not None:
            local = own if _type_at(run, own) in (None, self.type) else f"{self.type}:{own}"
        else:
            local = anonymous_local(run, self.type, properties, canonical)
        return place(run, _NEW_MENTION((local, self.type, canonical, properties, ())))

    def _basis(self, item: Item, properties: Properties, run: Run) -> str | None:
        """On what this mention meets others: the source's master index, else its canonical value."""
        master = joined(self.master, item, run.notes) if self.master is not None else None
        if master is not None:
            return f"{run.source}{SEPARATOR}{master}"
        return self.canonical(properties, run.agency) if self.canonical is not None else None


@dataclass(frozen=True, slots=True)
class CompiledEnd:
    """One end of a link as functions."""

    names: tuple[str, ...]
    values: Values | None
    identities: Callable[[Item], Sequence[Hashable]] | None
    """What references compare, where there are any."""
    possible: Possible | None

    def may_be(self, shape: Any, absent: frozenset[str]) -> bool:
        """Whether it may name anything in a record of a shape, these blocks having nothing in it."""
        if self.names and absent.issuperset(self.names):
            return False
        return self.possible is None or self.possible(shape)

    def positions(self, item: Item, scope: Scope, run: Run) -> Sequence[int]:
        """The mentions that this end names at an item."""
        if self.values is not None:
            found = [hit for text, _ in self.values(item) for hit in run.by_key.get(" ".join(text.split()), ())]
        elif self.identities is not None:
            by_identity = run.by_identity
            found = [hit for identity in self.identities(item) for hit in by_identity.get(identity, ())]
        elif len(self.names) == 1:
            return scope.get(self.names[0])
        else:
            return [position for name in self.names for position in scope.get(name)]
        names = self.names
        named = [position for name, position in found if not names or name in names]
        return named if len(named) < 2 else list(dict.fromkeys(named))  # noqa: PLR2004 - one differs from itself never


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
    tell: Tell
    possible: Possible | None

    def may_be(self, shape: Any, absent: frozenset[str]) -> bool:
        """Whether a record of a shape may have such a link, these blocks having nothing in it."""
        ends = self.source.may_be(shape, absent) and self.target.may_be(shape, absent)
        return ends and (self.possible is None or self.possible(shape))

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
        role, words, where, start, end = self.tell(item, run.notes)
        for source in sources:
            for target in targets[targets.index(source) + 1 :] if self.mutual and source in targets else targets:
                if source != target:
                    link = (self.type, source, target, role, words, start, end, where, ASSERTED, 1.0)
                    run.links.setdefault(_NEW_LINK(link))


def place(run: Run, mention: MappedMention) -> int:
    """Add a mention, or lay its values into the one with its local key."""
    known = run.by_local.get(mention.local)
    if known is not None:
        _merge(run, known, mention.properties, mention.basis)
        return known
    position = len(run.mentions)
    run.by_local[mention.local] = position
    run.mentions.append(mention)
    return position


def anonymous_local(run: Run, entity_type: str, properties: Properties, canonical: str | None) -> str:
    """The local key of a thing without an id: its canonical value, else its identifying values and an ordinal."""
    if canonical is not None:
        return f"{entity_type}:{key_of(canonical.split(SEPARATOR))}"
    stem = anonymous_key(entity_type, properties)
    ordinal = run.ordinals[stem] = run.ordinals.get(stem, 0) + 1
    return stem if ordinal == 1 else f"{stem}#{ordinal}"


def protect(run: Run, position: int, protection: str) -> None:
    """Put a protection on a mention."""
    mention = run.mentions[position]
    if protection not in mention.protections:
        protections = tuple(sorted([*mention.protections, protection]))
        run.mentions[position] = _NEW_MENTION((*mention[:4], protections))


def _type_at(run: Run, local: str) -> str | None:
    known = run.by_local.get(local)
    return None if known is None else run.mentions[known].type


def _merge(run: Run, position: int, properties: Properties, canonical: str | None) -> None:
    """Lay values into a mention; one that met nobody so far meets on what the newcomer meets."""
    mention = run.mentions[position]
    present = mention.properties
    for name, values in properties.items():
        mine = present.setdefault(name, [])
        if mine is not values:
            present[name] = mine + [value for value in values if value not in mine]
    if mention.basis is None and canonical is not None:
        run.mentions[position] = mention._replace(basis=canonical)


def _raw(value: CompactValue) -> Any:
    return value[0] if value[1] is None else value[1]


def _role(said: Sequence[CompactValue]) -> tuple[str, str, str]:
    """The role, the source's words and where: of several words the first that is a role of ours, else the first.

    A word that is no role becomes `other`.
    """
    for value in said:
        word = value[0]
        role = word if word in ROLES else str(word).strip().lower()
        if role in ROLES:
            return role, str(_raw(value)), value[2]
    return OTHER, str(_raw(said[0])), said[0][2]


def joined(reads: KeyRead | None, item: Item, notes: Notes) -> str | None:
    """A key: the values of its fields joined by `/`, a blank field keeping its place; None where only constants are.

    Two different lists of texts never give one key: a `/` in any part but the last is written `~1`, a `~` there `~0`.
    """
    if reads is None:
        return None
    if len(reads) == 1:
        values = reads[0](item, notes)
        if len(values) == 1:
            return None if values[0][3] == "set" else str(values[0][0])
        return _key([values])
    return _key([read(item, notes) for read in reads])


def _key(fields: Sequence[Sequence[CompactValue]]) -> str | None:
    if all(value[3] == "set" for values in fields for value in values):
        return None
    return key_of(["/".join([str(value[0]) for value in values]) for values in fields])


def key_of(parts: Sequence[str]) -> str:
    """Parts as one key, from which they could be read again."""
    return parts[0] if len(parts) == 1 else "/".join([*map(_escaped, parts[:-1]), parts[-1]])


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1") if "/" in part or "~" in part else part


def _text(read: Read, item: Item, notes: Notes) -> str | None:
    values = read(item, notes)
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
    fields, constants = compiler.fills(block.type, block.properties, (*place, "properties"))
    return CompiledEntity(
        name=name,
        type=str(block.type),
        items=compiler.items(block.each, (*place, "each")) if block.each else None,
        when=compiler.test(block.when, (*place, "when")),
        key=key_reads(compiler, block.key, (*place, "key")) if block.key else None,
        master=key_reads(compiler, block.master, (*place, "master")) if block.master else None,
        canonical=BASES.get(str(block.type)) if block.meet else None,
        always=block.always,
        protect=protections(compiler, block.protect, (*place, "protect")),
        fields=fields,
        fills=tuple(fill for fill, _ in fields),
        constants=constants,
        entities=compile_entities(compiler, block.entities, (*place, "entities"), reach),
        links=compile_links(compiler, block.links, (*place, "links"), reach),
        reader=compiler.reader,
        anchor=compiler.reader.identity if compiler.graph is None else compiler.graph.anchor,
        refers=block.each is not None and compiler.refers,
        possible=compiler.possible(block.each),
        below=tuple(sorted(_names(block.entities))),
    )


def key_reads(compiler: Compiler, fields: Sequence[FieldRule], place: Place) -> KeyRead:
    """The fields of a key, each by itself."""
    return tuple(compiler.read(rule, "text", compiler.at(place, index)) for index, rule in enumerate(fields))


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
    items, when = compiler.chosen(block, place)
    choose = partial(_chosen, str(block.type))
    role = compiler.reads(block.role, "text", (*place, "role")) if block.role else None
    words = compiler.reads(block.words, "text", (*place, "words")) if block.words else None
    start = compiler.reads(block.start, "datetime", (*place, "start")) if block.start else None
    end = compiler.reads(block.end, "datetime", (*place, "end")) if block.end else None
    tell = _telling(role, words, start, end, choose, compiler.reader)
    return CompiledLink(
        type=str(block.type),
        source=_end(compiler, block.source, (*place, "from"), reach),
        target=_end(compiler, block.target, (*place, "to"), reach),
        mutual=block.source == block.target,
        items=items,
        when=when,
        tell=compiler.telling(block, choose, tell),
        possible=compiler.possible(block.each),
    )


def _telling(
    role: Read | None, words: Read | None, start: Read | None, end: Read | None, choose: Choose, reader: Reader
) -> Tell:  # fmt: skip
    """All that a link says beside its ends, as one function."""

    def tell(item: Item, notes: Notes) -> Told:
        said = role(item, notes) if role is not None else ()
        spoken = words(item, notes) if words is not None else ()
        chosen, own, where = choose(said, spoken)
        begun = _text(start, item, notes) if start is not None else None
        ended = _text(end, item, notes) if end is not None else None
        return chosen, own, where or reader.where(item), begun, ended

    return tell


def _chosen(
    kind: str, said: Sequence[CompactValue], spoken: Sequence[CompactValue]
) -> tuple[str | None, str | None, str]:  # fmt: skip
    """The role, the source's words, and where they stand; an empty text where nothing in the record says so."""
    role, words, where = _role(said) if said else (OTHER if kind == INVOLVED_IN else None, None, "")
    if spoken:
        words = str(_raw(spoken[0]))
        where = where or spoken[0][2]
    return role, words, where


def _end(compiler: Compiler, end: LinkEnd, place: Place, reach: frozenset[str]) -> CompiledEnd:
    for name in end.entity or ():
        if name not in reach:
            message = f"there is no entity block {name!r} in reach; {nearest(name, sorted(reach))}"
            raise compiler.file.error(place, message)
    return CompiledEnd(
        names=end.entity or (),
        values=compiler.values(end.at, place) if end.at and not compiler.refers else None,
        identities=compiler.identities(end.at, place) if end.at and compiler.refers else None,
        possible=compiler.possible(end.at),
    )


class Plan:
    """All blocks of a mapping; `within` cuts them down to what records of one shape can have.

    A profile for a whole family of exchanges has hundreds of paths, a document a few dozen names: most of what could
    be there is not, and the next document of that feed looks the same.
    """

    __slots__ = ("_absent", "_entities", "_links", "_shapes")

    def __init__(
        self, entities: Sequence[CompiledEntity], links: Sequence[CompiledLink], absent: Sequence[str] = ()
    ) -> None:
        """Take the blocks at the record's root, and the names of blocks of which a record can have nothing."""
        self._entities, self._links = tuple(entities), tuple(links)
        self._absent: dict[str, list[int]] = {name: [] for name in absent}
        self._shapes: dict[Any, Plan] = {}

    def within(self, shape: Any) -> Plan:
        """The plan for records of a shape, worked out once."""
        known = self._shapes.get(shape)
        if known is None:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            known = self._shapes[shape] = self._cut(shape)
        return known

    def _cut(self, shape: Any) -> Plan:
        kept = [(block, block.within(shape)) for block in self._entities]
        absent = [name for block, inner in kept if inner is None for name in (block.name, *block.below)]
        links = [link for link in self._links if link.may_be(shape, frozenset(absent))]
        return Plan([inner for _, inner in kept if inner is not None], links, absent)

    def run(self, root: Item, run: Run) -> None:
        """Make all mentions and links of a record."""
        scope = Scope(self._absent.copy())
        for block in self._entities:
            block.run(root, scope, run)
        for links, item, reach in run.pending:
            for link in links:
                link.run(item, reach, run)
        for link in self._links:
            link.run(root, scope, run)


MOST_SHAPES = 256
