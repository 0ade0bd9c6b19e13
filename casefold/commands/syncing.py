"""Syncing, and what could not be read: sync, quarantine list / show / retry / dismiss."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casefold.faults import sentence
from casefold.places import located
from casefold.progress import watching
from casefold.settings import load_settings
from casefold.terminal import NO_SOURCES, Exit, HomeOption, JsonOption, complain, err, home_of, out, plain, print_json
from casefold.wiring import Casefold, build
from graph.read import Graph
from schemas.access import Principal
from schemas.records import BadConfiguration
from service.sync import quarantine as held
from service.sync.runner import Runner, SourceResult
from service.sync.stored import source_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.store import Store
    from service.sync.source import Source

COUNTS = ("pulled", "unchanged", "mapped", "ignored", "quarantined", "deleted", "mentions", "links")
ALWAYS = ("pulled", "unchanged", "mapped")
"""Counts that are shown even where they are 0."""
RETRIED = (held.RECORD, held.MOVING)
"""Kinds of entries that a mapping may read; the others are for the connector to read again."""
LARGEST = 2**63 - 1
"""The largest number that a store can count to."""
quarantine_app = typer.Typer(help="What could not be read: list, show, retry, dismiss.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(sync)
    app.add_typer(quarantine_app, name="quarantine")


def sync(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Argument(help="Sources to sync; all when left out.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again, not only what is new.")] = False,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Pull, map, resolve and publish, once."""
    app = build(load_settings(home_of(context, home)))
    try:
        results = sync_sources(app, source or [], full=full, show_progress=not json_output)
        results = [_located(app, result) for result in results]
        nodes, edges = Graph(app.store, Principal.administrator()).counts()
    finally:
        app.close()
    if json_output:
        print_json({"sources": [_as_json(result) for result in results], "nodes": nodes, "edges": edges})
    else:
        _print_results(results, nodes, edges)
    for result in results:
        if result.error:
            complain(f"{result.name}: {result.error}")
    raise typer.Exit(_exit(results))


def sync_sources(app: Casefold, names: Sequence[str], *, full: bool, show_progress: bool) -> list[SourceResult]:
    """Run the chosen sources one after the other; the failure of one does not stop the next."""
    chosen = app.chosen(names)
    with watching(show=show_progress and err.is_terminal) as observe:
        runner = Runner(app.store, observe=observe)
        return [_sync_one(runner, wired.source, full=full) for wired in chosen]


def _sync_one(runner: Runner, source: Source, *, full: bool) -> SourceResult:
    """Run one source; what nobody foresaw fails this source, and the next one has its turn."""
    try:
        return asyncio.run(runner.sync(source, full=full))
    except Exception as error:  # noqa: BLE001 - the failure of one source does not stop the next
        return SourceResult(source.name, error=sentence(error))


def _located(app: Casefold, result: SourceResult) -> SourceResult:
    """A result whose complaint about a setting says where that stands."""
    if result.error and result.configuration:
        error = located(app.sources[result.name], result.error, app.home)
        return replace(result, error=error)
    return result


def _exit(results: Sequence[SourceResult]) -> Exit:
    if any(result.configuration for result in results):
        return Exit.USAGE
    return Exit.PARTLY if any(result.error or result.counts.quarantined for result in results) else Exit.DONE


def _as_json(result: SourceResult) -> dict[str, Any]:
    counts = {name: getattr(result.counts, name) for name in COUNTS}
    extra: dict[str, Any] = {"reasons": result.counts.reasons} if result.counts.reasons else {}
    if result.error:
        extra["error"] = result.error
    return {"name": result.name, **counts, "seconds": result.seconds, **extra}


def _table(results: Sequence[SourceResult]) -> Iterator[str]:
    """A line for each source, as wide as it is: whatever a pipe or a cron job says of its width, no count is cut."""
    shown = [name for name in COUNTS if name in ALWAYS or any(getattr(result.counts, name) for result in results)]
    rows = [["source", *shown, "seconds"]]
    for result in results:
        counts = [str(getattr(result.counts, name)) for name in shown]
        rows.append([result.name, *counts, f"{result.seconds:.1f}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, (name, *cells) in enumerate(rows):
        line = name.ljust(widths[0]) + "".join(
            f"  {cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True)
        )
        yield plain(line) if number else f"[bold]{line}[/]"


def _print_results(results: Sequence[SourceResult], nodes: int, edges: int) -> None:
    if not results:
        out.print(NO_SOURCES)
        return
    for line in _table(results):
        out.print(line)
    for result in results:
        for reason, count in sorted(result.counts.reasons.items()):
            out.print(f"[dim]{plain(result.name)}: ignored {count}: {plain(reason)}[/]")
    out.print(f"\nThe graph holds {nodes:,} nodes and {edges:,} edges.")
    if any(result.counts.quarantined for result in results):
        out.print("[yellow]Some records could not be read.[/] See: casefold quarantine list")


@quarantine_app.command("list")
def list_command(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--each", help="One line an entry, not one a reason.")] = False,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """What waits, grouped by reason: one line with one thing to do."""
    app = build(load_settings(home_of(context, home)))
    try:
        with app.store.read() as reading:
            names = source_names(reading.connection)
            groups = held.groups(reading.connection)
            entries = held.entries(reading.connection) if every else []
    finally:
        app.close()
    if json_output:
        rows = entries if every else groups
        print_json({"quarantine": [{**row._asdict(), "source": names[row.source]} for row in rows]})
        return
    for group in () if every else groups:
        where = f" at {group.path}" if group.path else ""
        out.print(f"[bold]{group.waiting:>6}[/]  {plain(names[group.source])}: {plain(group.reason + where)}")
        out.print(f"        {plain(group.hint)}  [dim](the first: casefold quarantine show {group.first})[/]")
    for entry in entries:
        who = entry.key or entry.locator
        out.print(
            f"{entry.id:>6}  {plain(names[entry.source])} {plain(who)}: {plain(entry.reason)} {plain(entry.path)}"
        )
    if not groups:
        out.print("Nothing waits in quarantine.")


@quarantine_app.command("show")
def show_command(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The entry's number.", min=1, max=LARGEST)],
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """One entry whole, with the bytes that could not be read."""
    app = build(load_settings(home_of(context, home)))
    try:
        with app.store.read() as reading:
            names = source_names(reading.connection)
            found = held.entries(reading.connection, state=None, ids=[number])
            body = held.body(reading.connection, number)
    finally:
        app.close()
    if not found or body is None:
        raise BadConfiguration(f"there is no entry {number}; see: casefold quarantine list --each")
    entry = {**found[0]._asdict(), "source": names[found[0].source]}
    text = body.body.decode("utf-8", "replace")
    if json_output:
        print_json({**entry, "body": text})
        return
    for name, value in entry.items():
        out.print(f"[bold]{name}[/]: {plain(str(value))}")
    out.print("[bold]body[/]:")
    for line in text.splitlines():
        out.print(f"  {plain(line)}")


@quarantine_app.command("retry")
def retry_command(
    context: typer.Context,
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Entries; all that wait when left out.", min=1, max=LARGEST)
    ] = None,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Run records through the current mapping again; files are read again by the next sync."""
    app = build(load_settings(home_of(context, home)))
    try:
        results, elsewhere = _retry(app, numbers)
    finally:
        app.close()
    if json_output:
        print_json({"sources": [_as_json(result) for result in results]})
    else:
        for result in results:
            landed, still = result.counts.mapped, result.counts.quarantined
            out.print(f"{plain(result.name)}: {landed} landed, {still} still cannot be read")
        if not results and not elsewhere:
            out.print("Nothing to retry.")
    for reason in elsewhere:
        err.print(plain(reason))
    for result in results:
        if result.error:
            complain(f"{result.name}: {result.error}")
    raise typer.Exit(_exit(results))


def _retry(app: Casefold, numbers: Sequence[int] | None) -> tuple[list[SourceResult], list[str]]:
    """Retry what a mapping may read now; the other answer says why the rest was left alone."""
    with app.store.read() as reading:
        names = source_names(reading.connection)
        entries = held.entries(reading.connection, ids=numbers)
    _all_there(numbers or (), [entry.id for entry in entries])
    runner, results, elsewhere = Runner(app.store), [], []
    for number in sorted({entry.source for entry in entries}):
        mine = [entry for entry in entries if entry.source == number]
        ids = [entry.id for entry in mine if entry.kind in RETRIED]
        wired = app.sources.get(names[number])
        if wired is None:
            elsewhere.append(f"{names[number]}: this home has no such source any more; {len(mine)} left alone")
            continue
        if ids:
            results.append(asyncio.run(runner.retry(wired.source, ids)))
        if len(ids) < len(mine):
            elsewhere.append(
                f"{names[number]}: {len(mine) - len(ids)} are read again by: casefold sync {names[number]}"
            )
    return results, elsewhere


def _all_there(asked: Sequence[int], waiting: Sequence[int]) -> None:
    """Raise BadConfiguration for a number under which nothing waits."""
    missing = sorted(set(asked) - set(waiting))
    if missing:
        numbers = ", ".join(map(str, missing))
        raise BadConfiguration(f"nothing waits under {numbers}; see: casefold quarantine list --each")


@quarantine_app.command("dismiss")
def dismiss_command(
    context: typer.Context,
    numbers: Annotated[list[int], typer.Argument(help="Entries to set aside.", min=1, max=LARGEST)],
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Set entries aside: they are kept, but no longer wait."""
    app = build(load_settings(home_of(context, home)))
    try:
        count = _dismiss(app.store, numbers)
    finally:
        app.close()
    if json_output:
        print_json({"dismissed": count})
    else:
        out.print(f"{count} set aside.")


def _dismiss(store: Store, numbers: Sequence[int]) -> int:
    with store.write() as tx:
        waiting = held.entries(tx.connection, ids=numbers)
        _all_there(numbers, [entry.id for entry in waiting])
        return held.set_state(tx.connection, numbers, held.DISMISSED)
