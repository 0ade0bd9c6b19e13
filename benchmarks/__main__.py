"""`./dev bench [NAME] [--json]`: run a benchmark; the exit code is 1 when a goal is missed."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.child import afresh
from benchmarks.pipeline import Pipeline, Plan
from benchmarks.server import running as running_interface
from benchmarks.shapes import SHAPES
from tests.postgres import NoServer, PostgresServer, running_server

PIPELINE = "pipeline"


def main(arguments: list[str]) -> int:
    """Measure, print, judge."""
    options = _options(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="casefold-bench-")))
        plan = Plan(
            cases=options.cases,
            runs=options.runs,
            folder=folder,
            call=afresh,
            interface=stack.enter_context(running_interface()),
            postgres=None if options.profile else _postgres(stack, options.engine),
            say=_say,
            shapes=tuple(options.shape or SHAPES),
        )
        pipeline = Pipeline(plan)
        if options.profile:
            for shape, table in pipeline.profiles():
                print(f"## {shape} on sqlite\n{table}")
            return 0
        figures = pipeline.run()
    if options.json:
        print(json.dumps({PIPELINE: figures.as_json()}))
    else:
        print(f"\n{options.cases:,} cases, {options.runs} rounds, {platform.machine()}, {platform.python_version()}\n")
        print(figures.table())
        print(_stages(pipeline))
    return 0 if figures.ok else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("name", nargs="?", default=PIPELINE, choices=[PIPELINE])
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--cases", type=int, default=200_000, help="size of the world (goals are meant for 200000)")
    parser.add_argument("--runs", type=int, default=3, help="rounds; a figure is the median of them")
    parser.add_argument("--shape", action="append", choices=list(SHAPES), help="only this shape; may be repeated")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only SQLite; default: all that there are")
    parser.add_argument("--profile", action="store_true", help="instead: where a sync spends its time, by function")
    return parser.parse_args(arguments)


def _postgres(stack: ExitStack, engine: str | None) -> PostgresServer | None:
    """A server of the run's own, or None where SQLite alone is asked for or no server is installed."""
    if engine == "sqlite":
        return None
    try:
        server = stack.enter_context(running_server(collation="C"))
    except NoServer as missing:
        _say(f"PostgreSQL is left out: {missing}")
        return None
    # Vacuuming in the background would fall on whoever is measured at that moment.
    server.admin.execute("ALTER SYSTEM SET autovacuum = off")
    server.admin.execute("SELECT pg_reload_conf()")
    return server


def _stages(pipeline: Pipeline) -> str:
    """Where the CPU time of a load goes, in microseconds for each record."""
    names = list(next(iter(pipeline.stages.values())))
    lines = ["\nCPU microseconds a record, end to end, by stage (last round)\n", f"| load | {' | '.join(names)} |"]
    lines.append("|---" * (len(names) + 1) + "|")
    for what, seconds in pipeline.stages.items():
        cells = " | ".join(f"{seconds[name] / pipeline.plan.cases * 1e6:.1f}" for name in names)
        lines.append(f"| {what} | {cells} |")
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
