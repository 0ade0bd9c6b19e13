from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pytest
from pydantic import BaseModel

from connectors import registry
from connectors.csv import CsvConnector
from schemas.records import BadConfiguration


class Fitting:
    SPI = 1
    Config = BaseModel


class Older:
    SPI = 0
    Config = BaseModel


class Nameless:
    Config = BaseModel


class Shapeless:
    SPI = 1


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, registry.GROUP)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    """What is installed, as the test fills it."""
    points: list[EntryPoint] = []

    def listed(*, group: str, name: str | None = None) -> list[EntryPoint]:
        assert group == "casefold.connectors"
        return [point for point in points if name in (None, point.name)]

    monkeypatch.setattr(registry, "entry_points", listed)
    return points


def test_our_own_kinds_are_found_by_entry_point() -> None:
    assert {"csv", "rest", "niem"} <= set(registry.kinds())
    assert registry.find("csv") is CsvConnector


def test_a_plug_in_is_found_like_ours(installed: list[EntryPoint]) -> None:
    installed.append(point("fitting", f"{__name__}:Fitting"))
    found: Any = registry.find("fitting")
    assert found.__name__ == "Fitting"


def test_an_unknown_kind_names_the_nearest_and_all() -> None:
    with pytest.raises(BadConfiguration, match=r"no connector of kind `cvs`; did you mean csv\? Installed: csv, niem"):
        registry.find("cvs")


def test_without_any_connector_it_says_so(installed: list[EntryPoint]) -> None:
    with pytest.raises(BadConfiguration, match="Installed: none"):
        registry.find("csv")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Older", "was built for port version 0; this Casefold has version 1"),
        ("Nameless", "names no version of the connector port"),
        ("Shapeless", "has no `Config` model"),
        ("NotThere", "cannot be imported"),
    ],
)
def test_a_connector_that_does_not_fit_is_refused_by_name(installed: list[EntryPoint], value: str, words: str) -> None:
    installed.append(point("theirs", f"{__name__}:{value}"))
    with pytest.raises(BadConfiguration, match=f"connector kind `theirs` of .*{words}"):
        registry.find("theirs")


def test_two_owners_of_a_kind_are_named(installed: list[EntryPoint]) -> None:
    installed += [point("rms", "one:One"), point("rms", "two:Two"), point("rms", "two:Two")]
    with pytest.raises(BadConfiguration, match="comes from one:One and two:Two; uninstall all but one"):
        registry.find("rms")
