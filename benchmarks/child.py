"""One measured thing in one fresh process: `python -m benchmarks.child TASK ARGUMENTS`, a JSON object in and out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

from benchmarks.cpu import peak_memory

ROOT = Path(__file__).resolve().parent.parent
Facts = dict[str, Any]


class Call(Protocol):
    """How a task is run: in a process of its own when it is measured, in this one when it is tested."""

    def __call__(self, task: str, **arguments: Any) -> Facts:
        """What the task found out."""


class Failed(Exception):
    """A measured process ended badly; the message holds the end of what it said."""


def here(task: str, **arguments: Any) -> Facts:
    """Run a task in this process."""
    from benchmarks.tasks import TASKS  # noqa: PLC0415 - tasks import all of Casefold; whoever only calls need not

    return TASKS[task](**arguments)


def afresh(task: str, **arguments: Any) -> Facts:
    """Run a task in a process of its own; raises Failed."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", task, json.dumps(arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{task} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    facts: Facts = json.loads(done.stdout)
    return facts


def main(task: str, arguments: str) -> None:
    """Run one task and print what it found out, with the peak memory of this process."""
    facts = here(task, **json.loads(arguments))
    json.dump({**facts, "peak": peak_memory()}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
