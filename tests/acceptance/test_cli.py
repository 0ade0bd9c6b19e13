"""Every command: what it prints for people and for programs, what its exit code says, and never a traceback."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

import graph.read
from casefold.cli import app
from connectors.csv import CsvConnector
from graph.read import AmbiguousId
from graph.store import Store
from schemas.export import EdgeLine, NodeLine
from tests.acceptance.cli import CASES, CSV_MAPPING, Done, cli, command, environment, make_home, process

COUNTS = ("pulled", "unchanged", "mapped", "ignored", "quarantined", "deleted", "mentions", "links", "seconds")


@pytest.fixture(autouse=True)
def _logging_is_put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synced home that is only asked."""
    home = make_home(tmp_path_factory.mktemp("asked") / "home")
    assert cli("sync", "--home", home, "--json").code == 0
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that nothing was synced in yet."""
    return make_home(tmp_path / "home")


def source(done: Done) -> dict[str, Any]:
    (only,) = done.json["sources"]
    assert isinstance(only, dict)
    return only


def node(home: Path, text: str, kind: str) -> dict[str, Any]:
    hit: dict[str, Any] = next(
        hit for hit in cli("search", text, "--home", home, "--json").json["hits"] if hit["type"] == kind
    )
    return hit


# --- init ---


def test_init_makes_a_home_once_and_says_what_to_do_next(tmp_path: Path) -> None:
    first = cli("init", "--home", tmp_path / "new")
    assert first.code == 0
    assert "made" in first.out
    assert "sources/police.yaml.example" in first.out
    assert f"casefold check --home {tmp_path / 'new'}" in first.out.replace("\n", " ")
    assert {path.name for path in (tmp_path / "new").iterdir()} >= {
        "casefold.yaml",
        "sources",
        "mappings",
        "agreements",
    }
    again = cli("init", "--home", tmp_path / "new")
    assert again.code == 0
    assert "nothing was touched" in again.out


def test_the_default_home_is_casefold_data_beside_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("init").code == 0
    assert (tmp_path / "casefold-data" / "casefold.yaml").is_file()
    assert cli("check").code == 0


def test_the_home_may_stand_before_or_after_the_command_and_the_later_wins(tmp_path: Path) -> None:
    cli("init", "--home", tmp_path / "one")
    assert cli("--home", tmp_path / "one", "check").code == 0
    assert cli("check", "--home", tmp_path / "one").code == 0
    assert cli("--home", tmp_path / "nowhere", "check", "--home", tmp_path / "one").code == 0
    assert cli("--home", tmp_path / "one", "check", "--home", tmp_path / "nowhere").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",), ("preview", "police"), ("explain", "police", "24-001"), ("sync",), ("sync", "--json"),
        ("quarantine", "list"), ("quarantine", "show", "1"), ("quarantine", "retry"), ("quarantine", "dismiss", "1"),
        ("search", "x"), ("show", "00000000"), ("neighbors", "00000000"), ("path", "00000000", "11111111"), ("export",),
    ],
)  # fmt: skip
def test_without_a_home_every_command_says_how_to_make_one(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments, "--home", tmp_path / "nowhere")
    assert done.code == 2
    assert done.out == ""
    assert "casefold init --home" in done.err.replace("\n", " ")
    assert not (tmp_path / "nowhere").exists()


# --- check, preview, explain ---


def test_check_goes_step_by_step_and_stores_nothing(home: Path) -> None:
    done = cli("check", "--home", home)
    assert done.code == 0
    for step in ("mapping", "mapping test: an incident", "folder", "join", "sample", "columns"):
        assert f"pass  {step}" in done.out
    machine = cli("check", "police", "--home", home, "--json")
    assert machine.json["ok"] is True
    assert {step["outcome"] for step in machine.json["sources"]["police"]} == {"pass"}
    assert set(machine.json["sources"]["police"][0]) == {"step", "outcome", "message", "hint"}
    assert not (home / "casefold.db").exists()


def test_a_failing_check_exits_1_and_says_where(home: Path) -> None:
    (home / "drop" / "police").rename(home / "drop" / "polise")
    done = cli("check", "--home", home)
    assert done.code == 1
    assert "fail  folder: sources/police.yaml:5: connector.path: " in done.out
    assert "did you mean 'drop/polise'?" in done.out
    assert cli("check", "--home", home, "--json").json["ok"] is False


def test_a_connector_that_breaks_is_a_finding_about_its_source_and_the_others_are_checked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(self: CsvConnector) -> None:
        raise ZeroDivisionError("CANARY")

    monkeypatch.setattr(CsvConnector, "check", breaks)
    (home / "sources" / "xml.yaml").write_text(
        "agency: MI8234500\nconnector: {kind: niem, path: drop}\nmapping: niem/nibrs\n"
    )
    done = cli("check", "--home", home)
    assert done.code == 1
    assert "fail  connector: Casefold failed: ZeroDivisionError" in done.out
    assert "CANARY" not in done.out + done.err
    assert "hint  folder" in done.out


def test_a_mappings_own_test_that_fails_is_a_failure(home: Path) -> None:
    path = home / "mappings" / "police.yaml"
    path.write_text(path.read_text().replace('number: "24-1"}', 'number: "24-2"}'))
    done = cli("check", "--home", home)
    assert done.code == 1
    assert "fail  mapping test: an incident" in done.out


def test_a_column_that_no_file_has_is_a_hint_with_its_line(home: Path) -> None:
    path = home / "mappings" / "police.yaml"
    path.write_text(path.read_text().replace("birth_date: DOB", "birth_date: D0B"))
    done = cli("check", "--home", home)
    assert done.code == 0
    assert re.search(r"hint  columns: mappings/police\.yaml:\d+: .*'D0B'; did you mean 'DOB'\?", done.out)


def test_an_empty_home_is_told_where_sources_go(tmp_path: Path) -> None:
    cli("init", "--home", tmp_path)
    for name in ("check", "sync"):
        done = cli(name, "--home", tmp_path)
        assert done.code == 0
        assert "no sources yet" in done.out
    assert cli("sync", "--home", tmp_path, "--json").json == {"sources": [], "nodes": 0, "edges": 0}


@pytest.mark.parametrize(
    "arguments", [("check", "polise"), ("preview", "polise"), ("sync", "polise"), ("explain", "polise", "1")]
)
def test_an_unknown_source_is_bad_usage_and_the_nearest_is_named(home: Path, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments, "--home", home)
    assert done.code == 2
    assert done.out == ""
    assert "did you mean 'police'?" in done.err


def test_preview_shows_what_would_be_stored_and_stores_nothing(home: Path) -> None:
    done = cli("preview", "police", "-n", "1", "--home", home)
    assert done.code == 0
    for said in ("24-001", "cases.csv:2", "Person", "Jane Roe", "victim (VIC)", "+13135550142 extracted", "ABC1234"):
        assert said in done.out
    assert "24-002" not in done.out
    assert not (home / "casefold.db").exists()


def test_preview_for_programs_is_one_object(home: Path) -> None:
    found = cli("preview", "police", "--home", home, "--json").json
    assert found["source"] == "police"
    assert [record["key"] for record in found["records"]] == ["24-001", "24-002", "24-003"]
    first = found["records"][0]
    assert set(first) == {"key", "locator", "problem", "ignored", "mentions", "links", "notes"}
    person = next(mention for mention in first["mentions"] if mention["type"] == "Person")
    assert person["properties"]["name"][0]["value"]["surname"] == "Roe"
    assert {"raw", "where", "chain", "status", "confidence"} <= set(person["properties"]["name"][0])
    assert [note["reason"] for note in found["records"][2]["notes"]] == ["not a date"]


def test_preview_of_what_cannot_be_read_exits_1(home: Path) -> None:
    with (home / "drop" / "police" / "cases.csv").open("a") as file:
        file.write(",,,,NO NUMBER,\n")
    done = cli("preview", "police", "--home", home)
    assert done.code == 1
    assert "quarantine" in done.out
    assert "the record has no key" in done.out


def test_preview_of_an_empty_folder_says_so(home: Path) -> None:
    for path in (home / "drop" / "police").iterdir():
        path.unlink()
    done = cli("preview", "police", "--home", home)
    assert (done.code, done.out.strip()) == (0, "The source gave no record.")


def test_explain_leads_from_each_value_back_to_its_place(asked: Path) -> None:
    done = cli("explain", "police", "24-001", "--home", asked)
    assert done.code == 0
    for said in ("/people/0/LAST → person_name", "'ROE JANE'", "/NARRATIVE#", "extracted", "MENTIONED_IN"):
        assert said in done.out
    assert cli("explain", "police", "24-001", "--home", asked, "--json").json["key"] == "24-001"


def test_explain_of_an_unknown_record_is_bad_usage(asked: Path) -> None:
    done = cli("explain", "police", "24-999", "--home", asked)
    assert done.code == 2
    assert "no record '24-999' of police is stored" in done.err


# --- sync ---


def test_sync_for_programs_has_exactly_the_promised_figures(home: Path) -> None:
    done = cli("sync", "--home", home, "--json")
    assert done.code == 0
    assert set(done.json) == {"sources", "nodes", "edges"}
    assert set(source(done)) == {"name", *COUNTS}
    first = source(done)
    assert (first["name"], first["pulled"], first["mapped"], first["quarantined"]) == ("police", 3, 3, 0)
    assert first["mentions"] > 0 < first["links"]
    again = cli("sync", "--home", home, "--json")
    assert {name: source(again)[name] for name in COUNTS[:-1]} == {
        **dict.fromkeys(COUNTS[:-1], 0), "pulled": 3, "unchanged": 3,
    }  # fmt: skip
    assert (again.json["nodes"], again.json["edges"]) == (done.json["nodes"], done.json["edges"])
    full = source(cli("sync", "police", "--full", "--home", home, "--json"))
    assert (full["unchanged"], full["mapped"]) == (3, 0)


def test_sync_for_people_shows_whole_numbers_and_names_at_any_width(home: Path) -> None:
    with (home / "drop" / "police" / "cases.csv").open("a") as file:
        file.write(",2024-03-08,OPEN,2024-03-07,NO NUMBER,\n24-004,2024-03-08,PURGED,2024-03-07,DISORDERLY,\n")
    done = cli("sync", "--home", home)
    assert done.code == 1
    assert "…" not in done.out
    header = done.out.splitlines()[0].split()
    assert header[:4] == ["source", "pulled", "unchanged", "mapped"]
    assert {"quarantined", "deleted", "mentions", "links", "seconds"} <= set(header)
    assert "The graph holds" in done.out
    assert "casefold quarantine list" in done.out
    assert done.err == ""


def test_one_source_that_fails_does_not_stop_the_others_and_exits_1(home: Path) -> None:
    (home / "sources" / "a-first.yaml").write_text(
        "agency: MI8234500\nconnector: {kind: rest, url: 'http://127.0.0.1:9', allow_private: true, retries: 0}\n"
        "mapping: rest.yaml\n"
    )
    (home / "mappings" / "rest.yaml").write_text(
        "casefold: mapping/1\nreader: json\nkey: id\nentities: {i: {type: Incident, properties: {number: id}}}\n"
    )
    done = cli("sync", "--home", home, "--json")
    assert done.code == 1
    failed, landed = done.json["sources"]
    assert "connection failed" in failed["error"]
    assert landed["mapped"] == 3
    assert "a-first: the connection failed" in done.err


def test_a_source_whose_program_fails_does_not_stop_the_others(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.sync.runner import Runner

    (home / "sources" / "a-first.yaml").write_text((home / "sources" / "police.yaml").read_text())
    real = Runner.sync

    async def fails(self: Runner, wired: Any, *, full: bool = False) -> Any:
        if wired.name == "a-first":
            raise KeyError("CANARY JANE ROE")
        return await real(self, wired, full=full)

    monkeypatch.setattr(Runner, "sync", fails)
    done = cli("sync", "--home", home, "--json")
    assert done.code == 1
    assert done.json["sources"][1]["mapped"] == 3
    assert "a-first: Casefold failed: KeyError in" in done.err
    assert "CANARY" not in done.err + done.out


def test_a_wrong_setting_that_only_the_read_finds_exits_2_with_file_and_line(home: Path) -> None:
    path = home / "sources" / "police.yaml"
    path.write_text(path.read_text().replace("drop/police", "drop/polise"))
    done = cli("sync", "--home", home, "--json")
    assert done.code == 2
    assert source(done)["pulled"] == 0
    assert source(done)["error"].startswith("sources/police.yaml:5: connector.path: ")
    assert "police: sources/police.yaml:5: " in done.err
    assert cli("preview", "police", "--home", home).code == 2


def test_a_wrong_config_stops_before_anything_is_pulled(home: Path) -> None:
    (home / "sources" / "broken.yaml").write_text("agency: MI8234500\nconector: {kind: csv}\nmapping: police.yaml\n")
    done = cli("sync", "police", "--home", home)
    assert done.code == 2
    assert "sources/broken.yaml:2: conector: unknown key 'conector'; did you mean 'connector'?" in done.err
    assert not (home / "casefold.db").exists()


# --- quarantine ---


@pytest.fixture
def held(home: Path) -> Path:
    """A home with a record without key and a file that ends in an open quote."""
    with (home / "drop" / "police" / "cases.csv").open("a") as file:
        file.write(",2024-03-08,OPEN,2024-03-07,NO NUMBER,[bold]two\n")
    (home / "drop" / "police" / "cases2.csv").write_text(CASES.splitlines()[0] + '\n24-009,,,,,"open\n')
    assert cli("sync", "--home", home, "--json").code == 1
    return home


def test_quarantine_lists_by_reason_and_one_by_one(held: Path) -> None:
    grouped = cli("quarantine", "list", "--home", held)
    assert grouped.code == 0
    assert "police: the record has no key at CASE_NO" in grouped.out
    assert "casefold quarantine show" in grouped.out
    groups = cli("quarantine", "list", "--home", held, "--json").json["quarantine"]
    assert {"source", "reason", "path", "hint", "waiting", "first"} == set(groups[0])
    each = cli("quarantine", "list", "--each", "--home", held)
    assert "cases.csv:5" in each.out
    entries = cli("quarantine", "list", "--each", "--home", held, "--json").json["quarantine"]
    assert {"id", "source", "kind", "key", "locator", "path", "reason", "hint", "state"} == set(entries[0])
    assert {entry["kind"] for entry in entries} == {"record", "file"}


def entry_of(home: Path, kind: str) -> str:
    entries = cli("quarantine", "list", "--each", "--home", home, "--json").json["quarantine"]
    (found,) = [str(entry["id"]) for entry in entries if entry["kind"] == kind]
    return found


def test_quarantine_shows_the_bytes_as_they_came(held: Path) -> None:
    number = entry_of(held, "record")
    done = cli("quarantine", "show", number, "--home", held)
    assert done.code == 0
    assert "NO NUMBER" in done.out
    assert "[bold]two" in done.out
    shown = cli("quarantine", "show", number, "--home", held, "--json").json
    assert json.loads(shown["body"])["OFFENSE"] == "NO NUMBER"
    assert shown["source"] == "police"


def test_retry_lands_what_a_mended_mapping_reads_and_says_what_it_left_alone(held: Path) -> None:
    before = cli("quarantine", "retry", "--home", held)
    assert before.code == 1
    assert "police: 0 landed, 1 still cannot be read" in before.out
    assert "police: 1 are read again by: casefold sync police" in before.err
    path = held / "mappings" / "police.yaml"
    path.write_text(path.read_text().replace("key: CASE_NO\nmod", "key: {first: [CASE_NO, OFFENSE]}\nmod"))
    done = cli("quarantine", "retry", entry_of(held, "record"), "--home", held, "--json")
    assert done.code == 0
    assert source(done)["mapped"] == 1
    assert cli("explain", "police", "NO NUMBER", "--home", held).code == 0


def test_a_record_that_waits_is_found_by_explain(home: Path) -> None:
    path = home / "mappings" / "police.yaml"
    good = path.read_text()
    path.write_text(good.replace("start: {path: OCCURRED,", "start: {path: OCCURRED, required: true,"))
    assert source(cli("sync", "--home", home, "--json"))["quarantined"] == 1
    done = cli("explain", "police", "24-003", "--home", home)
    assert done.code == 2
    assert "it waits in quarantine; see: casefold quarantine show 1" in done.err
    path.write_text(good)
    assert source(cli("sync", "--home", home, "--json"))["mapped"] >= 1
    path.write_text(good.replace("start: {path: OCCURRED,", "start: {path: OCCURRED, required: true,"))
    stands = cli("explain", "police", "24-003", "--home", home)
    assert stands.code == 1
    assert "quarantine" in stands.out


def test_what_was_dismissed_waits_no_more(held: Path) -> None:
    number = entry_of(held, "record")
    assert cli("quarantine", "dismiss", number, "--home", held).out == "1 set aside.\n"
    entries = cli("quarantine", "list", "--each", "--home", held, "--json").json["quarantine"]
    assert [str(entry["id"]) for entry in entries] == [entry_of(held, "file")]
    assert cli("quarantine", "dismiss", entry_of(held, "file"), "--home", held, "--json").json == {"dismissed": 1}
    assert "Nothing waits" in cli("quarantine", "list", "--home", held).out
    assert "Nothing to retry" in cli("quarantine", "retry", "--home", held).out


@pytest.mark.parametrize("word", ["show", "retry", "dismiss"])
def test_an_entry_that_does_not_wait_is_bad_usage(held: Path, word: str) -> None:
    done = cli("quarantine", word, "4711", "--home", held)
    assert done.code == 2
    assert "4711" in done.err
    for number in ("0", "-1", str(10**30), "x"):
        assert cli("quarantine", word, "--home", held, "--", number).code == 2
    assert len(cli("quarantine", "list", "--each", "--home", held, "--json").json["quarantine"]) == 2


def test_entries_of_a_source_that_was_taken_away_are_left_alone(held: Path) -> None:
    (held / "sources" / "police.yaml").unlink()
    done = cli("quarantine", "retry", "--home", held)
    assert done.code == 0
    assert "no such source any more; 2 left alone" in done.err


# --- asking the graph ---


def test_search_finds_a_phone_in_any_spelling_and_words_in_notes(asked: Path) -> None:
    for text in ("313-555-0142", "(313) 5550142", "+13135550142"):
        (hit,) = [hit for hit in cli("search", text, "--home", asked, "--json").json["hits"] if hit["type"] == "Phone"]
        assert set(hit) == {"id", "type", "label", "mentions", "exact"}
        assert hit["exact"] is True
    done = cli("search", "candy", "texted", "--home", asked)
    assert done.code == 0
    assert "Note" in done.out
    only = cli("search", "doe", "--type", "person", "--limit", "1", "--home", asked, "--json").json["hits"]
    assert [hit["type"] for hit in only] == ["Person"]
    nothing = cli("search", "zebra", "--home", asked)
    assert (nothing.code, nothing.out) == (0, "Nothing found.\n")


def test_an_unknown_entity_type_is_bad_usage(asked: Path) -> None:
    done = cli("search", "doe", "--type", "persn", "--home", asked)
    assert done.code == 2
    assert "did you mean 'Person'?" in done.err


def test_show_tells_a_node_whole_by_its_first_digits(asked: Path) -> None:
    hit = node(asked, "doe", "Person")
    done = cli("show", hit["id"][:8], "--home", asked)
    assert done.code == 0
    assert "John Doe" in done.out
    assert "MI8234500 police 24-001" in done.out
    assert "2 Incident beside it" in done.out
    whole = cli("show", hit["id"], "--home", asked, "--json").json
    around = whole.pop("neighbors")
    assert NodeLine.model_validate(whole).label == "John Doe"
    assert around["Incident"] == 2


def test_neighbors_say_how_they_are_tied(asked: Path) -> None:
    hit = node(asked, "doe", "Person")
    done = cli("neighbors", hit["id"], "--home", asked)
    assert done.code == 0
    assert "INVOLVED_IN as suspect" in done.out
    assert "USES" in done.out
    found = cli("neighbors", hit["id"], "--type", "Incident", "--limit", "1", "--home", asked, "--json").json
    assert set(found) >= {"node", "neighbors", "counts", "capped"}
    (neighbor,) = found["neighbors"]
    assert NodeLine.model_validate(neighbor["node"]).type == "Incident"
    assert EdgeLine.model_validate(neighbor["edges"][0]).roles == ["suspect"]
    assert "1 more" in cli("neighbors", hit["id"], "--type", "Incident", "--limit", "1", "--home", asked).out


def test_a_path_is_told_edge_by_edge(asked: Path) -> None:
    start, goal = node(asked, "ABC1234", "Vehicle"), node(asked, "3135550150", "Phone")
    found = cli("path", start["id"], goal["id"], "--home", asked, "--json").json
    assert found["found"] is True
    assert found["hops"] == len(found["edges"]) == len(found["nodes"]) - 1
    done = cli("path", start["id"], goal["id"], "--home", asked)
    assert done.code == 0
    for said in ("Vehicle", "(extracted)", "Phone", "police 24-001"):
        assert said in done.out


def test_no_path_is_an_answer_too(asked: Path) -> None:
    start, goal = node(asked, "ABC1234", "Vehicle"), node(asked, "smith", "Person")
    done = cli("path", start["id"], goal["id"], "--home", asked)
    assert done.code == 0
    assert "No path." in done.out
    assert cli("path", start["id"], goal["id"], "--home", asked, "--json").json["found"] is False


@pytest.mark.parametrize(
    "arguments", [("show", "0" * 32), ("neighbors", "ffffffff"), ("path", "ffffffff", "0" * 32), ("show", "Jane Roe")]
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_unknown_node_is_bad_usage(asked: Path, arguments: tuple[str, ...], form: tuple[str, ...]) -> None:
    done = cli(*arguments, *form, "--home", asked)
    assert done.code == 2
    assert done.out == ""
    assert "there is no node" in done.err
    assert "casefold search" in done.err


def test_an_id_that_begins_several_asks_for_more_digits(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def several(*_: object) -> None:
        raise AmbiguousId("abcdef01 begins the ids of 2 nodes; give more digits")

    monkeypatch.setattr(graph.read, "find", several)
    for arguments in (("show", "abcdef01"), ("neighbors", "abcdef01"), ("path", "abcdef01", "abcdef01")):
        done = cli(*arguments, "--home", asked)
        assert done.code == 2
        assert "give more digits" in done.err


def test_export_is_nodes_then_edges_in_the_promised_form(asked: Path, tmp_path: Path) -> None:
    done = cli("export", "--format", "jsonl", "--home", asked)
    assert done.code == 0
    lines = [json.loads(line) for line in done.out.splitlines()]
    nodes = [NodeLine.model_validate(line) for line in lines if line["kind"] == "node"]
    edges = [EdgeLine.model_validate(line) for line in lines if line["kind"] == "edge"]
    assert [line["kind"] for line in lines] == ["node"] * len(nodes) + ["edge"] * len(edges)
    assert [one.id for one in nodes] == sorted(one.id for one in nodes)
    assert {node.label for node in nodes if node.type == "Person"} == {"Jane Roe", "John Doe", "Ann Smith"}
    target = tmp_path / "graph.jsonl"
    written = cli("export", "-o", target, "--home", asked)
    assert target.read_text(encoding="utf-8") == done.out
    assert written.out == ""
    assert f"{len(lines)} lines written" in written.err
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["graph.jsonl"]


def test_export_says_which_formats_there_are_and_where_it_cannot_write(asked: Path, tmp_path: Path) -> None:
    unknown = cli("export", "--format", "json", "--home", asked)
    assert unknown.code == 2
    assert "did you mean 'jsonl'?" in unknown.err
    nowhere = cli("export", "-o", tmp_path / "no" / "such" / "x.jsonl", "--home", asked)
    assert nowhere.code == 2
    assert "No such file or directory" in nowhere.err


def test_export_to_a_pipe_goes_through_it_and_leaves_it_a_pipe(asked: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    done = cli("export", "-o", pipe, "--home", asked)
    reader.join(timeout=30)
    assert done.code == 0
    assert heard == [cli("export", "--home", asked).out.encode()]
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_export_through_a_link_replaces_what_it_leads_to(asked: Path, tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    assert cli("export", "-o", tmp_path / "link.jsonl", "--home", asked).code == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").read_text().startswith('{"kind":"node"')


def test_export_to_a_terminal_is_harmless_to_it(nasty: Path) -> None:
    leader, follower = os.openpty()
    writing = subprocess.Popen(
        command("export", "--home", nasty), stdin=subprocess.DEVNULL, stdout=follower, env=environment()
    )
    os.close(follower)
    shown = b""
    try:
        while piece := os.read(leader, 4096):
            shown += piece
    except OSError:  # the other end is closed: all was read
        os.close(leader)
    assert writing.wait(timeout=60) == 0
    text = shown.decode("utf-8", "replace")
    assert "[bold]LOUD" in text
    assert not {one for one in text if not one.isprintable()} - {"\r", "\n"}


def test_export_into_a_folder_is_bad_usage(asked: Path, tmp_path: Path) -> None:
    done = cli("export", "-o", tmp_path, "--home", asked)
    assert done.code == 2
    assert "Is a directory" in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_home_is_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (("init", "--home", ""), ("--home", " ", "init"), ("demo", "--home", "")):
        done = cli(*arguments)
        assert done.code == 2
        assert "names no folder" in done.err
    assert list(tmp_path.iterdir()) == []


# --- doctor, schema, version ---


def test_doctor_finds_nothing_wrong_with_a_good_home(asked: Path) -> None:
    done = cli("doctor", "--home", asked)
    assert done.code == 0
    for step in ("python", "packages", "connectors", "sqlite", "home", "source police", "store"):
        assert f"pass  {step}: " in done.out
    found = cli("doctor", "--home", asked, "--json").json
    assert found["ok"] is True
    assert set(found["findings"][0]) == {"step", "outcome", "message", "hint"}


def test_doctor_says_what_is_wrong_and_how_to_mend_it(home: Path) -> None:
    (home / "identity.key").chmod(0o644)
    path = home / "sources" / "police.yaml"
    path.write_text(path.read_text().replace("kind: csv", "kind: cvs"))
    done = cli("doctor", "--home", home)
    assert done.code == 1
    assert "fail  identity key: identity.key can be read by others" in done.out
    assert "chmod 600" in done.out
    assert "fail  source police: sources/police.yaml:4: connector.kind: " in done.out
    (home / "casefold.yaml").write_text("casefold: home/1\ndatabse: x\n")
    broken = cli("doctor", "--home", home, "--json")
    assert broken.code == 1
    assert broken.json["ok"] is False
    assert "did you mean 'database'?" in broken.json["findings"][-1]["message"]


def test_doctor_works_where_there_is_no_home_yet(tmp_path: Path) -> None:
    done = cli("doctor", "--home", tmp_path / "none")
    assert done.code == 0
    assert "hint  home: " in done.out
    assert "casefold init --home" in done.out.replace("\n", " ")


def test_a_store_that_fails_is_told_without_the_statement(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Store, *locations: Path) -> None:
        raise OperationalError("INSERT", {"name": "CANARY"}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(Store, "migrate", full)
    done = cli("sync", "--home", home)
    assert (done.code, done.out) == (1, "")
    assert done.err == "error the store failed: database or disk is full; see: casefold doctor\n"
    examined = cli("doctor", "--home", home)
    assert examined.code == 1
    assert "fail  store: the store failed: database or disk is full" in examined.out


def test_doctor_names_a_store_that_is_damaged(home: Path) -> None:
    (home / "casefold.db").write_bytes(b"this is no database at all" * 100)
    done = cli("doctor", "--home", home)
    assert done.code == 1
    assert "fail  store: " in done.out
    assert "not a database" in done.out
    assert cli("sync", "--home", home).code == 2


def test_schema_prints_the_entity_schema_the_mappings_and_the_page() -> None:
    assert {"Person", "Phone", "Incident"} <= set(cli("schema").json["$defs"])
    assert cli("schema", "--mapping").json["title"] == "Casefold mapping"
    assert "### Person" in cli("schema", "--markdown").out


def test_version_and_help_and_wrong_usage() -> None:
    assert re.fullmatch(r"casefold \d+\.\d+\.\d+\n", cli("--version").out)
    helped = cli("--help")
    assert helped.code == 0
    for name in ("init", "check", "preview", "explain", "sync", "quarantine", "search", "show", "neighbors", "path",
                 "export", "demo", "doctor", "schema"):  # fmt: skip
        assert re.search(rf"^│ {name}\b", helped.out, re.MULTILINE)
    assert cli().code == 2
    for wrong in (
        ("snyc",),
        ("sync", "--ful"),
        ("preview",),
        ("preview", "police", "-n", "0"),
        ("quarantine", "show", "x"),
    ):
        done = cli(*wrong)
        assert done.code == 2
        assert "Traceback" not in done.err


# --- what stands in records is harmless ---

NASTY = "[bold]LOUD[/bold] \\[red] :skull: \x1b[2J\x1b]0;owned\x07 \u202eevil\u202c \x9b31m end"


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose records hold markup, escape sequences and characters that turn text around."""
    cases = f'CASE_NO,UPDATED,STATUS,OCCURRED,OFFENSE,NARRATIVE\n"24-1 {NASTY}",,,,"{NASTY}","{NASTY} 313-555-0142"\n'
    cases += f',,,,"{NASTY}",\n'
    persons = f'CASE_NO,PID,LAST,FIRST,DOB,ROLE\n"24-1 {NASTY}","P {NASTY}","ROE {NASTY}",JANE,"{NASTY}","{NASTY}"\n'
    home = make_home(tmp_path_factory.mktemp("nasty") / "home", cases=cases, persons=persons)
    (home / "drop" / "police" / "cases[bold]\x1b[2J.csv").write_text("CASE_NO\n1,2,3\n")
    assert cli("sync", "--home", home).code == 1
    return home


def assert_harmless(text: str) -> None:
    assert not {one for one in text if not one.isprintable() and one != "\n"}


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_markup_and_escapes_of_records_reach_no_terminal(nasty: Path, form: tuple[str, ...]) -> None:
    key = cli("preview", "police", "--home", nasty, "--json").json["records"][0]["key"]
    hits = [
        hit
        for word in ("LOUD", "roe", "3135550142")
        for hit in cli("search", word, "--home", nasty, "--json").json["hits"]
    ]
    assert {"Incident", "Note", "Person", "Phone"} <= {hit["type"] for hit in hits}
    number = cli("quarantine", "list", "--each", "--home", nasty, "--json").json["quarantine"][0]["id"]
    commands: list[tuple[str | Path, ...]] = [
        ("check",), ("preview", "police"), ("explain", "police", key), ("sync", "--full"), ("quarantine", "list"),
        ("quarantine", "list", "--each"), ("quarantine", "show", str(number)), ("search", "LOUD"), ("search", "roe"),
        *(("show", hit["id"]) for hit in hits), *(("neighbors", hit["id"]) for hit in hits),
        ("path", hits[0]["id"], hits[-1]["id"]), ("explain", "police", NASTY), ("search", NASTY), ("show", NASTY),
    ]  # fmt: skip
    seen = ""
    for arguments in commands:
        done = cli(*arguments, *form, "--home", nasty)
        assert done.code in {0, 1, 2}
        assert_harmless(done.out)
        assert_harmless(done.err)
        seen += done.out
    assert "[bold]LOUD[/bold]" in seen
    assert ":skull:" in seen


def test_markup_is_shown_as_it_was_written(nasty: Path) -> None:
    done = cli("search", "LOUD", "--type", "Incident", "--home", nasty)
    assert r"[bold]LOUD[/bold] \[red] :skull:" in done.out


# --- processes ---


def test_stdout_is_the_answer_and_stderr_the_rest(home: Path) -> None:
    with (home / "drop" / "police" / "cases.csv").open("a") as file:
        file.write(",2024-03-08,OPEN,2024-03-07,NO NUMBER,\n")
    done = process("--verbose", "sync", "--home", home, "--json")
    assert done.code == 1
    assert done.json["nodes"] > 0
    wrong = process("show", "ffffffff", "--home", home, "--json")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("error ")


def test_a_reader_that_has_seen_enough_ends_the_export_quietly(asked: Path) -> None:
    writing = subprocess.Popen(
        command("export", "--home", asked), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert writing.stdout is not None
    assert writing.stderr is not None
    writing.stdout.close()
    said = writing.stderr.read()
    writing.stderr.close()
    assert (writing.wait(timeout=60), said) == (0, b"")


def test_two_syncs_at_once_leave_one_graph(home: Path) -> None:
    running = [
        subprocess.Popen(
            command("sync", "--home", home, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )
        for _ in range(2)
    ]
    ended = [(one.communicate(timeout=120), one.returncode) for one in running]
    answers = [json.loads(out)["sources"][0] for (out, _), _ in ended]
    assert sum(answer["mapped"] for answer in answers) == 3
    for answer, ((_, said), code) in zip(answers, ended, strict=True):
        assert code in {0, 1}
        assert b"Traceback" not in said
        if code:
            assert "another process syncs this source now" in answer["error"]
    assert (
        len([hit for hit in cli("search", "doe", "--home", home, "--json").json["hits"] if hit["type"] == "Person"])
        == 1
    )


def test_an_interrupted_command_ends_without_a_traceback(home: Path) -> None:
    os.mkfifo(home / "secret.fifo")
    (home / "casefold.yaml").write_text("casefold: home/1\nidentity_key: file:secret.fifo\n")
    waiting = subprocess.Popen(
        command("sync", "--home", home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    with (home / "secret.fifo").open("w") as fifo:  # opened on both sides: the command runs and waits for its key
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate(timeout=60)
        assert not fifo.closed
    assert waiting.returncode == 130
    assert b"Traceback" not in out + err


def test_a_home_that_cannot_be_written_is_told_in_a_sentence() -> None:
    without: list[str] = []
    if os.geteuid() == 0:  # who may write everything must give that up first
        if shutil.which("setpriv") is None:
            pytest.skip("root without setpriv: every file can be written")
        without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home")
        assert cli("sync", "--home", home, "--json").code == 0
        for path in (home, *home.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            for arguments in (("sync", "--home", home), ("init", "--home", home / "new")):
                done = subprocess.run(
                    [*without, *command(*arguments)], capture_output=True, check=False, env=environment(), timeout=60
                )
                said = (done.stdout + done.stderr).decode()
                assert done.returncode in {1, 2}, said
                assert "Traceback" not in said
                assert re.search("Permission denied|readonly|cannot be opened", said), said
        finally:
            for path in (home, *home.rglob("*")):
                path.chmod(0o700)


def test_a_home_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for name in ("init", "sync", "doctor"):
        done = cli(name, "--home", tmp_path / "file")
        assert done.code in {0, 2}
        assert "Traceback" not in done.err
    assert cli("init", "--home", tmp_path / "file").code == 2


def test_the_mapping_of_this_test_is_one_that_users_would_write() -> None:
    assert CSV_MAPPING.startswith("casefold: mapping/1")
    assert app.info.name == "casefold"
