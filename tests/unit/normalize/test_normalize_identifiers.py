"""Issued numbers, sums, ORIs and coordinates: nothing is lost, and what stands for `none` is flagged."""

from __future__ import annotations

from typing import Any

import pytest

from mapping.normalize import Unreadable, bind
from schemas.values import GeoPoint, Identifier, Money

SSN: list[tuple[str, dict[str, Any] | None]] = [
    ("650-40-6401", {"value": "650406401"}),
    ("650 40 6401", {"value": "650406401"}),
    ("123456789", {"value": "123456789", "placeholder": True}),
    ("123-45-6789", {"value": "123456789", "placeholder": True}),
    ("999-99-9999", {"value": "999999999", "placeholder": True}),
    ("000000000", {"value": "000000000", "placeholder": True}),
    ("078-05-1120", {"value": "078051120", "placeholder": True}),
    ("666-12-3456", {"value": "666123456", "placeholder": True}),
    ("650-00-6401", {"value": "650006401", "placeholder": True}),
    ("650-40-0000", {"value": "650400000", "placeholder": True}),
    ("8.61673e+006", {"value": "8.61673e+006", "damaged": True}),
    ("XXX-XX-0987", {"value": "XXX-XX-0987", "damaged": True}),
    ("0876456789", {"value": "0876456789", "damaged": True}),
    ("SSN", None),
    ("UNKNOWN", None),
]


@pytest.mark.parametrize(("raw", "value"), SSN)
def test_a_social_security_number(raw: str, value: dict[str, Any] | None) -> None:
    found = bind("identifier", {"kind": "ssn"})(raw)
    assert found == (None if value is None else {"kind": "ssn", **value})
    if found is not None:
        Identifier.model_validate(found)


LICENSES: list[tuple[Any, dict[str, Any] | None]] = [
    ("0099123", {"value": "0099123"}),
    ("S 123-456-789", {"value": "S123456789"}),
    ("s123 456 789 012", {"value": "S123456789012"}),
    ("8.61673e+006", {"value": "8.61673e+006", "damaged": True}),
    ("99999", {"value": "99999", "placeholder": True}),
    ("12345", {"value": "12345", "placeholder": True}),
    ("Driver License ID", None),
    ("nc:IdentificationID", None),
    ({"value": ""}, None),
    ({}, None),
]


@pytest.mark.parametrize(("raw", "value"), LICENSES)
def test_a_driver_s_licence_with_its_state(raw: Any, value: dict[str, Any] | None) -> None:
    found = bind("identifier", {"kind": "driver_license", "issuer": "Michigan"})(raw)
    assert found == (None if value is None else {"kind": "driver_license", "issuer": "MI", **value})


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (
            {"value": "32847", "issuer": "ME", "kind": "State ID"},
            {"kind": "state_id", "value": "32847", "issuer": "ME"},
        ),
        ({"value": "32847", "kind": "SID Number"}, {"kind": "state_id", "value": "32847"}),
        ({"value": "12", "kind": "driver_license"}, {"kind": "driver_license", "value": "12"}),
        ({"value": "x1 2", "kind": "Concealed Weapons Permit"}, {"kind": "concealed_weapons_permit", "value": "X1 2"}),
        ({"value": "12345"}, {"kind": "other", "value": "12345"}),
        ({"value": "12345678"}, {"kind": "other", "value": "12345678", "placeholder": True}),
        ({"value": "7", "issuer": "City of  Lake"}, {"kind": "other", "value": "7", "issuer": "City of Lake"}),
        ({"value": "7", "kind": "?", "issuer": "UNKNOWN"}, {"kind": "other", "value": "7"}),
    ],
)
def test_the_record_may_say_kind_and_issuer(parts: dict[str, str], value: dict[str, Any]) -> None:
    assert bind("identifier")(parts) == value


def test_the_mapping_s_kind_goes_before_the_record_s() -> None:
    normalize = bind("identifier", {"kind": "FBI Number"})
    assert normalize({"value": "9898349734", "kind": "whatever"}) == {"kind": "fbi", "value": "9898349734"}


def test_a_page_of_text_is_no_identifier() -> None:
    for raw in ("x" * 101, {"value": "7", "kind": "x" * 101}, {"value": "7", "issuer": "x" * 101}):
        with pytest.raises(Unreadable, match="too long"):
            bind("identifier")(raw)


def test_a_caller_may_change_what_it_got() -> None:
    normalize: Any = bind("identifier", {"kind": "fbi"})
    normalize("9898349734")["value"] = "changed"
    assert normalize("9898349734")["value"] == "9898349734"


@pytest.mark.parametrize(
    ("raw", "amount", "currency"),
    [
        ("$120", "120.00", "USD"), ("$1,200.50", "1200.50", "USD"), ("120 USD", "120.00", "USD"),
        ("USD 120", "120.00", "USD"),
        ("120 dollars", "120.00", "USD"), ("\u20ac50", "50.00", "EUR"), ("(120.00)", "-120.00", "USD"),
        ("-5", "-5.00", "USD"),
        ("$-5", "-5.00", "USD"), ("12000", "12000.00", "USD"), (".5", "0.50", "USD"), ("007", "7.00", "USD"),
        ("-0", "0.00", "USD"),
        ({"amount": "5.4", "currency": "CAD"}, "5.40", "CAD"), ({"amount": "5.4"}, "5.40", "USD"),
    ],
)  # fmt: skip
def test_a_sum_is_decimal_text(raw: Any, amount: str, currency: str) -> None:
    found = bind("money")(raw)
    assert found == {"amount": amount, "currency": currency}
    Money.model_validate(found)


@pytest.mark.parametrize("raw", ["abc", "$", "1.2.3", "(5", "5 stones", "1,2"])
def test_what_is_no_sum_is_unreadable(raw: str) -> None:
    with pytest.raises(Unreadable):
        bind("money")(raw)


def test_no_sum_says_nothing() -> None:
    assert bind("money")({}) is None
    assert bind("money", {"currency": "EUR"})("7") == {"amount": "7.00", "currency": "EUR"}


@pytest.mark.parametrize(
    ("raw", "value"), [("HI0020000", "HI0020000"), ("mi 8234900", "MI8234900"), ("HI00200", "HI0020000"), ("N/A", None)]
)
def test_an_ori_has_nine_characters(raw: str, value: str | None) -> None:
    assert bind("ori")(raw) == value


def test_eight_characters_are_no_ori() -> None:
    with pytest.raises(Unreadable, match="ORI"):
        bind("ori")("83655221")
    assert bind("ori", {"lenient": True})("83655221") is None
    assert bind("ori", {"lenient": True})("HI0020000") == "HI0020000"


GEO: list[tuple[Any, tuple[float, float] | None]] = [
    ("37.721716, -122.395944", (37.721716, -122.395944)), ("(37.7, -122.4)", (37.7, -122.4)),
    ("40.689167 -74.044444", (40.689167, -74.044444)), ("POINT (-122.4 37.7)", (37.7, -122.4)),
    ("42\u00b019'53\"N, 83\u00b002'45\"W", (42.3313889, -83.0458333)),
    ({"latitude": "44.8", "longitude": "68.7"}, (44.8, 68.7)),
    ({"latitude": "51 deg 52 min", "longitude": "-1 deg 17 min"}, (51.8666667, -1.2833333)),
    ({"latitude": "44", "latitude_minute": "30", "longitude": "-68"}, (44.5, -68.0)), ("0,0", None), ("", None),
     ({}, None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "point"), GEO)
def test_a_point_in_decimal_degrees(raw: Any, point: tuple[float, float] | None) -> None:
    found = bind("geo")(raw)
    assert found == (None if point is None else {"lat": point[0], "lon": point[1]})
    if found is not None:
        GeoPoint.model_validate(found)


@pytest.mark.parametrize(
    "raw", ["91,0", "0,181", "north of town", "1,2,3", "10 N, 20 S", "10 61', 5", {"latitude": "5"}]
)
def test_what_is_not_on_the_earth_is_unreadable(raw: Any) -> None:
    with pytest.raises(Unreadable):
        bind("geo")(raw)
