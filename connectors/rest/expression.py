"""JMESPath, compiled once; a plain path of names, which most are, does not go through the library."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")

Search = Callable[[Any], Any]
"""What stands at a path in a JSON value; None where there is nothing."""


def names(expression: str) -> list[str] | None:
    """The names of a plain path, in order; none for `@`; None for an expression that is more than a path."""
    if expression == "@":
        return []
    return expression.split(".") if _PLAIN.fullmatch(expression) else None


def compiled(expression: str) -> Search:
    """Compile an expression that was checked before."""
    steps = names(expression)
    if steps is None:
        return _searched(jmespath.compile(expression).search)
    if len(steps) == 1:
        return _member(steps[0])
    return _walked(steps)


def _member(name: str) -> Search:
    return lambda value: value.get(name) if isinstance(value, dict) else None


def _walked(steps: list[str]) -> Search:
    def search(value: Any) -> Any:
        for step in steps:
            if not isinstance(value, dict):
                return None
            value = value.get(step)
        return value

    return search


def _searched(search: Search) -> Search:
    def searched(value: Any) -> Any:
        try:
            return search(value)
        except JMESPathError:  # a function met a type that it does not take: there is nothing here
            return None

    return searched
