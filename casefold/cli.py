"""The command line. Each command wires what it needs, asks, prints, and says in its exit code how it went."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from casefold.commands import ask, demo, setup, syncing
from casefold.ownership import assert_ours
from casefold.terminal import Exit, HomeOption, complain, set_up_logging
from schemas.records import BadConfiguration

app = typer.Typer(
    name="casefold",
    help="The case notes of many agencies, folded into one link graph that nobody had to type.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback()
def _general(
    home: HomeOption = None,  # noqa: ARG001 - read by `home_of` from the root context
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more, on stderr.")] = False,  # noqa: FBT002 - a CLI flag
) -> None:
    set_up_logging(verbose=verbose)


setup.register(app)
syncing.register(app)
ask.register(app)
demo.register(app)


def main() -> None:
    """Run the command line; configuration errors are sentences, not tracebacks."""
    try:
        assert_ours()
        app()
    except BadConfiguration as error:
        complain(str(error))
        sys.exit(Exit.USAGE)
    except BrokenPipeError:
        sys.exit(Exit.DONE)


if __name__ == "__main__":
    main()
