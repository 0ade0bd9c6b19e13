"""A file system takes nearly any bytes for a name; a store, a log and a terminal take text."""

from __future__ import annotations

from pathlib import PurePath


def text_name(path: PurePath) -> str:
    r"""A path with forward slashes as text that every store can hold; bytes that are no UTF-8 stand as `\xff`."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
