"""One GET, done with care: foreign errors become ours here and nowhere else.

Only the origin that the source names is ever asked, at an address that was checked; what may work later is tried
again with growing pauses, or when the source says.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

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


@asynccontextmanager
async def opened(config: RestConfig, context: Context, outside: Outside) -> AsyncIterator[Client]:
    """A client for one read. Raises BadConfiguration for the credential, Stop or Retry for the address."""
    named = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "casefold"}
    named |= config.headers | header(config.auth, context)
    found = await addresses(httpx.URL(config.url), outside, allow_private=config.allow_private)
    trust = _trust(config, context)
    async with httpx.AsyncClient(
        headers=named, timeout=config.timeout, trust_env=False, follow_redirects=False, verify=trust
    ) as http:
        yield Client(config, outside, http, found)


def _trust(config: RestConfig, context: Context) -> ssl.SSLContext | bool:
    """The certificates that the source may show."""
    if config.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(Path(context.base, config.ca_file)))
    except OSError as error:
        where = f"source {context.source}: `ca_file` {config.ca_file}"
        raise BadConfiguration(f"{where} cannot be read as PEM ({type(error).__name__})") from error


class Client:
    """Asks one origin."""

    def __init__(self, config: RestConfig, outside: Outside, http: httpx.AsyncClient, found: Sequence[str]) -> None:
        """Take the connections, and the addresses that may be asked."""
        self._config = config
        self._outside = outside
        self._http = http
        self._addresses = found
        self._failures = 0
        self._until = outside.now() + config.total_deadline

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
            self._failures += 1  # the next attempt goes to the host's next address
            if _is_certificate(error):
                raise Stop(
                    f"the source's certificate is not trusted ({error}); if the agency has its own authority, "
                    "name its certificate in `ca_file`"
                ) from error
            # Only a failed connect tells in words what is known to be the system's, not the source's.
            words = f": {error}" if isinstance(error, httpx.ConnectError) else ""
            raise Transient(f"the connection failed ({type(error).__name__}{words})") from error
        raise Stop(f"{url.path} redirects more than {_REDIRECTS} times; correct `url` or `path`")

    async def _exchange(self, url: httpx.URL) -> Answer | httpx.URL:
        """Send one request: an answer, or where it redirects to."""
        address = self._addresses[self._failures % len(self._addresses)]
        request = self._http.build_request(
            "GET",
            url.copy_with(host=address),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.host, "timeout": httpx.Timeout(self._config.timeout).as_dict()},
        )
        response = await self._http.send(request, stream=True)
        async with aclosing(response):
            if response.has_redirect_location:
                return self._redirected(url, response)
            self._judge(url, response)
            body = await whole_body(response, self._config.max_page_bytes)
        kind = response.headers.get("content-type", "").lower()
        html = "html" in kind or body[:64].lstrip().lower().startswith((b"<!doctype", b"<html"))
        none = response.status_code == httpx.codes.NO_CONTENT
        return Answer(body, header_date(response.headers.get("date")), html, none)

    def _redirected(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        """Where a redirect leads; raises Stop when that is another origin, which must not see the credential."""
        target = url.join(response.headers["location"])  # httpx has refused what is no URL
        if origin(target) != origin(url):
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
