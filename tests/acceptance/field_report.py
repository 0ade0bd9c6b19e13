"""Writes docs/field-report.md: what was read from each family of real NIEM documents and each real CSV, and what not.

`python tests/acceptance/field_report.py` syncs the home in tests/acceptance/real over the real records that lie beside
the project and counts what came of them. Without these records there is nothing to report.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sqlalchemy import select  # noqa: E402 - the project's root comes first

from casefold.commands.syncing import sync_sources  # noqa: E402
from casefold.settings import load_settings, make_identity_key  # noqa: E402
from casefold.wiring import build  # noqa: E402
from graph.codes import ENTITY_NAMES, State  # noqa: E402
from graph.tables import link, mention, record, source  # noqa: E402
from service.sync import quarantine  # noqa: E402
from service.sync.stored import source_names  # noqa: E402

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from casefold.wiring import Casefold

DATA = ROOT.parent / "shared" / "data"
TEMPLATE = Path(__file__).parent / "real"
PAGE = ROOT / "docs" / "field-report.md"
HEAD = """# What was read from real records

Written by `python tests/acceptance/field_report.py` from public test records that are not part of this project: NIEM
documents of many exchanges, and incident and booking extracts of five agencies. Each document is read, `ignored` with a
reason (it is no case record), or quarantined with a reason. Nothing is lost silently: the three columns add up.

"""


@dataclass
class Family:
    """What came of one family of documents, or of one file."""

    documents: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    records: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    links: int = 0
    notes: int = 0
    ignored: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    held: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def make_home(folder: Path) -> Path:
    """A home over the real records: the template, with links to them."""
    home = folder / "home"
    shutil.copytree(TEMPLATE, home)
    make_identity_key(home / "identity.key")
    (home / "csv").symlink_to(DATA / "csv", target_is_directory=True)
    shutil.copytree(DATA / "niem", home / "niem")
    return home


def survey(app: Casefold) -> dict[str, Family]:
    """What the store holds, by family (first folder of a NIEM document, or name of a CSV)."""
    families: dict[str, Family] = defaultdict(Family)
    with app.store.read() as reading:
        connection = reading.connection
        _records(connection, families)
        _held(connection, families)
    return dict(sorted(families.items()))


def _family(locator: str, unit: str | None) -> tuple[str, str]:
    """The family and the document that a locator speaks of."""
    name = unit or locator.partition("#")[0]
    return (name.partition("/")[0] if "/" in name else name.partition(":")[0]), name


def _records(connection: Connection, families: dict[str, Family]) -> None:
    columns = (record.c.seq, record.c.state, record.c.locator, record.c.unit, record.c.reason, record.c.notes)
    where: dict[int, Family] = {}
    for row in connection.execute(select(*columns).join(source, source.c.no == record.c.source)):
        name, document = _family(row.locator, row.unit)
        family = families[name]
        family.documents.add(document)
        where[row.seq] = family
        if row.state == State.IGNORED:
            family.ignored[row.reason or ""].add(row.locator)
        else:
            family.read.add(document)
            family.records += 1
            family.notes += row.notes is not None
    for seq, kind in connection.execute(select(mention.c.record, mention.c.type)):
        where[seq].entities[ENTITY_NAMES[kind]] += 1
    for seq in connection.execute(select(link.c.record)).scalars():
        where[seq].links += 1


def _held(connection: Connection, families: dict[str, Family]) -> None:
    for entry in quarantine.entries(connection):
        name, document = _family(entry.locator, None)
        families[name].documents.add(document)
        families[name].held[entry.reason].add(entry.locator)


def page(families: dict[str, Family]) -> str:
    """The report as Markdown."""
    lines = [HEAD, "| family | documents | read | records | entities | links | ignored | quarantined |"]
    lines.append("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, family in families.items():
        counts = (
            len(family.documents), len(family.read), family.records, family.entities.total(), family.links,
            sum(map(len, family.ignored.values())), sum(map(len, family.held.values())),
        )  # fmt: skip
        lines.append(f"| {name} | {' | '.join(map(str, counts))} |")
    lines += ["", "## In words", ""]
    for name, family in families.items():
        lines += _words(name, family)
    return "\n".join(lines) + "\n"


def _words(name: str, family: Family) -> list[str]:
    entities = ", ".join(f"{count} {kind}" for kind, count in sorted(family.entities.items()))
    lines = [
        f"**{name}**: {entities or 'no entity'}."
        + (f" {family.notes} records with quality notes." if family.notes else "")
    ]
    lines += [f"  Ignored {len(places)}: {reason}." for reason, places in sorted(family.ignored.items())]
    lines += [f"  Quarantined {len(places)}: {reason}." for reason, places in sorted(family.held.items())]
    return [*lines, ""]


def main() -> int:
    """Sync the real records and write the page."""
    if not DATA.is_dir():
        sys.stderr.write("There are no real records beside the project; nothing was written.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        app = build(load_settings(make_home(Path(folder))))
        try:
            results = sync_sources(app, [], full=False, show_progress=False)
            families = survey(app)
            names = source_names_of(app)
        finally:
            app.close()
    PAGE.write_text(page(families), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {len(families)} families from {len(names)} sources\n")
    return max((1 for result in results if result.error), default=0)


def source_names_of(app: Casefold) -> dict[int, str]:
    """The sources that were synced."""
    with app.store.read() as reading:
        return source_names(reading.connection)


if __name__ == "__main__":
    sys.exit(main())
