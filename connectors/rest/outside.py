"""Time, chance and name resolution as arguments, so that a test states them and none of it is patched."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Outside:
    """What the connector cannot decide itself."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], float] = time.time
    """Seconds since 1970: only for deadlines, for Retry-After, and to tell how wrong our clock is; never a cursor."""
    chance: Callable[[], float] = random.random
    """Spreads repeated requests: 0 to 1."""
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolve
