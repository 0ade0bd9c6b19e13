"""A connector to the test's own server, whose pauses take no time and are written down."""

from __future__ import annotations

from typing import Any

from connectors.context import SourceContext
from connectors.rest import RestConfig, RestConnector
from connectors.rest.outside import Outside
from tests.integration.rest.server import KEY, PASSWORD, TOKEN, Rms

SECRETS = {"RMS_TOKEN": TOKEN, "RMS_PASSWORD": PASSWORD, "RMS_KEY": KEY}
AUTH = {
    "none": None,
    "basic": {"kind": "basic", "username": "casefold", "password": "env:RMS_PASSWORD"},
    "bearer": {"kind": "bearer", "token": "env:RMS_TOKEN"},
    "api_key": {"kind": "api_key", "header": "X-Rms-Key", "key": "env:RMS_KEY"},
}
PAGING = {
    "offset": ("/offset", {"kind": "offset", "size": 4, "size_parameter": "size"}),
    "page": ("/page", {"kind": "page", "size": 4}),
    "next_url": ("/next?size=4", {"kind": "next_url", "path": "links.next"}),
    "none": ("/all", {"kind": "none"}),
}
INCREMENTAL = {"parameter": "modified_since", "field": "modified", "look_back": 0}


class Pauses(list[float]):
    """The pauses that were made."""

    async def sleep(self, seconds: float) -> None:
        self.append(seconds)


def settings(rms: Rms, paging: str = "offset", auth: str = "none", **more: Any) -> dict[str, Any]:
    path, pagination = PAGING[paging]
    path, _, query = path.partition("?")
    return {
        "url": rms.url,
        "path": path,
        "records": "data.items",
        "pagination": pagination,
        "auth": AUTH[auth],
        "parameters": dict(pair.split("=") for pair in query.split("&") if pair),
        "allow_private": True,
        "retries": 3,
        **more,
    }


def connector(rms: Rms, size: int = 1_000, pauses: Pauses | None = None, **more: Any) -> RestConnector:
    config = RestConfig.model_validate(settings(rms, **more))
    outside = Outside(sleep=(Pauses() if pauses is None else pauses).sleep, chance=lambda: 1.0)
    return RestConnector(config, SourceContext("bureau", batch_size=size), outside)
