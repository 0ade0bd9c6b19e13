from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.rest import RestConnector
from tests.contract.connectors.suite import Case, Conformance
from tests.integration.rest.server import KEY, PASSWORD, TOKEN, reports, running
from tests.integration.rest.support import INCREMENTAL, SECRETS, connector, settings

WAYS: dict[str, dict[str, Any]] = {
    "offset, everything each time": {"paging": "offset", "auth": "basic"},
    "page, since the last time": {"paging": "page", "auth": "bearer", "incremental": INCREMENTAL},
    "next URL, sorted": {"paging": "next_url", "auth": "api_key", "incremental": {**INCREMENTAL, "ordered": True}},
    "one page": {"paging": "none", "auth": "none"},
}


@pytest.mark.parametrize("way", list(WAYS), scope="class")
class TestRest(Conformance):
    @pytest.fixture
    def case(self, way: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
        for name, value in SECRETS.items():
            monkeypatch.setenv(name, value)
        records: list[Any] = reports(30)
        records.insert(17, "no object")
        with running(records, auth=WAYS[way]["auth"]) as rms:

            def change() -> None:
                records[20] = {**records[20], "n": "changed", "modified": "2024-05-03T10:00:00Z"}
                records.append(records.pop(20))

            def make(size: int) -> RestConnector:
                return connector(rms, size, **WAYS[way])

            config = settings(rms, **WAYS[way])
            yield Case(make, good=30, bad=1, change=change, settings=config, secrets=(TOKEN, PASSWORD, KEY))
