"""A home: the folder that holds `casefold.yaml`, sources, mappings, agreements and, by default, the database.

Settings are read once, checked whole, frozen, and passed as arguments; nothing reads the environment at import.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError

from connectors.context import SourceContext
from mapping.load import configuration_error
from mapping.yamlfile import YamlFile, read_yaml
from schemas.access import Ori
from schemas.records import MAX_BATCH_RECORDS, BadConfiguration
from schemas.values import Frozen

CONFIG_FILE = "casefold.yaml"


_REFERENCE = re.compile("(env|file):.")
_WITH_PASSWORD = re.compile("//[^/?]*:[^/?]*@|[?&]pass(word|file)?=", re.IGNORECASE)


def _without_password(url: str) -> str:
    """Accept a database's URL that gives away no password, or a reference to one that may."""
    if not _REFERENCE.match(url) and _WITH_PASSWORD.search(url):
        message = "a URL with a password is a secret: write env:NAME or file:PATH, and put the URL there"
        raise ValueError(message)
    return url


def _reference(text: str) -> str:
    """Accept a reference to a secret, never the secret."""
    if not _REFERENCE.match(text):
        message = "a secret must be a reference, env:NAME or file:PATH, never the value itself"
        raise ValueError(message)
    return text


class HomeSettings(Frozen):
    """What stands in `casefold.yaml`."""

    casefold: Literal["home/1"] = Field(description="Version of this file's grammar.")
    database: Annotated[str, AfterValidator(_without_password)] = Field(
        default="sqlite:///casefold.db",
        description="sqlite:///FILE (relative to the home), postgresql+psycopg://…, or env:NAME / file:PATH.",
    )
    identity_key: Annotated[str, AfterValidator(_reference)] = Field(
        default="file:identity.key",
        description="env:NAME or file:PATH of the secret that keys every id. Lose it, and every id becomes another.",
    )


class ConnectorSettings(Frozen):
    """Which kind of connector; its own settings stand beside `kind` and are checked by that kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str


_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
_NAME_RULE = "small letters, digits, and _ . - after the first, 63 at most"


def _good_name(name: str) -> str:
    """Accept a source's name, or none."""
    if name and not _NAME.fullmatch(name):
        message = f"{name!r} cannot be a source's name ({_NAME_RULE})"
        raise ValueError(message)
    return name


def _good_ori(ori: object) -> object:
    """Accept an agency's ORI."""
    if not isinstance(ori, str) or not re.fullmatch("[A-Z0-9]{9}", ori):
        message = "an ORI has 9 capital letters and digits, such as MI8234500"
        raise ValueError(message)
    return ori


class SourceSettings(Frozen):
    """What stands in `sources/NAME.yaml`."""

    casefold: Literal["source/1"] = "source/1"
    name: Annotated[str, AfterValidator(_good_name)] = Field(default="", description="Default: the file's name.")
    agency: Annotated[Ori, BeforeValidator(_good_ori)]
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

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    home: Path
    settings: HomeSettings
    file: YamlFile
    sources: tuple[SourceFile, ...] = ()

    @property
    def mappings(self) -> Path:
        """The folder of this home's own mappings."""
        return self.home / "mappings"

    def database_url(self) -> str:
        """The database as an SQLAlchemy URL; a relative SQLite file lies in the home."""
        url = self._secret("database") if _REFERENCE.match(self.settings.database) else self.settings.database
        prefix = "sqlite:///"
        if url.startswith(prefix) and not Path(url.removeprefix(prefix)).is_absolute():
            return f"{prefix}{self.home / url.removeprefix(prefix)}"
        return url

    def identity_key(self) -> bytes:
        """The secret that keys every id, resolved; raises BadConfiguration naming the reference."""
        return self._secret("identity_key").encode("utf-8")

    def _secret(self, key: str) -> str:
        """What a reference in casefold.yaml leads to; raises BadConfiguration with file and line, without the value."""
        try:
            return SourceContext("", str(self.home)).secret(getattr(self.settings, key))
        except BadConfiguration as error:
            raise self.file.error((key,), str(error).removeprefix("source : ")) from error


def load_settings(home: Path) -> Settings:
    """Read a home; raises BadConfiguration with file and line for anything that is wrong in it."""
    path = home / CONFIG_FILE
    if not path.is_file():
        message = f"{home} is no Casefold home: it has no {CONFIG_FILE}; make one with: casefold init --home {home}"
        raise BadConfiguration(message)
    file = read_yaml(path, CONFIG_FILE)
    settings = _checked(HomeSettings, file)
    sources = [_source(file) for file in _source_files(home / "sources")]
    names: dict[str, SourceFile] = {}
    for source in sources:
        if source.settings.name in names:
            message = f"the source name {source.settings.name!r} is taken by {names[source.settings.name].file.name}"
            raise source.file.error(("name",), message)
        names[source.settings.name] = source
    return Settings(home=home, settings=settings, file=file, sources=tuple(sources))


def _source_files(folder: Path) -> list[Path]:
    """The sources' files; raises BadConfiguration where one has a name under which it would not be found."""
    for path in sorted(folder.glob("*.yml")):
        message = f"sources/{path.name}:1: a source's file ends in .yaml; rename it to {path.stem}.yaml"
        raise BadConfiguration(message)
    return sorted(folder.glob("*.yaml"))


def _source(path: Path) -> SourceFile:
    file = read_yaml(path, f"sources/{path.name}")
    settings = _checked(SourceSettings, file)
    if not settings.name:
        if not _NAME.fullmatch(path.stem):
            message = f"{path.stem!r} cannot be a source's name ({_NAME_RULE}); rename the file or give it a `name`"
            raise file.error((), message)
        settings = settings.model_copy(update={"name": path.stem})
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
