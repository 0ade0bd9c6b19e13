"""Other projects' own test cases for phones, e-mails and web addresses, where they lie beside the project.

The bars are what was measured, not what was hoped for. What we miss, we miss by choice: numbers of other countries
without their country code, and hosts without a dot.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapping.narrative import RuleExtractor

FOLDER = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "extract"


def rows() -> list[dict[str, Any]]:
    if not FOLDER.is_dir():
        pytest.skip("the peers' extraction cases are not beside the project")
    return [
        json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]


def cases(kind: str) -> list[dict[str, Any]]:
    return [row for row in rows() if row.get("only_type") == kind or kind in types(row)]


def types(row: dict[str, Any]) -> set[str]:
    return {item["type"] for item in row["expected"]}


def score(kind: str) -> tuple[float, float, list[str]]:
    """(recall, precision, what was missed or wrong), a find being right if it covers the expected words."""
    hits = wanted = found = right = 0
    wrong = []
    for case in cases(kind):
        expected = [item["value"].strip("\"' ").casefold() for item in case["expected"] if item["type"] == kind]
        finds = [find.raw.casefold() for find in RuleExtractor().find(case["text"]) if find.kind in {kind, "handle"}]
        wanted += len(expected)
        hits += sum(value in finds for value in expected)
        found += len(finds)
        right += sum(value in expected for value in finds)
        wrong += [f"{case['id']}: {set(expected) ^ set(finds)}"] if set(expected) != set(finds) else []
    return hits / wanted, right / max(found, 1), wrong


@pytest.mark.parametrize(
    ("kind", "recall", "precision"), [("phone", 0.87, 1.0), ("email", 1.0, 0.9), ("url", 1.0, 0.95)]
)
def test_peers_cases(kind: str, recall: float, precision: float) -> None:
    got_recall, got_precision, wrong = score(kind)
    assert got_recall >= recall, wrong
    assert got_precision >= precision, wrong


def test_no_date_card_address_or_licence_of_theirs_is_a_phone_or_a_plate_to_us() -> None:
    others = [row for row in rows() if "phone" not in types(row)]
    assert len(others) > 300
    found = [
        find.raw for row in others for find in RuleExtractor().find(row["text"]) if find.kind in {"phone", "plate"}
    ]
    assert found == []
