"""Where a complaint belongs: connectors name the setting that they stumbled over, this finds its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casefold.wiring import Wired
    from mapping.yamlfile import Place, YamlFile

_NAMED = re.compile(r"`(\w+)`|^(\w+):")
_JOIN = re.compile(r"join `([^`]+)`")


def located(wired: Wired, message: str, home: Path) -> str:
    """A connector's complaint as `file:line: key: what`; any other message as it is."""
    said = message.removeprefix(f"source {wired.source.name}: ")
    if said == message:
        return message
    named = {word for found in _NAMED.finditer(said) for word in found.groups() if word}
    join = _JOIN.search(said)
    if join:
        for one in wired.loaded:
            place = _deepest(one.file, ("join", join[1]), named)
            if place in one.file.lines:
                return str(one.file.error(place, said))
    file = wired.file
    place = _reference(file, said) or _deepest(file, ("connector",), named)
    if place == ("connector", "path"):
        said += _near(home, str(file.data["connector"]["path"]))
    return str(file.error(place, said))


def _deepest(file: YamlFile, above: Place, named: set[str]) -> Place:
    """The first place below `above` whose key is named, else `above` itself."""
    below = (place for place in file.lines if place[: len(above)] == above)
    return next((place for place in below if len(place) > len(above) and place[-1] in named), above)


def _reference(file: YamlFile, said: str) -> Place | None:
    """The place of a secret's reference that a message names."""
    for place, value in _texts(file.data, ()):
        kind, _, name = value.partition(":")
        if kind in {"env", "file"} and name and re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w/-])", said):
            return place
    return None


def _texts(data: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*place, key))


def _near(home: Path, path: str) -> str:
    """The nearest path that is there, where one step of a path is misspelled."""
    there = home
    for step in Path(path).parts:
        if not (there / step).exists():
            try:
                close = get_close_matches(step, [entry.name for entry in there.iterdir()], 1)
            except OSError:
                return ""
            found = (there / close[0]).relative_to(home) if close and there.is_relative_to(home) else None
            return f"; did you mean {str(found)!r}?" if found else ""
        there /= step
    return ""
