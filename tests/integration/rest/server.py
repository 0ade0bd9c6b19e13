"""A small real RMS on 127.0.0.1: it pages in every way, asks for credentials, and misbehaves when told to."""

from __future__ import annotations

import json
import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

TOKEN = "canary-token-7f3a"
PASSWORD = "canary-password-91c"
KEY = "canary-key-52d"
CREDENTIALS = {
    "none": (None, None),
    "basic": ("Authorization", "Basic " + b64encode(f"casefold:{PASSWORD}".encode()).decode()),
    "bearer": ("Authorization", f"Bearer {TOKEN}"),
    "api_key": ("X-Rms-Key", KEY),
}

Fault = Callable[["Handler"], None]
"""Answers one request in place of the server."""


class Rms(ThreadingHTTPServer):
    """The server's state, which a test sets and reads."""

    daemon_threads = True
    records: list[Any]
    auth: str = "none"
    faults: dict[int, Fault]
    """By the number of the request, from 1."""
    always: Fault | None = None
    strictly_after: bool = False
    """The source lists what is later than `modified_since`, not what is equal to it."""
    envelope: bool = False
    most: int = 1000
    """The most records that the server gives at once, whatever it is asked for."""
    asked: list[dict[str, str]]
    seen_headers: list[dict[str, str]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Rms
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append({"path": parts.path, **self.query})
        self.server.seen_headers.append(dict(self.headers.items()))
        fault = self.server.faults.pop(len(self.server.asked), self.server.always)
        if fault is not None:
            fault(self)
            return
        header, value = CREDENTIALS[self.server.auth]
        if header and self.headers.get(header) != value:
            self.answer({"error": "who are you"}, status=401)
            return
        self.page(parts.path)

    def page(self, path: str) -> None:
        records = self.wanted()
        size = min(self.server.most, int(self.query.get("size", "1000")))
        number = int(self.query.get("page", "1"))
        start = (number - 1) * size if path == "/page" else int(self.query.get("offset", "0"))
        part = records if path == "/all" else records[start : start + size]
        whole: Any = {"data": {"items": part}, "success": True}
        if path == "/next":
            more = start + size < len(records)
            query = urlencode({**self.query, "offset": start + size})
            whole["links"] = {"next": f"/next?{query}" if more else None}
        self.answer(whole)

    def wanted(self) -> list[Any]:
        since = self.query.get("modified_since")
        if since is None:
            return self.server.records
        late = str.__gt__ if self.server.strictly_after else str.__ge__
        return [
            record for record in self.server.records if not isinstance(record, dict) or late(record["modified"], since)
        ]

    def answer(self, whole: Any, status: int = 200, **headers: str) -> None:
        self.send(json.dumps(whole).encode(), status, length=None, **headers)

    def send(self, body: bytes, status: int = 200, *, length: int | None = None, **headers: str) -> None:
        """Send bytes; a `length` that is not theirs cuts the body short."""
        self.send_response_only(status)
        named = {"Content_Type": "application/json", "Date": self.date_time_string(), **headers}
        for name, value in named.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True


def hang_up(handler: Handler) -> None:
    """Close the connection in place of an answer."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def running(records: list[Any], **state: Any) -> Iterator[Rms]:
    """A server with these records, for as long as the test lasts."""
    server = Rms(("127.0.0.1", 0), Handler)
    server.records, server.faults, server.asked, server.seen_headers = records, {}, [], []
    for name, value in state.items():
        setattr(server, name, value)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reports(count: int) -> list[dict[str, Any]]:
    """Fictional reports, modified one minute after the other."""
    return [
        {"id": f"R{number:03d}", "modified": f"2024-05-03T{9 + number // 60:02d}:{number % 60:02d}:00Z", "n": number}
        for number in range(count)
    ]
