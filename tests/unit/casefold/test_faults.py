"""A failure is told in a sentence that holds no case data and no secret."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from casefold.faults import sentence
from schemas.records import BadConfiguration, Stop

CANARY = "CANARY-24-0815"


def caught(error: Exception) -> Exception:
    """The error as it is after it was raised."""
    try:
        raise error
    except Exception as raised:  # noqa: BLE001 - any error is what this is about
        return raised


def test_an_error_of_ours_speaks_for_itself() -> None:
    assert sentence(BadConfiguration("a.yaml:1: no")) == "a.yaml:1: no"
    assert sentence(Stop("401 from /x")) == "401 from /x"


def test_the_system_says_what_and_which_file() -> None:
    assert sentence(PermissionError(errno.EACCES, "Permission denied", "/x/y")) == "Permission denied: /x/y"
    assert sentence(OSError(errno.ENOSPC, "No space left on device")) == "No space left on device"


def test_a_store_that_fails_is_told_in_the_drivers_first_line_without_the_statement() -> None:
    driver = sqlite3.OperationalError(f"disk I/O error\nDETAIL: {CANARY}")
    said = sentence(OperationalError("INSERT INTO x", {"name": CANARY}, driver))
    assert said.startswith("the store failed: disk I/O error;")
    assert CANARY not in said


@pytest.mark.parametrize(
    "error",
    [
        ValueError(CANARY),
        KeyError(CANARY),
        IntegrityError("INSERT", {"a": CANARY}, sqlite3.IntegrityError(f"Key (a)=({CANARY}) exists")),
    ],
)
def test_anything_else_is_named_by_kind_and_place_alone(error: Exception) -> None:
    said = sentence(caught(error))
    assert CANARY not in said
    assert "Error in test_faults.py:" in said


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert "in an unknown place" in sentence(TypeError(CANARY))
