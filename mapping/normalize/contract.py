"""What every normalizer promises to the applier.

A normalizer turns the raw text of one value into a form that can be compared. It answers None when the source says
nothing (a blank, a placeholder), raises `Unreadable` when it says something that is no such value, and never guesses:
the caller keeps the raw text in any case. A normalizer that yields text is idempotent.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

NORMALIZER_VERSION = 1
"""Raise it whenever any normalizer gives another result for some input: stored records are then mapped again."""

Raw = str | Mapping[str, str]
"""One text, or texts by part name where the mapping gives `parts`."""

Normalized = str | int | float | bool | dict[str, Any] | None

Normalize = Callable[[Any], Normalized]
"""A bound normalizer. It takes a str, and a mapping of parts too if its `Normalizer.parts` is not empty."""


class Unreadable(ValueError):
    """The source says something, but it is no such value. The message says why and never repeats the data."""


@dataclass(frozen=True, slots=True)
class Normalizer:
    """One named normalizer: what it takes, what it yields, how it is made."""

    name: str
    kind: str
    """What it yields: text, integer, number, boolean, scalar, person_name, date, phone, email, url, address,
    length, mass, age, identifier, money, geo."""
    factory: Callable[..., Normalize]
    """Called with the options as keyword arguments; raises ValueError for a value that makes no sense."""
    parts: frozenset[str] = frozenset()
    """Names of the parts that it puts together; empty: it takes one text only."""

    def options(self) -> dict[str, Any]:
        """Names of the options with their annotations."""
        hints = get_type_hints(self.factory)
        return {name: hints[name] for name in inspect.signature(self.factory).parameters}

    def required(self) -> tuple[str, ...]:
        """Names of the options without which it cannot be made."""
        parameters = inspect.signature(self.factory).parameters.values()
        return tuple(parameter.name for parameter in parameters if parameter.default is parameter.empty)
