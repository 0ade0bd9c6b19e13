"""The sources that docs/sources.md and connectors/README.md show are sources that a home takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casefold.initialize import initialize
from casefold.settings import load_settings
from casefold.wiring import wire

ROOT = Path(__file__).resolve().parents[3]
MAPPINGS = {
    "police": "table",
    "riverton": "table",
    "rms": "json",
}


def examples() -> list[str]:
    found = []
    for page in (ROOT / "docs" / "sources.md", ROOT / "connectors" / "README.md"):
        for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            whole = block if "agency:" in block else f"agency: MI8234500\n{block}mapping: rms.yaml\n"
            found.append(whole)
    return found


@pytest.mark.parametrize("text", examples())
def test_a_documented_source_is_valid(tmp_path: Path, text: str) -> None:
    initialize(tmp_path)
    for name, reader in MAPPINGS.items():
        entities = "entities: {incident: {type: Incident, properties: {number: NO}}}"
        (tmp_path / "mappings" / f"{name}.yaml").write_text(
            f"casefold: mapping/1\nreader: {reader}\nkey: NO\n{entities}\n"
        )
    (tmp_path / "sources" / "example.yaml").write_text(text)
    settings = load_settings(tmp_path)
    (source,) = settings.sources
    assert wire(settings, source).source.agency


def test_every_kind_of_connector_has_an_example() -> None:
    assert {kind for text in examples() for kind in re.findall(r"kind: (csv|niem|rest)\b", text)} == {
        "csv",
        "niem",
        "rest",
    }
