"""Which columns tie side files to main files, checked before anything is pulled.

A column that no file of its kind has is a mistake in the configuration; one that only some files lack is a mistake
in those files, and the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from connectors.csv.sides import Side
from connectors.csv.table import Table, is_blank
from schemas.joins import Join
from schemas.records import BadConfiguration, Problem


def parent_of(join: Join) -> str:
    """The column of the main file that a join goes by."""
    return join.parent or join.key


def check_main(source: str, tables: Sequence[Table], joins: Mapping[str, Join]) -> dict[str, Problem]:
    """The main files that lack a join's column, by name; raises BadConfiguration when all of them do."""
    problems: dict[str, Problem] = {}
    for name, join in joins.items():
        for table in tables:
            if name in table.columns:
                raise BadConfiguration(
                    f"source {source}: join `{name}` has the name of a column of {table.name}; call the join otherwise"
                )
        problems |= _lacking(f"source {source}: join `{name}`: `parent`", parent_of(join), tables)
    return problems


def check_sides(source: str, sides: Mapping[str, Sequence[Table]], joins: Mapping[str, Join]) -> dict[str, Problem]:
    """The side files that lack their key column, by name; raises BadConfiguration when all of a join do."""
    problems: dict[str, Problem] = {}
    for name, join in joins.items():
        problems |= _lacking(f"source {source}: join `{name}`: `key`", join.key, sides[name])
    return problems


def _lacking(what: str, column: str, tables: Sequence[Table]) -> dict[str, Problem]:
    """Problems of the tables without the column; raises BadConfiguration when that is all, and none was cut short."""
    without = [table for table in tables if column not in table.columns]
    if without and len(without) == len(tables) and not any(_cut_in_header(table) for table in without):
        table = without[0]
        nearest = get_close_matches(column, table.columns, 1, 0.0)
        raise BadConfiguration(f"{what}: {table.name} has no column `{column}`; the nearest is `{nearest[0]}`")
    return {
        table.name: Problem("header is cut short", hint="the file was not written to its end; ask for it again")
        if _cut_in_header(table)
        else Problem("file lacks the column that joins it", column, "correct the export, or the files of the join")
        for table in without
    }


def _cut_in_header(table: Table) -> bool:
    """Whether a file ends in its header, without a newline."""
    if table.scan.ends_with_newline:
        return False
    with table.open() as opened:
        return all(is_blank(row) for row in opened.rows)


def sides_of(join_name: str, join: Join, tables: Sequence[Table]) -> list[Side]:
    """The files of a join that can be joined."""
    return [Side(join_name, table, join.key, parent_of(join)) for table in tables if join.key in table.columns]
