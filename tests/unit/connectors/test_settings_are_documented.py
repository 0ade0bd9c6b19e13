from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from connectors.csv import CsvConfig
from connectors.niem import NiemConfig
from connectors.rest import RestConfig
from connectors.rest.config import (
    ApiKeyAuth,
    BasicAuth,
    BearerAuth,
    Incremental,
    NextUrlPaging,
    OffsetPaging,
    PagePaging,
)

README = (Path(__file__).resolve().parents[3] / "connectors" / "README.md").read_text(encoding="utf-8")
PARTS = {
    "csv": [CsvConfig],
    "niem": [NiemConfig],
    "rest": [RestConfig, BasicAuth, BearerAuth, ApiKeyAuth, OffsetPaging, PagePaging, NextUrlPaging, Incremental],
}


@pytest.mark.parametrize(("kind", "models"), list(PARTS.items()))
def test_every_setting_of_a_kind_stands_in_the_page_that_explains_them(
    kind: str, models: list[type[BaseModel]]
) -> None:
    section = README.partition(f"\n## {kind}: ")[2].partition("\n## ")[0]
    for model in models:
        for name in model.model_fields:
            assert name in section, f"{kind}: {name}"
