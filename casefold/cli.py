"""The command line. Each command wires what it needs, asks, prints, and says in its exit code how it went."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from casefold.commands import ask, demo, setup, syncing
from casefold.faults import sentence
from casefold.ownership import assert_ours
from casefold.terminal import Exit, HomeOption, complain, set_up_logging
from schemas.records import BadConfiguration


class Commands(TyperGroup):
    """Whatever ends a command becomes a sentence and an exit code here: the one place that catches broadly."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # typer's own type is not public
        """Run a command."""
        try:
            assert_ours()
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # who read our output has seen enough: `casefold export | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(Exit.DONE) from None
        except Exception as error:
            if isinstance(error, typer.Abort) or hasattr(error, "exit_code"):
                raise  # typer's own way to end, or a usage error that it prints itself
            complain(sentence(error))
            usage = isinstance(error, BadConfiguration | OSError)
            raise typer.Exit(Exit.USAGE if usage else Exit.PARTLY) from None
        return done


app = typer.Typer(
    name="casefold",
    cls=Commands,
    help="The case notes of many agencies, folded into one link graph that nobody had to type.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - as typer calls it
    if wanted:
        typer.echo(f"casefold {version('casefold')}")
        raise typer.Exit(Exit.DONE)


VersionOption = Annotated[
    bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version)
]


@app.callback()
def _general(
    home: HomeOption = None,  # noqa: ARG001 - read by `home_of` from the root context
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more, on stderr.")] = False,  # noqa: FBT002 - a CLI flag
    shown: VersionOption = False,  # noqa: ARG001, FBT002 - a CLI flag; `_print_version` has done its work
) -> None:
    set_up_logging(verbose=verbose)


setup.register(app)
syncing.register(app)
ask.register(app)
demo.register(app)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
