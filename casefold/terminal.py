"""How the command line speaks: people on stdout in colour, machines one JSON object, complaints and logs on stderr.

Exit codes: 0 done; 1 some records were quarantined or a source failed; 2 bad usage or configuration.
"""

from __future__ import annotations

import logging
import re
import sys
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.text import Text

DEFAULT_HOME = Path("casefold-data")
NO_SOURCES = "This home has no sources yet. Put one into sources/; docs/sources.md and config/examples show how."


class Exit(IntEnum):
    """What the shell hears."""

    DONE = 0
    PARTLY = 1
    USAGE = 2


def folder(text: str) -> Path:
    """A folder named on the command line; an empty text is a shell variable that nobody set, not the current one."""
    if not text.strip():
        raise typer.BadParameter("an empty text names no folder; for the current one, write .")
    return Path(text)


HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", parser=folder, help=f"The working folder; default: ./{DEFAULT_HOME}"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout; logs go to stderr.")]

_HIDDEN = {ord("["): "\ue000", ord("\\"): "\ue001"}
"""What rich would read as markup, as characters that no text of ours holds: `plain` takes private ones out."""
_SHOWN = {ord(hidden): chr(meant) for meant, hidden in _HIDDEN.items()}
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def marked(markup: str) -> Text:
    """Markup of ours as text; what `plain` made safe stands in it as it was written."""
    return _shown(Text.from_markup(markup, emoji=False))


def _shown(text: Text) -> Text:
    text.plain = text.plain.translate(_SHOWN)
    return text


class Screen(Console):
    """A console that shows what `plain` made safe as it was written, wherever it stands in markup."""

    def render_str(self, *arguments: Any, **options: Any) -> Text:
        """Markup as text."""
        return _shown(super().render_str(*arguments, **options))


out = Screen(highlight=False, soft_wrap=True, emoji=False)
err = Screen(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def home_of(context: typer.Context, home: Path | None) -> Path:
    """The home named at the command, else before it, else the default."""
    general = context.find_root().params.get("home")
    return home or (Path(general) if general else DEFAULT_HOME)


def print_json(value: Any) -> None:
    """One JSON object on stdout, nothing else."""
    sys.stdout.buffer.write(harmless(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE)))
    sys.stdout.buffer.flush()


def harmless(json: bytes) -> bytes:
    """The same JSON with every character escaped that a terminal would obey."""
    if json.isascii() and b"\x7f" not in json:
        return json
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", json.decode("utf-8")).encode("utf-8")


def set_up_logging(*, verbose: bool) -> None:
    """Logs of ours to stderr; libraries speak only when something is wrong (httpx would print URLs)."""
    handler = RichHandler(console=err, show_path=False, show_time=False)
    handler.setFormatter(_SafeFormatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("casefold").setLevel(logging.DEBUG if verbose else logging.WARNING)


class _SafeFormatter(logging.Formatter):
    """Takes control characters out of log lines: a file's name may hold them."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, or several where an exception is shown."""
        return "\n".join(printable(line) for line in super().format(record).splitlines())


def complain(message: str) -> None:
    """Say what is wrong, on stderr."""
    for line in message.splitlines() or [message]:
        err.print(f"[bold red]error[/] {plain(line)}")


def plain(text: str) -> str:
    """Text from records, to stand in markup of ours: on one line, harmless to a terminal, and no markup itself."""
    return printable(text).translate(_HIDDEN)


def printable(text: str) -> str:
    """Text on one line, without characters that a terminal obeys or that nobody sees."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else " " if one.isspace() else "\N{REPLACEMENT CHARACTER}" for one in text)
