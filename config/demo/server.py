"""A small real HTTP server that plays the bureau's records system: paged JSON, Basic auth, records that change.

It listens on the machine itself only, on a port that the system chooses.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
PATH = "/rms/v1/reports"
ALWAYS = "0001-01-01T00:00:00Z"
DEFAULT_LIMIT, LARGEST_LIMIT = 25, 100
QUERY_PARAMETERS = frozenset({"modified_since", "offset", "limit"})


class Records:
    """The records behind the interface; they can be changed and withdrawn while it answers."""

    def __init__(self, records: Iterable[Json]) -> None:
        """Take records with `id` and `updatedAt`."""
        self._lock = Lock()
        self._records = {record["id"]: record for record in records}

    def get(self, key: str) -> Json:
        """One record by id; raises KeyError."""
        with self._lock:
            return self._records[key]

    def put(self, record: Json) -> None:
        """Add a record, or replace the one of the same id."""
        with self._lock:
            self._records[record["id"]] = record

    def delete(self, key: str, when: str) -> None:
        """Withdraw a record: from now on only its id, its change date and a flag are given."""
        self.put({"id": key, "updatedAt": when, "deleted": True})

    def page(self, since: datetime, offset: int, limit: int) -> Json:
        """Records changed at or after `since`, oldest change first."""
        with self._lock:
            dated = [(datetime.fromisoformat(record["updatedAt"]), record) for record in self._records.values()]
        found = [record for when, record in dated if when >= since]
        found.sort(key=lambda record: (record["updatedAt"], record["id"]))
        return {"items": found[offset : offset + limit], "total": len(found)}


class RmsServer:
    """The server as a context: up when entered, gone when left."""

    def __init__(self, records: Iterable[Json], user: str, password: str) -> None:
        """Take the records, and who may read them."""
        self.records = Records(records)
        self.requests = 0
        token = b64encode(f"{user}:{password}".encode()).decode()
        self._server = _Listener(self, f"Basic {token}")
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, rms: RmsServer, authorization: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rms = rms
        self.authorization = authorization


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def do_GET(self) -> None:
        """Answer one page, or say what is wrong with the question."""
        self.server.rms.requests += 1
        parts = urlsplit(self.path)
        if not hmac.compare_digest(self.headers.get("Authorization", ""), self.server.authorization):
            self._say(HTTPStatus.UNAUTHORIZED, {"success": False, "error": "credentials are missing or wrong"})
        elif parts.path != PATH:
            self._say(HTTPStatus.NOT_FOUND, {"success": False, "error": "no such resource"})
        else:
            self._page(parse_qs(parts.query))

    def _page(self, query: dict[str, list[str]]) -> None:
        strange = sorted(set(query) - QUERY_PARAMETERS)
        try:
            offset = int(query.get("offset", ["0"])[0])
            limit = min(int(query.get("limit", [str(DEFAULT_LIMIT)])[0]), LARGEST_LIMIT)
            since = datetime.fromisoformat(query.get("modified_since", [ALWAYS])[0])
        except ValueError:
            offset, limit, since = -1, 0, datetime.max.replace(tzinfo=UTC)
        if strange or offset < 0 or limit < 1 or since.tzinfo is None:
            self._say(HTTPStatus.BAD_REQUEST, {"success": False, "error": "the query cannot be read"})
            return
        self._say(HTTPStatus.OK, {"success": True, "data": self.server.rms.records.page(since, offset, limit)})

    def _say(self, status: HTTPStatus, answer: Json) -> None:
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", 'Basic realm="records"')
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing: a demo's terminal belongs to its story."""
