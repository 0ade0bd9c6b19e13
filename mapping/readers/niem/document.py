"""One NIEM document as a graph of objects: built in one pass over the tree, worked out further only where asked.

An object may stand in several places. It is defined once, pointed to by `ref` or `uri`, continued in a payload
(`SameAsDigestReference`), repeated under the same `uri`, or played as a role (`RoleOfPerson`). A `Node` is the object;
whichever of its places a path meets, it has the same identity.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, cast

from mapping.readers.niem.layouts import BITS, EMPTY, LARGEST, SPECIAL, Layout, gather
from mapping.readers.niem.lookups import Lookups
from mapping.readers.niem.marks import ID, NIL, NOTHING, POINTERS, REF, SHAPES, URI, Element
from mapping.readers.niem.markup import Attribute, Odd, Scope
from mapping.readers.niem.names import local
from mapping.readers.niem.node import Node

ROOT: Final[Element] = 0


class Document:
    """The elements of a record with their indexes: by name, by id and uri, references, roles, continuations."""

    __slots__ = (
        "_answers", "_backs", "_definitions", "_empty", "_identities", "_lookups", "_marks", "_paths", "_resolved",
        "_scope", "_uris", "_written", "by_name", "dangling", "duplicates", "ends", "ids", "more", "names", "nil",
        "nodes", "owners", "parents", "references", "roles", "same", "special", "tags", "texts",
    )  # fmt: skip

    def __init__(self, tags: list[str], texts: list[str], scope: Scope, lookups: Lookups) -> None:
        """Index the tags of a document, and the text after each; raises Odd."""
        self.tags = cast("list[str]", list(map(scope.names.get, tags)))  # None, until `_index` has been there
        """The canonical name of each start tag; an empty text for an end tag."""
        self.texts = texts
        self.parents = [-1] * len(tags)
        self.ends = [0] * len(tags)
        """The position of each element's end tag; its own where it is empty."""
        self.by_name: defaultdict[str, list[Element]] = defaultdict(list)
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
        self._empty: list[Element] = []
        self._marks: tuple[int, list[int]] = (-1, [])
        self._paths: dict[Element, str] = {ROOT: "/*"}
        self._resolved: dict[Element, list[Node]] = {}
        self._identities: dict[Element, list[Node]] = {}
        self._definitions: dict[str, list[Element]] = {}
        self._lookups = lookups
        self._answers: dict[int, list[Element]] = {}
        self._backs: dict[str, dict[Node, list[Element]]] = {}
        self._uris: dict[str, list[Element]] = {}
        self._written, self._scope = tags, scope
        self._index()
        self.names: frozenset[str] = SHAPES.same(frozenset(self.by_name))
        """Which canonical names occur; one and the same set for all documents that have the same."""
        if self._uris:
            self._unify_uris()
        self.special.update(self.references, self.nil)
        if "lexslib:SameAsDigestReference" in self.by_name:
            self._unify_payload()
        self._find_roles()

    def release(self) -> None:
        """Let go of the objects: they refer to the document and it to them, which only the collector would find out."""
        self.nodes.clear()
        self._resolved.clear()
        self._identities.clear()
        self._backs.clear()

    # --- building -----------------------------------------------------------------------------------------------

    def _index(self) -> None:
        """Go through the tags once: what stands in what, where each name is, and what has an id or points to one."""
        names, parents = cast("list[str | None]", self.tags), self.parents
        ends, by_name = self.ends, self.by_name
        written, heads = self._written, self._scope.heads
        current = -1
        for position, name in enumerate(names):
            if name:
                parents[position] = current
                current = position
                by_name[name].append(position)
            elif name is not None:
                ends[current] = position
                current = parents[current]
            else:
                head, _, rest = written[position].partition('"')
                value, _, rest = rest.partition('"')
                known = heads.get(head)
                if known is None or (rest and rest != "/") or "&" in value or "\n" in value or "\t" in value:
                    current = self._open(position, current)
                    continue
                names[position], kind = known
                if kind:
                    self._note(position, kind, value)
                parents[position] = current
                by_name[known[0]].append(position)
                if rest:
                    self._close(position)
                else:
                    current = position
        if current != -1 or ends[ROOT] != len(names) - 1:
            raise Odd

    def _open(self, position: int, current: Element) -> Element:
        """Take in a tag with several attributes, or one that is new; gives the element that is open after it."""
        name, attributes, empty = self._scope.read(self._written[position], position)
        self.tags[position] = name
        if not name:
            self.ends[current] = position
            return self.parents[current]
        for _, value, _, kind in attributes:
            if kind:
                self._note(position, kind, value)
        self.parents[position] = current
        self.by_name[name].append(position)
        if not empty:
            return position
        self._close(position)
        return current

    def _close(self, position: int) -> None:
        """Note that an element is empty."""
        self.ends[position] = position
        self.texts[position] = ""  # what stood there comes after the element
        self._empty.append(position)

    def _note(self, element: Element, kind: int, value: str) -> None:
        """Note an id, a reference, a uri, or that an element is nil."""
        if kind == REF:
            self.references[element] = value
        elif kind == ID:
            self.owners[element] = value
            first = self.ids.setdefault(value, element)
            if first != element:  # the first defines it, the others are kept for `resolve`
                self.duplicates.setdefault(value, [first]).append(element)
        elif kind == URI:
            self._uris.setdefault(value, []).append(element)
        elif kind == NIL and value in {"true", "1"}:
            self.nil.add(element)

    def attributes(self, element: Element) -> Sequence[Attribute]:
        """The attributes of an element."""
        return self._scope.read(self._written[element], element)[1]

    def _unify_uris(self) -> None:
        """Make one object of all elements that carry a uri; `#x` is the element with the id `x` (NIEM 5 and 6)."""
        for uri, elements in self._uris.items():
            defined = self.ids.get(uri[1:]) if uri.startswith("#") else None
            spoken = [element for element in elements if self._speaks(element)]
            places = spoken if defined is None or defined in elements else [defined, *spoken]
            for element in elements:
                if element not in spoken and element != defined:
                    self.references[element] = uri
            if not places:
                continue
            first = places[0]
            self.ids.setdefault(uri, first)
            self.owners.setdefault(first, uri)
            self._continue(first, places[1:])

    def _speaks(self, element: Element) -> bool:
        """Whether there is anything in an element."""
        return self.ends[element] > element + 1 or bool(self.ends[element] > element and self.texts[element].strip())

    def _unify_payload(self) -> None:
        """Tie what a structured payload adds to the digest object that it is the same as (LEXS)."""
        for pointer in self.by_name["lexslib:SameAsDigestReference"]:
            name = self.references.get(pointer)
            owner = self.around(pointer)
            if name is None or owner is None:
                continue
            target = self.ids.get(name)
            if target is None:
                self.dangling.append((pointer, name))
                self.nil.add(owner)  # more of an object that is not there is no object of its own
                self.special.add(owner)
            elif target != owner:
                self._continue(target, [owner])

    def _continue(self, first: Element, others: list[Element]) -> None:
        """Let `others` say more of the object that `first` defines."""
        first = self.same.get(first, first)
        fresh = [other for other in others if other != first and other not in self.same]
        if fresh:
            self.more.setdefault(first, []).extend(fresh)
            self.special.add(first)
            for other in fresh:
                self.same[other] = first
                self.special.add(other)

    def _find_roles(self) -> None:
        """Note which elements are roles of somebody, by what they hold or where they stand."""
        for name in self._lookups.roles(self.names, self.by_name):
            for pointer in self.by_name[name]:
                role = self.parents[pointer]
                if role >= 0:
                    self.roles.setdefault(role, []).append(pointer)
        for entity in self.by_name.get("lexsdigest:EntityPerson", NOTHING):
            for child in self.within(entity):
                if child not in self.roles and self.tags[child] not in _NOT_ROLES:
                    self.roles[child] = []
        self.special.update(self.roles)

    # --- structure ----------------------------------------------------------------------------------------------

    def within(self, element: Element) -> list[Element]:
        """The children of an element, whatever their names."""
        found: list[Element] = []
        ends, position, end = self.ends, element + 1, self.ends[element]
        while position < end:
            found.append(position)
            position = ends[position] + 1
        return found

    def around(self, element: Element) -> Element | None:
        """The element around; an augmentation is part of what it augments, so it is passed."""
        parent = self.parents[element]
        while parent >= 0 and self.tags[parent].endswith("Augmentation"):
            parent = self.parents[parent]
        return parent if parent >= 0 else None

    def layout(self, element: Element) -> Layout | None:
        """How an element is laid out; None where more than what is in it says what paths find, or where it is new."""
        end = self.ends[element] + 1
        if end - element > LARGEST or element == ROOT or element in self.special:
            return None
        count, marks = self._marks
        if count != len(self.special):
            marks = [element << BITS | SPECIAL for element in self.special]
            marks += [element << BITS | EMPTY for element in self._empty]
            marks.sort()
            self._marks = len(self.special), marks
        base = element << BITS
        first, last = bisect_right(marks, base + 3), bisect_left(marks, end << BITS)
        inside = tuple([mark - base for mark in marks[first:last]]) if first < last else ()
        return self._lookups.layouts.of((tuple(self.tags[element:end]), inside))

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
        only = self.ids.get(name)
        if only is not None and only not in self.special and self._is_plain(element, name, only):
            return [self.node(only)]
        found: list[Node] = []
        for one in name.split() if " " in name.strip() else (name.strip(),):
            target = self._target(element, one)
            if target is None:
                self.dangling.append((element, one))
            else:
                found += [self._as_named(element, node) for node in self._incarnations(target)]
        return found

    def _is_plain(self, pointer: Element, name: str, target: Element) -> bool:
        """Whether a reference leads to just this element, and says nothing more of it: nearly all are so."""
        if name in self.duplicates or " " in name or not POINTERS[self.tags[pointer]]:
            return False
        return self.tags[target] != "nc:PersonName"

    def _as_named(self, pointer: Element, node: Node) -> Node:
        """The object under its pointer's name where that says more than its own: j:CrashDriver, j:ArrestCharge."""
        name = self.tags[pointer]
        if POINTERS[name] or local(name) == local(self.tags[node.element]):
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
            stem = local(self.tags[pointer]).removesuffix("Reference")
            target = next((twin for twin in self.duplicates[name] if self.tags[twin].endswith(stem)), target)
        if self.tags[target] == "nc:PersonName" and target != ROOT:
            return self.parents[target]  # an id that was put on the name means the person
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
            persons += [node for node in self.resolve(pointer) if node.element != role]
        del self.nodes[role]
        entity = self.parents[role]
        if not persons and entity >= 0 and self.tags[entity] == "lexsdigest:EntityPerson":
            person = next((one for one in self.within(entity) if self.tags[one] == "lexsdigest:Person"), None)
            persons = [] if person is None or person == role else self._incarnations(person)
        return list(dict.fromkeys(node.person or node for node in persons))

    def node(self, element: Element) -> Node:
        """The object of an element that is no pointer."""
        node = self.nodes.get(element)
        if node is None:
            if element in self.special:
                return self._incarnations(element)[0]
            node = self.nodes[element] = Node(self, element)
        return node

    def identities(self, element: Element) -> list[Node]:
        """What an element means, as references compare it: for a role, whose it is."""
        found = self._identities.get(element)
        if found is None:
            nodes = self.resolve(element) if element in self.special else (self.node(element),)
            found = self._identities[element] = [node.person or node for node in nodes]
        return found

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
                found = [one for one in found if one not in same or not meant(number, self.tags[same[one]])]
        self._answers[number] = found
        return found

    def pointing(self, name: str, node: Node) -> Sequence[Element]:
        """The associations of this name one of whose ends is this object, or a role of it."""
        backs = self._backs.get(name)
        if backs is None:
            backs = self._backs[name] = {}
            for association in self.definitions(name):
                for end in self.within(association):
                    for meant in self.resolve(end) if end in self.special else ():
                        group = backs.setdefault(meant.person or meant, [])
                        if association not in group:
                            group.append(association)
        return backs.get(node.person or node, NOTHING)

    def children(self, parts: Sequence[Element]) -> dict[str, list[Element]]:
        """The children of an object by canonical name, its augmentations read through."""
        kids: dict[str, list[Element]] = {}
        gather(self.tags, self.ends, parts[0], kids)
        for part in parts[1:]:
            added: dict[str, list[Element]] = {}
            gather(self.tags, self.ends, part, added)
            for name, group in added.items():
                have = kids.get(name)
                if have is None:
                    kids[name] = group
                elif not (len(have) == len(group) == 1 and self._complements(have[0], group[0])):
                    have += group
        return kids

    def _complements(self, first: Element, other: Element) -> bool:
        """Join two halves of one thing: a payload's name parts belong to the digest's name if none is in both."""
        mine = {self.tags[child] for child in self.within(first)}
        theirs = {self.tags[child] for child in self.within(other)}
        if not mine or not theirs or not mine.isdisjoint(theirs):
            return False
        self._continue(first, [other])
        return True

    def path(self, element: Element) -> str:
        """The positional XPath that selects exactly this element, whatever the prefixes."""
        paths = self._paths
        found = paths.get(element)
        if found is None:
            parent = self.parents[element]
            start = paths.get(parent) or self.path(parent)
            for number, child in enumerate(self.within(parent), 1):
                paths[child] = f"{start}/*[{number}]"
            found = paths[element]
        return found


_NOT_ROLES: Final = frozenset({"lexsdigest:Person", "nc:Person", "lexsdigest:Metadata", "nc:PersonDigitalImage"})
