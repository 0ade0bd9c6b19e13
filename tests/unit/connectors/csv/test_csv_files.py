from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.csv.dialect import find_delimiter
from schemas.records import Retry
from tests.unit.connectors.csv.support import connector, parsed, put, read, reasons

WHOLE = "case,street,note\n" + "".join(f'C{n:03d},"Main St {n}, Apt é","line\none {n}"\n' for n in range(40))


@pytest.mark.parametrize(
    ("content", "reason", "path"),
    [
        (b"", "file is empty", ""),
        (b"\n\n \n", "file has no header", ""),
        (b'a,b\n1,2\n3,"4\n5,6\n', "a quote is opened and never closed", "line 3"),
        (b'a,b\n1,2\n"3"x,4\n', "row breaks the quoting rules", "line 3"),
        (b'"a,b\n', "a quote is opened and never closed", "line 1"),
        (b"a,b\n1,\0\n", "file holds NUL bytes", "byte 6"),
        (b"a,b\n1,2\n3", "last row is cut short", ""),
        (b"a,b\n\xc3\xa9,2\n3,\xe9\n", "file mixes encodings", "byte 11"),
        (b"a,b\n1,2\n3,\xc3", "file ends inside a character", ""),
        (b"a,b\n1," + b"x" * (8 * 1024 * 1024 + 1) + b"\n", "a cell is larger than 8 MiB", "line 2"),
    ],
)
def test_a_malformed_file_is_one_problem_and_yields_nothing(
    tmp_path: Path, content: bytes, reason: str, path: str
) -> None:
    put(tmp_path, bad=content, good="a,b\n1,2\n")
    haul = read(tmp_path)
    [problem] = haul.problems
    assert (problem.unit, problem.problem.reason, problem.problem.path) == ("bad.csv", reason, path)
    assert problem.problem.hint
    assert problem.body == (content if len(content) <= 1 << 20 else b"")
    assert [record.locator for record in haul.records] == ["good.csv:2"]
    assert [unit.name for unit in haul.units] == ["good.csv"]


def test_a_fault_in_the_last_line_keeps_the_first_from_being_yielded(tmp_path: Path) -> None:
    put(tmp_path, cases="a,b\n" + "1,2\n" * 50_000 + '3,"4\n')
    haul = read(tmp_path, size=10)
    assert haul.records == []
    assert [problem.problem.path for problem in haul.problems] == ["line 50002"]


def test_a_file_cut_anywhere_gives_a_problem_or_whole_rows_of_it(tmp_path: Path) -> None:
    whole = WHOLE.encode()
    put(tmp_path, cases=whole)
    rows = parsed(read(tmp_path))
    for percent in range(100):
        cut = whole[: len(whole) * percent // 100]
        put(tmp_path, cases=cut)
        haul = read(tmp_path, final_newline=True)
        if haul.problems:
            assert haul.records == []
        elif parsed(haul):
            # Cut exactly at a line's end a file cannot be told from a shorter one; every row in it is whole.
            assert cut.endswith(b"\n")
            assert parsed(haul) == rows[: len(parsed(haul))]


def test_without_a_final_newline_only_the_last_cell_of_a_cut_file_is_in_doubt(tmp_path: Path) -> None:
    whole = WHOLE.encode()
    put(tmp_path, cases=whole)
    rows = parsed(read(tmp_path))
    for length in range(len(whole) - 400, len(whole)):
        put(tmp_path, cases=whole[:length])
        haul = read(tmp_path)
        found = parsed(haul)
        if haul.problems:
            assert found == []
        elif found:
            assert found[:-1] == rows[: len(found) - 1]
            assert {**found[-1], "note": ""} == {**rows[len(found) - 1], "note": ""}


def test_a_source_that_always_ends_its_lines_can_say_so(tmp_path: Path) -> None:
    put(tmp_path, cases="a,b\n1,2\n3,4")
    assert parsed(read(tmp_path))[-1] == {"a": "3", "b": "4"}
    assert reasons(read(tmp_path, final_newline=True)) == [("cases.csv", "file does not end with a newline")]


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        ("name\nJosé\n".encode(), {}),
        ("name\nJosé\n".encode("utf-8-sig"), {}),
        ("name\nJosé\n".encode("utf-8-sig"), {"encoding": "utf-8"}),
        ("name\nJosé\n".encode("cp1252"), {}),
        ("name\nJosé\n".encode("utf-16"), {}),
        ("name\nJosé\n".encode("utf-16-le"), {"encoding": "UTF-16LE"}),
        ("name\nJosé\n".encode("mac-roman"), {"encoding": "mac-roman"}),
    ],
)
def test_an_encoding_is_declared_or_detected(tmp_path: Path, content: bytes, settings: dict[str, Any]) -> None:
    put(tmp_path, cases=content)
    assert parsed(read(tmp_path, **settings)) == [{"name": "José"}]


def test_a_character_on_the_edge_of_what_is_scanned_at_once_is_no_fault(tmp_path: Path) -> None:
    put(tmp_path, cases=b"n,t\n" + (b"1," + b"x" * 1021 + b"\n") * 1023 + b"1," + b"x" * 1017 + "é\n".encode())
    assert parsed(read(tmp_path))[-1]["t"].endswith("xé")
    put(tmp_path, cases=b"n,t\n" + (b"1," + b"x" * 1021 + b"\n") * 1023 + b"1," + b"x" * 1017 + b"\xc3\n")
    assert parsed(read(tmp_path))[-1]["t"].endswith("x\xc3")


def test_bytes_that_the_declared_encoding_does_not_have_are_a_problem(tmp_path: Path) -> None:
    put(tmp_path, cases=b"name\nA\nJos\xe9\n", header=b"n\xe9\n1\n")
    haul = read(tmp_path, encoding="utf-8")
    assert reasons(haul) == [
        ("cases.csv", "bytes are not valid utf-8-sig"),
        ("header.csv", "bytes are not valid utf-8-sig"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_detected_although_cells_hold_the_others(tmp_path: Path, delimiter: str) -> None:
    others = "".join({",", ";", "|"} - {delimiter})
    rows = [["case", "name", "note"], ["1", f"SMITH{others}JOHN", "a"], ["2", "b", f"{others}x"]]
    put(tmp_path, cases="".join(delimiter.join(row) + "\n" for row in rows))
    assert [list(record.values()) for record in parsed(read(tmp_path))] == rows[1:]


def test_one_column_needs_no_delimiter_and_a_declared_header_finds_it() -> None:
    assert find_delimiter("name\nA\nB\n", '"') == ","
    assert find_delimiter("a,b;c\nd,e;f\n", '"', 2) == ","
    assert find_delimiter("a,b;c;d\nd,e;f;g\n", '"', 3) == ";"
    assert find_delimiter("", '"') == ","


def test_a_declared_dialect_is_taken_as_it_is(tmp_path: Path) -> None:
    put(tmp_path, cases="a;b,'c;d'\n1;2,'3;4'\n")
    assert parsed(read(tmp_path, delimiter=",", quote="'")) == [{"a;b": "1;2", "c;d": "3;4"}]
    assert parsed(read(tmp_path, delimiter=";", quote=""))[0] == {"a": "1", "b,'c": "2,'3", "d'": "4'"}
    put(tmp_path, cases="a\tb\n1\t2\n")
    assert parsed(read(tmp_path, delimiter="tab")) == [{"a": "1", "b": "2"}]


def test_a_file_that_may_not_be_read_keeps_no_other_from_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, a="n\n1\n", b="n\n2\n")
    opened = Path.open

    def refuse(path: Path, *arguments: object, **named: object) -> object:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)  # the tests run as root, who may read everything
    haul = read(tmp_path)
    assert reasons(haul) == [("a.csv", "file cannot be read")]
    assert parsed(haul) == [{"n": "2"}]


@pytest.mark.parametrize("when", ["before it is verified", "before it is yielded"])
@pytest.mark.parametrize("how", ["written", "removed", "torn"])
def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(tmp_path: Path, when: str, how: str) -> None:
    put(tmp_path, cases="a,b\n" + "1,2\n" * 30_000)
    steps = _steps(tmp_path)
    for _ in range(2 if when == "before it is verified" else 4):
        assert next(steps) is None
    if how == "removed":
        (tmp_path / "cases.csv").unlink()
    else:
        put(tmp_path, cases="a,b\n" + ("1,3\n" * 30_000 if how == "written" else '1,"3\n' * 30_000))
    with pytest.raises(Retry, match=r"cases\.csv (changed|could not be read)"):
        list(steps)


def _steps(folder: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a generator of the reading's own steps
    from connectors.csv.config import CsvConfig
    from connectors.csv.reading import Reading
    from schemas.records import NothingKnown

    source = connector(folder)
    return Reading(CsvConfig(), source._context, NothingKnown()).batches(None)


@given(st.binary(max_size=200), st.sampled_from([1, 1000]))
def test_any_bytes_give_records_or_problems_and_never_crash(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    put(folder, any=content)
    haul = read(folder, size=size)
    assert bool(haul.problems) != bool(haul.units)
