"""A join: rows of a second file that belong to a record of the first, as a mapping declares it."""

from __future__ import annotations

from pydantic import Field

from schemas.values import Frozen


class Join(Frozen):
    """Rows of `files` whose `key` equals the main row's `parent` become the list named by this join."""

    files: str = Field(description="Glob of the side files, relative to the source's folder: `people*.csv`.")
    key: str = Field(description="Column of the side file that holds the main row's key.")
    parent: str | None = Field(default=None, description="Column of the main file; the same name when left out.")
