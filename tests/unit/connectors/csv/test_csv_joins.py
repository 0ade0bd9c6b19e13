from __future__ import annotations

import gc
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.csv.joining import Joining
from connectors.csv.sides import KeyOrder
from schemas.joins import Join
from schemas.records import BadConfiguration, Retry
from tests.contract.connectors.suite import Memory
from tests.unit.connectors.csv.support import connector, parsed, put, read, reasons

PEOPLE = {"people": Join(files="people*.csv", key="case")}
BOTH = {**PEOPLE, "vehicles": Join(files="vehicles*.csv", key="incident", parent="case")}


def indexed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The side files that did not come in step."""
    seen: list[str] = []
    start = Joining.start

    def watched(joining: Joining) -> None:
        seen.extend(side.table.name for side in joining.indexed)
        start(joining)

    monkeypatch.setattr(Joining, "start", watched)
    return seen


def test_side_rows_stand_in_the_record_under_the_joins_name(tmp_path: Path) -> None:
    put(
        tmp_path,
        cases="case,street\nC1,Main\nC2,Oak\n",
        people="name,case\nAnn,C1\nBob,C1\n",
        vehicles="incident,plate\nC2,ABC123\n",
    )
    assert parsed(read(tmp_path, files="cases.csv", join=BOTH)) == [
        {"case": "C1", "street": "Main", "people": [{"name": "Ann", "case": "C1"}, {"name": "Bob", "case": "C1"}],
         "vehicles": []},
        {"case": "C2", "street": "Oak", "people": [], "vehicles": [{"incident": "C2", "plate": "ABC123"}]},
    ]  # fmt: skip


def test_side_files_are_no_main_files_although_the_glob_finds_them(tmp_path: Path) -> None:
    put(tmp_path, cases="case\nC1\n", people="case\nC1\n")
    assert [record.locator for record in read(tmp_path, join=PEOPLE).records] == ["cases.csv:2"]


def test_keys_in_order_are_read_in_step_and_others_from_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = indexed(monkeypatch)
    put(tmp_path, cases="case\n9\n10\n11\n", people="case\n9\n\n9\n11\n,\n", vehicles="incident\n11\n9\n")
    put(tmp_path, people="case,n\n9,a\n\n9 ,b\n11,c\n,\n")
    records = parsed(read(tmp_path, join=BOTH))
    assert seen == ["vehicles.csv"]
    assert [[row["n"] for row in record["people"]] for record in records] == [["a", "b"], [], ["c"]]
    assert [len(record["vehicles"]) for record in records] == [1, 0, 1]


def test_a_main_key_that_comes_again_gets_its_rows_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = indexed(monkeypatch)
    put(tmp_path, cases="case\nC1\nC1\nC2\n", people="case\nC1\nC2\n")
    assert [len(record["people"]) for record in parsed(read(tmp_path, join=PEOPLE))] == [1, 1, 1]
    assert seen == []
    put(tmp_path, cases="case\nC1\nC2\nC1\n")
    assert [len(record["people"]) for record in parsed(read(tmp_path, join=PEOPLE))] == [1, 1, 1]
    assert seen == ["people.csv"]


def test_a_side_row_that_joins_nothing_is_kept_with_the_reason(tmp_path: Path) -> None:
    put(tmp_path, cases="case\nC1\n", people="case,n\nC1,a\nC7,b\n,c\nC1\nC1,d\n")
    haul = read(tmp_path, join=PEOPLE)
    [record] = parsed(haul)
    assert [row["n"] for row in record["people"]] == ["a", "d"]
    assert [
        (left.locator, left.unit, left.problem.reason, left.problem.path, left.body)
        for left in haul.records
        if left.problem
    ] == [
        ("people.csv:3", "people.csv", "row joins no record", "case", b'{"case":"C7","n":"b"}'),
        ("people.csv:4", "people.csv", "row joins no record", "case", b'{"case":"","n":"c"}'),
        ("people.csv:5", "people.csv", "row has 1 cells, header has 2", "", b'{"case":"C1"}'),
    ]
    assert {unit.name: unit.records for unit in haul.units} == {"cases.csv": 1, "people.csv": 3}


def test_a_side_table_belongs_to_all_main_files_and_may_be_in_several_files(tmp_path: Path) -> None:
    put(tmp_path, cases_a="case\nC1\n", cases_b="x,case\n,C2\n,C3\n")
    put(tmp_path, people_1="case,n\nC3,a\nC1,b\n", people_2="n,case\nc,C1\nd,C9\n")
    haul = read(tmp_path, files="cases*.csv", join=PEOPLE)
    assert [[row["n"] for row in record["people"]] for record in parsed(haul)] == [["b", "c"], [], ["a"]]
    assert [record.locator for record in haul.records if record.problem] == ["people_2.csv:3"]


def test_a_main_file_that_is_known_only_walks_by(tmp_path: Path) -> None:
    put(tmp_path, cases_a="case\nC1\n", cases_b="case\nC2\n", people="case\nC1\nC2\n")
    memory = Memory()
    read(tmp_path, known=memory, files="cases*.csv", join=PEOPLE)
    del memory.units["cases_b.csv"]
    memory.current.clear()
    haul = read(tmp_path, known=memory, files="cases*.csv", join=PEOPLE)
    assert [(record.locator, record.problem) for record in haul.records] == [("cases_b.csv:2", None)]
    assert parsed(haul) == [{"case": "C2", "people": [{"case": "C2"}]}]
    assert haul.unchanged == 1


def test_a_changed_side_file_reads_its_main_file_anew(tmp_path: Path) -> None:
    put(tmp_path, cases="case\nC1\nC2\n", people="case,n\nC1,a\nC2,b\n")
    memory = Memory()
    read(tmp_path, known=memory, join=PEOPLE)
    put(tmp_path, people="case,n\nC1,a\nC2,c\n")
    haul = read(tmp_path, known=memory, join=PEOPLE)
    assert [record["case"] for record in parsed(haul)] == ["C2"]
    assert haul.unchanged == 1


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ('case\n"C1\n', "a quote is opened and never closed"),
        ("", "file is empty"),
        ("case,n\nC1,a\nC1", "last row is cut short"),
        ('case\nC9\n"C1\n', "a quote is opened and never closed"),
        ("case,n", "header is cut short"),
        ("ca", "header is cut short"),
    ],
)
def test_a_broken_side_file_holds_its_main_files_back(tmp_path: Path, people: str, reason: str) -> None:
    put(tmp_path, cases="case\nC1\n", people=people)
    haul = read(tmp_path, join=PEOPLE)
    if people == "case,n":  # a header without rows is whole as far as anyone can tell
        assert parsed(haul) == [{"case": "C1", "people": []}]
        return
    assert haul.records == []
    assert reasons(haul) == [("cases.csv", "a side file cannot be read"), ("people.csv", reason)]
    assert haul.units == []


def test_with_a_broken_main_file_nobody_can_say_which_rows_join_nothing(tmp_path: Path) -> None:
    put(tmp_path, cases_a="case\nC1\n", cases_b='case\n"C2\n', people="case\nC1\nC2\n")
    haul = read(tmp_path, files="cases*.csv", join=PEOPLE)
    assert [record.locator for record in haul.records] == ["cases_a.csv:2"]
    assert reasons(haul) == [("cases_b.csv", "a quote is opened and never closed")]
    assert [unit.name for unit in haul.units] == ["cases_a.csv"]


@pytest.mark.parametrize(
    ("join", "words"),
    [
        (Join(files="people.csv", key="caze"), "people.csv has no column `caze`; the nearest is `case`"),
        (Join(files="people.csv", key="case", parent="cse"), "cases.csv has no column `cse`; the nearest is `case`"),
        (
            Join(files="persons.csv", key="case"),
            r"no file matches `persons\.csv`; the nearest file there is people\.csv",
        ),
    ],
)
def test_a_wrong_join_stops_before_anything_is_read_and_names_the_nearest(
    tmp_path: Path, join: Join, words: str
) -> None:
    put(tmp_path, cases="case\nC1\n", people="case\nC1\n", vehicles="case\nC1\n")
    with pytest.raises(BadConfiguration, match=words):
        read(tmp_path, files="cases.csv", join={"people": join})


def test_a_join_may_not_hide_a_column(tmp_path: Path) -> None:
    put(tmp_path, cases="case,people\nC1,2\n", people="case\nC1\n")
    with pytest.raises(BadConfiguration, match=r"join `people` has the name of a column of cases\.csv"):
        read(tmp_path, join=PEOPLE)


def test_a_file_that_lacks_what_the_others_have_is_the_only_one_refused(tmp_path: Path) -> None:
    put(tmp_path, cases_a="case\nC1\n", cases_b="number\nC2\n", people_a="case\nC1\n")
    haul = read(tmp_path, files="cases*.csv", join=PEOPLE)
    assert reasons(haul) == [("cases_b.csv", "file lacks the column that joins it")]
    assert parsed(haul) == [{"case": "C1", "people": [{"case": "C1"}]}]


def test_a_folder_without_main_files_reads_no_side_files(tmp_path: Path) -> None:
    put(tmp_path, people="case\nC1\n")
    assert read(tmp_path, files="cases*.csv", join=PEOPLE).records == []


@pytest.mark.parametrize("order", ["case,n\nC1,a\nC2,b\n", "case,n\nC2,b\nC1,a\n"])
def test_a_side_file_that_changes_while_it_is_read_is_left_for_the_next_run(tmp_path: Path, order: str) -> None:
    from connectors.csv.config import CsvConfig
    from connectors.csv.reading import Reading
    from schemas.records import NothingKnown

    put(tmp_path, cases="case\nC1\nC2\n", people=order)
    for step in range(1, 12):
        put(tmp_path, people=order)
        steps = Reading(CsvConfig(), connector(tmp_path, join=PEOPLE)._context, NothingKnown()).batches(None)
        try:
            passed = [next(steps) for _ in range(step)]
        except StopIteration:
            break
        put(tmp_path, people=order + "C1,late\n")
        with suppress(Retry):
            passed += list(steps)
        records = [record for batch in passed if batch for record in batch.records]
        # Either the run ended with Retry, or it read one of the two states whole; never a bit of both.
        assert [len(record.parsed["people"]) for record in records] in ([], [1, 1], [2, 1])
    else:
        pytest.fail("the read never came to its end")


def test_more_side_files_than_may_be_open_go_to_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = indexed(monkeypatch)
    put(tmp_path, cases="case\nC1\n", **{f"people{number}": "case\nC1\n" for number in range(70)})
    assert len(parsed(read(tmp_path, join=PEOPLE))[0]["people"]) == 70
    assert len(seen) == 70


@pytest.mark.parametrize(
    ("keys", "ordered"),
    [
        (["A1", "A2", "B1"], True),
        (["8", "9", "10", "100"], True),
        (["100", "10", "9"], True),
        (["B", "A"], True),
        (["24-2", "24-10", "24-9"], False),
        (["A", "C", "B"], False),
    ],
)
def test_an_order_is_any_in_which_no_key_comes_again(keys: list[str], *, ordered: bool) -> None:
    order = KeyOrder()
    assert all([order.next(key) for key in keys]) is ordered  # noqa: C419 - every key is asked


keys = st.sampled_from(["1", "2", "10", "11", "A", " A", "", "  "])


@given(
    main=st.lists(st.lists(keys, max_size=6), min_size=1, max_size=3),
    sides=st.lists(st.lists(keys, max_size=8), min_size=1, max_size=3),
    ordered=st.booleans(),
    size=st.sampled_from([1, 2, 1000]),
)
def test_a_join_gives_what_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, main: list[list[str]], sides: list[list[str]], size: int, *, ordered: bool
) -> None:
    folder = tmp_path_factory.mktemp("join")
    if ordered:
        everything = sorted(key for part in main for key in part)
        main, sides = [everything], [sorted(side) for side in sides]
    for number, part in enumerate(main):
        put(
            folder,
            **{
                f"cases{number}": "".join(
                    f"{row}\n" for row in ["case,n", *(f"{key},m{at}" for at, key in enumerate(part))]
                )
            },
        )
    for number, part in enumerate(sides):
        put(
            folder,
            **{
                f"people{number}": "".join(
                    f"{row}\n" for row in ["n,case", *(f"{at},{key}" for at, key in enumerate(part))]
                )
            },
        )
    haul = read(folder, files="cases*.csv", join=PEOPLE, size=size)
    rows: dict[str, list[dict[str, str]]] = {}
    for part in sides:
        for at, key in enumerate(part):
            rows.setdefault(key.strip(), []).append({"n": str(at), "case": key})
    blank = rows.pop("", [])
    expected: list[dict[str, Any]] = [
        {"case": key, "n": f"m{at}", "people": rows.get(key.strip(), [])}
        for part in main
        for at, key in enumerate(part)
    ]
    assert parsed(haul) == expected
    wanted = {key.strip() for part in main for key in part}
    orphans = len(blank) + sum(len(found) for key, found in rows.items() if key not in wanted)
    assert sum(record.problem is not None for record in haul.records) == orphans


@pytest.mark.parametrize("shuffled", [False, True])
def test_memory_does_not_grow_with_the_files(tmp_path: Path, shuffled: bool) -> None:  # noqa: FBT001 - a parameter of the test
    def peak(cases: int) -> int:
        numbers = [f"C{number:06d}" for number in range(cases)]
        put(tmp_path, cases="case,street\n" + "".join(f"{number},Main St\n" for number in numbers))
        if shuffled:
            numbers.reverse()
        put(tmp_path, people="case,n\n" + "".join(f"{number},Ann\n{number},Bob\n" for number in numbers))
        del numbers
        gc.collect()
        tracemalloc.start()
        try:
            count = sum(1 for _ in _only_counted(tmp_path))
            assert count == cases
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = peak(2_000), peak(20_000)
    assert large < small * 1.3


def _only_counted(folder: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a generator that keeps nothing
    from connectors.csv.config import CsvConfig
    from connectors.csv.reading import Reading
    from schemas.records import NothingKnown

    context = connector(folder, 500, PEOPLE)._context
    for batch in Reading(CsvConfig(), context, NothingKnown()).batches(None):
        if batch is not None:
            yield from range(len(batch.records))
            batch = None  # noqa: PLW2901 - the batch is let go, as the runner does


def test_a_side_file_without_a_final_newline_is_refused_where_it_must_have_one(tmp_path: Path) -> None:
    put(tmp_path, cases="case\nC1\n", people="case\nC1")
    assert [len(record["people"]) for record in parsed(read(tmp_path, join=PEOPLE))] == [1]
    assert reasons(read(tmp_path, join=PEOPLE, final_newline=True))[1] == (
        "people.csv",
        "file does not end with a newline",
    )


def test_a_blank_key_joins_nothing_and_ends_no_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = indexed(monkeypatch)
    put(tmp_path, cases="case,n\nC1,1\n ,2\nC1,3\n", people="case\nC1\nC1\n")
    assert [len(record["people"]) for record in parsed(read(tmp_path, join=PEOPLE))] == [2, 0, 2]
    assert seen == []


def test_what_joins_nothing_in_a_large_side_file_comes_in_batches(tmp_path: Path) -> None:
    rows = "".join(f"X{number},a\n" for number in range(12_000))
    put(tmp_path, cases="case\nC1\n", people=f"case,n\nC1,a\n{rows}")
    haul = read(tmp_path, join=PEOPLE, size=500)
    assert sum(record.problem is not None for record in haul.records) == 12_000
    assert max(len(batch.records) for batch in haul.batches) == 500
