"""Numbers of sources and recipes: registered once, then used in every row instead of their names."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graph.tables import recipe, source


def source_number(connection: Connection, name: str, agency: str, label: str = "default") -> int:
    """The number of a source, made if it is new; its agency and label become these if they were others."""
    query = sa.select(source).where(source.c.name == name)
    row = connection.execute(query).first()
    if row is None:
        _insert(connection, source, {"name": name, "agency": agency, "label": label})
        row = connection.execute(query).one()
    if (row.agency, row.label) != (agency, label):
        connection.execute(sa.update(source).where(source.c.no == row.no).values(agency=agency, label=label))
    return int(row.no)


def recipe_number(connection: Connection, digest: bytes) -> int:
    """The number of a recipe (mapping, normalizer and extractor version, hashed), made if it is new."""
    query = sa.select(recipe.c.no).where(recipe.c.hash == digest)
    known = connection.execute(query).scalar()
    if known is None:
        _insert(connection, recipe, {"hash": digest})
        known = connection.execute(query).scalar_one()
    return int(known)


def _insert(connection: Connection, table: sa.Table, row: dict[str, object]) -> None:
    """Insert a row unless another worker was quicker."""
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"INSERT INTO {table.name} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING"), row)  # noqa: S608 - names are ours
