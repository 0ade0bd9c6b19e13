"""The doctor finds what is wrong with the program itself too: Python, packages, SQLite."""

from __future__ import annotations

import sqlite3
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, NoReturn

import pytest

from casefold import doctor
from connectors.port import Outcome

if TYPE_CHECKING:
    from pathlib import Path


def found(home: Path, step: str) -> tuple[Outcome, str]:
    (finding,) = [finding for finding in doctor.examine(home) if finding.step == step]
    return finding.outcome, finding.message


def test_an_old_python_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (9, 0))
    assert found(tmp_path, "python") == (
        Outcome.FAIL,
        "Python 3.11 or newer is needed; install one and make the environment again",
    )


def test_a_casefold_that_is_not_installed_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> NoReturn:
        raise PackageNotFoundError

    monkeypatch.setattr(doctor, "version", missing)
    outcome, said = found(tmp_path, "packages")
    assert outcome is Outcome.FAIL
    assert "./dev" in said


def test_an_sqlite_without_full_text_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Without:
        def execute(self, _: str) -> NoReturn:
            raise sqlite3.OperationalError("no such module: fts5")

        def close(self) -> None:
            """Nothing to close."""

    monkeypatch.setattr("sqlite3.connect", lambda _: Without())
    outcome, said = found(tmp_path, "sqlite")
    assert outcome is Outcome.FAIL
    assert "FTS5" in said


def test_a_fault_of_ours_is_a_finding_and_not_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> NoReturn:
        raise KeyError("CANARY")

    monkeypatch.setattr(doctor, "kinds", fails)
    outcome, said = found(tmp_path, "connectors")
    assert outcome is Outcome.FAIL
    assert "KeyError" in said
    assert "CANARY" not in said
    assert found(tmp_path, "sqlite")[0] is Outcome.PASS
