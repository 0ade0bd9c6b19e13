"""Progress bars while a sync runs: one line a source, on stderr, on a terminal only."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from casefold.terminal import err
from service.sync.runner import unheard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.sync.ledger import Counts
    from service.sync.runner import Observer


@contextmanager
def watching(*, show: bool) -> Iterator[Observer]:
    """Give an observer for the runner; it draws nothing unless `show`."""
    if not show:
        yield unheard
        return
    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("[bold]{task.description}"),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=False) as progress:
        tasks: dict[str, TaskID] = {}

        def observe(point: str, source: str, counts: Counts) -> None:
            if source not in tasks:
                tasks[source] = progress.add_task(source, total=None, said="")
            said = f"{counts.pulled:,} pulled · {counts.mapped:,} mapped · {counts.unchanged:,} unchanged"
            progress.update(tasks[source], said=said)
            if point == "end":
                progress.update(tasks[source], total=1, completed=1)

        yield observe
