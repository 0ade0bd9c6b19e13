"""How one page leads to the next, and how a source that goes in circles is told."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

import httpx

from connectors.rest.address import origin
from connectors.rest.config import NextUrlPaging, NoPaging, OffsetPaging, PagePaging, Paging, RestConfig
from connectors.rest.expression import compiled
from schemas.ids import SIZE
from schemas.records import Stop


@dataclass(frozen=True, slots=True)
class Ask:
    """A page to ask for."""

    url: httpx.URL
    label: str
    """Where a person finds the page, in locators: its path and place, without what could be secret."""
    position: int
    """Offset or number of the page."""


class Pager(Protocol):
    """One way of paging."""

    def first(self, url: httpx.URL) -> Ask:
        """The first page of a list."""

    def next(self, ask: Ask, page: Any, count: int) -> Ask | None:
        """The page after one that held `count` records; None at the end."""


class Single:
    """There is one page."""

    def first(self, url: httpx.URL) -> Ask:
        """The page."""
        return Ask(url, url.path, 0)

    def next(self, ask: Ask, page: Any, count: int) -> Ask | None:  # noqa: ARG002 - the protocol's
        """Nothing follows."""
        return None


class ByOffset:
    """Counts what came: a source that gives fewer records than were asked for still loses none."""

    def __init__(self, paging: OffsetPaging) -> None:
        """Take the names of the parameters."""
        self._paging = paging

    def first(self, url: httpx.URL) -> Ask:
        """The page at offset 0."""
        if self._paging.size_parameter:
            url = url.copy_set_param(self._paging.size_parameter, self._paging.size)
        return self._at(url, 0)

    def next(self, ask: Ask, page: Any, count: int) -> Ask | None:  # noqa: ARG002 - the protocol's
        """The page after as many records as came; an empty page is the end."""
        return self._at(ask.url, ask.position + count) if count else None

    def _at(self, url: httpx.URL, offset: int) -> Ask:
        name = self._paging.offset_parameter
        return Ask(url.copy_set_param(name, offset), f"{url.path}?{name}={offset}", offset)


class ByNumber:
    """Counts pages; only an empty one is the end, since a source may give fewer records than were asked for."""

    def __init__(self, paging: PagePaging) -> None:
        """Take the names of the parameters."""
        self._paging = paging

    def first(self, url: httpx.URL) -> Ask:
        """The page with the first number."""
        if self._paging.size_parameter:
            url = url.copy_set_param(self._paging.size_parameter, self._paging.size)
        return self._at(url, self._paging.start)

    def next(self, ask: Ask, page: Any, count: int) -> Ask | None:  # noqa: ARG002 - the protocol's
        """The page with the next number."""
        return self._at(ask.url, ask.position + 1) if count else None

    def _at(self, url: httpx.URL, number: int) -> Ask:
        name = self._paging.page_parameter
        return Ask(url.copy_set_param(name, number), f"{url.path}?{name}={number}", number)


class ByNextUrl:
    """Follows the URL that each page names, on the origin only."""

    def __init__(self, paging: NextUrlPaging) -> None:
        """Take where the URL stands."""
        self._path = paging.path
        self._search = compiled(paging.path)
        self._seen: set[bytes] = set()

    def first(self, url: httpx.URL) -> Ask:
        """The page that the settings name."""
        self._seen = {_mark(str(url).encode())}
        return Ask(url, f"{url.path} page 1", 1)

    def next(self, ask: Ask, page: Any, count: int) -> Ask | None:  # noqa: ARG002 - the protocol's
        """The page that this one names; raises Stop when it was named before, or is on another origin."""
        named = self._search(page)
        if named is None or named == "":
            return None
        try:
            url = ask.url.join(named)
        except (httpx.InvalidURL, TypeError) as error:
            raise Stop(f"`{self._path}` on {ask.label} is no URL") from error
        if origin(url) != origin(ask.url):
            scheme, host, port = origin(url)
            raise Stop(
                f"{ask.label} names a next page on another origin, {scheme}://{host}:{port}; it was not followed"
            )
        mark = _mark(str(url).encode())
        if mark in self._seen:
            raise Stop(f"the source goes in circles: {ask.label} names a next page that was read already")
        self._seen.add(mark)
        return Ask(url, f"{self._first_path(ask)} page {ask.position + 1}", ask.position + 1)

    def _first_path(self, ask: Ask) -> str:
        return ask.label.partition(" page ")[0]


class Circles:
    """Tells a source that gives the same page again and again: it ignores the paging that it was asked for."""

    def __init__(self) -> None:
        """Start before the first page."""
        self._last = b""

    def watch(self, ask: Ask, hashes: list[bytes]) -> None:
        """Take a page's record hashes; raises Stop when they are those of the page before."""
        mark = _mark(b"".join(hashes)) if hashes else b""
        if mark and mark == self._last:
            raise Stop(
                f"the source gives the same page twice ({ask.label}): it ignores the paging; correct `pagination`"
            )
        self._last = mark


def pager(paging: Paging) -> Pager:
    """The way of paging that is configured."""
    if isinstance(paging, NoPaging):
        return Single()
    if isinstance(paging, OffsetPaging):
        return ByOffset(paging)
    if isinstance(paging, PagePaging):
        return ByNumber(paging)
    return ByNextUrl(paging)


def first_url(config: RestConfig, since: str | None) -> httpx.URL:
    """The list's URL, with the fixed parameters and the earliest modification wanted."""
    url = httpx.URL(config.url)
    path = config.path.strip("/")
    if path:
        url = url.copy_with(path=f"{url.path.rstrip('/')}/{path}")
    for name, value in config.parameters.items():
        url = url.copy_set_param(name, value)
    if since is not None and config.incremental is not None:
        url = url.copy_set_param(config.incremental.parameter, since)
    return url


def _mark(data: bytes) -> bytes:
    return blake2b(data, digest_size=SIZE).digest()
