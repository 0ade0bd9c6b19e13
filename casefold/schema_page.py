"""docs/schema.md, written from the models, so that the reference never says what the code does not do."""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from mapping.defaults import default_normalizer
from mapping.normalize import NORMALIZERS
from schemas import SCHEMA_VERSION
from schemas.entities import ENTITIES, properties
from schemas.links import LINK_MEANING
from schemas.values import AgeRange, GeoPoint, Identifier, Length, Mass, Money, PersonName, Value
from schemas.vocabulary import Protection, Role, ValueStatus

HEAD = f"""# The shared entity schema

Version {SCHEMA_VERSION}. `casefold schema --markdown` writes this page; `casefold schema` prints it as JSON Schema.
A word may be added or deprecated; none is ever deleted or given another meaning.

Every property is a list of values: two records may say different things, and both are kept, each with its raw text,
its place in its record, the transforms it went through, a confidence and a status. Dates are ISO 8601 with the
precision that the source gave (`1995`, `1995-05`, `1995-05-14`).
"""
STRUCTURES = (PersonName, Identifier, Length, Mass, AgeRange, GeoPoint, Money, Value)


def schema_page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_entities(), *_links(), *_structures(), *_words(), *_normalizers()]) + "\n"


def _entities() -> list[str]:
    lines = ["## Entity types", ""]
    for kind, model in ENTITIES.items():
        lines += [
            f"### {kind}",
            "",
            _first(model),
            "",
            "| property | value | normalizer | meaning |",
            "|---|---|---|---|",
        ]
        for name, annotation in properties(kind).items():
            meaning = model.model_fields[name].description or ""
            lines.append(f"| `{name}` | {_shown(annotation)} | `{default_normalizer(kind, name)}` | {meaning} |")
        lines.append("")
    return lines


def _links() -> list[str]:
    rows = [f"| `{name}` | {meaning} |" for name, meaning in LINK_MEANING.items()]
    return [
        "## Link types",
        "",
        "A link reads from its start to its end.",
        "",
        "| type | says |",
        "|---|---|",
        *rows,
        "",
    ]


def _structures() -> list[str]:
    lines = ["## Structured values", ""]
    for model in STRUCTURES:
        lines += [f"### {model.__name__}", "", _first(model), "", "| field | value |", "|---|---|"]
        lines += [f"| `{name}` | {_shown(field.annotation)} |" for name, field in model.model_fields.items()]
        lines.append("")
    return lines


def _words() -> list[str]:
    lines = ["## Closed word lists", ""]
    for title, words in (("Roles", Role), ("Statuses of a value", ValueStatus), ("Protections", Protection)):
        lines.append(f"**{title}**: {', '.join(f'`{word}`' for word in words)}.")
        lines.append("")
    return lines


def _normalizers() -> list[str]:
    rows = [
        f"| `{name}` | {normalizer.kind} | {_coded(sorted(normalizer.parts))} | {_coded(normalizer.options())} |"
        for name, normalizer in sorted(NORMALIZERS.items())
    ]
    return ["## Normalizers", "", "| name | yields | parts | options |", "|---|---|---|---|", *rows]


def _coded(names: Any) -> str:
    return " ".join(f"`{name}`" for name in names)


def _first(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _shown(annotation: Any) -> str:
    if get_origin(annotation) in (Union, types.UnionType):
        return " or ".join(_shown(part) for part in get_args(annotation) if part is not type(None))
    if hasattr(annotation, "__metadata__"):
        return "date"
    name: str = getattr(annotation, "__name__", str(annotation))
    return {"str": "text", "int": "integer", "bool": "true / false", "float": "number"}.get(name, name)
