"""The connection test of a folder: what is there, and whether the first files can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from connectors.niem.config import NiemConfig
from connectors.niem.folder import Folder, find
from connectors.niem.parsing import prove
from connectors.niem.problems import EMPTY
from connectors.niem.source import Source
from connectors.port import CheckReport, CheckStep, Context, Outcome
from schemas.records import BadConfiguration, Problem, Retry

SAMPLE: Final = 20
"""So many files are read to their end in a check."""


def check(config: NiemConfig, context: Context) -> CheckReport:
    """Try what a read would do with the first files."""
    try:
        folder = find(context.base, config.path, config.files, context.source)
    except (BadConfiguration, Retry) as error:
        return CheckReport(steps=(CheckStep(step="folder", outcome=Outcome.FAIL, message=str(error)),))
    if not folder.files:
        hint = f"nothing is read until a file that fits `{config.files}` is put there"
        step = CheckStep(step="folder", outcome=Outcome.HINT, message="the folder has no such files", hint=hint)
        return CheckReport(steps=(step,))
    found = CheckStep(step="folder", outcome=Outcome.PASS, message=f"files: {len(folder.files)}")
    return CheckReport(steps=(found, _sample(folder)))


def _sample(folder: Folder) -> CheckStep:
    """Whether the first files are well-formed XML."""
    faults = {name: problem for name, path in folder.files[:SAMPLE] if (problem := _fault(name, path)) is not None}
    read = min(len(folder.files), SAMPLE)
    if not faults:
        return CheckStep(step="sample", outcome=Outcome.PASS, message=f"{read} files are well-formed")
    name, problem = next(iter(faults.items()))
    message = f"{len(faults)} of {read} files cannot be read; {name}: {problem.reason}"
    outcome = Outcome.FAIL if len(faults) == read else Outcome.HINT
    return CheckStep(step="sample", outcome=outcome, message=message, hint=problem.hint)


def _fault(name: str, path: Path) -> Problem | None:
    try:
        with Source(path, name) as source:
            return EMPTY if source.empty else prove(source.chunks(), source.prolog)
    except OSError as error:
        return Problem(f"the file cannot be opened ({type(error).__name__})", "", "let this program read it")
