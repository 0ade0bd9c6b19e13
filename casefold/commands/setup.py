"""Wiring up a source: init, check, preview, explain, doctor, schema."""

from __future__ import annotations

import asyncio
import shlex
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casefold.columns import missing_columns
from casefold.doctor import examine
from casefold.faults import sentence
from casefold.initialize import initialize
from casefold.places import located
from casefold.preview import Shown, explain_record, held_under, preview_records
from casefold.schema_page import schema_page
from casefold.schemas_out import mapping_schema, schema_document
from casefold.settings import load_settings
from casefold.terminal import DEFAULT_HOME, NO_SOURCES, Exit, HomeOption, JsonOption, home_of, out, plain, print_json
from casefold.wiring import Wired, build, wire
from connectors.port import CheckReport, CheckStep, Outcome
from mapping.trial import try_mapping
from mapping.yamlfile import nearest
from schemas.records import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from casefold.settings import Settings

MARKS = {Outcome.PASS: "[green]pass[/]", Outcome.FAIL: "[red]fail[/]", Outcome.HINT: "[yellow]hint[/]"}


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (init, check, preview, explain, doctor, schema):
        app.command()(command)


def init(context: typer.Context, home: HomeOption = None) -> None:
    """Write a commented casefold.yaml and the folders sources/ mappings/ agreements/."""
    folder = home_of(context, home)
    made = initialize(folder)
    for path in made:
        out.print(f"[green]made[/] {plain(str(path))}")
    if not made:
        out.print("Everything is there already; nothing was touched.")
    where = "" if folder == DEFAULT_HOME else f" --home {shlex.quote(str(folder))}"
    out.print(
        f"\nNext, in {plain(str(folder))}: copy sources/police.yaml.example to sources/police.yaml and "
        "mappings/police.yaml.example to mappings/police.yaml, say in both what is true for your files, and put "
        f"these where `path` says. Then: casefold check{plain(where)}"
    )


def _wired(settings: Settings, names: list[str]) -> list[Wired]:
    known = {source.settings.name: source for source in settings.sources}
    for name in names:
        if name not in known:
            message = f"there is no source {name!r}; {nearest(name, list(known))}"
            raise BadConfiguration(message)
    return [wire(settings, known[name]) for name in (names or known)]


def check(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Argument(help="Sources to check; all when left out.")] = None,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Test configuration, mapping and connection, step by step; nothing is stored."""
    settings = load_settings(home_of(context, home))
    report = {wired.source.name: _check_one(wired, settings.home) for wired in _wired(settings, source or [])}
    failed = any(step["outcome"] == "fail" for steps in report.values() for step in steps)
    if json_output:
        print_json({"ok": not failed, "sources": report})
    else:
        _print_checks(report)
    raise typer.Exit(Exit.PARTLY if failed else Exit.DONE)


def _check_one(wired: Wired, home: Path) -> list[dict[str, str]]:
    """The mapping's own tests, then the connection, then whether the mapping reads what is there."""
    steps = [CheckStep(step="mapping", outcome=Outcome.PASS, message=f"{len(wired.loaded)} read and valid")]
    for mapper in wired.source.mapping.mappers:
        for trial in try_mapping(mapper, wired.source.agency):
            outcome = Outcome.FAIL if trial.complaints else Outcome.PASS
            said = "; ".join(trial.complaints) or "as expected"
            steps.append(CheckStep(step=f"mapping test: {trial.name}", outcome=outcome, message=said))
    try:
        report = asyncio.run(wired.source.connector.check())
    except Exception as error:  # noqa: BLE001 - a plug-in's fault is a finding about this source; the others are checked
        report = CheckReport(steps=(CheckStep(step="connector", outcome=Outcome.FAIL, message=sentence(error)),))
    steps += [step.model_copy(update={"message": located(wired, step.message, home)}) for step in report.steps]
    if report.columns:
        steps += _columns(wired, report.columns)
    return [step.model_dump(mode="json") for step in steps]


def _columns(wired: Wired, columns: Sequence[str]) -> list[CheckStep]:
    """Whether every column that the mapping reads is in some file."""
    missing = [said for one in wired.loaded for said in missing_columns(one, columns)]
    if not missing:
        return [CheckStep(step="columns", outcome=Outcome.PASS, message="every column that the mapping reads is there")]
    hint = "what a path without a column reads is always blank"
    return [CheckStep(step="columns", outcome=Outcome.HINT, message=said, hint=hint) for said in missing]


def _print_checks(report: dict[str, list[dict[str, str]]]) -> None:
    if not report:
        out.print(NO_SOURCES)
    for name, steps in report.items():
        out.print(f"[bold]{plain(name)}[/]")
        for step in steps:
            out.print(f"  {MARKS[Outcome(step['outcome'])]}  {plain(step['step'])}: {plain(step['message'])}")
            if step["hint"]:
                out.print(f"        {plain(step['hint'])}")


def preview(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The source to read from.")],
    count: Annotated[int, typer.Option("-n", help="How many records.", min=1, max=1000)] = 5,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Show what a sample of a source would become, before anything is stored."""
    settings = load_settings(home_of(context, home))
    (wired,) = _wired(settings, [source])
    try:
        shown = asyncio.run(preview_records(wired.source, count))
    except BadConfiguration as error:
        raise BadConfiguration(located(wired, str(error), settings.home)) from error
    if json_output:
        print_json({"source": source, "records": [record.as_json() for record in shown]})
    else:
        for record in shown:
            _print_record(record)
        if not shown:
            out.print("The source gave no record.")
    raise typer.Exit(Exit.PARTLY if any(record.problem for record in shown) else Exit.DONE)


def explain(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The source that the record came from.")],
    key: Annotated[str, typer.Argument(help="The record's key.")],
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Show, for every value of a stored record, where it stood, what was done to it, and what came out."""
    app = build(load_settings(home_of(context, home)))
    try:
        (wired,) = app.chosen([source])
        shown = explain_record(app.store, wired.source, key)
        waits = [] if shown else held_under(app.store, source, key)
    finally:
        app.close()
    if shown is None:
        show = f"it waits in quarantine; see: casefold quarantine show {waits[0]}" if waits else "see: casefold sync"
        raise BadConfiguration(f"no record {key!r} of {source} is stored; {show}")
    if json_output:
        print_json(shown.as_json())
    else:
        _print_record(shown, places=True)
    raise typer.Exit(Exit.PARTLY if shown.problem else Exit.DONE)


def _print_record(record: Shown, *, places: bool = False) -> None:
    out.print(f"[bold]{plain(record.key or '(no key)')}[/]  [dim]{plain(record.locator)}[/]")
    if record.problem is not None:
        out.print(f"  [red]quarantine[/] {plain(record.problem.reason)} {plain(record.problem.path)}")
        out.print(f"        {plain(record.problem.hint)}")
        return
    if record.ignored:
        out.print(f"  [yellow]ignored[/] {plain(record.ignored)}")
    for mention in record.mentions:
        out.print(f"  [cyan]{mention.type}[/] {plain(mention.local)}{_marks(mention.protections)}")
        for name, values in mention.values.items():
            for value in values:
                place = f"  [dim]{plain(value.where)} → {plain(value.chain) or 'as it is'} →[/]" if places else ""
                raw = f"  [dim]{plain(repr(value.raw))}[/]" if places and value.raw != str(value.value) else ""
                mark = "" if value.status == "asserted" else f" [yellow]{value.status} {value.confidence:.2f}[/]"
                out.print(f"    {name}:{place}{raw} {plain(_short(value.value))}{mark}")
    for link in record.links:
        role = f" as {link.role}" if link.role else ""
        words = f" ({link.words})" if link.words else ""
        out.print(f"  {plain(link.source)} [magenta]{link.type}[/]{role}{plain(words)} {plain(link.target)}")
    for path, reason in record.notes:
        out.print(f"  [yellow]note[/] {plain(reason)}  [dim]{plain(path)}[/]")


def _marks(protections: tuple[str, ...]) -> str:
    return f" [red]{' '.join(protections)}[/]" if protections else ""


def _short(value: Any) -> str:
    text = ", ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    return text if len(text) <= 200 else text[:200] + "…"  # noqa: PLR2004 - a line of a terminal


def doctor(context: typer.Context, home: HomeOption = None, json_output: JsonOption = False) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    findings = examine(home_of(context, home))
    failed = any(finding.outcome is Outcome.FAIL for finding in findings)
    if json_output:
        print_json({"ok": not failed, "findings": [finding.model_dump(mode="json") for finding in findings]})
    else:
        for finding in findings:
            out.print(f"{MARKS[finding.outcome]}  {plain(finding.step)}: {plain(finding.message)}")
            if finding.hint:
                out.print(f"      {plain(finding.hint)}")
    raise typer.Exit(Exit.PARTLY if failed else Exit.DONE)


def schema(
    mapping: Annotated[bool, typer.Option("--mapping", help="The JSON Schema of mapping files instead.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The reference page docs/schema.md instead.")] = False,
) -> None:
    """Print the JSON Schema of the shared entity schema."""
    if markdown:
        sys.stdout.write(schema_page())
    else:
        print_json(mapping_schema() if mapping else schema_document())
