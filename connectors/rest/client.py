"""One GET, done with care: foreign errors become ours here and nowhere else.

Only the origin that the source names is ever asked, at an address that was checked; what may work later is tried
again with growing pauses, or when the source says.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from connectors.port import Context
from connectors.rest.address import addresses, origin
from connectors.rest.answer import Answer, Transient, header_date, whole_body
from connectors.rest.config import RestConfig
from connectors.rest.credentials import header, references
from connectors.rest.outside import Outside
from schemas.records import BadConfiguration, Retry, Stop

T = TypeVar("T")

LONGEST_PAUSE = 60.0
"""A source that asks for a longer pause is asked again in the next run."""
_FIRST_PAUSE = 0.5
_REDIRECTS = 3
_TRANSIENT = {408, 425, 429}


class Refused(Stop):
    """The source does not accept who asks."""


class Client:
    """Asks one origin."""

    def __init__(self, config: RestConfig, context: Context, outside: Outside) -> None:
        """Take the settings; opens nothing."""
        self._config = config
        self._context = context
        self._outside = outside
        self._base = httpx.URL(config.url)
        self._addresses: list[str] = []
        self._attempt = 0
        self._until = outside.now() + config.total_deadline
        self._http: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        """Read the credential and check the address. Raises BadConfiguration, Stop or Retry."""
        named = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "casefold"}
        named |= self._config.headers | header(self._config.auth, self._context)
        self._addresses = await addresses(self._base, self._outside, allow_private=self._config.allow_private)
        self._http = httpx.AsyncClient(
            headers=named, timeout=self._config.timeout, trust_env=False, follow_redirects=False, verify=self._trust()
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    def _trust(self) -> ssl.SSLContext | bool:
        """The certificates that the source may show."""
        name = self._config.ca_file
        if name is None:
            return True
        try:
            return ssl.create_default_context(cafile=str(Path(self._context.base, name)))
        except OSError as error:
            where = f"source {self._context.source}: `ca_file` {name}"
            raise BadConfiguration(f"{where} cannot be read as PEM ({type(error).__name__})") from error

    async def get(self, url: httpx.URL, accept: Callable[[Answer], T], *, retries: int | None = None) -> T:
        """A whole answer of the source, as `accept` reads it; what that finds Transient is asked for again too.

        Raises Retry when it may work later, Stop when a person must look.
        """
        retrying = AsyncRetrying(
            sleep=self._outside.sleep,
            stop=stop_after_attempt((self._config.retries if retries is None else retries) + 1),
            wait=self._pause,
            retry=retry_if_exception(_worth_repeating),
            reraise=True,
        )

        async def attempt() -> T:
            return accept(await self._once(url))

        try:
            return await retrying(attempt)
        except Transient as error:
            raise Retry(f"{error}: {url.path}", error.after) from error

    def _pause(self, state: RetryCallState) -> float:
        """Seconds before the next attempt: what the source asked for, else twice as long each time, spread."""
        error = state.outcome.exception() if state.outcome else None
        after = error.after if isinstance(error, Transient) else None
        grown = min(LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (state.attempt_number - 1))
        return max(after or 0.0, grown * (0.5 + self._outside.chance() / 2))

    async def _once(self, url: httpx.URL) -> Answer:
        """One attempt, with the redirects that stay on the origin."""
        left = self._until - self._outside.now()
        if left <= 0:
            raise Retry(f"the read took longer than `total_deadline` ({self._config.total_deadline:g} s)")
        try:
            async with asyncio.timeout(min(left, self._config.request_deadline)):
                for _ in range(_REDIRECTS + 1):
                    found = await self._exchange(url)
                    if isinstance(found, Answer):
                        return found
                    url = found
        except TimeoutError as error:
            raise Transient("no whole answer within `request_deadline`") from error
        except httpx.TimeoutException as error:
            raise Transient(f"no answer within `timeout` ({type(error).__name__})") from error
        except (httpx.TransportError, ssl.SSLError) as error:
            self._attempt += 1  # the next attempt goes to the host's next address
            if _is_certificate(error):
                raise Stop(
                    f"the source's certificate is not trusted ({error}); if the agency has its own authority, "
                    "name its certificate in `ca_file`"
                ) from error
            raise Transient(f"the connection failed ({type(error).__name__}: {error})") from error
        raise Stop(f"{url.path} redirects more than {_REDIRECTS} times; correct `url` or `path`")

    async def _exchange(self, url: httpx.URL) -> Answer | httpx.URL:
        """Send one request: an answer, or where it redirects to."""
        if self._http is None:  # the class is used as a context manager
            raise Stop("the client is not open")
        address = self._addresses[self._attempt % len(self._addresses)]
        request = self._http.build_request(
            "GET",
            url.copy_with(host=address),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.host, "timeout": httpx.Timeout(self._config.timeout).as_dict()},
        )
        response = await self._http.send(request, stream=True)
        async with aclosing(response):
            if response.is_redirect:
                return self._redirected(url, response)
            self._judge(url, response)
            body = await whole_body(response, self._config.max_page_bytes)
        kind = response.headers.get("content-type", "").lower()
        html = "html" in kind or body[:64].lstrip().lower().startswith((b"<!doctype", b"<html"))
        none = response.status_code == httpx.codes.NO_CONTENT
        return Answer(body, header_date(response.headers.get("date")), html, none)

    def _redirected(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        """Where a redirect leads; raises Stop when that is another origin, which must not see the credential."""
        try:
            target = url.join(response.headers.get("location", ""))
        except httpx.InvalidURL as error:
            raise Stop(f"{url.path} redirects to something that is no URL") from error
        if origin(target) != origin(self._base):
            scheme, host, port = origin(target)
            raise Stop(
                f"{url.path} redirects to another origin, {scheme}://{host}:{port}, which was not followed; "
                "a login page does this when a credential has expired; else correct `url`"
            )
        return target

    def _judge(self, url: httpx.URL, response: httpx.Response) -> None:
        """Raise what a status means for the run; success passes."""
        status = response.status_code
        if response.is_success:
            return
        what = f"{status} from {url.path}"
        who = references(self._config.auth)
        if status == httpx.codes.UNAUTHORIZED:
            raise Refused(f"{what}: the source refuses the credential {who}; was it revoked, or has it expired?")
        if status == httpx.codes.FORBIDDEN:
            raise Refused(
                f"{what}: the credential {who} may not read this; ask the source's administrator for the right"
            )
        if status in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
            raise Stop(f"{what}: there is no such resource; correct `url` or `path`")
        if status in _TRANSIENT or response.is_server_error:
            raise Transient(f"{status} from the source", self._asked_pause(response))
        raise Stop(f"{what}: the source does not accept the request; correct `parameters`, `pagination` or `path`")

    def _asked_pause(self, response: httpx.Response) -> float | None:
        """Retry-After in seconds; a date is taken against the source's own clock where it says the time."""
        text = response.headers.get("retry-after", "").strip()
        if text.isdigit():
            return float(text)
        until = header_date(text)
        if until is None:
            return None
        now = header_date(response.headers.get("date")) or datetime.fromtimestamp(self._outside.now(), UTC)
        try:
            return max(0.0, (until - now).total_seconds())
        except TypeError:  # one of them names no zone
            return None


def _worth_repeating(error: BaseException) -> bool:
    return isinstance(error, Transient) and (error.after or 0.0) <= LONGEST_PAUSE


def _is_certificate(error: BaseException) -> bool:
    """Whether a connection failed on a certificate, which no repetition mends."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
