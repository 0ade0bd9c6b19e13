"""A home: the folder that holds `casefold.yaml`, sources, mappings, agreements and, by default, the database.

Settings are read once, checked whole, frozen, and passed as arguments; nothing reads the environment at import.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from connectors.context import SourceContext
from mapping.load import configuration_error
from mapping.yamlfile import YamlFile, read_yaml
from schemas.access import Ori
from schemas.records import MAX_BATCH_RECORDS, BadConfiguration
from schemas.values import Frozen

CONFIG_FILE = "casefold.yaml"


class HomeSettings(Frozen):
    """What stands in `casefold.yaml`."""

    casefold: Literal["home/1"] = Field(description="Version of this file's grammar.")
    database: str = Field(
        default="sqlite:///casefold.db",
        description="sqlite:///FILE (relative to the home), postgresql+psycopg://…, or env:NAME / file:PATH.",
    )
    identity_key: str = Field(
        default="file:identity.key",
        description="env:NAME or file:PATH of the secret that keys every id. Lose it, and every id becomes another.",
    )


class ConnectorSettings(Frozen):
    """Which kind of connector; its own settings stand beside `kind` and are checked by that kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str


class SourceSettings(Frozen):
    """What stands in `sources/NAME.yaml`."""

    casefold: Literal["source/1"] = "source/1"
    name: str = Field(default="", pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$|^$", description="Default: the file's name.")
    agency: Ori
    label: str = Field(default="default", description="Sharing label: what agreements speak of.")
    connector: ConnectorSettings
    mapping: str = Field(description="A file in mappings/, or a profile that ships with Casefold.")
    batch_size: int = Field(default=MAX_BATCH_RECORDS, ge=1, le=MAX_BATCH_RECORDS)


class SourceFile(Frozen):
    """One source's settings with the file they stand in, so that later complaints can name a line."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    settings: SourceSettings
    file: YamlFile


class Settings(Frozen):
    """A whole home, read and checked."""

    home: Path
    settings: HomeSettings
    sources: tuple[SourceFile, ...] = ()

    @property
    def mappings(self) -> Path:
        """The folder of this home's own mappings."""
        return self.home / "mappings"

    def database_url(self) -> str:
        """The database as an SQLAlchemy URL; a relative SQLite file lies in the home."""
        url = self.settings.database
        if url.startswith(("env:", "file:")):
            url = SourceContext("casefold.yaml", str(self.home)).secret(url)
        prefix = "sqlite:///"
        if url.startswith(prefix) and not Path(url.removeprefix(prefix)).is_absolute():
            return f"{prefix}{self.home / url.removeprefix(prefix)}"
        return url

    def identity_key(self) -> bytes:
        """The secret that keys every id, resolved; raises BadConfiguration naming the reference."""
        secret = SourceContext("casefold.yaml", str(self.home)).secret(self.settings.identity_key)
        return secret.encode("utf-8")


def load_settings(home: Path) -> Settings:
    """Read a home; raises BadConfiguration with file and line for anything that is wrong in it."""
    path = home / CONFIG_FILE
    if not path.is_file():
        message = f"{home} is no Casefold home: it has no {CONFIG_FILE}; make one with: casefold init --home {home}"
        raise BadConfiguration(message)
    settings = _checked(HomeSettings, read_yaml(path, CONFIG_FILE))
    sources = [_source(file) for file in sorted((home / "sources").glob("*.yaml"))]
    names: dict[str, SourceFile] = {}
    for source in sources:
        if source.settings.name in names:
            message = f"the source name {source.settings.name!r} is taken by {names[source.settings.name].file.name}"
            raise source.file.error(("name",), message)
        names[source.settings.name] = source
    return Settings(home=home, settings=settings, sources=tuple(sources))


def _source(path: Path) -> SourceFile:
    file = read_yaml(path, f"sources/{path.name}")
    settings = _checked(SourceSettings, file)
    if not settings.name:
        settings = _checked(SourceSettings, YamlFile(file.name, {**file.data, "name": path.stem}, file.lines))
    return SourceFile(settings=settings, file=file)


def _checked(model: Any, file: YamlFile) -> Any:
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        raise configuration_error(model, file, error) from error


def make_identity_key(path: Path) -> None:
    """Write a fresh secret, readable by its owner alone; an existing one is left alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(os.urandom(32).hex() + "\n")
