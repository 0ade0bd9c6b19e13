"""One NIEM document as a graph of objects: built in one pass over the tree, worked out further only where asked.

An object may stand in several places. It is defined once, pointed to by `ref` or `uri`, continued in a payload
(`SameAsDigestReference`), repeated under the same `uri`, or played as a role (`RoleOfPerson`). A `Node` is the object;
whichever of its places a path meets, it has the same identity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, cast

from mapping.readers.niem.lookups import Lookups
from mapping.readers.niem.marks import (
    ATTRIBUTES,
    ID,
    NIL,
    NOTHING,
    POINTERS,
    REF,
    ROLE_NAMES,
    SHAPES,
    URI,
    Element,
)
from mapping.readers.niem.names import NAMES, TAGS, local
from mapping.readers.niem.node import Node


class Document:
    """The tree with its indexes: elements by name, by id and uri, references, roles, continuations."""

    __slots__ = (
        "_answers", "_backs", "_definitions", "_lookups", "_paths", "_resolved", "by_name", "dangling", "duplicates",
        "ids", "more", "names", "nil", "nodes", "owners", "references", "roles", "root", "same", "special",
    )  # fmt: skip

    def __init__(self, root: Element, lookups: Lookups) -> None:
        """Index a tree that holds elements only: comments and processing instructions were dropped by the parser."""
        self.root = root
        self.by_name: dict[str, list[Element]] = {}
        self.ids: dict[str, Element] = {}
        self.duplicates: dict[str, list[Element]] = {}
        self.references: dict[Element, str] = {}
        self.nil: set[Element] = set()
        self.owners: dict[Element, str] = {}
        """Id or uri of the elements that have one."""
        self.same: dict[Element, Element] = {}
        """From an element to the one that defines the same object."""
        self.more: dict[Element, list[Element]] = {}
        """From a defining element to the others that say something of its object."""
        self.roles: dict[Element, list[Element]] = {}
        """From a role to the elements that say whose it is."""
        self.dangling: list[tuple[Element, str]] = []
        self.special: set[Element] = set()
        """Elements that cannot be read as they stand: pointers, continuations, roles, nilled."""
        self.nodes: dict[Element, Node] = {}
        """The objects that were asked for, by their element; pointers, and roles of several persons, are not here."""
        self._paths: dict[Element, str] = {}
        self._resolved: dict[Element, list[Node]] = {}
        self._definitions: dict[str, list[Element]] = {}
        self._lookups = lookups
        self._answers: dict[int, list[Element]] = {}
        self._backs: dict[str, dict[Node, list[Element]]] = {}
        uris = self._index()
        self.names: frozenset[str] = SHAPES.same(frozenset(self.by_name))
        """Which canonical names occur; one and the same set for all documents that have the same."""
        if uris:
            self._unify_uris(uris)
        self.special.update(self.references, self.nil)
        self._unify_payload()
        self._find_roles()

    def release(self) -> None:
        """Let go of the objects: they refer to the document and it to them, which only the collector would find out."""
        self.nodes.clear()
        self._resolved.clear()
        self._backs.clear()

    # --- building -----------------------------------------------------------------------------------------------

    def _index(self) -> dict[str, list[Element]]:
        """Walk the tree once: names, ids, references; gives the elements by uri."""
        by_tag: defaultdict[str, list[Element]] = defaultdict(list)
        kinds = ATTRIBUTES
        uris: dict[str, list[Element]] = {}
        for element in self.root.iter("*"):
            by_tag[element.tag].append(element)
            attributes = cast("list[tuple[str, str]]", element.items())
            if attributes:
                for raw, value in attributes:
                    kind = kinds[raw]
                    if kind == REF:
                        self.references[element] = value
                    elif kind == ID:
                        self._identify(element, value)
                    elif kind == URI:
                        uris.setdefault(value, []).append(element)
                    elif kind == NIL and value in {"true", "1"}:
                        self.nil.add(element)
        by_name = self.by_name
        for tag, elements in by_tag.items():
            name = NAMES[tag]
            if name in by_name:  # two versions of one namespace in one document
                by_name[name] += elements
            else:
                by_name[name] = elements
        return uris

    def _identify(self, element: Element, name: str) -> None:
        """Note an id; of several elements with one id the first defines it, the others are kept for `resolve`."""
        self.owners[element] = name
        first = self.ids.setdefault(name, element)
        if first is not element:
            self.duplicates.setdefault(name, [first]).append(element)

    def _unify_uris(self, uris: dict[str, list[Element]]) -> None:
        """Make one object of all elements that carry a uri; `#x` is the element with the id `x` (NIEM 5 and 6)."""
        for uri, elements in uris.items():
            defined = self.ids.get(uri[1:]) if uri.startswith("#") else None
            spoken = [element for element in elements if len(element) or (element.text or "").strip()]
            places = spoken if defined is None or defined in elements else [defined, *spoken]
            for element in elements:
                if element not in spoken and element is not defined:
                    self.references[element] = uri
            if not places:
                continue
            first = places[0]
            self.ids.setdefault(uri, first)
            self.owners.setdefault(first, uri)
            self._continue(first, places[1:])

    def _unify_payload(self) -> None:
        """Tie what a structured payload adds to the digest object that it is the same as (LEXS)."""
        for pointer in self.by_name.get("lexslib:SameAsDigestReference", NOTHING):
            name = self.references.get(pointer)
            owner = pointer.getparent()
            while owner is not None and NAMES[owner.tag].endswith("Augmentation"):
                owner = owner.getparent()
            if name is None or owner is None:
                continue
            target = self.ids.get(name)
            if target is None:
                self.dangling.append((pointer, name))
                self.nil.add(owner)  # more of an object that is not there is no object of its own
                self.special.add(owner)
            elif target is not owner:
                self._continue(target, [owner])

    def _continue(self, first: Element, others: list[Element]) -> None:
        """Let `others` say more of the object that `first` defines."""
        first = self.same.get(first, first)
        fresh = [other for other in others if other is not first and other not in self.same]
        if fresh:
            self.more.setdefault(first, []).extend(fresh)
            self.special.add(first)
            for other in fresh:
                self.same[other] = first
                self.special.add(other)

    def _find_roles(self) -> None:
        """Note which elements are roles of somebody, by what they hold or where they stand."""
        for name in self.by_name:
            if ROLE_NAMES[name]:
                for pointer in self.by_name[name]:
                    role = pointer.getparent()
                    if role is not None:
                        self.roles.setdefault(role, []).append(pointer)
        for entity in self.by_name.get("lexsdigest:EntityPerson", NOTHING):
            for child in entity.iterchildren("*"):
                if child not in self.roles and NAMES[child.tag] not in _NOT_ROLES:
                    self.roles[child] = []
        self.special.update(self.roles)

    # --- asking -------------------------------------------------------------------------------------------------

    def resolve(self, element: Element) -> list[Node]:
        """The objects that an element means: itself, what it points to, or one for each person whose role it is."""
        found = self._resolved.get(element)
        if found is None:
            found = self._resolved[element] = self._meant(element)
        return found

    def _meant(self, element: Element) -> list[Node]:
        name = self.references.get(element)
        if name is None:
            return [] if element in self.nil else self._incarnations(element)
        found: list[Node] = []
        for one in name.split() if " " in name.strip() else (name.strip(),):
            target = self._target(element, one)
            if target is None:
                self.dangling.append((element, one))
            else:
                found += [self._as_named(element, node) for node in self._incarnations(target)]
        return found

    def _as_named(self, pointer: Element, node: Node) -> Node:
        """The object under its pointer's name where that says more than its own: j:CrashDriver, j:ArrestCharge."""
        if POINTERS[pointer.tag] or local(NAMES[pointer.tag]) == local(NAMES[node.element.tag]):
            return node
        return Node(self, pointer, node.person or node)

    def _target(self, pointer: Element, name: str) -> Element | None:
        """The element that a reference leads to; of duplicate ids the one whose name fits the pointer's."""
        target = self.ids.get(name)
        if target is None and name.startswith("#"):
            target = self.ids.get(name[1:])
        if target is None:
            return None
        if name in self.duplicates:
            stem = local(NAMES[pointer.tag]).removesuffix("Reference")
            target = next((twin for twin in self.duplicates[name] if NAMES[twin.tag].endswith(stem)), target)
        parent = target.getparent()
        if NAMES[target.tag] == "nc:PersonName" and parent is not None:
            return parent  # an id that was put on the name means the person
        return target

    def _incarnations(self, element: Element) -> list[Node]:
        """The object of a defining element; a role of several persons is one for each of them."""
        node = self.nodes.get(element)
        if node is not None:
            return [node]
        first = self.same.get(element)
        if first is not None:
            whole = self._incarnations(first)[0]
            node = self.nodes[element] = Node(self, element, whole.person or whole)
            return [node]
        pointers = self.roles.get(element)
        if pointers is None:
            for part in self.more.get(element, NOTHING):
                if part in self.roles:
                    pointers = self.roles[part]
                    break
        persons = [] if pointers is None else self._persons(element, pointers)
        if len(persons) > 1:
            return [Node(self, element, person) for person in persons]
        node = self.nodes[element] = Node(self, element, persons[0] if persons else None)
        return [node]

    def _persons(self, role: Element, pointers: list[Element]) -> list[Node]:
        """Whose role an element is. One that points to itself, or nowhere, is of the entity that it stands in."""
        self.nodes[role] = Node(self, role)  # a role of itself through others ends here
        persons: list[Node] = []
        for pointer in pointers:
            persons += [node for node in self.resolve(pointer) if node.element is not role]
        del self.nodes[role]
        if not persons:
            entity = role.getparent()
            if entity is not None and NAMES[entity.tag] == "lexsdigest:EntityPerson":
                person = next(entity.iterchildren(_PERSON_TAGS(entity)), None)
                persons = [] if person is None or person is role else self._incarnations(person)
        return list(dict.fromkeys(node.person or node for node in persons))

    def node(self, element: Element) -> Node:
        """The object of an element that is no pointer."""
        node = self.nodes.get(element)
        if node is None:
            if element in self.special:
                return self._incarnations(element)[0]
            node = self.nodes[element] = Node(self, element)
        return node

    def definitions(self, name: str) -> list[Element]:
        """Every element of this canonical name that says something: pointers and nilled ones are left out."""
        found = self._definitions.get(name)
        if found is None:
            found = self.by_name.get(name) or []
            if found and (self.references or self.nil):
                found = [one for one in found if one not in self.references and one not in self.nil]
            self._definitions[name] = found
        return found

    def answer(self, number: int) -> Sequence[Element]:
        """The definitions of the names that a question asks for, each object once."""
        found = self._answers.get(number)
        if found is not None:
            return found
        names = self._lookups.names(number, self.names)
        if not names:
            return NOTHING
        if len(names) == 1:
            found = self.definitions(names[0])
        else:
            found = [one for name in self.by_name if name in names for one in self.definitions(name)]
            if self.same:  # a continuation adds nothing where its definition is found under these names too
                same, meant = self.same, self._lookups.meant
                found = [one for one in found if one not in same or not meant(number, NAMES[same[one].tag])]
        self._answers[number] = found
        return found

    def pointing(self, name: str, node: Node) -> Sequence[Element]:
        """The associations of this name one of whose ends is this object, or a role of it."""
        backs = self._backs.get(name)
        if backs is None:
            backs = self._backs[name] = {}
            for association in self.definitions(name):
                for end in association.iterchildren("*"):
                    for meant in self.resolve(end) if end in self.special else ():
                        group = backs.setdefault(meant.person or meant, [])
                        if association not in group:
                            group.append(association)
        return backs.get(node.person or node, NOTHING)

    def children(self, parts: Sequence[Element]) -> dict[str, list[Element]]:
        """The children of an object by canonical name, its augmentations read through."""
        kids: dict[str, list[Element]] = {}
        self._gather(parts[0], kids)
        if len(parts) == 1:
            return kids
        for part in parts[1:]:
            added: dict[str, list[Element]] = {}
            self._gather(part, added)
            for name, group in added.items():
                have = kids.get(name)
                if have is None:
                    kids[name] = group
                elif not (len(have) == len(group) == 1 and self._complements(have[0], group[0])):
                    have += group
        return kids

    def _gather(self, element: Element, kids: dict[str, list[Element]]) -> None:
        tags = TAGS
        for child in element:
            name, augments = tags[child.tag]
            group = kids.get(name)
            if group is None:
                kids[name] = [child]
            else:
                group.append(child)
            if augments:
                self._gather(child, kids)

    def _complements(self, first: Element, other: Element) -> bool:
        """Join two halves of one thing: a payload's name parts belong to the digest's name if none is in both."""
        if not len(first) or not len(other):
            return False
        if {child.tag for child in first}.isdisjoint(child.tag for child in other):
            self._continue(first, [other])
            return True
        return False

    def path(self, element: Element) -> str:
        """The positional XPath that selects exactly this element, whatever the prefixes."""
        paths = self._paths
        found = paths.get(element)
        if found is None:
            parent = element.getparent()
            if parent is None:
                found = "/*"
            else:
                found = f"{paths.get(parent) or self.path(parent)}/*[{parent.index(element) + 1}]"
                if len(parent) > _MANY:
                    self._number(parent)
            paths[element] = found
        return found

    def _number(self, parent: Element) -> None:
        """Number many siblings at once: one by one, their count would be squared."""
        start = self.path(parent)
        for number, child in enumerate(parent, 1):
            self._paths[child] = f"{start}/*[{number}]"


_MANY: Final = 200
_NOT_ROLES: Final = frozenset({"lexsdigest:Person", "nc:Person", "lexsdigest:Metadata", "nc:PersonDigitalImage"})


def _PERSON_TAGS(entity: Element) -> str:  # noqa: N802 - reads as the constant it would be but for the version
    """The raw tag of a person in this version of the LEXS digest."""
    return entity.tag.removesuffix("EntityPerson") + "Person"
