"""One NIEM document as a graph of objects: built in one pass over the tree, worked out further only where asked.

An object may stand in several places. It is defined once, pointed to by `ref` or `uri`, continued in a payload
(`SameAsDigestReference`), repeated under the same `uri`, or played as a role (`RoleOfPerson`). A `Node` is the object;
whichever of its places a path meets, it has the same identity.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, cast

from mapping.readers.niem.layouts import BITS, LARGEST, Layout, gather
from mapping.readers.niem.lookups import Lookups
from mapping.readers.niem.marks import ID, NOTHING, POINTERS, REF, Element
from mapping.readers.niem.markup import Attribute, Scope
from mapping.readers.niem.names import local
from mapping.readers.niem.node import Node
from mapping.readers.niem.skeletons import PAYLOAD, ROOT, Skeleton


class Document:
    """The elements of a record: its skeleton with texts, references and their targets, continuations."""

    __slots__ = (
        "_lookups", "_marks", "_resolved", "_scope", "_skeleton", "_wiring", "_written",
        "by_name", "dangling", "duplicates", "ends", "found", "ids", "more", "names", "nil", "nodes", "owners",
        "parents", "references", "roles", "same", "special", "tags", "texts", "within",
    )  # fmt: skip

    def __init__(
        self, skeleton: Skeleton, values: Sequence[str], texts: list[str], tags: list[str], scope: Scope,
        lookups: Lookups,
    ) -> None:  # fmt: skip
        """Take a skeleton, the values of its ids, references and uris, the text after each tag, and the tags."""
        self._skeleton = skeleton
        self.tags, self.by_name, self.names = skeleton.tags, skeleton.by_name, skeleton.names
        self.parents, self.ends, self.within = skeleton.parents, skeleton.ends, skeleton.within
        self.roles = skeleton.roles
        self.nil: AbstractSet[Element] = skeleton.nil
        self.special: AbstractSet[Element] = skeleton.special
        self.texts = texts
        for position in skeleton.empty:
            texts[position] = ""  # what stands there comes after the element
        self.ids: dict[str, Element] = {}
        self.duplicates: dict[str, list[Element]] = {}
        self.references: dict[Element, str] = {}
        self.owners: dict[Element, str] = {}
        """Id or uri of the elements that have one."""
        self.same: dict[Element, Element] = {}
        """From an element to the one that defines the same object."""
        self.more: dict[Element, list[Element]] = {}
        """From a defining element to the others that say something of its object."""
        self.dangling: list[tuple[Element, str]] = []
        self.nodes: dict[Element, Node] = {}
        """The objects that were asked for, by their element; pointers, and roles of several persons, are not here."""
        self._resolved: dict[Element, list[Node]] = {}
        self._written, self._scope, self._lookups = tags, scope, lookups
        self._wiring = skeleton.wiring(values)
        self.found: dict[object, Any] = self._wiring.found
        """What was found at paths, in this document or in another of the same skeleton and wiring."""
        uris = self._identify(values)
        if not skeleton.plain:
            self.nil, self.special = set(self.nil), set(self.special)  # these grow
            self._unify_uris(uris)
            self._unify_payload()
        self._marks = len(self.special), skeleton.marks

    def release(self) -> None:
        """Let go of the objects: they refer to the document and it to them, which only the collector would find out."""
        self.nodes.clear()
        self._resolved.clear()

    # --- building -----------------------------------------------------------------------------------------------

    def _identify(self, values: Sequence[str]) -> dict[str, list[Element]]:
        """Note ids and references; gives the elements by uri."""
        ids, references, owners = self.ids, self.references, self.owners
        uris: dict[str, list[Element]] = {}
        for (element, kind), value in zip(self._skeleton.kinds, values, strict=True):
            if kind == REF:
                references[element] = value
            elif kind == ID:
                owners[element] = value
                first = ids.setdefault(value, element)
                if first != element:  # the first defines it, the others are kept for `resolve`
                    self.duplicates.setdefault(value, [first]).append(element)
            else:
                uris.setdefault(value, []).append(element)
        return uris

    def attributes(self, element: Element) -> Sequence[Attribute]:
        """The attributes of an element."""
        return self._scope.read(self._written[element], element)[1]

    def _unify_uris(self, uris: dict[str, list[Element]]) -> None:
        """Make one object of all elements that carry a uri; `#x` is the element with the id `x` (NIEM 5 and 6)."""
        for uri, elements in uris.items():
            defined = self.ids.get(uri[1:]) if uri.startswith("#") else None
            spoken = [element for element in elements if self._speaks(element)]
            places = spoken if defined is None or defined in elements else [defined, *spoken]
            for element in elements:
                if element not in spoken and element != defined:
                    self.references[element] = uri
                    self._separate(element)
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
        for pointer in self.by_name.get(PAYLOAD, NOTHING):
            name = self.references.get(pointer)
            owner = self.around(pointer)
            if name is None or owner is None:
                continue
            target = self.ids.get(name)
            if target is None:
                self.dangling.append((pointer, name))
                cast("set[Element]", self.nil).add(owner)  # more of what is not there is no object of its own
                self._separate(owner)
            elif target != owner:
                self._continue(target, [owner])

    def _continue(self, first: Element, others: list[Element]) -> None:
        """Let `others` say more of the object that `first` defines."""
        first = self.same.get(first, first)
        fresh = [other for other in others if other != first and other not in self.same]
        if fresh:
            self.more.setdefault(first, []).extend(fresh)
            self.same.update(dict.fromkeys(fresh, first))
            self._separate(first, *fresh)

    def _separate(self, *elements: Element) -> None:
        """Note that elements cannot be read as they stand."""
        cast("set[Element]", self.special).update(elements)

    # --- structure ----------------------------------------------------------------------------------------------

    def around(self, element: Element) -> Element | None:
        """The element around; an augmentation is part of what it augments, so it is passed."""
        parent = self.parents[element]
        while parent >= 0 and self.tags[parent].endswith("Augmentation"):
            parent = self.parents[parent]
        return parent if parent >= 0 else None

    def layout(self, element: Element) -> Layout | None:
        """How an element is laid out; None where more than what is in it says what paths find, or where it is new."""
        if element in self.special:
            return None
        shared = self._skeleton.layouts if self._skeleton.plain else None
        layout = None if shared is None else shared.get(element)
        if layout is None:
            layout = self._laid(element)
            if layout is not None and shared is not None:
                shared[element] = layout
        return layout

    def _laid(self, element: Element) -> Layout | None:
        end = self.ends[element] + 1
        if end - element > LARGEST or element == ROOT:
            return None
        count, marks = self._marks
        if count != len(self.special):
            marks = self._skeleton.marks_of(self.special)
            self._marks = len(self.special), marks
        base = element << BITS
        first, last = bisect_right(marks, base + 3), bisect_left(marks, end << BITS)
        inside = tuple([mark - base for mark in marks[first:last]]) if first < last else ()
        return self._lookups.layouts.of((self.tags[element:end], inside))

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

    def identities(self, element: Element) -> tuple[Element, ...]:
        """What an element means, as references compare it: where its object is defined; for a role, whose it is."""
        found = self._wiring.identities.get(element)
        if found is None:
            nodes = self.resolve(element) if element in self.special else (self.node(element),)
            found = self._wiring.identities[element] = tuple([(node.person or node).element for node in nodes])
        return found

    def definitions(self, name: str) -> list[Element]:
        """Every element of this canonical name that says something: pointers and nilled ones are left out."""
        found = self._wiring.definitions.get(name)
        if found is None:
            found = self.by_name.get(name) or []
            if found and (self.references or self.nil):
                found = [one for one in found if one not in self.references and one not in self.nil]
            self._wiring.definitions[name] = found
        return found

    def answer(self, number: int) -> Sequence[Element]:
        """The definitions of the names that a question asks for, each object once."""
        found = self._wiring.answers.get(number)
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
        self._wiring.answers[number] = found
        return found

    def pointing(self, name: str, node: Node) -> Sequence[Element]:
        """The associations of this name one of whose ends is this object, or a role of it."""
        backs = self._wiring.backs.get(name)
        if backs is None:
            backs = self._wiring.backs[name] = {}
            for association in self.definitions(name):
                for end in self.within(association):
                    for meant in self.identities(end) if end in self.special else ():
                        group = backs.setdefault(meant, [])
                        if association not in group:
                            group.append(association)
        return backs.get((node.person or node).element, NOTHING)

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
        return self._skeleton.paths.get(element) or self._skeleton.path(element)
