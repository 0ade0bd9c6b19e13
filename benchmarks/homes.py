"""Homes as an agency's IT would write them, over the input of one shape, and the databases behind them."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from benchmarks.shapes import SHAPES

if TYPE_CHECKING:
    from pathlib import Path

KEY = "a benchmark's identity key, fixed so that every round makes the same rows"


def make_home(home: Path, shape: str, database: str, incoming: Path, address: str) -> Path:
    """A home with one source of this shape; `incoming` is what lies in its drop, `address` where its pages are."""
    module = SHAPES[shape]
    for folder in ("sources", "mappings"):
        (home / folder).mkdir(parents=True)
    (home / "casefold.yaml").write_text(
        f"casefold: home/1\ndatabase: {database}\nidentity_key: file:identity.key\n", "utf-8"
    )
    (home / "identity.key").write_text(KEY, "utf-8")
    name = module.__name__.rpartition(".")[2]
    (home / "sources" / f"{name}.yaml").write_text(module.SOURCE.replace("ADDRESS", address), "utf-8")
    (home / "mappings" / f"{name}.yaml").write_text(module.MAPPING, "utf-8")
    drop(home, incoming)
    return home


def drop(home: Path, incoming: Path) -> None:
    """Let the agency drop these files, in the place of those that were there."""
    folder = home / "drop"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file in incoming.iterdir():
        os.link(file, folder / file.name)
