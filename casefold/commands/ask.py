"""Asking the graph, as the installation's administrator: search, show, neighbors, path, export."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casefold.settings import load_settings
from casefold.terminal import Exit, HomeOption, JsonOption, complain, err, harmless, home_of, out, plain, print_json
from casefold.wiring import open_store
from graph.export.jsonl import export_jsonl
from graph.read import AmbiguousId, Graph
from mapping.yamlfile import nearest
from schemas.access import Principal
from schemas.records import BadConfiguration
from schemas.vocabulary import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.views import EdgeView, Hit, Neighborhood, NodeView, PathResult

NodeArgument = Annotated[str, typer.Argument(help="A node's id, a mention's id, or its first 8 digits or more.")]
TypesOption = Annotated[list[str] | None, typer.Option("--type", help="Only this entity type; may be repeated.")]
FORMATS = ("jsonl",)
SHORT = 12


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (search, show, neighbors, path, export):
        app.command()(command)


@contextmanager
def _graph(context: typer.Context, home: Path | None) -> Iterator[Graph]:
    """The home's graph as its administrator sees it."""
    store = open_store(load_settings(home_of(context, home)))
    try:
        yield Graph(store, Principal.administrator())
    except AmbiguousId as error:
        raise BadConfiguration(str(error)) from error
    finally:
        store.close()


def _types(names: Sequence[str] | None) -> list[str] | None:
    known = {str(kind).casefold(): str(kind) for kind in EntityType}
    for name in names or ():
        if name.casefold() not in known:
            message = f"there is no entity type {name!r}; {nearest(name, list(known.values()))}"
            raise BadConfiguration(message)
    return [known[name.casefold()] for name in names] if names else None


def search(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(help="Names, numbers, plates, words; a phone in any spelling.")],
    kind: TypesOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Find people, phones, plates, accounts, cases, and words in notes."""
    with _graph(context, home) as graph:
        hits = graph.search(" ".join(text), _types(kind), limit)
    if json_output:
        print_json({"hits": [_hit(hit) for hit in hits]})
        return
    for hit in hits:
        mark = "[green]=[/]" if hit.exact else " "
        out.print(
            f"{mark} [cyan]{hit.type:<16}[/] {plain(hit.label)}  [dim]{hit.mentions} mentions  {hit.id[:SHORT]}[/]"
        )
    if not hits:
        out.print("Nothing found.")


def show(context: typer.Context, node: NodeArgument, home: HomeOption = None, json_output: JsonOption = False) -> None:
    """One node whole: what is known, and which records say so."""
    with _graph(context, home) as graph:
        found = graph.node(node)
        around = graph.neighbors(node) if found else None
    if found is None or around is None:
        raise _nothing(node)
    if json_output:
        print_json({**found.line(), "neighbors": around.counts})
        return
    _print_node(found)
    for kind, count in sorted(around.counts.items()):
        out.print(f"  {count:>5} {kind} beside it")


def neighbors(
    context: typer.Context,
    node: NodeArgument,
    kind: TypesOption = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """What is one edge away from a node, and why."""
    with _graph(context, home) as graph:
        around = graph.neighbors(node, _types(kind), limit)
    if around is None:
        raise _nothing(node)
    if json_output:
        print_json(_neighborhood(around))
        return
    out.print(f"[cyan]{around.node.type}[/] [bold]{plain(around.node.label)}[/]")
    for neighbor in around.neighbors:
        for edge in neighbor.edges:
            out.print(f"  {_arrow(edge, around.node)} [cyan]{neighbor.node.type}[/] {plain(neighbor.node.label)}"
                      f"  [dim]{neighbor.node.id[:SHORT]}[/]")  # fmt: skip
    if around.total > len(around.neighbors):
        out.print(f"[yellow]{around.total - len(around.neighbors)} more[/]; ask with --limit")
    if around.capped:
        out.print("[yellow]This node is a hub: not all of its mentions were looked at.[/]")


def path(
    context: typer.Context,
    start: Annotated[str, typer.Argument(help="A node's id.", metavar="A")],
    goal: Annotated[str, typer.Argument(help="Another node's id.", metavar="B")],
    hops: Annotated[int, typer.Option(min=1, max=10, help="How long at most.")] = 6,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """A shortest path between two nodes, edge by edge."""
    with _graph(context, home) as graph:
        found = graph.path(start, goal, max_hops=hops)
    if found is None:
        raise _nothing(f"{start} or {goal}")
    if json_output:
        print_json(_path(found))
    else:
        _print_path(found)


def export(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", help="jsonl")] = "jsonl",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; stdout when left out.")] = None,
    home: HomeOption = None,
) -> None:
    """The whole visible graph: nodes, then edges, one JSON object a line."""
    if form not in FORMATS:
        message = f"there is no export format {form!r}; {nearest(form, list(FORMATS))}"
        raise BadConfiguration(message)
    with _graph(context, home) as graph:
        if output is None:
            write = sys.stdout.buffer.write
            export_jsonl(graph, (lambda line: write(harmless(line))) if sys.stdout.isatty() else write)
            sys.stdout.buffer.flush()
            return
        count = _to_file(graph, output)
    err.print(f"{count} lines written to {plain(str(output))}")


def _to_file(graph: Graph, output: Path) -> int:
    """Write beside the target, readable by its owner alone, and rename: a file that is there is whole.

    A pipe or a device is written to, never replaced.
    """
    if output.exists() and not output.is_file():
        with output.open("wb") as file:
            return export_jsonl(graph, file.write)
    output = output.resolve()
    partial = output.with_name(f".{output.name}.{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            count = export_jsonl(graph, file.write)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    return count


def _nothing(what: str) -> typer.Exit:
    complain(f"there is no node {what}; find one with: casefold search TEXT")
    return typer.Exit(Exit.USAGE)


def _hit(hit: Hit) -> dict[str, Any]:
    return {"id": hit.id, "type": hit.type, "label": hit.label, "mentions": hit.mentions, "exact": hit.exact}


def _neighborhood(around: Neighborhood) -> dict[str, Any]:
    return {
        "node": around.node.line(),
        "neighbors": [
            {"node": neighbor.node.line(), "edges": [edge.line() for edge in neighbor.edges]}
            for neighbor in around.neighbors
        ],
        "counts": around.counts,
        "capped": around.capped,
    }


def _path(found: PathResult) -> dict[str, Any]:
    return {
        "found": found.found,
        "hops": found.hops,
        "nodes": [node.line() for node in found.nodes],
        "edges": [[edge.line() for edge in step] for step in found.edges],
        "visited": found.visited,
        "capped": list(found.capped),
        "exhausted": found.exhausted,
    }


def _print_node(node: NodeView) -> None:
    out.print(f"[cyan]{node.type}[/] [bold]{plain(node.label)}[/]  [dim]{node.id}[/]")
    for name, values in node.properties.items():
        for value in values:
            shown = ", ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            out.print(f"  {name}: {plain(shown)}")
    for mention in node.mentions:
        out.print(f"  [dim]{mention['agency']} {plain(mention['source'])} {plain(mention['record'])}[/]")


def _arrow(edge: EdgeView, node: NodeView) -> str:
    roles = f" as {', '.join(edge.roles)}" if edge.roles else ""
    said = f"{edge.type}{roles}"
    marks = {piece["status"] for piece in edge.evidence}
    tail = "" if "asserted" in marks or "confirmed" in marks else " [yellow](extracted)[/]"
    return f"── [magenta]{said}[/]{tail} ─▶" if edge.source == node.id else f"◀─ [magenta]{said}[/]{tail} ──"


def _print_path(found: PathResult) -> None:
    if not found.found:
        out.print("No path." + (" The search was cut short." if found.exhausted or found.capped else ""))
        return
    for position, node in enumerate(found.nodes):
        out.print(f"[cyan]{node.type}[/] {plain(node.label)}  [dim]{node.id[:SHORT]}[/]")
        for edge in found.edges[position] if position < len(found.edges) else ():
            sources = sorted({f"{piece['source']} {piece['record']}" for piece in edge.evidence})
            out.print(f"   {_arrow(edge, node)}  [dim]{plain('; '.join(sources))}[/]")
    if found.capped:
        out.print(f"[yellow]Hubs searched in part: {plain(', '.join(found.capped))}[/]")
