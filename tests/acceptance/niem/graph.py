"""One document's export, and what a hand-read answer asks of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / ".." / "shared" / "data" / "niem"
CROSSWALK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "crosswalk.yaml").read_text(encoding="utf-8"))


def plain(value: object) -> str:
    """A value for comparison: letters and digits only."""
    return re.sub(r"[^a-z0-9]+", "", str(value).casefold())


def flat(value: object) -> Iterator[str]:
    """All scalars inside a value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from flat(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from flat(inner)
    elif value is not None:
        yield str(value)


def casefold(home: Path, *arguments: str) -> str:
    """Run the command line; gives what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "casefold", *arguments, "--home", str(home)],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def make_home(home: Path, source: str) -> None:
    """A home with one NIEM source."""
    casefold(home, "init")
    (home / "sources" / "niem.yaml").write_text(source, encoding="utf-8")


class Graph:
    """The export of a home that holds one document."""

    def __init__(self, home: Path, name: str) -> None:
        self.name = name
        self.expected: dict[str, Any] = json.loads((DATA / "expected" / name).read_text(encoding="utf-8"))
        (home / "in").mkdir(parents=True)
        document = DATA / self.expected["document"]
        (home / "in" / document.name).write_bytes(document.read_bytes())
        make_home(home, "casefold: source/1\nagency: ZZ0000000\nconnector: {kind: niem, path: in}\nmapping: niem\n")
        self.summary = json.loads(casefold(home, "sync", "--json"))
        rows = [json.loads(line) for line in casefold(home, "export", "--format", "jsonl").splitlines()]
        self.nodes = {row["id"]: row for row in rows if row["kind"] == "node"}
        self.edges = [row for row in rows if row["kind"] == "edge"]

    def of(self, entity: str) -> list[dict[str, Any]]:
        """The nodes of a type."""
        return [node for node in self.nodes.values() if node["type"] == entity]

    def holding(self, entity: str, *values: object) -> list[dict[str, Any]]:
        """The nodes of a type that carry all of some values, each somewhere in its properties."""
        wanted = [plain(value) for value in values]
        return [
            node
            for node in self.of(entity)
            if all(any(want in plain(have) for have in flat(node["properties"])) for want in wanted)
        ]

    def find(self, key: str) -> dict[str, Any]:
        """The node that the answer means by one of its keys; exactly one."""
        known = CROSSWALK["known_by"].get(self.name, {}).get(key)
        if known is not None:
            found = self.holding(known["type"], known["value"])
        else:
            found = [node for node in self.nodes.values() if key in {one["local"] for one in node["mentions"]}]
        if not found:
            thing = next(thing for thing in self.expected["entities"] + self.expected["events"] if thing["key"] == key)
            found = self.holding(self.type_of(thing), *_identifying(thing))
        assert len(found) == 1, (key, found)
        return found[0]

    def type_of(self, thing: dict[str, Any]) -> str:
        """Our type for a thing of the answer."""
        kind: str = thing["type"]
        return str(CROSSWALK["entities"].get(kind) or CROSSWALK["events"][kind])

    def between(self, one: str, other: str) -> list[dict[str, Any]]:
        """The edges between two things of the answer, either way."""
        ends = {self.find(one)["id"], self.find(other)["id"]}
        return [edge for edge in self.edges if {edge["from"], edge["to"]} == ends]


def _identifying(thing: dict[str, Any]) -> list[object]:
    name = thing.get("name")
    if isinstance(name, dict):
        return [*name.values(), *([thing["dob"]] if "dob" in thing else [])]
    return [thing[key] for key in ("vin", "plate", "street", "city", "number") if key in thing]
