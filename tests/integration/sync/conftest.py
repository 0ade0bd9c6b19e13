"""Stages for the tests of this folder."""

from __future__ import annotations

from tests.integration.sync.fixtures import (
    lone_stage,
    postgres_store,
    postgres_template,
    sqlite_store,
    sqlite_template,
    stage,
    store_url,
)

__all__ = [
    "lone_stage",
    "postgres_store",
    "postgres_template",
    "sqlite_store",
    "sqlite_template",
    "stage",
    "store_url",
]
