"""The NIEM reader: any NIEM, LEXS, N-DEx or NIBRS document becomes one object graph that short paths address."""

from __future__ import annotations

from mapping.readers.niem.reader import NiemReader

__all__ = ["NiemReader"]
