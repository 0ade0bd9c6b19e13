"""Finds the connector of a kind, ours or a plug-in's, by the entry-point group `casefold.connectors`.

A connector that was built for another version of the port is refused by name, before it is asked anything.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import ClassVar, Protocol, cast

from pydantic import BaseModel

from connectors.port import SPI_VERSION, Connector, Context
from schemas.records import BadConfiguration

GROUP = "casefold.connectors"


class Kind(Protocol):
    """A connector's class: settings and context make it a connector."""

    SPI: ClassVar[int]
    Config: ClassVar[type[BaseModel]]

    def __call__(self, config: BaseModel, context: Context) -> Connector:
        """Construct the connector; opens nothing."""


def kinds() -> list[str]:
    """The names that a source may give as its kind."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def find(kind: str) -> Kind:
    """The connector's class; raises BadConfiguration for a kind that is unknown, broken or built for another port."""
    found = _points(kind)
    if not found:
        known = kinds()
        nearest = get_close_matches(kind, known, 1, 0.0)
        meant = f"; did you mean {nearest[0]}?" if nearest else ""
        raise BadConfiguration(f"there is no connector of kind `{kind}`{meant} Installed: {', '.join(known) or 'none'}")
    if len(found) > 1:
        owners = " and ".join(_owner(point) for point in found)
        raise BadConfiguration(f"connector kind `{kind}` comes from {owners}; uninstall all but one")
    return _loaded(found[0])


def _points(kind: str) -> list[EntryPoint]:
    """The entry points of a kind, one for each thing they point to: a path may be searched twice."""
    points = entry_points(group=GROUP, name=kind)
    return list({point.value: point for point in points}.values())


def _loaded(point: EntryPoint) -> Kind:
    try:
        loaded = point.load()
    except Exception as error:  # a plug-in may raise what it likes when it is imported
        raise BadConfiguration(
            f"connector kind `{point.name}` of {_owner(point)} cannot be imported ({type(error).__name__}: {error})"
        ) from error
    version = getattr(loaded, "SPI", None)
    if version != SPI_VERSION:
        built = "names no version of the connector port" if version is None else f"was built for port version {version}"
        raise BadConfiguration(
            f"connector kind `{point.name}` of {_owner(point)} {built}; this Casefold has version {SPI_VERSION}. "
            "Install a matching version of one of the two"
        )
    config = getattr(loaded, "Config", None)
    if not (isinstance(config, type) and issubclass(config, BaseModel)):
        raise BadConfiguration(f"connector kind `{point.name}` of {_owner(point)} has no `Config` model")
    return cast("Kind", loaded)


def _owner(point: EntryPoint) -> str:
    """The distribution that an entry point belongs to, for messages."""
    return point.dist.name if point.dist is not None else point.value
