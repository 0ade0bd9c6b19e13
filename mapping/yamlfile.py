"""YAML that remembers where each key stood, so that every complaint about a file can name its line.

Only plain data is read, and it means what it looks like: `NO` and `ON` are words, `01` and `12:30` are texts, every
key is a text, as in JSON. A key given twice is an error, because the second would silently win.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
import yaml.constructor

from schemas.records import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

Lines = dict[Place, tuple[str, int]]
"""File and line by place."""

MAX_PLACES = 100_000
"""Keys and items of one file, each alias counted as what it stands for: no settings file is larger."""


class _PlainLoader(yaml.SafeLoader):
    """YAML without the surprises of version 1.1: codes of agencies look like its octals, times and truths."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML reads it here


for _tag, _pattern, _firsts in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(0|[1-9][0-9]{0,17})", list("-+0123456789")),
    ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?", list("-+0123456789")),
    ("merge", r"<<", ["<"]),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _firsts)


def _map_of_texts(loader: _PlainLoader, node: yaml.MappingNode) -> Iterator[dict[str, Any]]:
    """A map whose keys are texts, exactly as they are written."""
    data: dict[str, Any] = {}
    yield data
    loader.flatten_mapping(node)
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a plain text", key.start_mark)
        data[key.value] = loader.construct_object(value, deep=True)


_PlainLoader.add_constructor("tag:yaml.org,2002:map", _map_of_texts)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The data of a YAML file, with the files it inherits, and the file and line of every key and item in it."""

    name: str
    data: Any
    lines: dict[Place, tuple[str, int]] = field(default_factory=dict)

    def line(self, place: Place) -> tuple[str, int]:
        """File and line (1-based) of the nearest place at or above this one."""
        trimmed = place
        while trimmed not in self.lines and trimmed:
            trimmed = trimmed[:-1]
        return self.lines.get(trimmed, (self.name, 1))

    def error(self, place: Place, message: str) -> BadConfiguration:
        """A complaint about one place, as `file:line: where: message`."""
        where = ".".join(str(step) for step in place)
        name, line = self.line(place)
        return BadConfiguration(f"{name}:{line}: {where + ': ' if where else ''}{message}")

    def over(self, parent: YamlFile) -> YamlFile:
        """This file laid over the one it inherits: maps merge, anything else is replaced, null removes."""
        lines = dict(parent.lines)
        data = _merge(parent.data, self.data, (), lines, self.lines)
        return YamlFile(self.name, data, lines)


def nearest(word: str, valid: list[str]) -> str:
    """A half sentence that offers the nearest valid word, or all of them where none is near."""
    close = get_close_matches(word, valid, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"valid: {', '.join(sorted(valid))}"


def parse_yaml(text: str, name: str) -> YamlFile:
    """Read YAML text; raises BadConfiguration with file and line for a syntax error or a key given twice."""
    try:
        loader = _PlainLoader(text)
        root = loader.get_single_node()
        if root is None:
            return YamlFile(name, {}, {(): (name, 1)})
        lines: Lines = {}
        _walk(root, (), lines, name)
        return YamlFile(name, loader.construct_document(root), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = f"{name}:{line}: this is not valid YAML: {error.problem or error.context}"
        raise BadConfiguration(message) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = f"{name}:1: this is not valid YAML ({type(error).__name__})"
        raise BadConfiguration(message) from error


def read_yaml(path: Path, name: str | None = None) -> YamlFile:
    """Read a YAML file; raises BadConfiguration when it is missing, not UTF-8 or not valid."""
    shown = name or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        message = f"{shown}: there is no such file"
        raise BadConfiguration(message) from error
    except (OSError, UnicodeDecodeError) as error:
        message = f"{shown}: this file cannot be read as UTF-8 text ({type(error).__name__})"
        raise BadConfiguration(message) from error
    return parse_yaml(text, shown)


def _walk(node: yaml.Node, place: Place, lines: Lines, name: str) -> None:
    lines.setdefault(place, (name, node.start_mark.line + 1))
    if len(lines) > MAX_PLACES:
        message = f"{name}:{node.start_mark.line + 1}: this file says more than {MAX_PLACES} things; take aliases away"
        raise BadConfiguration(message)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                message = f"{name}:{line}: the key {key!r} stands twice in one map; take one away"
                raise BadConfiguration(message)
            seen.add(key)
            lines[(*place, key)] = (name, line)
            _walk(value_node, (*place, key), lines, name)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*place, index)] = (name, item.start_mark.line + 1)
            _walk(item, (*place, index), lines, name)


def _merge(parent: Any, child: Any, place: Place, lines: Lines, child_lines: Lines) -> Any:
    """Lay the child's data over the parent's and let the lines follow."""
    if place in child_lines:
        lines[place] = child_lines[place]
    if not (isinstance(parent, dict) and isinstance(child, dict)):
        depth = len(place)
        for known in [known for known in lines if len(known) > depth and known[:depth] == place]:
            del lines[known]
        lines.update({known: line for known, line in child_lines.items() if known[:depth] == place})
        return child
    merged = dict(parent)
    for key, value in child.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge(parent.get(key), value, (*place, key), lines, child_lines)
    return merged
