"""`casefold demo`: three fictional agencies sync into one graph, and the graph answers what none of them could.

Nothing that is told here is known beforehand: every figure, name and sentence is read from the graph, which is asked
once as the installation's administrator and once as each agency alone.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from casefold.answer import Answer, Question
from casefold.initialize import initialize
from casefold.settings import CONFIG_FILE, load_settings
from casefold.wiring import Casefold, build
from config.demo import DEMO_DAY, DEMO_SEED
from config.demo.bureau import bureau_records, corrected, record_id, stamp
from config.demo.cases import AGENCIES, BUREAU, Agency
from config.demo.home import BUREAU_USER, TRUTH, write_demo_home
from config.demo.numbers import e164
from config.demo.server import RmsServer
from config.demo.world import World, make_world
from graph.read import Graph
from schemas.access import Principal
from schemas.records import BadConfiguration
from service.sync.runner import Runner, SourceResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from service.sync.runner import Observer

Json = dict[str, Any]
Watch = Callable[[], AbstractContextManager["Observer | None"]]
"""Gives an observer for as long as a sync runs: a progress bar that is gone before the story goes on."""

AFTER_HOURS = time(20, 0)
"""When the bureau makes its corrections, on the evening of the story's last day."""

SHOWN_TYPES = ("Person", "Phone", "Email", "Ad", "Vehicle", "Location", "Note")
OWN_FILES = ("casefold.db", "casefold.db-wal", "casefold.db-shm", TRUTH)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came in from one agency, as the agency itself now sees it in the graph."""

    agency: str
    name: str
    source: str
    system: str
    records: int
    quarantined: int
    seconds: float
    nodes: dict[str, int]
    """Nodes by entity type."""


@dataclass(frozen=True, slots=True)
class Again:
    """The same sync once more."""

    pulled: int
    unchanged: int
    mapped: int


@dataclass(frozen=True, slots=True)
class Followed:
    """One agency corrected a record and withdrew another: what the graph said before and after."""

    agency: str
    changed: str
    person: str
    phones_before: tuple[str, ...]
    phones_after: tuple[str, ...]
    deleted: str
    nodes_before: int
    """Nodes to which the withdrawn record lent a mention."""
    nodes_after: int
    mapped: int
    withdrawn: int


@dataclass(slots=True)
class Story:
    """All that the demo found, in the order in which it is told."""

    seed: int
    home: str
    arrivals: list[Arrival] = field(default_factory=list)
    nodes: int = 0
    edges: int = 0
    again: Again | None = None
    followed: Followed | None = None
    answer: Answer | None = None
    alone: dict[str, Answer] = field(default_factory=dict)
    """By ORI: what the agency's own records answer."""

    def as_json(self) -> Json:
        """The same as one object."""
        return {
            "seed": self.seed,
            "home": self.home,
            "arrivals": [asdict(arrival) for arrival in self.arrivals],
            "nodes": self.nodes,
            "edges": self.edges,
            "again": asdict(self.again) if self.again else None,
            "followed": asdict(self.followed) if self.followed else None,
            "answer": self.answer.as_json() if self.answer else None,
            "alone": {agency: answer.as_json() for agency, answer in self.alone.items()},
        }


class Teller:
    """Who hears the story while it happens; this one says nothing. `casefold.telling` prints it."""

    def opening(self, story: Story) -> None:
        """The agencies are there; nothing has been read yet."""

    def arrived(self, story: Story) -> None:
        """All three have been read."""

    def unchanged(self, story: Story) -> None:
        """They have been read again."""

    def followed(self, story: Story) -> None:
        """One record was corrected, one withdrawn."""

    def answered(self, story: Story) -> None:
        """The question was asked, of all records and of each agency's."""


def run_demo(
    home: Path,
    teller: Teller | None = None,
    watch: Watch | None = None,
    seed: int = DEMO_SEED,
    today: date = DEMO_DAY,
) -> Story:
    """Tell the whole story in a home of its own; raises BadConfiguration where the home is in use by another."""
    told = teller or Teller()
    story = Story(seed, str(home))
    world = make_world(seed, today)
    _clear(home)
    initialize(home)
    password = secrets.token_urlsafe(18)
    with RmsServer(bureau_records(world), BUREAU_USER, password) as bureau:
        write_demo_home(world, home, bureau.url, password)
        told.opening(story)
        app = build(load_settings(home))
        try:
            _Telling(app, world, bureau, story, told, watch or _unwatched).run()
        finally:
            app.close()
    return story


def _clear(home: Path) -> None:
    """Take away what an earlier demo wrote; a home that is not the demo's is left alone."""
    if (home / CONFIG_FILE).exists() and not (home / TRUTH).exists():
        message = f"{home} is a home in use; give the demo a folder of its own: casefold demo --home DIR"
        raise BadConfiguration(message)
    for name in OWN_FILES:
        (home / name).unlink(missing_ok=True)
    if (home / "drops").exists():
        shutil.rmtree(home / "drops")


class _Telling:
    """The steps of the story over one installation."""

    def __init__(
        self, app: Casefold, world: World, bureau: RmsServer, story: Story, told: Teller, watch: Watch
    ) -> None:
        self.app, self.world, self.bureau, self.story, self.told, self.watch = app, world, bureau, story, told, watch

    def run(self) -> None:
        """Every step, in order."""
        self._arrive()
        self.told.arrived(self.story)
        self._again()
        self.told.unchanged(self.story)
        self._follow()
        self.told.followed(self.story)
        self._answer()
        self.told.answered(self.story)

    def _sync(self, *agencies: Agency) -> list[SourceResult]:
        chosen = self.app.chosen([agency.source for agency in agencies])
        with self.watch() as observe:
            runner = Runner(self.app.store, observe=observe)
            results = [asyncio.run(runner.sync(wired.source)) for wired in chosen]
        failed = [f"{result.name}: {result.error}" for result in results if result.error]
        if failed:
            raise BadConfiguration("; ".join(failed))
        return results

    def _arrive(self) -> None:
        for agency, result in zip(AGENCIES, self._sync(*AGENCIES), strict=True):
            types = Counter(line["type"] for line in self._seen_by(agency) if line["kind"] == "node")
            kind = self.app.sources[agency.source].source.connector
            self.story.arrivals.append(
                Arrival(
                    agency=agency.ori,
                    name=agency.name,
                    source=agency.source,
                    system=SYSTEMS[type(kind).__name__],
                    records=result.counts.mapped,
                    quarantined=result.counts.quarantined,
                    seconds=result.seconds,
                    nodes={name: types[name] for name in SHOWN_TYPES},
                )
            )
        self.story.nodes, self.story.edges = Graph(self.app.store, Principal.administrator()).counts()

    def _again(self) -> None:
        counts = [result.counts for result in self._sync(*AGENCIES)]
        self.story.again = Again(
            sum(count.pulled for count in counts),
            sum(count.unchanged for count in counts),
            sum(count.mapped for count in counts),
        )

    def _follow(self) -> None:
        planned = self.world.correction
        changed, deleted = record_id(planned.changed), record_id(planned.deleted)
        evening = datetime.combine(self.world.today, AFTER_HOURS)
        before = list(self._seen())
        old, new = e164(planned.old_phone), e164(planned.new_phone)
        person = _user_of(before, BUREAU.source, changed, old)
        self.bureau.records.put(corrected(self.bureau.records.get(changed), old, new, evening))
        self.bureau.records.delete(deleted, stamp(evening))
        (result,) = self._sync(BUREAU)
        after = list(self._seen())
        self.story.followed = Followed(
            agency=BUREAU.ori,
            changed=planned.changed,
            person=person["label"],
            phones_before=_phones_of(before, person["id"]),
            phones_after=_phones_of(after, person["id"]),
            deleted=planned.deleted,
            nodes_before=_nodes_of(before, BUREAU.source, deleted),
            nodes_after=_nodes_of(after, BUREAU.source, deleted),
            mapped=result.counts.mapped,
            withdrawn=result.counts.deleted,
        )

    def _answer(self) -> None:
        self.story.answer = Question(self._seen()).answer()
        self.story.alone = {agency.ori: Question(self._seen_by(agency)).answer() for agency in AGENCIES}

    def _seen(self) -> Iterator[Json]:
        return Graph(self.app.store, Principal.administrator()).export()

    def _seen_by(self, agency: Agency) -> Iterator[Json]:
        return Graph(self.app.store, Principal(user="demo", agency=agency.ori)).export()


SYSTEMS = {
    "CsvConnector": "CSV files, dropped nightly",
    "NiemConnector": "NIEM XML (LEXS 3.1)",
    "RestConnector": "REST interface, paged JSON",
}
"""What an agency's system is, by the connector that reads it."""


@contextmanager
def _unwatched() -> Iterator[None]:
    yield None


def _nodes_of(lines: list[Json], source: str, record: str) -> int:
    return sum(
        line["kind"] == "node"
        and any((mention["source"], mention["record"]) == (source, record) for mention in line["mentions"])
        for line in lines
    )


def _user_of(lines: list[Json], source: str, record: str, number: str) -> Json:
    """The person who uses a number, according to this record."""
    nodes = {line["id"]: line for line in lines if line["kind"] == "node"}
    return next(
        nodes[line["from"]]
        for line in lines
        if line["kind"] == "edge" and line["type"] == "USES"
        if number in nodes[line["to"]]["properties"].get("number", [])
        if any((one["source"], one["record"]) == (source, record) for one in line["evidence"])
    )


def _phones_of(lines: list[Json], person: str) -> tuple[str, ...]:
    """Numbers that a person uses."""
    ends = {line["to"] for line in lines if line["kind"] == "edge" and (line["type"], line["from"]) == ("USES", person)}
    numbers = {
        number
        for line in lines
        if line["kind"] == "node" and line["type"] == "Phone" and line["id"] in ends
        for number in line["properties"]["number"]
    }
    return tuple(sorted(numbers))
