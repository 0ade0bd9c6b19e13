"""One world in three shapes: tables that are joined (CSV), messages in one large file (XML), pages over HTTP (JSON)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.shapes import messages, pages, tables

if TYPE_CHECKING:
    from types import ModuleType

SHAPES: dict[str, ModuleType] = {"csv": tables, "xml": messages, "json": pages}
"""Each with `write(world, folder)`, and with SOURCE and MAPPING as an agency's IT would write them."""
AGENCY = "MI9900000"
