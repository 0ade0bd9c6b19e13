"""Codes of one source, translated by a table in the mapping: the last resort where no shared code list fits."""

from __future__ import annotations

from collections.abc import Mapping

from mapping.normalize.clean import known, squeeze
from mapping.normalize.contract import Normalize, Unreadable

Scalar = str | int | float | bool


def code(*, table: Mapping[str | int, Scalar], otherwise: Scalar | None = None) -> Normalize:
    """The table's value for a code, letter case ignored; `otherwise` for a code that it lacks."""
    if not table:
        raise ValueError("table: an empty table maps nothing")
    exact = {str(key): value for key, value in table.items()}
    folded = {squeeze(key).casefold(): value for key, value in exact.items()}

    def normalize(raw: str) -> Scalar | None:
        value = exact.get(raw)
        if value is not None:
            return value
        value = folded.get(squeeze(raw).casefold())
        if value is not None:
            return value
        if not known(raw):
            return None
        if otherwise is None:
            raise Unreadable("not in the table of codes")
        return otherwise

    return normalize
