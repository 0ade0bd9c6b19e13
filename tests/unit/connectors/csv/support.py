"""A folder with files in it, read with one call."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.context import SourceContext
from connectors.csv import CsvConfig, CsvConnector
from schemas.joins import Join
from schemas.records import JsonObject, Known
from tests.contract.connectors.suite import Haul, drain

DATA = Path(__file__).resolve().parents[4] / ".." / "shared" / "data"


def put(folder: Path, **files: str | bytes) -> None:
    r"""Write files: `cases="a,b\\n"` is cases.csv."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode() if isinstance(text, str) else text)


def connector(folder: Path, size: int = 1_000, join: Mapping[str, Join] | None = None, **settings: Any) -> CsvConnector:
    return CsvConnector(CsvConfig(**settings), SourceContext("demo", str(folder), size, join or {}))


def read(
    folder: Path,
    since: JsonObject | None = None,
    known: Known | None = None,
    size: int = 1_000,
    join: Mapping[str, Join] | None = None,
    **settings: Any,
) -> Haul:
    return drain(connector(folder, size, join, **settings), since, known)


def parsed(haul: Haul) -> list[Any]:
    return [record.parsed for record in haul.records if record.problem is None]


def reasons(haul: Haul) -> list[tuple[str, str]]:
    """Unit and reason of every file that was refused."""
    return [(problem.unit, problem.problem.reason) for problem in haul.problems]
