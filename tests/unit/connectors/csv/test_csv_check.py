from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.csv import CsvConfig
from connectors.port import CheckStep, Outcome
from schemas.joins import Join
from tests.unit.connectors.csv.support import connector, put

PEOPLE = {"people": Join(files="people*.csv", key="case")}


def steps(folder: Path, **settings: Any) -> list[CheckStep]:
    return list(asyncio.run(connector(folder, **settings).check()).steps)


def test_it_says_what_is_there_how_it_is_read_and_why(tmp_path: Path) -> None:
    put(tmp_path, cases=b"case;street\nC1;Main\n", people="case,name\nC1,José\n".encode("cp1252"))
    proof = "byte 16 is not UTF-8, and nothing else in the file is beyond ASCII in UTF-8"
    messages = [(step.step, step.outcome.value, step.message) for step in steps(tmp_path, join=PEOPLE)]
    assert messages == [
        ("folder", "pass", "main files: 1, 1 of join `people`"),
        ("file", "pass", "cases.csv: utf-8 (all bytes are ASCII), separated by semicolon, 2 columns"),
        (
            "file",
            "pass",
            f"people.csv: cp1252 ({proof}), separated by comma, 2 columns",
        ),
        ("join", "pass", "columns found: people by `case`"),
        ("sample", "pass", "cases.csv: 1 rows read"),
        ("sample", "pass", "people.csv: 1 rows read"),
    ]


@pytest.mark.parametrize(
    ("content", "step", "words"),
    [
        (b"a,b\n1,2", "file", "set `final_newline: true`"),
        (b"a b\n1\n", "file", "declare `delimiter`"),
        (b"a,b\n1,2\n3\n", "sample", "they would go to quarantine"),
    ],
)
def test_what_is_odd_is_a_hint(tmp_path: Path, content: bytes, step: str, words: str) -> None:
    put(tmp_path, cases=content)
    [hint] = [found for found in steps(tmp_path) if found.outcome is Outcome.HINT]
    assert hint.step == step
    assert words in hint.hint


@pytest.mark.parametrize(
    ("content", "step", "words"),
    [
        (b"", "file", "cases.csv: file is empty"),
        (b"a,b\n1,\0\n", "file", "cases.csv: file holds NUL bytes (byte 6)"),
        (b'a,b\n1,"2\n', "file", "cases.csv: a quote is opened and never closed (line 2)"),
    ],
)
def test_what_cannot_be_read_fails(tmp_path: Path, content: bytes, step: str, words: str) -> None:
    put(tmp_path, cases=content)
    [*_, last] = steps(tmp_path)
    assert (last.step, last.outcome, last.message) == (step, Outcome.FAIL, words)
    assert last.hint


def test_a_wrong_place_or_join_fails_with_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, cases="case\nC1\n", people="caze\nC1\n")
    assert "does not exist" in steps(tmp_path, path="nowhere")[-1].message
    assert "has no column `case`; the nearest is `caze`" in steps(tmp_path, join=PEOPLE)[-1].message
    put(tmp_path, people2="case\nC1\n")
    assert steps(tmp_path, join=PEOPLE)[-1].message == "people.csv: file lacks the column that joins it (case)"


def test_an_empty_folder_is_a_hint(tmp_path: Path) -> None:
    assert [(step.outcome, step.message) for step in steps(tmp_path)] == [(Outcome.HINT, "the folder is empty")]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"encoding": "utf-9"}, "encoding `utf-9` is unknown"),
        ({"encoding": "base64"}, "encoding `base64` is unknown"),
        ({"delimiter": ",,"}, "must be one character"),
        ({"quote": "\n"}, "must be one character"),
        ({"delimiter": "'", "quote": "'"}, "are the same character"),
        ({"files": "../*.csv"}, "must be a glob inside the source's folder"),
        ({"files": "/etc/*"}, "must be a glob inside the source's folder"),
        ({"header": ["a", "a"]}, "names a column twice"),
        ({"header": []}, "at least 1"),
    ],
)
def test_settings_that_no_file_could_have_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        CsvConfig(**settings)
