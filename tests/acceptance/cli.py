"""The command line as a user has it: in this process where that is enough, in one of its own where it matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from casefold.cli import app
from casefold.initialize import initialize

ROOT = Path(__file__).resolve().parents[2]

CSV_SOURCE = """\
casefold: source/1
agency: MI8234500
connector:
  kind: csv
  path: drop/police
  files: "cases*.csv"
mapping: police.yaml
"""
CSV_MAPPING = """\
casefold: mapping/1
reader: table
key: CASE_NO
modified: UPDATED
delete: {path: STATUS, equals: PURGED}
join:
  people: {files: "persons*.csv", key: CASE_NO}
  phones: {files: "phones*.csv", key: CASE_NO}
lookup:
  roles: {VIC: victim, SUS: suspect, RP: reporting_party}
entities:
  incident:
    type: Incident
    properties:
      number: CASE_NO
      offense: OFFENSE
      start: {path: OCCURRED, normalize: {datetime: {zone: America/Detroit}}}
  note:
    type: Note
    properties: {text: NARRATIVE}
  person:
    each: people
    type: Person
    key: PID
    master: PID
    properties:
      name: {parts: {surname: LAST, given: FIRST}}
      birth_date: DOB
    links:
      - {type: INVOLVED_IN, from: person, to: incident, role: {path: ROLE, lookup: roles}}
  phone:
    each: phones
    type: Phone
    properties: {number: NUMBER}
    links:
      - {type: USES, from: {entity: person, at: PID}, to: phone}
links:
  - {type: ABOUT, from: note, to: incident}
tests:
  - name: an incident
    record: {CASE_NO: "24-1", OFFENSE: LOITERING}
    expect: {entities: [{type: Incident, number: "24-1"}]}
"""
CASES = """\
CASE_NO,UPDATED,STATUS,OCCURRED,OFFENSE,NARRATIVE
24-001,2024-03-06,OPEN,03/05/2024 22:10,LOITERING,"CANDY texted from 313-555-0142 from a Ford, MI plate ABC1234."
24-002,2024-03-08,OPEN,2024-03-07,DISORDERLY,
24-003,2024-03-09,OPEN,13/45/2024,TRESPASS,Nothing to add.
"""
PERSONS = """\
CASE_NO,PID,LAST,FIRST,DOB,ROLE
24-001,P1,ROE,JANE,1/2/2009,VIC
24-001,P2,DOE,JOHN,4/5/1980,SUS
24-002,P2,DOE,JOHN,4/5/1980,SUS
24-003,P3,SMITH,ANN,6/7/1970,RP
"""
PHONES = """\
CASE_NO,PID,NUMBER
24-001,P1,313-555-0142
24-002,P2,(313) 555-0150
"""


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout; anything beside it is a failure."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        assert self.out.count("\n") == 1
        return found


def cli(*arguments: str | Path) -> Done:
    """A command in this process."""
    result = CliRunner(env={"COLUMNS": "80"}).invoke(app, [str(one) for one in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def command(*arguments: str | Path) -> list[str]:
    """A command for a process of its own."""
    return [sys.executable, "-m", "casefold", *(str(one) for one in arguments)]


def environment(**more: str) -> dict[str, str]:
    """The variables of such a process."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "NO_COLOR": "1", **more}


def process(*arguments: str | Path, timeout: float = 60, **more: str) -> Done:
    """A command in a process of its own; one that hangs is a failure."""
    done = subprocess.run(
        command(*arguments), capture_output=True, check=False, env=environment(**more), timeout=timeout
    )
    return Done(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def make_home(
    home: Path,
    *,
    cases: str = CASES,
    persons: str = PERSONS,
    phones: str = PHONES,
    others: Sequence[tuple[str, str, str]] = (),
) -> Path:
    """A home with a police department's CSV exports, and what other sources there are: name, source, mapping."""
    initialize(home)
    drop = home / "drop" / "police"
    drop.mkdir(parents=True)
    for name, text in (("cases.csv", cases), ("persons.csv", persons), ("phones.csv", phones)):
        (drop / name).write_text(text, encoding="utf-8")
    for name, source, mapping in (("police", CSV_SOURCE, CSV_MAPPING), *others):
        (home / "sources" / f"{name}.yaml").write_text(source, encoding="utf-8")
        if mapping:
            (home / "mappings" / f"{name}.yaml").write_text(mapping, encoding="utf-8")
    return home
