"""Which files a source has: those in its folder that the glob finds, in the order of their names."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from connectors.naming import text_name
from schemas.records import BadConfiguration, Retry


class Folder(NamedTuple):
    """A source's folder and its files by relative name, sorted."""

    root: Path
    files: tuple[tuple[str, Path], ...]


def find(base: str, path: str, pattern: str, source: str) -> Folder:
    """Find the files; raises BadConfiguration where there is no such folder, Retry where it cannot be listed."""
    place = Path(base, path)
    try:
        root = place.resolve(strict=True)
        if root.is_file():
            return Folder(root.parent, ((text_name(Path(root.name)), root),))
        found = [(text_name(file.relative_to(root)), file) for file in root.glob(pattern) if _ours(file, root)]
    except FileNotFoundError as error:
        raise BadConfiguration(f"source {source}: path: there is no folder or file `{path}`") from error
    except OSError as error:
        raise Retry(f"source {source}: the folder `{path}` cannot be read ({type(error).__name__})") from error
    return Folder(root, tuple(sorted(found)))


def _ours(file: Path, root: Path) -> bool:
    """Whether this is a file of the folder itself: a link may lead only to what is in the folder anyway."""
    if not file.is_file():
        return False
    return not file.is_symlink() or file.resolve().is_relative_to(root)
