"""What the three agencies' IT would have set up: folders with drops, source files, mappings, a password file.

Sources and mappings are the examples that ship (config/examples); only the bureau's address is this run's own.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from config.demo.city import write_city
from config.demo.county import write_county
from config.demo.truth import write_truth
from config.demo.world import World

EXAMPLES = files("config") / "examples"
EXAMPLE_URL = "http://127.0.0.1:8043"
"""The bureau's address as the example has it."""

BUREAU_USER = "casefold"
PASSWORD_FILE = "secrets/lakes-bureau"  # noqa: S105 - where the password stands, not the password
TRUTH = "demo-truth.json"
"""What the author knows, for tests and for the curious; it also marks a home as the demo's own."""


def write_demo_home(world: World, home: Path, bureau_url: str, password: str) -> None:
    """Write drops, sources, mappings and the bureau's password into a home that `casefold init` has made."""
    write_city(world, home / "drops" / "port-alden-pd")
    write_county(world, home / "drops" / "tamarack-sheriff")
    write_truth(world, home / TRUTH)
    secret = home / PASSWORD_FILE
    secret.parent.mkdir(mode=0o700, exist_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(f"{password}\n", encoding="utf-8")
    for kind in ("sources", "mappings"):
        for example in sorted((EXAMPLES / kind).iterdir(), key=_name):
            text = example.read_text(encoding="utf-8").replace(EXAMPLE_URL, bureau_url)
            (home / kind / example.name).write_text(text, encoding="utf-8")


def _name(entry: Traversable) -> str:
    return entry.name
