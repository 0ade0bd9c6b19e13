"""A records system's REST interface, over real HTTP, in a process of its own whose CPU time nobody counts.

`python -m benchmarks.server` prints the port and serves until its stdin closes. GET /NAME/reports answers a page of
the folder that a POST to /NAME named, so the same interface can have other records the next day.
"""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_left
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx

from benchmarks.child import ROOT
from benchmarks.shapes.pages import PAGE, Book

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"


class Shelf:
    """The books that are served, by name."""

    def __init__(self) -> None:
        """Start empty."""
        self._books: dict[str, Book] = {}
        self._lock = Lock()

    def put(self, name: str, folder: str) -> None:
        """Serve this folder's records under the name from now on."""
        book = Book(Path(folder))
        with self._lock:
            before, self._books[name] = self._books.get(name), book
        if before:
            before.close()

    def page(self, name: str, since: str, offset: int, count: int) -> bytes:
        """Records changed at or after `since`, oldest change first."""
        with self._lock:
            book = self._books[name]
            first = 0
            if since:
                first = bisect_left(book.updated, int(datetime.fromisoformat(since).timestamp() * 1000))
            return book.page(min(first + offset, len(book)), count, len(book) - first)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    shelf: Shelf

    def do_GET(self) -> None:
        """Answer one page."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        name = parts.path.strip("/").partition("/")[0]
        since, offset, count = query.get("updated_after", ""), query.get("offset", "0"), query.get("limit", str(PAGE))
        self._say(self.shelf.page(name, since, int(offset), int(count)))

    def do_POST(self) -> None:
        """Serve other records under a name."""
        folder = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.shelf.put(self.path.strip("/"), folder)
        self._say(b"{}")

    def _say(self, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


class Interface:
    """The running interface, as whoever measures sees it."""

    def __init__(self, address: str) -> None:
        """Take its base address."""
        self.address = address

    def serve(self, name: str, folder: Path) -> str:
        """Have it answer with this folder's records under the name; the base address of that."""
        httpx.post(f"{self.address}/{name}", content=str(folder).encode(), trust_env=False).raise_for_status()
        return f"{self.address}/{name}"


@contextmanager
def running() -> Iterator[Interface]:
    """The interface in a process of its own, for the length of the block."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Interface(f"http://{HOST}:{int(process.stdout.readline())}")
        process.stdin.close()


def main() -> None:
    """Serve until stdin closes."""
    Handler.shelf = Shelf()
    server = ThreadingHTTPServer((HOST, 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
