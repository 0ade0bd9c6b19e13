from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from config.demo.server import PATH, RmsServer

USER, PASSWORD = "reader", "not-a-real-secret"


def record(number: int, when: str = "2026-05-01T00:00:00.000Z") -> dict[str, Any]:
    return {"id": f"rpt-{number}", "updatedAt": when, "deleted": False}


@pytest.fixture
def server() -> Iterator[RmsServer]:
    with RmsServer([record(number) for number in range(7)], USER, PASSWORD) as running:
        yield running


def get(server: RmsServer, path: str = PATH, password: str = PASSWORD, **query: object) -> tuple[int, Any]:
    host = urlsplit(server.url)
    connection = HTTPConnection(host.hostname or "", host.port)
    token = b64encode(f"{USER}:{password}".encode()).decode()
    connection.request("GET", f"{path}?{urlencode(query)}", headers={"Authorization": f"Basic {token}"})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, body


def test_pages_follow_each_other_and_say_how_much_there_is(server: RmsServer) -> None:
    pages = [get(server, offset=offset, limit=3)[1] for offset in (0, 3, 6)]

    assert all(page["success"] and page["data"]["total"] == 7 for page in pages)
    assert [item["id"] for page in pages for item in page["data"]["items"]] == [f"rpt-{n}" for n in range(7)]


def test_only_what_changed_since_is_given(server: RmsServer) -> None:
    server.records.put(record(3, "2026-06-01T00:00:00.000Z"))

    for since in ("2026-05-02T00:00:00.000Z", "2026-06-01T00:00:00Z", "2026-05-31T20:00:00-04:00"):
        _, page = get(server, modified_since=since)
        assert [item["id"] for item in page["data"]["items"]] == ["rpt-3"]


def test_a_withdrawn_record_is_given_as_a_flag_and_nothing_else(server: RmsServer) -> None:
    server.records.delete("rpt-3", "2026-06-01T00:00:00.000Z")

    _, page = get(server, modified_since="2026-05-02T00:00:00.000Z")

    assert page["data"]["items"] == [{"id": "rpt-3", "updatedAt": "2026-06-01T00:00:00.000Z", "deleted": True}]
    assert server.records.get("rpt-3")["deleted"] is True


def test_a_wrong_password_is_refused(server: RmsServer) -> None:
    status, body = get(server, password="another")

    assert status == 401
    assert body == {"success": False, "error": "credentials are missing or wrong"}


def test_no_password_is_refused_and_a_challenge_is_sent(server: RmsServer) -> None:
    host = urlsplit(server.url)
    connection = HTTPConnection(host.hostname or "", host.port)
    connection.request("GET", PATH)
    answer = connection.getresponse()
    connection.close()

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "query",
    [
        {"offset": "x"},
        {"offset": -1},
        {"limit": 0},
        {"since": "2026"},
        {"modified_since": "May"},
        {"modified_since": "2026-05-01T00:00:00"},
    ],
)
def test_a_question_that_cannot_be_read_is_said_to_be_bad(server: RmsServer, query: dict[str, Any]) -> None:
    assert get(server, **query)[0] == 400


def test_another_path_is_not_found(server: RmsServer) -> None:
    assert get(server, path="/rms/v1/persons")[0] == 404


def test_the_port_is_given_back_when_the_server_is_left() -> None:
    with RmsServer([], USER, PASSWORD) as running:
        url = running.url
        assert get(running)[1]["data"] == {"items": [], "total": 0}
    host = urlsplit(url)
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection(host.hostname or "", host.port).connect()
