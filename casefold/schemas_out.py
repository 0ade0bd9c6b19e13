"""The JSON Schemas that Casefold promises: of its entities, links and export, and of mapping files."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mapping.spec import Choice, MappingSpec
from schemas import SCHEMA_VERSION
from schemas.access import Handling, Principal
from schemas.entities import ENTITIES
from schemas.export import EdgeLine, NodeLine
from schemas.links import LINK_MEANING, Link
from schemas.values import Value

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_document() -> dict[str, Any]:
    """Every entity type, link, value, handling and export line as one JSON Schema document."""
    models: list[type[BaseModel]] = [
        *ENTITIES.values(), Link, Value, Handling, Principal, NodeLine, EdgeLine,
    ]  # fmt: skip
    _, definitions = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    return {
        "$schema": DIALECT,
        "title": "Casefold shared entity schema",
        "version": SCHEMA_VERSION,
        "oneOf": [{"$ref": f"#/$defs/{entity}"} for entity in ENTITIES],
        "x-link-types": {str(name): meaning for name, meaning in LINK_MEANING.items()},
        "$defs": definitions["$defs"],
    }


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema of mapping files, for editors."""
    _, definitions = models_json_schema(
        [(MappingSpec, "validation"), (Choice, "validation")], by_alias=True, ref_template="#/$defs/{model}"
    )
    return {
        "$schema": DIALECT,
        "title": "Casefold mapping",
        "anyOf": [{"$ref": "#/$defs/MappingSpec"}, {"$ref": "#/$defs/Choice"}],
        "$defs": definitions["$defs"],
    }
