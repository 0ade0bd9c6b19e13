"""`casefold doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import sqlite3
import sys
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from casefold.faults import sentence
from casefold.ownership import assert_ours
from casefold.settings import CONFIG_FILE, load_settings
from casefold.wiring import open_store, wire
from connectors.port import CheckStep, Outcome
from connectors.registry import kinds
from mapping.load import shipped_profiles
from schemas.records import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casefold.settings import Settings, SourceFile

OLDEST_PYTHON = (3, 11)
GROUP_OR_OTHERS = 0o077


def examine(home: Path) -> list[CheckStep]:
    """Every part that a sync needs, in the order in which it needs them."""
    findings = [
        _try("python", _python),
        _try("packages", _packages),
        _try("connectors", lambda: ", ".join(kinds())),
        _try("mappings", lambda: f"{len(shipped_profiles())} profiles ship with this version"),
        _try("sqlite", _sqlite),
    ]
    if not (home / CONFIG_FILE).is_file():
        hint = f"make one with: casefold init --home {home}"
        findings.append(CheckStep(step="home", outcome=Outcome.HINT, message=f"{home} is no home yet", hint=hint))
        return findings
    return findings + _home(home)


def _home(home: Path) -> list[CheckStep]:
    findings = [_try("home", lambda: f"{len(load_settings(home).sources)} sources")]
    if findings[-1].outcome is Outcome.FAIL:
        return findings
    settings = load_settings(home)
    findings += [_try(f"source {one.settings.name}", partial(_wires, settings, one)) for one in settings.sources]
    key = home / "identity.key"
    if key.exists() and key.stat().st_mode & GROUP_OR_OTHERS:
        hint = f"chmod 600 {key}"
        message = "identity.key can be read by others"
        findings.append(CheckStep(step="identity key", outcome=Outcome.FAIL, message=message, hint=hint))
    findings.append(_try("store", lambda: _store(home)))
    return findings


def _wires(settings: Settings, source: SourceFile) -> str:
    wire(settings, source)
    return "configuration and mapping are valid"


def _store(home: Path) -> str:
    store = open_store(load_settings(home))
    try:
        return f"{store.dialect} answers, tables are up to date"
    finally:
        store.close()


def _python() -> str:
    if sys.version_info[:2] < OLDEST_PYTHON:
        message = "Python 3.11 or newer is needed; install one and make the environment again"
        raise BadConfiguration(message)
    return f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"


def _packages() -> str:
    assert_ours()
    try:
        return f"casefold {version('casefold')}"
    except PackageNotFoundError as error:
        message = "Casefold is not installed in this environment; run ./dev, or: pip install ."
        raise BadConfiguration(message) from error


def _sqlite() -> str:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(words)")
    except sqlite3.OperationalError as error:
        message = "this Python's SQLite has no FTS5; use a Python whose SQLite has, or PostgreSQL"
        raise BadConfiguration(message) from error
    finally:
        connection.close()
    return sqlite3.sqlite_version


def _try(step: str, question: Callable[[], str]) -> CheckStep:
    """Ask, and turn whatever fails into a finding with what to do."""
    try:
        return CheckStep(step=step, outcome=Outcome.PASS, message=question())
    except Exception as error:  # noqa: BLE001 - who asks what is wrong hears of everything that is
        return CheckStep(step=step, outcome=Outcome.FAIL, message=sentence(error))
