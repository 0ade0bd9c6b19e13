"""Which addresses a source may be at: no feed may be bent to reach this machine or the network around it.

The address that was checked is the one that is connected to: a name that resolves differently the second time
(DNS rebinding) gains nothing.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from connectors.rest.outside import Outside
from schemas.records import Retry, Stop

_NAT64 = IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]
"""Scheme, host, port: what credentials are for."""


def origin(url: httpx.URL) -> Origin:
    """The origin of a URL."""
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme, 0)


def is_public(address: str) -> bool:
    """Whether an address is out on the internet, also when it is wrapped in an IPv6 address."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast


async def addresses(url: httpx.URL, outside: Outside, *, allow_private: bool) -> list[str]:
    """The addresses of a URL's host that may be connected to.

    Raises Retry when the name resolves to nothing now, Stop when it leads to an address that the source does not allow.
    """
    scheme, host, port = origin(url)
    try:
        found = await outside.resolve(host, port)
    except OSError as error:
        raise Retry(f"the name {host} cannot be resolved ({error.strerror or type(error).__name__})") from error
    if not found:
        raise Retry(f"the name {host} has no address")
    if not allow_private and not all(is_public(address) for address in found):
        raise Stop(
            f"{scheme}://{host} is at a loopback, link-local or private address; "
            "if that is meant, set `allow_private: true` for this source"
        )
    return found
