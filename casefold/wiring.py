"""`build(settings)`: the one place that makes engine, connectors, mappings and runner, and hands them each other."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson
from pydantic import ValidationError

import service.sync.migrations as sync_migrations
from connectors.context import SourceContext
from connectors.registry import find
from graph.store import Store
from mapping.apply import SourceMapping
from mapping.load import configuration_error, load_mappings
from mapping.narrative import RuleExtractor
from mapping.readers.niem import NiemReader
from mapping.readers.plain import JsonReader, TableReader
from mapping.yamlfile import YamlFile, nearest
from schemas.ids import Ids
from schemas.records import BadConfiguration
from service.sync.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from casefold.settings import Settings, SourceFile
    from connectors.port import Connector
    from mapping.load import LoadedMapping
    from mapping.readers.port import Reader

READERS: Mapping[str, Callable[[], Reader]] = {"table": TableReader, "json": JsonReader, "niem": NiemReader}


@dataclass(frozen=True, slots=True)
class Wired:
    """One source, wired, with the mappings it was made from (for their own tests)."""

    source: Source
    file: YamlFile
    """The source's own file, so that complaints can name a line."""
    loaded: tuple[LoadedMapping, ...]


@dataclass(frozen=True, slots=True)
class Casefold:
    """A running installation: its store and its sources by name."""

    store: Store
    sources: dict[str, Wired]
    home: Path

    def chosen(self, names: Sequence[str]) -> list[Wired]:
        """The sources of these names, all where none is named; raises BadConfiguration with the nearest name."""
        for name in names:
            if name not in self.sources:
                message = f"there is no source {name!r}; {nearest(name, list(self.sources))}"
                raise BadConfiguration(message)
        return [self.sources[name] for name in (names or self.sources)]

    def close(self) -> None:
        """Give back every connection."""
        self.store.close()


def build(settings: Settings) -> Casefold:
    """Wire a home: every source is checked before anything is opened. Raises BadConfiguration."""
    sources = {source.settings.name: wire(settings, source) for source in settings.sources}
    store = open_store(settings)
    return Casefold(store, sources, settings.home)


def open_store(settings: Settings) -> Store:
    """The home's store, opened and brought up to date."""
    try:
        ids = Ids(settings.identity_key())
    except ValueError as error:
        raise settings.file.error(("identity_key",), str(error)) from error
    try:
        store = Store.open(settings.database_url(), ids)
    except ValueError as error:  # told without its message, which may quote a part of the URL
        message = "the database's URL cannot be read; a password in it must be percent-encoded"
        raise settings.file.error(("database",), message) from error
    try:
        store.migrate(sync_migrations.VERSIONS)
    except BaseException:
        store.close()
        raise
    return store


def wire(settings: Settings, source: SourceFile) -> Wired:
    """One source: its mapping compiled, its connector made. Raises BadConfiguration with file and line."""
    chosen = source.settings
    try:
        loaded = load_mappings(chosen.mapping, settings.mappings)
    except BadConfiguration as error:
        if str(error).startswith("there is no mapping"):
            raise source.file.error(("mapping",), str(error)) from error
        raise
    mapping = SourceMapping(loaded, READERS, chosen.name, RuleExtractor())
    join = {name: side for one in loaded for name, side in one.spec.join.items()}
    context = SourceContext(chosen.name, str(settings.home), chosen.batch_size, join)
    connector = _connector(source, context)
    config = blake2b(
        orjson.dumps([source.file.data.get("connector"), sorted(join)], option=orjson.OPT_SORT_KEYS), digest_size=16
    ).digest()
    wired = Source(chosen.name, chosen.agency, chosen.label, connector, mapping, config)
    return Wired(wired, source.file, tuple(loaded))


def _connector(source: SourceFile, context: SourceContext) -> Connector:
    """The connector of a source, its settings checked by its own kind."""
    chosen = source.settings.connector
    file = source.file
    try:
        kind = find(chosen.kind)
    except BadConfiguration as error:
        raise file.error(("connector", "kind"), str(error)) from error
    given = {name: value for name, value in file.data["connector"].items() if name != "kind"}
    try:
        config = kind.Config.model_validate(given)
    except ValidationError as error:
        raise configuration_error(kind.Config, file, error, ("connector",)) from error
    return kind(config, context)
