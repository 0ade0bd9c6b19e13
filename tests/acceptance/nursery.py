"""A process that forks the workers which a test kills: everything is imported and compiled before the first fork.

Commands come as JSON lines; each answer is one JSON line. A worker is a real process: it opens the store, runs some
sources, and is killed by SIGKILL, by itself at the n-th hearing of a point or from outside after some time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.context import SourceContext
from connectors.csv import CsvConnector
from connectors.csv.config import CsvConfig
from connectors.niem import NiemConnector
from connectors.niem.config import NiemConfig
from schemas.ids import content_hash
from schemas.joins import Join
from schemas.records import Batch, Ignored, JsonObject, Known, Problem, Received
from service.sync import lease
from service.sync.runner import Runner
from service.sync.source import Source
from tests.integration.sync.stage import AGENCY, Feed, mapping_of, open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectors.port import Connector
    from mapping.apply import SourceMapping
    from service.sync.ledger import Counts

ROOT = Path(__file__).resolve().parents[2]
JOURNAL = """
casefold: mapping/1
reader: json
key: id
modified: at
delete: {path: gone, equals: true}
ignore: [{when: {path: kind, equals: test}, reason: a test record}]
entities:
  incident: {type: Incident, properties: {number: id, status: {path: status, required: true}}}
  note: {type: Note, properties: {text: text}}
  person:
    each: people
    type: Person
    key: pid
    master: pid
    properties: {name: name}
    entities: {phone: {each: phones, type: Phone, properties: {number: "@"}}}
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: ROLE}
      - {type: USES, from: person, to: phone}
links: [{type: ABOUT, from: note, to: incident}]
"""
ROWS = """
casefold: mapping/1
reader: table
key: CASE_NO
modified: UPDATED
delete: {path: STATUS, equals: PURGED}
join: {people: {files: "persons*.csv", key: CASE_NO}}
entities:
  incident: {type: Incident, properties: {number: CASE_NO, status: {path: STATUS, required: true}}}
  note: {type: Note, properties: {text: NARRATIVE}}
  person:
    each: people
    type: Person
    key: PID
    master: PID
    properties: {name: {parts: {surname: LAST, given: FIRST}}}
    entities: {phone: {type: Phone, properties: {number: CELL}}}
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: ROLE}
      - {type: USES, from: person, to: phone}
links: [{type: ABOUT, from: note, to: incident}]
"""
DOCUMENTS = """
casefold: mapping/1
reader: niem
key: //nc:ActivityIdentification/nc:IdentificationID
entities:
  incident: {type: Incident, properties: {number: //nc:ActivityIdentification/nc:IdentificationID}}
  person: {each: //nc:Person, type: Person, properties: {name: nc:PersonName/nc:PersonFullName}}
links: [{type: INVOLVED_IN, from: person, to: incident, role: ROLE}]
"""


def edited(text: str, version: int) -> str:
    """A mapping as it was written first, or as it was edited: other roles, and in the journal other keys."""
    if version == 1:
        return text.replace("ROLE}", "{set: witness}}")
    return text.replace("ROLE}", "{set: suspect}}").replace("key: id\n", "key: {first: [no, id]}\n")


class Journal(Feed):
    """A file of JSON lines, read strictly from the checkpoint on: a cursor ahead of the data would lose some."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__()
        self.path, self.size = path, size

    async def read(self, since: JsonObject | None, known: Known) -> AsyncIterator[Batch]:
        lines = self.path.read_bytes().splitlines()
        for start in range(int((since or {}).get("line", 0)), len(lines), self.size):
            chunk = lines[start : start + self.size]
            records: list[Received] = []
            ignored: list[Ignored] = []
            for number, line in enumerate(chunk, start):
                digest, place = content_hash(line), f"journal:{number}"
                said = json.loads(line)
                if "deleted" in said:
                    records.append(Received(line, digest, place, deleted=True, key=said["deleted"]))
                elif "subscription" in said:
                    ignored.append(Ignored(line, digest, place, "a subscription"))
                elif "torn" in said:
                    records.append(Received(line, digest, place, problem=Problem("torn", "", "mend the line")))
                else:
                    records.append(Received(line, digest, place))
            yield Batch(records, {"line": start + len(chunk)}, ignored=tuple(ignored))
            await asyncio.sleep(0)


def sources(folder: Path, size: int, version: int, mappings: dict[tuple[str, int], SourceMapping]) -> list[Source]:
    """The three sources of a folder: a journal, CSV files with side files, NIEM documents."""
    join = {"people": Join(files="persons*.csv", key="CASE_NO")}
    rows = SourceContext("rows", str(folder), size, join)
    documents = SourceContext("documents", str(folder), size)
    connectors: dict[str, Connector] = {
        "journal": Journal(folder / "journal.jsonl", size),
        "rows": CsvConnector(CsvConfig(path="rows", files="cases*.csv"), rows),
        "documents": NiemConnector(NiemConfig(path="documents"), documents),
    }
    return [
        Source(name, AGENCY, "default", connector, mappings[name, version], name.encode())
        for name, connector in connectors.items()
    ]


def every_mapping() -> dict[tuple[str, int], SourceMapping]:
    """The mappings of the three sources in both versions, compiled."""
    texts = {"journal": JOURNAL, "rows": ROWS, "documents": DOCUMENTS}
    return {
        (name, version): mapping_of(edited(text, version), name) for name, text in texts.items() for version in (1, 2)
    }


def work(order: dict[str, Any], mappings: dict[tuple[str, int], SourceMapping], say: int) -> None:
    """What a worker does; it tells its parent of every point that it passes, and of how it ended."""
    left = order.get("hearing", 0)
    stops = order.get("stop")

    def observe(point: str, source: str, counts: Counts) -> None:
        nonlocal left
        os.write(say, f"{point}\n".encode())
        if point == order.get("point"):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGSTOP if stops else signal.SIGKILL)

    lease.LEASE_MS = order.get("lease_ms", lease.LEASE_MS)
    store = open_store(order["url"])
    runner = Runner(store, observe=observe)
    chosen = sources(Path(order["folder"]), order["size"], order["version"], mappings)
    results = [asyncio.run(runner.sync(source)) for source in chosen if source.name in order.get("only", source.name)]
    store.close()
    outcome = [{"name": one.name, "error": one.error, "mapped": one.counts.mapped} for one in results]
    os.write(say, (json.dumps(outcome) + "\n").encode())


def fork(order: dict[str, Any], mappings: dict[tuple[str, int], SourceMapping]) -> tuple[int, int]:
    """A worker's process number, and where to read what it says."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(hear)
            work(order, mappings, say)
            status = 0
        except BaseException as error:  # noqa: BLE001 - told to the test
            os.write(say, (json.dumps([f"{type(error).__name__}: {error}"]) + "\n").encode())
        finally:
            os._exit(status)
    os.close(say)
    return child, hear


def attend(child: int, hear: int, delay: float | None) -> dict[str, Any]:
    """Wait for a worker, and kill it after a while."""
    if delay is not None:
        time.sleep(delay)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    with os.fdopen(hear, "rb") as said:
        lines = said.read().decode().splitlines()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    outcome = None if killed or not lines or not lines[-1].startswith("[") else json.loads(lines[-1])
    points = [line for line in lines if not line.startswith("[")]
    return {
        "killed": killed,
        "failed": not killed and os.WEXITSTATUS(status) != 0,
        "outcome": outcome,
        "points": points,
    }


def main() -> None:
    """Obey until there are no more commands."""
    mappings = every_mapping()
    started: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        answer: dict[str, Any] = {}
        if "signal" in order:
            os.kill(order["child"], order["signal"])
        elif "wait" in order:
            answer = attend(order["wait"], started.pop(order["wait"]), None)
        else:
            child, hear = fork(order, mappings)
            if order.get("stop"):
                started[child] = hear
                os.waitpid(child, os.WUNTRACED)
                answer = {"child": child}
            else:
                answer = attend(child, hear, order.get("delay"))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


class Nursery:
    """The test's end: orders workers and hears how they ended."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.acceptance.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )

    def order(self, **order: Any) -> dict[str, Any]:
        """Start a worker, wait until it ended or stopped, and hear how."""
        self.send(**order)
        return self.hear()

    def send(self, **order: Any) -> None:
        """Start a worker."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """How the worker that was started ended, once it has."""
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """Send the nursery home."""
        self._process.communicate(timeout=30)


if __name__ == "__main__":
    main()
