"""Plates, states and VINs, and which VINs may join two vehicles."""

from __future__ import annotations

import pytest

from mapping.normalize import Unreadable, bind, vin_check_digit, vin_joins
from mapping.normalize.states import PROVINCES, STATES, TERRITORIES


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("ABC 1234", "ABC1234"), ("dxr-4471", "DXR4471"), ("abc.123", "ABC123"), ("LP4365-0234", "LP43650234"),
        ("NO PLATE", None), ("TEMP", None), ("NONE", None), ("UNKNOWN", None), ("- -", None),
    ],
)  # fmt: skip
def test_a_plate_in_capitals_without_blanks(raw: str, value: str | None) -> None:
    assert bind("plate")(raw) == value


def test_a_sentence_is_no_plate() -> None:
    with pytest.raises(Unreadable):
        bind("plate")("blue Ford with a dent")


@pytest.mark.parametrize("name", ["state", "plate_state"])
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("MI", "MI"), ("mi", "MI"), ("Michigan", "MI"), ("NEW  MEXICO", "NM"), ("Mich.", "MI"), ("D.C.", "DC"),
        ("26", "MI"), ("NB", "NE"), ("Ontario", "ON"), ("Puerto Rico", "PR"), ("", None), ("UNK", None),
    ],
)  # fmt: skip
def test_a_state_by_code_name_or_number(name: str, raw: str, value: str | None) -> None:
    assert bind(name)(raw) == value


def test_there_are_fifty_states_and_a_district() -> None:
    assert (len(STATES), len(TERRITORIES), len(PROVINCES)) == (51, 8, 12)
    assert all(bind("state")(name) == code for code, name in (STATES | TERRITORIES | PROVINCES).items())


def test_another_word_is_no_state() -> None:
    with pytest.raises(Unreadable, match="not a state"):
        bind("state")("Confusion")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1 hgcm82633a-004352", "1HGCM82633A004352"), ("88739303298349", "88739303298349"),
        ("1J999999ZZZZ", "1J999999ZZZZ"),
        ("VIN", None), ("00000000000000000", None), ("nc:VehicleIdentification", None), ("", None), ("--", None),
    ],
)  # fmt: skip
def test_a_vin_is_kept_whatever_its_length(raw: str, value: str | None) -> None:
    assert bind("vin")(raw) == value


def test_a_sentence_is_no_vin() -> None:
    with pytest.raises(Unreadable):
        bind("vin")("see the photograph of the dashboard in the case file")


@pytest.mark.parametrize("vin", ["1HGCM82633A004352", "KMHCN46C66U034917", "5NPET46C29H553366", "1M8GDM9AXKP042788"])
def test_the_check_digit_holds_on_real_vins(vin: str) -> None:
    assert vin_check_digit(vin)
    assert vin_joins(vin)


@pytest.mark.parametrize(
    "vin",
    [
        "1HGCM82633A004353",
        "1HGCM82633A00435",
        "88739303298349",
        "1HGCM82633A00435O",
        "11111111111111111",
        "1HGCM82633A00435I",
        "",
    ],
)
def test_a_mistyped_or_short_vin_joins_nothing(vin: str) -> None:
    assert not vin_joins(vin)
    assert vin.strip("1") == "" or not vin_check_digit(vin)


def test_a_vin_from_where_no_check_digit_is_required_joins_by_its_form() -> None:
    assert not vin_check_digit("WVWZZZ1JZ3W386752")
    assert vin_joins("WVWZZZ1JZ3W386752")


def test_one_wrong_character_breaks_the_check_digit() -> None:
    good = "1M8GDM9AXKP042788"
    broken = {good[:at] + ("2" if good[at] != "2" else "3") + good[at + 1 :] for at in range(len(good)) if at != 8}
    assert sum(map(vin_check_digit, broken)) <= 2  # the code catches most single errors, not each
