from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.context import SourceContext
from connectors.niem import NiemConfig, NiemConnector
from tests.contract.connectors.suite import Case, Conformance
from tests.unit.niem.support import lexs, message, person


def make(folder: Path) -> Callable[[int], NiemConnector]:
    return lambda size: NiemConnector(NiemConfig(), SourceContext("demo", str(folder), size))


class TestOneDocumentAFile(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        for number in range(30):
            (tmp_path / f"{number:02d}.xml").write_bytes(
                lexs(message(person("P1", "Ada", f"Roe {number}"), item=f"24-{number}"))
            )
        (tmp_path / "cut.xml").write_bytes(lexs(message())[:-20])

        def change() -> None:
            file = tmp_path / "11.xml"
            file.write_bytes(file.read_bytes().replace(b"Ada", b"Ida"))

        return Case(make(tmp_path), good=30, bad=0, change=change, settings={"path": "."})


class TestManyRecordsInAFile(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        file = tmp_path / "all.xml"
        file.write_bytes(lexs(*(message(person("P1", "Ada", f"Roe {n}"), item=f"24-{n}") for n in range(25))))
        (tmp_path / "more.xml").write_bytes(lexs(*(message(item=f"25-{n}") for n in range(5))))

        def change() -> None:
            file.write_bytes(file.read_bytes().replace(b"Roe 11<", b"Poe 11<"))

        return Case(make(tmp_path), good=30, bad=0, change=change, settings={"path": ".", "record": ["PublishMessage"]})
