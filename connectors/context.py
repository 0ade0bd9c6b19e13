"""The plain implementation of `connectors.port.Context`: what the wiring knows of a source."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.joins import Join
from schemas.records import MAX_BATCH_RECORDS, BadConfiguration


@dataclass(frozen=True, slots=True)
class SourceContext:
    """Name, home folder, batch size and joins of one source, and the way to its secrets."""

    source: str
    base: str = "."
    batch_size: int = MAX_BATCH_RECORDS
    join: Mapping[str, Join] = field(default_factory=dict)

    def secret(self, reference: str) -> str:
        """Resolve `env:NAME` or `file:PATH`; raises BadConfiguration naming the reference, never the value."""
        kind, _, name = reference.partition(":")
        if kind == "env" and name:
            value = os.environ.get(name)
            if value is None:
                message = f"source {self.source}: the environment variable {name} is not set; set it or use file:PATH"
                raise BadConfiguration(message)
            return value
        if kind == "file" and name:
            path = Path(self.base, name)
            try:
                return path.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                message = f"source {self.source}: the secret file {name} cannot be read ({type(error).__name__})"
                raise BadConfiguration(message) from error
        message = f"source {self.source}: a secret must be a reference, env:NAME or file:PATH, never the value itself"
        raise BadConfiguration(message)
