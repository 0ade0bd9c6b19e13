from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.context import SourceContext
from schemas.records import NothingKnown
from tests.contract.connectors.suite import Memory, drain
from tests.unit.connectors.csv.support import connector, parsed, put, read


def rows(count: int) -> str:
    return "case,street\n" + "".join(f"C{number:03d},Main St\n" for number in range(count))


def test_each_batch_says_how_far_its_file_was_read_and_the_last_one_starts_anew(tmp_path: Path) -> None:
    put(tmp_path, a=rows(5), b=rows(2))
    checkpoints = [batch.checkpoint for batch in read(tmp_path, size=2).batches]
    assert [(at.get("unit"), at.get("records")) for at in checkpoints if at is not None] == [
        ("a.csv", 2),
        ("a.csv", 4),
        ("a.csv", 5),
        (None, None),
    ]


def test_a_file_becomes_known_with_the_last_of_its_records(tmp_path: Path) -> None:
    put(tmp_path, a=rows(5), b=rows(2))
    batches = read(tmp_path, size=2).batches
    ends = {unit.name: at for at, batch in enumerate(batches) for unit in batch.units}
    lasts = {record.unit: at for at, batch in enumerate(batches) for record in batch.records}
    assert ends == lasts == {"a.csv": 2, "b.csv": 3}


def test_a_known_file_is_not_opened_again_and_its_records_are_counted(tmp_path: Path) -> None:
    put(tmp_path, a=rows(5), b=rows(2))
    memory = Memory()
    read(tmp_path, known=memory)
    memory.current.clear()  # were it read again, its records would come
    haul = read(tmp_path, known=memory)
    assert (haul.records, haul.unchanged, haul.units) == ([], 7, [])


def test_of_a_changed_file_only_what_changed_comes(tmp_path: Path) -> None:
    put(tmp_path, a=rows(5))
    memory = Memory()
    read(tmp_path, known=memory)
    put(tmp_path, a=rows(5).replace("C003,Main", "C003,Oak") + "C009,New St\n")
    haul = read(tmp_path, known=memory, size=2)
    assert [record["case"] for record in parsed(haul)] == ["C003", "C009"]
    assert haul.unchanged == 4


@pytest.mark.parametrize(
    "settings", [{"delimiter": ","}, {"encoding": "latin-1"}, {"header": ["case", "street"]}, {"final_newline": True}]
)
def test_other_settings_make_a_known_file_unknown(tmp_path: Path, settings: dict[str, Any]) -> None:
    put(tmp_path, a=rows(3))
    memory = Memory()
    read(tmp_path, known=memory)
    assert read(tmp_path, known=memory).units == []
    assert [unit.name for unit in read(tmp_path, known=memory, **settings).units] == ["a.csv"]


def test_a_resumed_read_repeats_neither_what_is_known_nor_what_was_quarantined(tmp_path: Path) -> None:
    put(tmp_path, a=rows(4) + "C004\n" + "C005,Main St\nC006\nC007,Main St\n")
    memory = Memory()
    before = drain(connector(tmp_path, 5), None, memory, batches=1)
    assert [record.problem is not None for record in before.records] == [False] * 4 + [True]
    after = drain(connector(tmp_path, 5), before.batches[-1].checkpoint, memory)
    assert [record.locator for record in after.records] == ["a.csv:7", "a.csv:8", "a.csv:9"]


def test_a_checkpoint_is_not_believed_when_the_store_does_not_know_the_records(tmp_path: Path) -> None:
    put(tmp_path, a=rows(6))
    before = drain(connector(tmp_path, 2), batches=2)
    after = drain(connector(tmp_path, 2), before.batches[-1].checkpoint, NothingKnown())
    assert len(after.records) == 6  # a mapping that was edited meanwhile wants them all again


def test_a_file_that_changed_since_its_checkpoint_is_read_from_its_start(tmp_path: Path) -> None:
    put(tmp_path, a=rows(4) + "C004\n")
    memory = Memory()
    before = drain(connector(tmp_path, 5), None, memory, batches=1)
    put(tmp_path, a="case,street\nC004\n" + rows(4).partition("\n")[2])
    after = drain(connector(tmp_path, 5), before.batches[-1].checkpoint, memory)
    assert [record.locator for record in after.records] == ["a.csv:2"]


def test_a_full_read_asks_for_everything(tmp_path: Path) -> None:
    put(tmp_path, a=rows(4))
    assert len(drain(connector(tmp_path), None, NothingKnown()).records) == 4


def test_the_home_folder_is_where_relative_paths_start(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    put(tmp_path / "drop", a=rows(1))
    source = connector(tmp_path, path="drop")
    assert isinstance(source._context, SourceContext)
    assert [record.locator for record in drain(source).records] == ["a.csv:2"]
