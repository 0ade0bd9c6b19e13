from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import content_hash
from schemas.records import MAX_BATCH_BYTES, BadConfiguration
from tests.unit.connectors.csv.support import DATA, parsed, put, read, reasons


def test_a_row_becomes_an_object_of_its_cells_verbatim(tmp_path: Path) -> None:
    put(tmp_path, cases='case,note\n 1 ,"a ""quoted"" note, with comma"\n')
    [record] = read(tmp_path).records
    assert orjson.loads(record.body) == {"case": " 1 ", "note": 'a "quoted" note, with comma'} == record.parsed
    assert record.hash == content_hash(record.body)
    assert record.unit == "cases.csv"


def test_a_locator_is_the_line_on_which_the_row_starts(tmp_path: Path) -> None:
    put(tmp_path, cases='\ncase,note\n1,"two\nlines"\n\n2,one\n')
    assert [record.locator for record in read(tmp_path).records] == ["cases.csv:3", "cases.csv:6"]


def test_files_are_read_in_the_order_of_their_names_and_in_subfolders_too(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    put(tmp_path / "2024", b="n\n3\n", a="n\n2\n")
    put(tmp_path, z="n\n4\n", a="n\n5\n", **{".hidden": "n\n6\n"})
    haul = read(tmp_path, files="**/*.csv")
    assert [record.locator for record in haul.records] == ["2024/a.csv:2", "2024/b.csv:2", "a.csv:2", "z.csv:2"]
    assert [unit.name for unit in haul.units] == ["2024/a.csv", "2024/b.csv", "a.csv", "z.csv"]


def test_the_path_may_be_one_file(tmp_path: Path) -> None:
    put(tmp_path, cases="n\n1\n", other="n\n2\n")
    assert parsed(read(tmp_path, path="cases.csv")) == [{"n": "1"}]


def test_columns_get_names_that_are_not_taken(tmp_path: Path) -> None:
    put(tmp_path, cases="name,, name ,name\na,b,c,d\n")
    assert parsed(read(tmp_path)) == [{"name": "a", "column 2": "b", "name (2)": "c", "name (3)": "d"}]


def test_a_file_without_header_takes_the_declared_names(tmp_path: Path) -> None:
    put(tmp_path, cases="1,a\n2,b\n")
    assert parsed(read(tmp_path, header=["case", "note"])) == [{"case": "1", "note": "a"}, {"case": "2", "note": "b"}]


@pytest.mark.parametrize(("row", "count"), [("1", 1), ("1,2,3,4", 4), ("1,2,3,", 4)])
def test_a_row_of_another_width_is_a_problem_of_its_own(tmp_path: Path, row: str, count: int) -> None:
    put(tmp_path, cases=f"a,b,c\n1,2,3\n{row}\n4,5,6\n")
    first, bad, last = read(tmp_path).records
    assert first.problem is None
    assert last.problem is None
    assert bad.problem is not None
    assert bad.problem.reason == f"row has {count} cells, header has 3"
    assert len(orjson.loads(bad.body)) == count


def test_cells_beyond_the_header_are_kept_under_names_of_their_own(tmp_path: Path) -> None:
    put(tmp_path, cases="a,column 3\n1,2,3,4\n")
    [record] = read(tmp_path).records
    assert orjson.loads(record.body) == {"a": "1", "column 3": "2", "column 3 (2)": "3", "column 4": "4"}


def test_blank_rows_are_left_out_unless_they_are_wanted(tmp_path: Path) -> None:
    put(tmp_path, cases="a,b\n,\n1,2\n\n , \n")
    assert parsed(read(tmp_path)) == [{"a": "1", "b": "2"}]
    haul = read(tmp_path, ignore_blank_rows=False)
    assert parsed(haul) == [{"a": "", "b": ""}, {"a": "1", "b": "2"}, {"a": " ", "b": " "}]
    assert [record.locator for record in haul.records if record.problem] == ["cases.csv:4"]


def test_a_header_alone_is_a_file_of_no_records(tmp_path: Path) -> None:
    put(tmp_path, cases="a,b\n")
    haul = read(tmp_path)
    assert haul.records == []
    assert [(unit.name, unit.records) for unit in haul.units] == [("cases.csv", 0)]


def test_an_empty_folder_has_nothing_yet(tmp_path: Path) -> None:
    [batch] = read(tmp_path).batches
    assert (batch.records, batch.checkpoint) == ([], {})


def test_a_batch_never_holds_more_than_eight_mebibytes_and_a_larger_record_travels_alone(tmp_path: Path) -> None:
    rows = [b"1," + b"x" * 3_000_000, b"2," + b"x" * 3_000_000, b"3," + b"x" * 3_000_000, b"4,small"]
    large = b'5,"%s",%s' % (b"y" * 5_000_000, b"z" * 4_000_000)
    put(tmp_path, a=b"n,t\n" + b"\n".join(rows) + b"\n", b=b"n,t,u\n" + large + b"\n6,,\n")
    batches = read(tmp_path).batches
    assert [record.parsed["n"] for batch in batches for record in batch.records] == list("123456")
    for batch in batches:
        assert len(batch.records) == 1 or sum(len(record.body) for record in batch.records) <= MAX_BATCH_BYTES
    assert max(sum(len(record.body) for record in batch.records) for batch in batches) > MAX_BATCH_BYTES


@pytest.mark.parametrize("case", ["comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
                                  "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"])  # fmt: skip
def test_csv_spectrum_is_read_as_it_says(case: str) -> None:
    folder = DATA / "bad-input" / "csv-spectrum"
    if not folder.is_dir():
        pytest.skip("csv-spectrum is not here")
    haul = read(folder / "csvs", path=f"{case}.csv")
    expected = (folder / "json" / f"{case}.json").read_text(encoding="utf-8")
    if b"\r" not in (folder / "csvs" / f"{case}.csv").read_bytes():  # a check-out may have changed the line ends
        expected = expected.replace("\\r\\n", "\\n")
    assert parsed(haul) == json.loads(expected)
    assert haul.problems == []


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("butte_ca_booking_log_SCRUBBED", 553),
        ("carrollton_ga_pd_incidents_2017", 664),
        ("citrus_college_crime_log_2020", 105),
        ("nibrs_xml_extract_vt", 24),
        ("sfpd_incidents_sample", 9),
    ],
)
def test_the_extracts_of_five_agencies_are_read_without_loss(name: str, count: int) -> None:
    if not (DATA / "csv").is_dir():
        pytest.skip("the extracts are not here")
    haul = read(DATA / "csv", path=f"{name}.csv")
    assert [record.problem for record in haul.records] == [None] * count
    assert haul.problems == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"path": "nowhere"}, "`path` nowhere does not exist"),
        ({"files": "incident*.csv"}, "the nearest file there is incidnts.csv"),
    ],
)
def test_a_wrong_place_is_named(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    put(tmp_path, incidnts="a\n1\n", zzz="a\n1\n")
    with pytest.raises(BadConfiguration, match=words):
        read(tmp_path, **settings)


@pytest.mark.skipif(sys.platform == "win32", reason="file names are bytes on POSIX only")
def test_file_names_that_are_no_text_still_have_locators_each_its_own(tmp_path: Path) -> None:
    Path(str(tmp_path), "caf\udce9.csv").write_bytes(b"a\n1\n")
    Path(str(tmp_path), "caf\udcea.csv").write_bytes(b"a\n2\n")
    assert [record.locator for record in read(tmp_path).records] == [r"caf\xe9.csv:2", r"caf\xea.csv:2"]


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(
    rows=st.lists(st.lists(text, min_size=3, max_size=3), max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    size=st.integers(1, 5),
)
def test_what_a_writer_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, line_end: str, size: int
) -> None:
    folder = tmp_path_factory.mktemp("written")
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in [["a", "b", "c"], *rows]]
    put(folder, cases="".join(delimiter.join(row) + line_end for row in quoted))
    haul = read(folder, size=size, delimiter=delimiter, ignore_blank_rows=False)
    assert [list(record.values()) for record in parsed(haul)] == rows
    assert reasons(haul) == []


def test_the_naughty_strings_are_cells_like_others(tmp_path: Path) -> None:
    source = DATA / "bad-input" / "strings-blns" / "blns.json"
    if not source.is_file():
        pytest.skip("the list of naughty strings is not here")
    strings = [text for text in json.loads(source.read_text(encoding="utf-8")) if "\0" not in text]
    quoted = (f'"{number}","{text.replace(chr(34), chr(34) * 2)}"\n' for number, text in enumerate(strings))
    put(tmp_path, naughty="n,text\n" + "".join(quoted))
    assert [record["text"] for record in parsed(read(tmp_path))] == strings
    assert len(strings) > 400
