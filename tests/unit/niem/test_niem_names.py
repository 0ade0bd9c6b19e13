"""One name for one thing in every version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.readers.niem.names import FAMILIES, NAMES, NameTest, family


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [
        ("http://niem.gov/niem/niem-core/2.0", "nc"),
        ("http://release.niem.gov/niem/niem-core/3.0/", "nc"),
        ("http://publication.niem.gov/niem/niem-core/3.0/1/", "nc"),
        ("http://release.niem.gov/niem/niem-core/5.0/", "nc"),
        ("https://docs.oasis-open.org/niemopen/ns/model/niem-core/6.0/", "nc"),
        ("http://niem.gov/niem/domains/jxdm/4.1", "j"),
        ("http://release.niem.gov/niem/domains/jxdm/7.2/", "j"),
        ("https://docs.oasis-open.org/niemopen/ns/model/domains/justice/6.0/", "j"),
        ("http://niem.gov/niem/structures/2.0", "s"),
        ("https://docs.oasis-open.org/niemopen/ns/model/structures/6.0/", "s"),
        ("http://niem.gov/niem/domains/immigration/2.0", "im"),
        ("http://release.niem.gov/niem/domains/intelligence/4.1/", "intel"),
        ("http://usdoj.gov/leisp/lexs/3.1", "lexs"),
        ("http://lexs.gov/lexs/4.0", "lexs"),
        ("http://usdoj.gov/leisp/lexs/digest/3.1", "lexsdigest"),
        ("http://usdoj.gov/leisp/lexs/library/3.1", "lexslib"),
        ("http://fbi.gov/cjis/N-DEx/IncidentArrest/2.1", "ndexia"),
        ("http://fbi.gov/cjis/nibrs/2019", "nibrs"),
        ("http://fbi.gov/cjis/2.0", "cjis"),
        ("http://ojbc.org/IEPD/Exchange/BookingReport/1.0", "BookingReport"),
        ("http://ojbc.org/IEPD/Extensions/BookingReportExtension/1.0", "BookingReport"),
        ("http://ojbc.org/IEPD/Extensions/Maine/VehicleCrashCodes/1.0", "Maine.VehicleCrashCodes"),
        ("http://pd.example/pawn/2.0", "pawn"),
        ("http://pd.example/", "pd.example"),
        ("http://pd.example/nc", "x-nc"),
        ("", ""),
    ],
)
def test_a_namespace_belongs_to_a_family_whatever_its_version(namespace: str, expected: str) -> None:
    assert family(namespace) == expected


def test_an_unknown_namespace_keeps_its_family_in_its_next_version() -> None:
    assert family("http://agency.example/IEPD/Extensions/Pawn/1.0") == family(
        "http://agency.example/IEPD/Extensions/Pawn/2.3"
    )


@given(st.text(max_size=60))
def test_every_namespace_has_a_family_that_a_path_can_say(namespace: str) -> None:
    name = NAMES[f"{{{namespace.replace('}', '')}}}Thing"]
    assert NameTest(name).exact
    assert NameTest("*:Thing")(name)


def test_no_family_is_derived_that_the_table_knows() -> None:
    for name, _ in FAMILIES:
        assert family(f"http://agency.example/{name}/1.0") == f"x-{name}"
