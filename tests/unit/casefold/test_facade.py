"""The façade: its public names are pinned, and it sees when somebody else's package took the place of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import casefold
from casefold.ownership import assert_ours
from casefold.schema_page import schema_page
from casefold.schemas_out import mapping_schema, schema_document
from schemas.entities import ENTITIES, properties
from schemas.records import BadConfiguration
from schemas.vocabulary import EntityType, LinkType

if TYPE_CHECKING:
    from pathlib import Path

PUBLIC = [
    "SPI_VERSION", "BadConfiguration", "Batch", "Capabilities", "CheckReport", "CheckStep", "Connector", "Context",
    "FileProblem", "Ignored", "Known", "Outcome", "Problem", "Received", "Retry", "Stop", "UnitDone",
]  # fmt: skip


def test_the_public_names_are_these_and_no_others() -> None:
    assert sorted(casefold.__all__) == sorted(PUBLIC)
    assert all(hasattr(casefold, name) for name in PUBLIC)


def test_our_packages_are_ours() -> None:
    assert_ours()


def test_a_package_from_elsewhere_is_named_with_its_owner(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="the package 'yaml' is imported from PyYAML"):
        assert_ours(("yaml",), tmp_path)


def test_the_schema_holds_every_entity_type_and_link_type() -> None:
    document = schema_document()

    assert {reference["$ref"].rpartition("/")[2] for reference in document["oneOf"]} == {
        str(kind) for kind in EntityType
    }
    assert set(document["x-link-types"]) == {str(kind) for kind in LinkType}
    assert {"name", "birth_date", "identifier"} <= set(document["$defs"]["Person"]["properties"])
    assert "NodeLine" in document["$defs"]


def test_the_mapping_schema_knows_the_grammars_keys() -> None:
    assert {"reader", "key", "entities", "links", "join", "lookup"} <= set(
        mapping_schema()["$defs"]["MappingSpec"]["properties"]
    )
    assert "choose" in mapping_schema()["$defs"]["Choice"]["properties"]


def test_the_reference_page_names_every_property() -> None:
    page = schema_page()

    for kind in ENTITIES:
        assert f"### {kind}\n" in page
        for name in properties(kind):
            assert f"| `{name}` |" in page
