"""Accounts at online services: which service, and under which handle."""

from __future__ import annotations

import re

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Unreadable
from mapping.normalize.services import BY_ALIAS, BY_DOMAIN, NO_HANDLE, Service

_LONGEST = 64
_HANDLE = re.compile(r"[\w$+][\w.:+'$-]*(?:@[\w.-]+)?(?:#\d{1,5})?")
_PROFILE = re.compile(
    r"(?:https?://)?(?:(?:www|m|mobile|web|open)\.)?(?P<host>[a-z0-9.-]+\.[a-z]{2,5})/(?:(?:add|u|in|user)/)?@?"
    r"(?P<handle>[\w.$+-]{1,64})/?(?:[?#].*)?",
    re.IGNORECASE | re.ASCII,
)


def handle() -> Normalize:
    """A handle without its @, letter case folded; of a profile's address, the handle in it."""
    return read_handle


def service() -> Normalize:
    """The name that we give a service; of a service that we do not know, its name in small letters."""
    return read_service


def read_handle(raw: str) -> str | None:
    """The normalized handle, None where the text says nothing; raises Unreadable."""
    text = known(raw)
    if not text:
        return None
    if profile := read_profile(text):
        return profile[1]
    text = known(text.lstrip("@ ").casefold().strip(" .,;"))
    if not text or len(text) > _LONGEST or not _HANDLE.fullmatch(text):
        raise Unreadable("not a handle")
    return text


def read_service(raw: str) -> str | None:
    """The service's name, None where the text says nothing."""
    text = known(known(raw).casefold().strip(" .:@"))
    if not text:
        return None
    found = BY_ALIAS.get(text) or BY_DOMAIN.get(
        text.removeprefix("https://").removeprefix("http://").removeprefix("www.").strip("/")
    )
    return found.name if found else text


def read_profile(url: str) -> tuple[Service, str] | None:
    """(service, handle) of a profile's address at a service that we know."""
    match = _PROFILE.fullmatch(url)
    if match is None:
        return None
    found = BY_DOMAIN.get(match["host"].lower())
    name = match["handle"].casefold().strip(".")
    if found is None or not name or name in NO_HANDLE:
        return None
    return found, name
