"""How the command line speaks: people on stdout in colour, machines one JSON object, complaints and logs on stderr.

Exit codes: 0 done; 1 some records were quarantined or a source failed; 2 bad usage or configuration.
"""

from __future__ import annotations

import logging
import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.logging import RichHandler

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_HOME = Path("casefold-data")


class Exit(IntEnum):
    """What the shell hears."""

    DONE = 0
    PARTLY = 1
    USAGE = 2


HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="The working folder.", show_default=str(DEFAULT_HOME)),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout; logs go to stderr.")]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def home_of(context: typer.Context, home: Path | None) -> Path:
    """The home named at the command, else before it, else the default."""
    general = context.find_root().params.get("home")
    return home or (Path(general) if general else DEFAULT_HOME)


def print_json(value: Any) -> None:
    """One JSON object on stdout, nothing else."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS) + b"\n")
    sys.stdout.buffer.flush()


def set_up_logging(*, verbose: bool) -> None:
    """Logs of ours to stderr; libraries speak only when something is wrong (httpx would print URLs)."""
    handler = RichHandler(console=err, show_path=False, show_time=False)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler], force=True)
    logging.getLogger("casefold").setLevel(logging.DEBUG if verbose else logging.WARNING)


def lines(text: str) -> Iterator[str]:
    """A complaint's lines, for printing one by one."""
    yield from text.splitlines() or [text]


def complain(message: str) -> None:
    """Say what is wrong, on stderr."""
    for line in lines(message):
        err.print(f"[bold red]error[/] {_escaped(line)}")


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")


def plain(text: str) -> str:
    """Text from records, made safe for rich's markup and free of terminal control characters."""
    shown = "".join(character if character.isprintable() or character == "\n" else "�" for character in text)
    return _escaped(shown)
