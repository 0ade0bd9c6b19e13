"""Web addresses in one spelling, so that an ad posted twice is one ad.

Scheme and host in small letters; no default port, fragment, user name or tracking parameter. An address without a
scheme is taken for https, which is what a browser would try.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Unreadable

_LONGEST = 2_048
_LONGEST_HOST, _LAST_PORT = 253, 65_535
_URL = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+-]{0,20}):/{2,3}(?:[^/?#@\s]*@)?)?(?P<host>[^/?#:@\s\[\]]+|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>\d{0,5}))?(?P<path>/[^?#\s\"<>]*)?(?P<query>\?[^#\s\"<>]*)?(?:#\S*)?",
    re.IGNORECASE,
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9-]{{2,59}})\.?")
_NUMERIC_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]", re.ASCII)
_DEFAULT_PORTS = {"http": "80", "https": "443", "ftp": "21"}
_DEFANGED = {"hxxp": "http", "hxxps": "https"}
"""How analysts write an address that nobody should click."""
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|wbraid|gbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|_ga|_gl|s_kwcid)"
    r"(?:=.*)?",
    re.IGNORECASE | re.ASCII,
)


def url() -> Normalize:
    """The canonical web address."""
    return read_url


@lru_cache(maxsize=8_192)
def read_url(raw: str) -> str | None:
    """The canonical address, None where the text says nothing; raises Unreadable."""
    text = known(raw).strip("<>\"' ")
    if not text:
        return None
    match = _URL.fullmatch(text.replace("[.]", ".").replace("(.)", ".")) if len(text) <= _LONGEST else None
    if match is None:
        raise Unreadable("not a web address")
    scheme = (match["scheme"] or "https").lower()
    scheme = _DEFANGED.get(scheme, scheme)
    host = match["host"].lower().removesuffix(".")
    if scheme not in _DEFAULT_PORTS or not _real_host(host, named=match["scheme"] is None):
        raise Unreadable("not a web address")
    port = (match["port"] or "").lstrip("0")
    if port and int(port) > _LAST_PORT:
        raise Unreadable("not a web address")
    at = f":{port}" if port and port != _DEFAULT_PORTS[scheme] else ""
    return f"{scheme}://{host}{at}{match['path'] or '/'}{_query(match['query'] or '')}"


def _real_host(host: str, *, named: bool) -> bool:
    if len(host) > _LONGEST_HOST:
        return False
    return _HOST.fullmatch(host) is not None or (not named and _NUMERIC_HOST.fullmatch(host) is not None)


def _query(query: str) -> str:
    if len(query) <= 1:
        return ""
    kept = [pair for pair in query[1:].split("&") if pair and not _TRACKING.fullmatch(pair)]
    return f"?{'&'.join(kept)}" if kept else ""
