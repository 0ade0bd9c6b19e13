from __future__ import annotations

from pathlib import Path

import pytest

from connectors.context import SourceContext
from connectors.csv import CsvConfig, CsvConnector
from schemas.joins import Join
from tests.contract.connectors.suite import Case, Conformance

CASES = [f"C{number:03d},2024-01-{number % 28 + 1:02d},Main St {number}" for number in range(30)]


class TestPlainFiles(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        first, second = tmp_path / "cases-a.csv", tmp_path / "cases-b.csv"
        first.write_text("\n".join(["case,date,street", *CASES[:20]]) + "\n")
        second.write_text("\n".join(["case,date,street", *CASES[20:], "C099,too short"]) + "\n")

        def change() -> None:
            first.write_text(first.read_text().replace("Main St 11\n", "Second St 11\n"))

        def make(size: int) -> CsvConnector:
            return CsvConnector(CsvConfig(path="."), SourceContext("demo", str(tmp_path), size))

        return Case(make, good=30, bad=1, change=change, settings={"path": "."})


@pytest.mark.parametrize("order", ["in step", "reversed"], scope="class")
class TestJoinedFiles(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path, order: str) -> Case:
        people = [f"C{number:03d},Person {number}-{person}" for number in range(30) for person in range(number % 3)]
        if order == "reversed":
            people.reverse()
        (tmp_path / "cases.csv").write_text("\n".join(["case,date,street", *CASES]) + "\n")
        beside = tmp_path / "people.csv"
        beside.write_text("\n".join(["case,name", *people, "C999,Nobody's"]) + "\n")

        def change() -> None:
            beside.write_text(beside.read_text().replace("Person 5-1\n", "Person five\n"))

        def make(size: int) -> CsvConnector:
            join = {"people": Join(files="people*.csv", key="case")}
            return CsvConnector(CsvConfig(files="cases*.csv"), SourceContext("demo", str(tmp_path), size, join))

        return Case(make, good=30, bad=1, change=change, settings={"path": ".", "files": "cases*.csv"})
