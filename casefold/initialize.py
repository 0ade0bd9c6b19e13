"""`casefold init`: a home with a commented configuration, ready to be filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casefold.settings import CONFIG_FILE, make_identity_key

if TYPE_CHECKING:
    from pathlib import Path

CASEFOLD_YAML = """\
# Casefold: this folder is one installation's home. docs/sources.md explains every key.
casefold: home/1

# Where records and graph are kept. Default: one SQLite file in this folder.
# For shared use: postgresql+psycopg://user@host/name, or env:NAME / file:PATH that holds such a URL.
database: sqlite:///casefold.db

# The secret that keys every id (case numbers are guessable). `casefold init` wrote one.
# Back it up apart from the database; with another key every id would be another.
identity_key: file:identity.key
"""

EXAMPLE_SOURCE = """\
# One feed of one agency. Rename this file to NAME.yaml (without .example), edit, then: casefold check NAME
casefold: source/1
agency: MI0000000            # the ORI of the agency that owns these records: 9 characters
label: default               # the sharing label: what agreements speak of
connector:
  kind: csv                  # csv, niem or rest
  path: drop/police          # a folder, relative to this home
  files: "cases*.csv"
mapping: police.yaml         # a file in mappings/, or a profile that ships with Casefold (niem/lexs-3.1)
"""

EXAMPLE_MAPPING = """\
# Which columns are which entity's properties. docs/mapping.md is the grammar. Rename to police.yaml and edit.
casefold: mapping/1
reader: table
key: CASE_NO
entities:
  incident:
    type: Incident
    properties: {number: CASE_NO, offense: OFFENSE, start: OCCURRED}
  person:
    type: Person
    properties:
      name: {parts: {surname: LAST, given: FIRST}}
      birth_date: DOB
  phone:
    type: Phone
    properties: {number: PHONE}
  note:
    type: Note
    properties: {text: NARRATIVE}
links:
  - {type: INVOLVED_IN, from: person, to: incident, role: ROLE}
  - {type: USES, from: person, to: phone}
  - {type: ABOUT, from: note, to: incident}
tests:
  - name: a person with a phone
    record: {CASE_NO: "24-1", LAST: ROE, FIRST: JANE, ROLE: witness, PHONE: 313-555-0123}
    expect:
      entities: [{type: Person, name: Jane Roe}, {type: Phone, number: "+13135550123"}]
      links: [{type: INVOLVED_IN, role: witness}]
"""

FILES = {
    CONFIG_FILE: CASEFOLD_YAML,
    "sources/police.yaml.example": EXAMPLE_SOURCE,
    "mappings/police.yaml.example": EXAMPLE_MAPPING,
    ".gitignore": "# Records and keys do not belong into version control.\ncasefold.db*\nidentity.key\ndrop/\n",
}


def initialize(home: Path) -> list[Path]:
    """Make what is missing of a home and say what was made; nothing that exists is touched."""
    made: list[Path] = []
    for folder in (home, home / "sources", home / "mappings", home / "agreements"):
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            made.append(folder)
    for name, text in FILES.items():
        path = home / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            made.append(path)
    key = home / "identity.key"
    if not key.exists():
        make_identity_key(key)
        made.append(key)
    return made
