"""Writes docs/field-report.md: what was read from each family of real NIEM documents and each real CSV, and what not.

`python tests/acceptance/field_report.py` syncs the home in tests/acceptance/real over the real records that lie beside
the project and counts what came of them. Without these records there is nothing to report.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from casefold.commands.syncing import sync_sources  # noqa: E402 - the project's root comes first
from casefold.preview import Shown, preview_records  # noqa: E402
from casefold.settings import Settings, load_settings, make_identity_key  # noqa: E402
from casefold.wiring import build, wire  # noqa: E402
from connectors.context import SourceContext  # noqa: E402
from connectors.registry import find  # noqa: E402

if TYPE_CHECKING:
    from service.sync.runner import SourceResult

DATA = ROOT.parent / "shared" / "data"
TEMPLATE = Path(__file__).parent / "real"
PAGE = ROOT / "docs" / "field-report.md"
MOST_RECORDS = 5_000
HEAD = """# What was read from real records

Written by `python tests/acceptance/field_report.py` from public test records that are not part of this project: NIEM
documents of many exchanges, and incident and booking extracts of five agencies. Each document was read by itself. Every
document is read, `ignored` with a reason (it is no case record), or quarantined with a reason; none is lost silently,
and none stopped another.

"""


@dataclass
class Family:
    """What came of one family of documents, or of one file."""

    documents: int = 0
    read: int = 0
    records: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    """Documents of which nothing was said at all; must stay 0."""

    def add(self, shown: list[Shown]) -> None:
        """Count one document."""
        self.documents += 1
        self.silent += not shown
        records = [one for one in shown if one.problem is None and one.ignored is None]
        self.read += bool(records)
        self.records += len(records)
        for one in shown:
            if one.problem is not None:
                self.held[one.problem.reason] += 1
            elif one.ignored is not None:
                self.ignored[one.ignored] += 1
            self.entities.update(mention.type for mention in one.mentions)
            self.links.update(str(link.type) for link in one.links)
            self.notes.update(note.reason for note in one.notes)


def make_home(folder: Path) -> Path:
    """A home over the real records: the template, with links to them."""
    home = folder / "home"
    shutil.copytree(TEMPLATE, home)
    make_identity_key(home / "identity.key")
    (home / "csv").symlink_to(DATA / "csv", target_is_directory=True)
    (home / "niem").symlink_to(DATA / "niem", target_is_directory=True)
    return home


def survey(settings: Settings) -> dict[str, Family]:
    """Read every document by itself, by family (a NIEM document's folder, a CSV's name)."""
    families: dict[str, Family] = defaultdict(Family)
    for source in settings.sources:
        kind, chosen = source.settings.connector.kind, source.file.data["connector"]
        wired = wire(settings, source)
        join = {name: side for one in wired.loaded for name, side in one.spec.join.items()}
        for document in sorted((settings.home / chosen["path"]).glob(chosen["files"])):
            config = find(kind).Config.model_validate({"path": str(document.parent), "files": document.name})
            connector = find(kind)(config, SourceContext(source.settings.name, str(settings.home), join=join))
            shown = asyncio.run(preview_records(wired.source._replace(connector=connector), MOST_RECORDS))
            families[document.parent.name if kind == "niem" else document.name].add(shown)
    return dict(sorted(families.items()))


def page(families: dict[str, Family], results: list[SourceResult]) -> str:
    """The report as Markdown."""
    lines = [HEAD, "| family | documents | read | records | entities | links | ignored | quarantined |"]
    lines.append("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, family in families.items():
        counts = (
            family.documents, family.read, family.records, family.entities.total(), family.links.total(),
            family.ignored.total(), family.held.total(),
        )  # fmt: skip
        lines.append(f"| {name} | {' | '.join(map(str, counts))} |")
    lines += ["", "## In words", ""]
    for name, family in families.items():
        lines += _words(name, family)
    return "\n".join([*lines, *_together(results)]) + "\n"


def _words(name: str, family: Family) -> list[str]:
    lines = [f"**{name}**: {_counted(family.entities) or 'no entity'}.", ""]
    if family.links:
        lines += [f"- Links: {_counted(family.links)}."]
    lines += [f"- Ignored {count}: {reason}." for reason, count in sorted(family.ignored.items())]
    lines += [f"- Quarantined {count}: {reason}." for reason, count in sorted(family.held.items())]
    if family.notes:
        lines += [f"- Read with a quality note: {_counted(family.notes)}."]
    return [*lines, ""]


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items()))


def _together(results: list[SourceResult]) -> list[str]:
    """One sync of everything: documents that are versions of one record replace one another there."""
    lines = ["## All of it in one home", "", "Two documents with one key are versions of one record: the later stands."]
    lines += [
        "",
        "| source | pulled | mapped | unchanged | deleted | ignored | quarantined |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        counts = result.counts
        row = (counts.pulled, counts.mapped, counts.unchanged, counts.deleted, counts.ignored, counts.quarantined)
        lines.append(f"| {result.name} | {' | '.join(map(str, row))} |")
    return lines


def main() -> int:
    """Read the real records and write the page."""
    if not DATA.is_dir():
        sys.stderr.write("There are no real records beside the project; nothing was written.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(make_home(Path(folder)))
        families = survey(settings)
        app = build(settings)
        try:
            results = sync_sources(app, [], full=False, show_progress=False)
        finally:
            app.close()
    PAGE.write_text(page(families, results), encoding="utf-8")
    silent = sum(family.silent for family in families.values())
    documents = sum(family.documents for family in families.values())
    sys.stdout.write(f"{documents} documents, {len(families)} families, {silent} lost silently\n")
    return 1 if silent or any(result.error for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
