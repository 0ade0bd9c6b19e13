"""Canaries: no secret leaves the request it belongs to, and no case data gets into a message or a log line."""

from __future__ import annotations

import socket
import sqlite3
import traceback
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from casefold.faults import sentence
from tests.acceptance.cli import Done, cli, make_home
from tests.integration.rest.server import Handler, running

CANARY = "canary-5ecret-0815"
PERSON = "CANARYPERSON"
FORMS = (CANARY, b64encode(f"casefold:{CANARY}".encode()).decode(), b64encode(CANARY.encode()).decode(), CANARY[:12])
AUTH = {
    "basic": "{{kind: basic, username: casefold, password: '{0}'}}",
    "bearer": "{{kind: bearer, token: '{0}'}}",
    "api_key": "{{kind: api_key, header: X-Rms-Key, key: '{0}'}}",
}
MAPPING = """\
casefold: mapping/1
reader: json
key: id
entities: {incident: {type: Incident, properties: {number: id, start: {path: modified, required: true}}}}
"""
XML_MAPPING = """\
casefold: mapping/1
reader: niem
match: {root: [nc:Report]}
key: //nc:ID
entities: {incident: {type: Incident, properties: {number: //nc:ID}}}
"""
RECORDS = [
    {"id": "R1", "modified": "2024-05-03T09:00:00Z"},
    {"id": "R2", "modified": f"no date: {PERSON}"},
    {"modified": f"2024-05-03T09:00:00Z {PERSON}"},
]


def source(url: str, auth: str) -> str:
    return (
        f"agency: MI8234500\nconnector:\n  kind: rest\n  url: {url}\n  path: all\n  records: data.items\n"
        f"  allow_private: true\n  retries: 0\n  timeout: 5\n  auth: {auth}\nmapping: rms.yaml\n"
    )


def home_with(folder: Path, url: str, kind: str, reference: str) -> Path:
    home = make_home(folder / "home", others=[("rms", source(url, AUTH[kind].format(reference)), MAPPING)])
    (home / "secrets").mkdir()
    (home / "secrets" / "rms").write_text(CANARY + "\n")
    return home


@pytest.fixture
def errors(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every exception that ended a command, with all that led to it, as a traceback would print it."""
    seen: list[str] = []

    def hears(error: Exception) -> str:
        seen.append("".join(traceback.format_exception(error)))
        return sentence(error)

    monkeypatch.setattr("casefold.cli.sentence", hears)
    return seen


PLAIN = (("check",), ("preview", "rms"), ("sync",), ("quarantine", "list", "--each"), ("doctor",))
FOR_PROGRAMS = (("check", "--json"), ("preview", "rms", "--json"), ("sync", "rms", "--full", "--json"))
OTHERS = (("quarantine", "retry"), ("export",), ("init",))


def everything(home: Path, commands: Sequence[tuple[str, ...]] = (*PLAIN, *FOR_PROGRAMS, *OTHERS)) -> list[Done]:
    """Every command that meets a secret, as talkative as it can be."""
    return [cli("--verbose", *arguments, "--home", home) for arguments in commands]


def assert_silent(home: Path, said: list[Done], errors: list[str]) -> None:
    """No form of the secret stands in what was said, in what ended a command, or in any file but its own."""
    for form in FORMS:
        for done in said:
            assert form not in done.out + done.err
        assert not [error for error in errors if form in error]
        for path in home.rglob("*"):
            if path.is_file() and path.parent.name != "secrets":
                assert form.encode() not in path.read_bytes(), path


def echo(handler: Handler, status: int, **headers: str) -> None:
    """An RMS that repeats what it was sent, as some do in their error pages."""
    said = " ".join(str(value) for value in handler.headers.values())
    handler.answer({"error": said, "success": False, "next": f"http://x/{said}"}, status, **headers)


def redirect(handler: Handler) -> None:
    echo(
        handler, 302, Location="http://127.0.0.1:9/" + str(handler.headers.get("Authorization", "")).replace(" ", "%20")
    )


@contextmanager
def rms(outcome: str) -> Iterator[str]:
    """A source that ends a read in one way; the answer is its URL."""
    if outcome == "refused":
        with socket.socket() as unheard:
            unheard.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{unheard.getsockname()[1]}"
        return
    faults: dict[str, Any] = {
        "401": lambda handler: echo(handler, 401),
        "500": lambda handler: echo(handler, 500),
        "200 with an error": lambda handler: echo(handler, 200),
        "redirect": redirect,
        "garbage": lambda handler: handler.send(b"<html>" + str(handler.headers).encode(), 200),
    }
    with running(RECORDS, always=faults.get(outcome)) as server:
        yield server.url.replace("http:", "https:") if outcome == "tls" else server.url


@pytest.mark.parametrize(
    "outcome", ["success", "401", "500", "200 with an error", "redirect", "garbage", "refused", "tls"]
)
def test_a_source_s_secret_is_told_to_nobody_but_the_source(tmp_path: Path, errors: list[str], outcome: str) -> None:
    for kind in AUTH if outcome == "success" else ("bearer",):
        with rms(outcome) as url:
            home = home_with(tmp_path / kind, url, kind, "file:secrets/rms")
            said = everything(home) if kind == "bearer" else everything(home, PLAIN)
        assert_silent(home, said, errors)
        assert {done.code for done in said} <= {0, 1}
        landed = cli("explain", "rms", "R1", "--home", home).code == 0
        assert landed == (outcome == "success")


def test_a_secret_in_the_environment_is_told_to_nobody(
    tmp_path: Path, errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEFOLD_TEST_SECRET", CANARY)
    with rms("success") as url:
        home = home_with(tmp_path, url, "basic", "env:CASEFOLD_TEST_SECRET")
        assert_silent(home, everything(home), errors)


@pytest.mark.parametrize("secret", [f"{CANARY}\nX-Evil: 1", f"{CANARY}\u20ac", f"{CANARY}\x00", " ", ""])
def test_a_secret_that_no_header_can_hold_is_refused_without_being_shown(
    tmp_path: Path, errors: list[str], secret: str
) -> None:
    with rms("success") as url:
        home = home_with(tmp_path, url, "api_key", "file:secrets/rms")
        (home / "secrets" / "rms").write_text(secret)
        done = cli("sync", "rms", "--home", home)
        assert done.code in {1, 2}
        assert "rms: " in done.err
        assert_silent(home, [done, *everything(home, PLAIN)], errors)


@pytest.mark.parametrize("kind", list(AUTH))
def test_a_secret_that_was_written_out_is_refused_everywhere_and_shown_nowhere(
    tmp_path: Path, errors: list[str], kind: str
) -> None:
    home = home_with(tmp_path, "http://127.0.0.1:9", kind, CANARY)
    sync = cli("sync", "--home", home)
    assert sync.code == 2
    assert "never the value itself" in sync.err
    assert not (home / "casefold.db").exists()
    said = everything(home)
    assert {done.code for done in said} <= {0, 1, 2}
    for form in FORMS:
        assert not [done for done in [*said, sync] if form in done.out + done.err]
        assert not [error for error in errors if form in error]


def test_a_database_s_password_is_told_to_nobody(
    tmp_path: Path, errors: list[str], monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    home = make_home(tmp_path / "home")
    (home / "casefold.yaml").write_text("casefold: home/1\ndatabase: env:CASEFOLD_TEST_DATABASE\n")
    url = make_url(postgres_url).set(password=CANARY).render_as_string(hide_password=False)
    monkeypatch.setenv("CASEFOLD_TEST_DATABASE", url)
    said = [done for done in everything(home) if "there is no source 'rms'" not in done.err]
    assert cli("explain", "police", "24-001", "--home", home).code == 0
    assert_silent(home, said, errors)
    plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        assert "run" in tables
        for table in tables:
            rows = connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()
            assert not [row for row in rows if CANARY in row[0] or CANARY.encode().hex() in row[0]], table


def test_a_database_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home(tmp_path / "home")
    (home / "casefold.yaml").write_text("casefold: home/1\ndatabase: env:CASEFOLD_TEST_DATABASE\n")
    for url in (f"postgresql://casefold:{CANARY}@127.0.0.1:9/db", f"postgresql://casefold:{CANARY}@127.0.0.1:x/db"):
        monkeypatch.setenv("CASEFOLD_TEST_DATABASE", url)
        done = cli("sync", "--home", home)
        assert done.code == 2
        assert_silent(home, [done, cli("doctor", "--home", home)], errors)


def test_case_data_gets_into_no_message_and_no_log(tmp_path: Path, errors: list[str]) -> None:
    """Of what cannot be read, only places, columns and keys are told; the data is shown where it is asked for."""
    with rms("success") as url:
        home = home_with(tmp_path, url, "bearer", "file:secrets/rms")
        drop = home / "drop" / "police"
        header = (drop / "cases.csv").read_text().splitlines()[0]
        (drop / "cases.csv").write_text(
            f'{header}\n24-1,,,{PERSON},x,y\n,,,,{PERSON},\n24-3,{PERSON}\n24-4,,,,,"{PERSON}"\n'
        )
        (drop / "cases2.csv").write_text(f'{header}\n24-5,,,,,"{PERSON}\n')
        (drop / "cases3.csv").write_bytes(f"{header}\n24-6,,,,{PERSON},\x00\n".encode())
        (drop / "persons.csv").write_text(
            f"CASE_NO,PID,LAST,FIRST,DOB,ROLE\n24-77,{PERSON},{PERSON},,{PERSON},{PERSON}\n"
        )
        (home / "sources" / "xml.yaml").write_text(
            "agency: MI8234500\nconnector: {kind: niem, path: drop/xml}\nmapping: xml.yaml\n"
        )
        (home / "mappings" / "xml.yaml").write_text(XML_MAPPING)
        (home / "drop" / "xml").mkdir()
        (home / "drop" / "xml" / "a.xml").write_text(f"<a><b>{PERSON}</c></a>")
        (home / "drop" / "xml" / "b.xml").write_text(
            f"<a xmlns='urn:{PERSON[:3]}'><{PERSON.lower()}>{PERSON}</{PERSON.lower()}></a>"
        )
        said = [
            cli("--verbose", *arguments, "--home", home)
            for arguments in (("check",), ("sync",), ("sync", "--full", "--json"), ("quarantine", "list"),
                              ("quarantine", "list", "--each"), ("quarantine", "retry"), ("doctor",))
        ]  # fmt: skip
    for done in said:
        assert PERSON not in done.out + done.err
    assert not [error for error in errors if PERSON in error]
    held = cli("quarantine", "list", "--each", "--home", home, "--json").json["quarantine"]
    assert len(held) >= 7
    shown = [cli("quarantine", "show", str(entry["id"]), "--home", home).out for entry in held]
    assert any(PERSON in text for text in shown)
    with closing(sqlite3.connect(home / "casefold.db")) as database:
        assert not [row for row in database.execute("SELECT * FROM run") if PERSON in str(row)]
