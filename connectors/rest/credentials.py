"""The header that says who asks. Its value is read when a run starts, and lives nowhere but in the request."""

from __future__ import annotations

from base64 import b64encode

from connectors.port import Context
from connectors.rest.config import ApiKeyAuth, Auth, BasicAuth, BearerAuth
from schemas.records import BadConfiguration


def references(auth: Auth | None) -> str:
    """What to look at when the source refuses us; never the value."""
    if isinstance(auth, BasicAuth):
        return auth.password
    if isinstance(auth, BearerAuth):
        return auth.token
    if isinstance(auth, ApiKeyAuth):
        return auth.key
    return "no credential (`auth` is not set)"


def header(auth: Auth | None, context: Context) -> dict[str, str]:
    """The header of every request; raises BadConfiguration naming the reference that leads nowhere."""
    if isinstance(auth, BasicAuth):
        user = auth.username
        if user.startswith(("env:", "file:")):
            user = context.secret(user)
        pair = f"{user}:{_usable(auth.password, context)}"
        return {"Authorization": "Basic " + b64encode(pair.encode()).decode()}
    if isinstance(auth, BearerAuth):
        return {"Authorization": "Bearer " + _usable(auth.token, context)}
    if isinstance(auth, ApiKeyAuth):
        return {auth.header: _usable(auth.key, context)}
    return {}


def _usable(reference: str, context: Context) -> str:
    """A secret that can stand in a header."""
    value = context.secret(reference)
    if not value or not value.isascii() or not value.isprintable():
        raise BadConfiguration(
            f"source {context.source}: the secret at {reference} is empty or has characters that no header may hold"
        )
    return value
