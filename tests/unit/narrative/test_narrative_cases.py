"""The cases that people write: a text, and exactly what is to be found in it. Add a case in cases/*.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mapping.narrative import RuleExtractor
from schemas.entities import ENTITIES
from schemas.values import Money
from schemas.vocabulary import EntityType

CASES: dict[str, Any] = {
    f"{path.stem}-{number}": case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1)
}
ENTITY = {
    "phone": EntityType.PHONE,
    "email": EntityType.EMAIL,
    "url": EntityType.WEBSITE,
    "handle": EntityType.ONLINE_ACCOUNT,
    "payment": EntityType.FINANCIAL_ACCOUNT,
    "plate": EntityType.VEHICLE,
}


def test_there_are_cases_of_every_kind_and_many_with_nothing_to_find() -> None:
    kinds = {found["kind"] for case in CASES.values() for found in case["expected"]}
    empty = [case for case in CASES.values() if not case["expected"]]
    assert kinds == {*ENTITY, "money"}
    assert len(CASES) >= 80
    assert len(empty) >= 30


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_text_holds_exactly_what_its_case_says(case: dict[str, Any]) -> None:
    found = RuleExtractor().find(case["text"])
    assert [{"kind": find.kind, "raw": find.raw, "value": find.value} for find in found] == case["expected"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_find_has_the_properties_of_its_entity_type(case: dict[str, Any]) -> None:
    for find in RuleExtractor().find(case["text"]):
        if find.kind == "money":
            Money.model_validate(find.value)
        else:
            ENTITIES[ENTITY[find.kind]].model_validate({name: (value,) for name, value in find.value.items()})
