"""Figures: a median of rounds, the goal, and whether it holds; as a table for people and as JSON for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal


@dataclass(slots=True)
class Figure:
    """One thing that was measured in every round."""

    name: str
    means: str
    """What it is, with its unit, for the reader of the table."""
    goal: float | None = None
    """None: reported, not judged."""
    better: Literal["more", "less"] = "more"
    stretch: float | None = None
    """A further goal, said but not judged."""
    rounds: list[float] = field(default_factory=list)

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def ok(self) -> bool:
        """Whether the goal holds; what has none is always well."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.better == "more" else self.value <= self.goal


class Figures:
    """All figures of one benchmark, in the order in which they were first noted."""

    def __init__(self) -> None:
        """Start with none."""
        self._figures: dict[str, Figure] = {}

    def note(
        self,
        name: str,
        value: float,
        means: str,
        goal: float | None = None,
        better: Literal["more", "less"] = "more",
        *,
        stretch: float | None = None,
    ) -> None:
        """Add one round's value of a figure."""
        self._figures.setdefault(name, Figure(name, means, goal, better, stretch)).rounds.append(value)

    def __iter__(self) -> Any:
        """Each figure."""
        return iter(self._figures.values())

    def __getitem__(self, name: str) -> Figure:
        return self._figures[name]

    @property
    def ok(self) -> bool:
        """Whether every goal holds."""
        return all(figure.ok for figure in self)

    def as_json(self) -> dict[str, dict[str, Any]]:
        """`{"figure": {"value": …, "goal": …, "ok": true}}`."""
        return {f.name: {"value": float(f"{f.value:.4g}"), "goal": f.goal, "ok": f.ok} for f in self}

    def table(self) -> str:
        """A Markdown table: those with a goal first."""
        lines = ["| figure | value | goal | holds | rounds |", "|---|---:|---:|---|---|"]
        for f in sorted(self, key=lambda figure: figure.goal is None):
            goal = "" if f.goal is None else f"{'≥' if f.better == 'more' else '≤'} {f.goal:g}"
            goal += "" if f.stretch is None else f", stretch {f.stretch:g}"
            holds = "" if f.goal is None else "yes" if f.ok else "**no**"
            rounds = " ".join(_short(value) for value in f.rounds)
            lines.append(f"| {f.means} | {_short(f.value)} | {goal} | {holds} | {rounds} |")
        return "\n".join(lines)


def _short(value: float) -> str:
    """Three digits that count; whole numbers above a thousand with separators."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
