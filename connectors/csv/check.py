"""The connection test of a folder: what is there, how it is read, and why."""

from __future__ import annotations

import csv
from itertools import islice

from connectors.csv.columns import check_main, check_sides
from connectors.csv.config import CsvConfig
from connectors.csv.dialect import spoken
from connectors.csv.folder import File, Folder, find, look
from connectors.csv.scan import Scan
from connectors.csv.table import Table, describe, is_blank
from connectors.port import CheckReport, CheckStep, Context, Outcome
from schemas.records import BadConfiguration, Problem, Quarantine

SAMPLE_ROWS = 1_000


def check(config: CsvConfig, context: Context) -> CheckReport:
    """Try what a read would do, up to the first rows; the first failure ends the steps."""
    steps: list[CheckStep] = []
    try:
        folder = find(config, context)
        steps.append(_found(folder))
        tables = {file.name: _described(file, config, folder, steps) for file in folder.files()}
        if any(step.outcome is Outcome.FAIL for step in steps):
            return CheckReport(steps=tuple(steps))
        _joins(folder, tables, context, steps)
        if any(step.outcome is Outcome.FAIL for step in steps):
            return CheckReport(steps=tuple(steps))
        steps.extend(_sample(table) for table in tables.values())
        columns = {column: None for table in tables.values() if table is not None for column in table.columns}
        return CheckReport(steps=tuple(steps), columns=tuple(columns))
    except (BadConfiguration, OSError) as error:
        steps.append(CheckStep(step="folder", outcome=Outcome.FAIL, message=str(error)))
    return CheckReport(steps=tuple(steps))


def _found(folder: Folder) -> CheckStep:
    """How many files there are."""
    if not folder.main:
        hint = "nothing is read until an export is put there"
        return CheckStep(step="folder", outcome=Outcome.HINT, message="the folder is empty", hint=hint)
    sides = "".join(f", {len(files)} of join `{name}`" for name, files in folder.sides)
    return CheckStep(step="folder", outcome=Outcome.PASS, message=f"main files: {len(folder.main)}{sides}")


def _described(file: File, config: CsvConfig, folder: Folder, steps: list[CheckStep]) -> Table | None:
    """A file's table; its encoding with the proof and its dialect become a step, or what is wrong with it does."""
    scanned = _scanned(file, config)
    try:
        table = describe(file.path, file.name, scanned, config, main=file in folder.main)
    except Quarantine as error:
        steps.append(_failed(file.name, error.problem))
        return None
    message = (
        f"{file.name}: {scanned.encoding.removesuffix('-sig')} ({scanned.proof}), "
        f"separated by {spoken(table.delimiter)}, {table.width} columns"
    )
    outcome, hint = Outcome.PASS, ""
    if table.width == 1:
        outcome, hint = Outcome.HINT, "only one column: declare `delimiter` if the file has more"
    elif not scanned.ends_with_newline:
        outcome = Outcome.HINT
        hint = "the last line has no newline; a file cut in its last cell cannot be told from a whole one. If this"
        hint += " system always writes the newline, set `final_newline: true`, and a file without it is refused"
    steps.append(CheckStep(step="file", outcome=outcome, message=message, hint=hint))
    return table


def _scanned(file: File, config: CsvConfig) -> Scan:
    """The scan of a file, read to its end."""
    return next(scanned for scanned in look(file, config.encoding) if scanned is not None)


def _failed(name: str, problem: Problem) -> CheckStep:
    where = f" ({problem.path})" if problem.path else ""
    return CheckStep(step="file", outcome=Outcome.FAIL, message=f"{name}: {problem.reason}{where}", hint=problem.hint)


def _joins(folder: Folder, tables: dict[str, Table | None], context: Context, steps: list[CheckStep]) -> None:
    """Whether the joins' columns are there; raises BadConfiguration when they are not."""
    if not context.join or not folder.main:
        return
    main = [table for file in folder.main if (table := tables[file.name]) is not None]
    sides = {name: [t for file in files if (t := tables[file.name]) is not None] for name, files in folder.sides}
    problems = check_sides(context.source, sides, context.join) | check_main(context.source, main, context.join)
    steps.extend(_failed(name, problem) for name, problem in problems.items())
    if not problems:
        message = "columns found: " + ", ".join(f"{name} by `{join.key}`" for name, join in context.join.items())
        steps.append(CheckStep(step="join", outcome=Outcome.PASS, message=message))


def _sample(table: Table | None) -> CheckStep:
    """Whether the first rows can be read, and are as wide as the header."""
    if table is None:  # a file without columns has failed before
        return CheckStep(step="sample", outcome=Outcome.FAIL, message="no columns")
    try:
        with table.open() as opened:
            rows = [row for row in islice(opened.rows, SAMPLE_ROWS) if not is_blank(row)]
    except (csv.Error, UnicodeDecodeError) as error:
        return _failed(table.name, table.trouble(error, opened.rows.line_num))
    odd = sum(len(row) != table.width for row in rows)
    message = f"{table.name}: {len(rows)} rows read"
    if odd:
        hint = "they would go to quarantine; is the delimiter or the quote character another?"
        message += f", {odd} of them not as wide as the header"
        return CheckStep(step="sample", outcome=Outcome.HINT, message=message, hint=hint)
    return CheckStep(step="sample", outcome=Outcome.PASS, message=message)
