"""Four of our top-level packages have common names; another distribution's of the same name would be imported unseen.

So the façade looks once, at start, whether they lie beside it, and names the other owner if not.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

from schemas.records import BadConfiguration

COMMON_NAMES = ("schemas", "connectors", "mapping", "service")


def assert_ours(names: tuple[str, ...] = COMMON_NAMES, home: Path | None = None) -> None:
    """Raise BadConfiguration naming who owns a package of ours that was imported from elsewhere."""
    root = home or Path(__file__).resolve().parent.parent
    for name in names:
        found = Path(str(import_module(name).__file__)).resolve().parent.parent
        if found != root:
            owners = (
                ", ".join(sorted(set(packages_distributions().get(name, [])) - {"casefold"})) or "an unknown package"
            )
            message = (
                f"the package {name!r} is imported from {owners}, not from Casefold; "
                "install Casefold in a virtual environment of its own"
            )
            raise BadConfiguration(message)
