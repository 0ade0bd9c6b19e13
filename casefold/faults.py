"""What a command says when something failed: a sentence, never a traceback, and never the case data in an exception.

Errors of ours are written for people. Those of the system and of the store's driver are told in their first line. Of
anything else only kind and place are told: its message might hold a name or a number out of a record.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from schemas.records import SourceError

ROOT = Path(__file__).resolve().parent.parent


def sentence(error: Exception) -> str:
    """What went wrong, where, and what to do."""
    if isinstance(error, SourceError):
        return str(error)
    if isinstance(error, OperationalError | InterfaceError):
        return f"the store failed: {_first_line(error)}; see: casefold doctor"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"Casefold failed: {_kind(error)} in {_place(error)}; this is a fault of the program, please report it"


def _kind(error: Exception) -> str:
    return type(error.orig).__name__ if isinstance(error, DBAPIError) and error.orig else type(error).__name__


def _first_line(error: DBAPIError) -> str:
    """The driver's own first line names files, hosts and limits; what follows may quote a row."""
    return str(error.orig).strip().partition("\n")[0]


def _place(error: Exception) -> str:
    """The last line of ours on the way to the error."""
    frames = list(traceback.extract_tb(error.__traceback__))
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT) and ".venv" not in frame.filename]
    for frame in reversed(ours or frames):
        return f"{Path(frame.filename).name}:{frame.lineno}"
    return "an unknown place"
