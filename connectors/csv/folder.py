"""Which files a source has: main files, the side files of each join, and what the configuration got wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path

import orjson

from connectors.csv.config import CsvConfig
from connectors.csv.scan import NO_STAMP, Scan, scan
from connectors.naming import text_name
from connectors.port import Context
from schemas.ids import SIZE
from schemas.joins import Join
from schemas.records import BadConfiguration, Problem

_FORMAT = 1
"""Raised when the bodies that this connector makes of the same bytes change: every file is then read anew."""


@dataclass(frozen=True, slots=True)
class File:
    """A file by the name that stands in locators: relative to the source's folder, with forward slashes."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a source, in the order in which they are read."""

    main: tuple[File, ...]
    sides: tuple[tuple[str, tuple[File, ...]], ...]
    """Join name and its files."""

    def files(self) -> list[File]:
        """Every file, each once."""
        every = (*self.main, *(file for _, files in self.sides for file in files))
        return list({file.name: file for file in every}.values())


def find(config: CsvConfig, context: Context) -> Folder:
    """List the files; raises BadConfiguration when the folder is not there or nothing matches a glob."""
    root = Path(context.base, config.path)
    if root.is_file():
        main: tuple[File, ...] = (File(text_name(Path(root.name)), root),)
        root = root.parent
    elif root.is_dir():
        main = _matching(root, config.files)
    else:
        raise BadConfiguration(
            f"source {context.source}: `path` {config.path} does not exist; it is relative to the home folder"
        )
    joins: Mapping[str, Join] = context.join
    sides = tuple((name, _matching(root, join.files)) for name, join in joins.items())
    beside = {file.name for _, files in sides for file in files}
    main = tuple(file for file in main if file.name not in beside)
    if not main:
        _explain_none(root, config.files, f"source {context.source}: `files`", beside)
        return Folder((), ())
    for name, files in sides:
        if not files:
            taken = {file.name for file in main}
            _explain_none(root, joins[name].files, f"source {context.source}: join `{name}`", taken, always=True)
    return Folder(main, sides)


def _matching(root: Path, pattern: str) -> tuple[File, ...]:
    """The files of a glob, by name; hidden ones are no exports."""
    inside = _Inside(root)
    found = {text_name(path.relative_to(root)): path for path in root.glob(pattern) if inside.has(path)}
    return tuple(File(name, found[name]) for name in sorted(found) if not Path(name).name.startswith("."))


class _Inside:
    """Tells what is a file of the folder itself: a link may lead only to what is in the folder anyway."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._folders: dict[Path, bool] = {}

    def has(self, path: Path) -> bool:
        """Whether this is such a file, and no pipe, device or folder."""
        if not path.is_file():
            return False
        if path.is_symlink():
            return path.resolve().is_relative_to(self._root)
        if path.parent not in self._folders:
            self._folders[path.parent] = path.parent.resolve().is_relative_to(self._root)
        return self._folders[path.parent]


def _explain_none(root: Path, pattern: str, what: str, taken: set[str], *, always: bool = False) -> None:
    """Raise BadConfiguration when a glob finds nothing, unless the folder is empty (an export not made yet)."""
    others = [file.name for file in _matching(root, "*") if file.name not in taken]
    if not others and not always:
        return
    nearest = get_close_matches(pattern, others, 1, 0.0)
    there = f"the nearest file there is {nearest[0]}" if nearest else "no other file is there"
    raise BadConfiguration(
        f"{what}: no file matches `{pattern}`; {there}. If the export is still being written, run again later"
    )


class Fingerprints:
    """Marks of files with all that decides what becomes of them: their bytes, their side files', the settings."""

    def __init__(self, config: CsvConfig, joins: Mapping[str, Join]) -> None:
        """Take the settings that shape a record."""
        shape = config.model_dump(mode="json", exclude={"path", "files"})
        join = {name: side.model_dump(mode="json") for name, side in joins.items()}
        self._settings = orjson.dumps([_FORMAT, shape, list(join.items())])

    def of(self, main: bytes, sides: list[tuple[str, bytes]]) -> bytes:
        """The fingerprint of a main file by its digest, with its side files (name and digest)."""
        mark = blake2b(self._settings, digest_size=SIZE, person=b"csv main")
        mark.update(main)
        for name, digest in sides:
            mark.update(name.encode() + b"\0" + digest)
        return mark.digest()

    def of_side(self, side: bytes, mains: list[bytes]) -> bytes:
        """The fingerprint of a side file: which of its rows join nothing depends on every main file."""
        mark = blake2b(self._settings, digest_size=SIZE, person=b"csv side")
        mark.update(side)
        for fingerprint in mains:
            mark.update(fingerprint)
        return mark.digest()


def look(file: File, encoding: str | None) -> Iterator[Scan | None]:
    """Scan a file: None while it is read, then the result. A file that may not be read is a problem of its own.

    Raises FileNotFoundError.
    """
    try:
        yield from scan(file.path, encoding)
    except FileNotFoundError:
        raise  # it went away while we looked: the next run sees what became of it
    except OSError as error:
        problem = Problem("file cannot be read", hint=f"the system says: {error.strerror or type(error).__name__}")
        yield Scan(b"", NO_STAMP, "utf-8", "", ends_with_newline=True, problem=problem)
