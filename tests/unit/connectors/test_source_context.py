from __future__ import annotations

from pathlib import Path

import pytest

from connectors.context import SourceContext
from schemas.records import BadConfiguration

CANARY = "hunter2-canary"


def test_a_secret_is_read_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMS_TOKEN", CANARY)
    (tmp_path / "token").write_text(f"{CANARY}\n")
    context = SourceContext("bureau", str(tmp_path))
    assert context.secret("env:RMS_TOKEN") == CANARY
    assert context.secret("file:token") == CANARY


@pytest.mark.parametrize("reference", ["env:NOT_SET", "env:", "file:nowhere", "file:binary", CANARY, f"plain:{CANARY}"])
def test_a_reference_that_leads_nowhere_is_named_and_a_value_in_its_place_is_not(
    tmp_path: Path, reference: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(BadConfiguration, match="source bureau") as caught:
        SourceContext("bureau", str(tmp_path)).secret(reference)
    assert CANARY not in str(caught.value)
