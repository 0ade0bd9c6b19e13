"""Revisions of the runner's own tables; `graph.store.Store.migrate` is handed this folder's `versions`."""

from __future__ import annotations

from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"
