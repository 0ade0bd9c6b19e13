"""Drop folders as bad luck or malice leaves them: each ends in a sentence or in quarantine, and the good files land."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from casefold.commands import syncing
from tests.acceptance.cli import CASES, Done, cli, command, environment, make_home, process

if TYPE_CHECKING:
    from service.sync.ledger import Counts

XML_SOURCE = "agency: MI8234500\nconnector: {kind: niem, path: drop/xml}\nmapping: xml.yaml\n"
XML_MAPPING = """\
casefold: mapping/1
reader: niem
match: {root: [nc:Report]}
key: nc:ID
entities: {incident: {type: Incident, properties: {number: nc:ID}}}
"""
XML = "<Report xmlns='http://release.niem.gov/niem/niem-core/4.0/'><ID>{0}</ID></Report>"
HEADER = CASES.splitlines()[0]
MEGABYTE = 1 << 20


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with three good incidents as CSV and one as XML."""
    made = make_home(tmp_path / "home", others=[("xml", XML_SOURCE, XML_MAPPING)])
    (made / "drop" / "xml").mkdir()
    (made / "drop" / "xml" / "good.xml").write_text(XML.format("X1"))
    return made


def synced(home: Path) -> tuple[Done, dict[str, dict[str, Any]]]:
    done = cli("sync", "--home", home, "--json")
    assert "Casefold failed" not in done.err
    assert "the connector failed" not in done.err
    return done, {result["name"]: result for result in done.json["sources"]}


def reasons(home: Path) -> dict[str, str]:
    """What waits: its place and why."""
    held = cli("quarantine", "list", "--each", "--home", home, "--json").json["quarantine"]
    return {entry["locator"]: entry["reason"] for entry in held}


def test_pipes_folders_and_links_that_lead_nowhere_or_in_circles_are_no_exports(home: Path) -> None:
    for folder, ending in ((home / "drop" / "police", "csv"), (home / "drop" / "xml", "xml")):
        os.mkfifo(folder / f"cases-pipe.{ending}")
        (folder / f"cases-folder.{ending}").mkdir()
        (folder / f"cases-loop.{ending}").symlink_to(f"cases-loop.{ending}")
        (folder / f"cases-gone.{ending}").symlink_to("nowhere")
        (folder / "round").symlink_to(".", target_is_directory=True)
    done = process("sync", "--home", home, "--json", timeout=60)  # opening a pipe would wait for ever
    assert done.code == 0, done.err
    assert [result["pulled"] for result in done.json["sources"]] == [3, 1]
    assert cli("check", "--home", home).code == 0


def test_a_link_does_not_lead_out_of_the_drop_folder(home: Path, tmp_path: Path) -> None:
    (tmp_path / "others.csv").write_text(CASES.replace("24-", "66-"))
    (tmp_path / "others.xml").write_text(XML.format("66-1"))
    (home / "drop" / "police" / "cases-link.csv").symlink_to(tmp_path / "others.csv")
    (home / "drop" / "police" / "inside.txt").write_text(CASES.replace("24-", "77-"))
    (home / "drop" / "police" / "cases-inside.csv").symlink_to("inside.txt")
    (home / "drop" / "xml" / "link.xml").symlink_to(tmp_path / "others.xml")
    _, results = synced(home)
    assert (results["police"]["pulled"], results["xml"]["pulled"]) == (6, 1)
    assert cli("search", "66-001", "--home", home, "--json").json["hits"] == []


def test_an_empty_folder_is_no_failure_and_a_missing_one_is_told_with_its_line(home: Path) -> None:
    for path in (home / "drop" / "police").iterdir():
        path.unlink()
    done, results = synced(home)
    assert (done.code, results["police"]["pulled"]) == (0, 0)
    shutil.rmtree(home / "drop")
    done, results = synced(home)
    assert done.code == 2
    assert results["police"]["error"].startswith("sources/police.yaml:5: connector.path: ")
    assert results["xml"]["error"].startswith("sources/xml.yaml:2: connector.path: ")


NAMES = [b"cases\nnew\x1b[2J", b"cases\xff\xfe", b"cases\xff\xfd", b"cases " + b"n" * 200, "cases\u202e".encode()]


def test_files_with_odd_names_are_read_and_told_apart(home: Path) -> None:
    for number, name in enumerate(NAMES):
        for folder, ending, text in (
            ("police", b".csv", CASES.replace("24-", f"3{number}-")),
            ("xml", b".xml", XML.format(number)),
        ):
            with open(os.fsencode(home / "drop" / folder) + b"/" + name + ending, "w", encoding="utf-8") as file:  # noqa: PTH123 - bytes
                file.write(text)
    (home / "drop" / "police" / "cases\x1b[2J.csv").write_text("")
    done, results = synced(home)
    assert done.code == 1
    assert results["police"]["mapped"] == 3 * (len(NAMES) + 1)
    assert results["xml"]["mapped"] == len(NAMES) + 1
    _, again = synced(home)
    assert again["xml"]["unchanged"] == len(NAMES) + 1
    for arguments in (
        ("check",),
        ("preview", "police", "-n", "50"),
        ("preview", "xml"),
        ("quarantine", "list", "--each"),
    ):
        shown = cli(*arguments, "--home", home)
        assert not {one for one in shown.out + shown.err if not one.isprintable() and one != "\n"}


def big(path: Path, start: str, end: str) -> None:
    with path.open("wb") as file:
        file.write(start.encode())
        for _ in range(100):
            file.write(b"a" * MEGABYTE)
        file.write(end.encode())


def test_a_hundred_megabytes_in_one_line_go_to_quarantine(home: Path) -> None:
    big(home / "drop" / "police" / "cases-big.csv", f"{HEADER}\n24-9,,,,x,", "\n")
    big(home / "drop" / "xml" / "big.xml", XML.partition("{0}")[0], "</ID></Report>")
    done, results = synced(home)
    assert done.code == 1
    assert results["police"]["mapped"] == 3
    assert results["xml"]["mapped"] == 1
    assert set(reasons(home)) == {"cases-big.csv", "big.xml"}
    assert (home / "casefold.db").stat().st_size < 30 * MEGABYTE


def test_a_line_of_separators_and_a_very_wide_table_are_read_or_refused(home: Path) -> None:
    (home / "drop" / "police" / "cases-commas.csv").write_text("," * (20 * MEGABYTE))
    wide = ",".join(f"c{number}" for number in range(100_000))
    (home / "drop" / "police" / "cases-wide.csv").write_text(f"CASE_NO,{wide}\n29-1,{wide}\n")
    done, results = synced(home)
    assert done.code == 1
    assert results["police"]["mapped"] == 4
    assert set(reasons(home)) == {"cases-commas.csv"}


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 5000, bytes(range(256)) * 400, b"\x1f\x8b\x08\x00junk", b"\xef\xbb\xbf", b"\n\n\n"]
)
def test_files_that_are_something_else_are_set_aside_whole(home: Path, body: bytes) -> None:
    (home / "drop" / "police" / "cases-other.csv").write_bytes(body)
    (home / "drop" / "xml" / "other.xml").write_bytes(body)
    done, results = synced(home)
    assert done.code == 1
    assert results["police"]["mapped"] == 3
    assert results["xml"]["mapped"] == 1
    assert set(reasons(home)) == {"cases-other.csv", "other.xml"}
    assert all(reasons(home).values())
    assert cli("check", "--home", home).code == 1


def test_a_file_that_may_not_be_read_is_set_aside_and_the_others_land(home: Path) -> None:
    without: list[str] = []
    if os.geteuid() == 0:  # who may read everything must give that up first
        if shutil.which("setpriv") is None:
            pytest.skip("root without setpriv: every file can be read")
        without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    (home / "drop" / "police" / "cases-closed.csv").write_text(CASES.replace("24-", "55-"))
    (home / "drop" / "xml" / "closed.xml").write_text(XML.format("55-1"))
    (home / "drop" / "police" / "cases-closed.csv").chmod(0)
    (home / "drop" / "xml" / "closed.xml").chmod(0)
    done = subprocess.run(
        [*without, *command("sync", "--home", home)], capture_output=True, check=False, env=environment(), timeout=60
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stdout + done.stderr
    assert set(reasons(home)) == {"cases-closed.csv", "closed.xml"}
    assert cli("explain", "police", "24-001", "--home", home).code == 0


@contextmanager
def growing(path: Path, line: bytes) -> Iterator[None]:
    """Somebody writes to a file all the time."""
    ended = threading.Event()

    def write() -> None:
        with path.open("ab", buffering=0) as file:
            while not ended.is_set():
                file.write(line)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def test_a_file_that_grows_while_it_is_read_lands_with_the_next_run(home: Path) -> None:
    rows = "".join(f"7{number},,,,x,y\n" for number in range(20_000))
    path = home / "drop" / "police" / "cases-growing.csv"
    path.write_text(f"{HEADER}\n{rows}")
    with growing(path, b"\n"):
        done = cli("sync", "police", "--home", home, "--json")
    assert done.code == 1
    assert "changed while" in done.err + " ".join(reasons(home).values())
    done, _ = synced(home)
    assert done.code == 0
    assert cli("explain", "police", "719999", "--home", home).code == 0
    assert reasons(home) == {}


def test_a_folder_that_vanishes_while_it_is_read_ends_that_source_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (home / "drop" / "police" / f"cases-{number}.csv").write_text(CASES.replace("24-", f"3{number}-"))
    path = home / "sources" / "police.yaml"
    path.write_text(path.read_text() + "batch_size: 1\n")

    @contextmanager
    def watching(*, show: bool) -> Iterator[Callable[[str, str, Counts], None]]:
        def observe(point: str, source: str, counts: Counts) -> None:
            if point == "checkpoint" and source == "police":
                shutil.rmtree(home / "drop" / "police", ignore_errors=True)

        yield observe

    monkeypatch.setattr(syncing, "watching", watching)
    done, results = synced(home)
    assert done.code == 1
    assert results["xml"]["mapped"] == 1
    assert "error" in results["police"] or results["police"]["quarantined"]


def test_case_numbers_that_look_like_anything_else_stay_what_they_are(home: Path) -> None:
    keys = [
        "--json",
        "../../etc/passwd",
        "'; DROP TABLE record; --",
        "24/001",
        "~1",
        " 24-001 x ",
        "1e9",
    ]
    rows = "".join(f'"{key}",,,,x,\n' for key in keys)
    (home / "drop" / "police" / "cases-keys.csv").write_text(f"{HEADER}\n{rows}")
    _, results = synced(home)
    assert results["police"]["mapped"] == 3 + len(keys)
    for key in keys:
        found = cli("explain", "--home", home, "--json", "--", "police", key.strip())
        assert found.json["key"] == key.strip()
