"""The demo's question to a graph: to which phone and which e-mail the ads come back, and who uses these two.

It reads nodes and edges in the form of the export and nothing else; who sees less of the graph gets less of an answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Json = dict[str, Any]

TO_CONTACT = frozenset({"ADVERTISES", "POSTED_BY"})
NATIONAL = 10
"""Digits of a North American number without its country code."""


@dataclass(frozen=True, slots=True)
class Source:
    """One record that says something, and its words."""

    agency: str
    record: str
    number: str
    """The report's number as its agency writes it; the record's key where it has none."""
    words: str
    """The sentence of the record's note that names it; empty where only a field does."""


@dataclass(frozen=True, slots=True)
class User:
    """A person of the graph who uses a contact, as far as the viewer may see."""

    node: str
    name: str
    """Empty for somebody who is known by a street name only."""
    known_as: tuple[str, ...]
    vehicles: tuple[str, ...]
    """VINs of what they own or drive."""
    said_by: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone or an e-mail, and the ads that come back to it."""

    node: str
    value: str
    ads: int
    agencies: tuple[str, ...]
    """Whose records tie it to the ads."""
    users: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a viewer's graph says."""

    ads: int
    phone: Contact | None
    email: Contact | None
    ads_by_either: int
    ads_by_both: int
    shared_names: tuple[str, ...]
    """Street names that users of the phone and users of the e-mail share."""
    shared_vehicles: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Every ad comes back to the two, and both have a user; somebody among them has a name."""
        contacts = (self.phone, self.email)
        users = [user for contact in contacts if contact for user in contact.users]
        return (
            all(contact and contact.users for contact in contacts)
            and 0 < self.ads == self.ads_by_either
            and any(user.name for user in users)
        )

    def as_json(self) -> Json:
        """The same for machines."""
        return {"complete": self.complete, **asdict(self)}


class Question:
    """One viewer's graph, indexed for the question."""

    def __init__(self, lines: Iterable[Json]) -> None:
        """Take nodes and edges as the export gives them."""
        self._nodes: dict[str, Json] = {}
        self._out: dict[str, list[Json]] = defaultdict(list)
        self._in: dict[str, list[Json]] = defaultdict(list)
        self._notes: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._numbers: dict[tuple[str, str], str] = {}
        for line in lines:
            if line["kind"] == "node":
                self._nodes[line["id"]] = line
            else:
                self._out[line["from"]].append(line)
                self._in[line["to"]].append(line)
        for node in self._of_type("Note"):
            for mention in node["mentions"]:
                self._notes[mention["source"], mention["record"]] += node["properties"].get("text", [])
        for node in self._of_type("Incident"):
            for mention in node["mentions"]:
                self._numbers[mention["source"], mention["record"]] = node["properties"]["number"][0]

    def answer(self) -> Answer:
        """Put the question."""
        ads = self._of_type("Ad")
        phone, by_phone = self._contact(ads, "Phone", "number")
        email, by_email = self._contact(ads, "Email", "address")
        phone_users, email_users = (contact.users if contact else () for contact in (phone, email))
        return Answer(
            ads=len(ads),
            phone=phone,
            email=email,
            ads_by_either=len(by_phone | by_email),
            ads_by_both=len(by_phone & by_email),
            shared_names=_shared(phone_users, email_users, "known_as"),
            shared_vehicles=_shared(phone_users, email_users, "vehicles"),
        )

    def _of_type(self, entity_type: str) -> list[Json]:
        return [node for node in self._nodes.values() if node["type"] == entity_type]

    def _contact(self, ads: Sequence[Json], entity_type: str, prop: str) -> tuple[Contact | None, set[str]]:
        """The contact to which most ads come back, and those ads."""
        reached: dict[str, set[str]] = defaultdict(set)
        agencies: dict[str, set[str]] = defaultdict(set)
        for ad in ads:
            for edge in self._out[ad["id"]]:
                if edge["type"] in TO_CONTACT and self._nodes[edge["to"]]["type"] == entity_type:
                    reached[edge["to"]].add(ad["id"])
                    agencies[edge["to"]] |= {evidence["agency"] for evidence in edge["evidence"]}
        if not reached:
            return None, set()
        best = min(reached, key=lambda node: (-len(reached[node]), self._nodes[node]["properties"][prop][0]))
        value = self._nodes[best]["properties"][prop][0]
        users = [self._user(edge, value) for edge in self._in[best] if edge["type"] == "USES"]
        users.sort(key=lambda user: (user.name, user.known_as, [source.number for source in user.said_by]))
        return Contact(best, value, len(reached[best]), tuple(sorted(agencies[best])), tuple(users)), reached[best]

    def _user(self, edge: Json, value: str) -> User:
        node = self._nodes[edge["from"]]
        properties = node["properties"]
        names = [name["full"] for name in properties.get("name", [])]
        known_as = {name["full"].casefold(): name["full"] for name in properties.get("alias", [])}
        vehicles = {
            vin
            for owned in self._out[node["id"]]
            if owned["type"] == "OWNS_OR_DRIVES"
            for vin in self._nodes[owned["to"]]["properties"].get("vin", [])
        }
        said_by = {
            (evidence["agency"], evidence["record"]): self._said(evidence, value) for evidence in edge["evidence"]
        }
        return User(
            node=node["id"],
            name=names[0] if names else "",
            known_as=tuple(sorted(known_as.values())),
            vehicles=tuple(sorted(vehicles)),
            said_by=tuple(said_by[key] for key in sorted(said_by)),
        )

    def _said(self, evidence: Json, value: str) -> Source:
        agency: str = evidence["agency"]
        record: str = evidence["record"]
        number = self._numbers.get((evidence["source"], record), record)
        return Source(agency, record, number, self._words(evidence, value))

    def _words(self, evidence: Json, value: str) -> str:
        """The sentence of the record's note that has the value, however it is spelled there."""
        for text in self._notes[evidence["source"], evidence["record"]]:
            for sentence in re.split(r"(?<=[.!?])\s+(?=\S)", text):
                if names(sentence, value):
                    return str(sentence).strip()
        return ""


def names(sentence: str, value: str) -> bool:
    """Whether a sentence has a phone number or an address in it, however it is spelled."""
    if "@" in value:
        return value.casefold() in sentence.casefold()
    return value[-NATIONAL:] in re.sub(r"\D", "", sentence)


def _shared(one: Sequence[User], other: Sequence[User], field: str) -> tuple[str, ...]:
    """Values that users on both sides have, letter case ignored."""
    left = {str(value).casefold(): value for user in one for value in getattr(user, field)}
    right = {str(value).casefold() for user in other for value in getattr(user, field)}
    return tuple(sorted(value for key, value in left.items() if key in right))
