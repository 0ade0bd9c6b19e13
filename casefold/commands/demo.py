"""`casefold demo`: the fictional agencies, end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casefold.demo import run_demo
from casefold.progress import watching
from casefold.telling import TerminalTeller
from casefold.terminal import JsonOption, err, folder, home_of, out, print_json
from config.demo import DEMO_SEED

DEMO_HOME = Path("casefold-demo")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(demo)


def demo(
    context: typer.Context,
    seed: Annotated[int, typer.Option("--seed", help="Which world: another seed has another answer.")] = DEMO_SEED,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", parser=folder, help=f"A folder of its own; default: ./{DEMO_HOME}"),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Three fictional agencies into one graph, and the answer that none of them holds."""
    place = home_of(context, home or context.find_root().params.get("home") or DEMO_HOME)
    teller = None if json_output else TerminalTeller(out)
    show = err.is_terminal and not json_output
    story = run_demo(place, teller, lambda: watching(show=show), seed)
    if json_output:
        print_json(story.as_json())
