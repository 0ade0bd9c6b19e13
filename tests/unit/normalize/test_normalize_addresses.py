"""Addresses: readable parts, the source's words kept, and one key for one place."""

from __future__ import annotations

from typing import Any

import pytest

from mapping.normalize import Unreadable, address_key, bind

TEXTS: list[tuple[str, dict[str, str]]] = [
    ("101 Main Street, Scranton, PA 18502",
     {"street": "101 Main St", "city": "Scranton", "state": "PA", "postal_code": "18502"}),
    ("123 Main Street Detroit MI 48201",
     {"street": "123 Main St", "city": "Detroit", "state": "MI", "postal_code": "48201"}),
    ("555 Main St., Atlanta, GA, 30332",
     {"street": "555 Main St", "city": "Atlanta", "state": "GA", "postal_code": "30332"}),
    ("1561 Washburn Street Baton Rouge, LA 70802",
     {"street": "1561 Washburn St", "city": "Baton Rouge", "state": "LA", "postal_code": "70802"}),
    ("3100 Vine Street Wood Dale, IL 60191",
     {"street": "3100 Vine St", "city": "Wood Dale", "state": "IL", "postal_code": "60191"}),
    ("123 Elmer Ave Portland ME", {"street": "123 Elmer Ave", "city": "Portland", "state": "ME"}),
    ("123 main st apt 4b, detroit, michigan 48201-1234, USA",
     {"street": "123 Main St Apt 4B", "city": "Detroit", "state": "MI", "postal_code": "48201-1234", "country": "US"}),
    ("1 Main St, Apt 4, Detroit, MI", {"street": "1 Main St Apt 4", "city": "Detroit", "state": "MI"}),
    ("12 Oak St # 3 Flint MI 48502", {"street": "12 Oak St Unit 3", "city": "Flint", "state": "MI",
     "postal_code": "48502"}),
    ("1200 Woodward Ave N Detroit MI 48201",
     {"street": "1200 Woodward Ave N", "city": "Detroit", "state": "MI", "postal_code": "48201"}),
    ("100 Oak Lane Court Lansing, MI", {"street": "100 Oak Lane Ct", "city": "Lansing", "state": "MI"}),
    ("5 Shady Hollow Ames IA 50010", {"street": "5 Shady Holw", "city": "Ames", "state": "IA", "postal_code": "50010"}),
    ("12 Main St, Los Angeles, CA", {"street": "12 Main St", "city": "Los Angeles", "state": "CA"}),
    ("12 Main St, Charlotte, North Carolina 28202",
     {"street": "12 Main St", "city": "Charlotte", "state": "NC", "postal_code": "28202"}),
    ("PO BOX 12, LANSING MI 48909",
     {"street": "PO Box 12", "city": "Lansing", "state": "MI", "postal_code": "48909"}),
    ("12 Main St, Atlanta GA, 30332",
     {"street": "12 Main St", "city": "Atlanta", "state": "GA", "postal_code": "30332"}),
    ("100 Highway 48201", {"street": "100 Hwy 48201"}),
    ("Detroit, MI 48201", {"city": "Detroit", "state": "MI", "postal_code": "48201"}),
    ("Detroit, MI", {"city": "Detroit", "state": "MI"}),
    ("Michigan", {"state": "MI"}),
    ("123 Main Street", {"street": "123 Main St"}),
    ("6403 E GRANT", {"street": "6403 E Grant"}),
    ("Box 20110", {"street": "PO Box 20110"}),
    ("Performing Arts", {}),
    ("48201", {}),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "parts"), TEXTS, ids=[raw for raw, _ in TEXTS])
def test_an_address_in_one_text_is_parted_where_it_is_safe(raw: str, parts: dict[str, str]) -> None:
    assert bind("address")(raw) == {"full": raw, **parts}


@pytest.mark.parametrize(
    ("raw", "street"),
    [
        ("200 Block SOMERSET PLACE", "200 Block Somerset Pl"),
        ("900 BLK of LOVVORN RD", "900 Block Lovvorn Rd"),
        ("03RD ST \\ HOLLISTER AVE", "3rd St & Hollister Ave"),
        ("LISBON ST / PERSIA AVE", "Lisbon St & Persia Ave"),
        ("Woodlawn Rd & North\n      Av", "Woodlawn Rd & North Ave"),
        ("MAIN ST AND 5TH AVE", "Main St & 5th Ave"),
        ("123 N Oak Street Apt #123", "123 N Oak St Apt 123"),
        ("123 north oak street apartment 4", "123 N Oak St Apt 4"),
        ("100 North Street", "100 North St"),
        ("100 St Paul Avenue", "100 St Paul Ave"),
        ("11 NW Brockway Avenue", "11 NW Brockway Ave"),
        ("45 VT ROUTE 100", "45 VT Rte 100"),
        ("100 County Road 12", "100 County Rd 12"),
        ("123 1/2 MAIN STREET", "123 1/2 Main St"),
        ("12B MCARTHUR BOULEVARD", "12B McArthur Blvd"),
        ("9 Oak Street Southwest", "9 Oak St SW"),
        ("7 GRANIT RIDGE RD", "7 Granit Ridge Rd"),
        ("12 Winston-SALEM ST", "12 Winston-SALEM St"),
        ("500 WEST UNIT DRIVE", "500 W Unit Dr"),
    ],
)
def test_a_street_in_standard_spelling(raw: str, street: str) -> None:
    value: Any = bind("address")(raw)
    assert value["street"] == street
    assert bind("address")(value) == value


PARTS: list[tuple[dict[str, str], dict[str, str] | None]] = [
    ({"street": "7262 WILLOW ROAD", "city": "AUGUSTA", "state": "Maine", "postal_code": "4330"},
     {"full": "7262 WILLOW ROAD, AUGUSTA, Maine 4330", "street": "7262 Willow Rd", "city": "Augusta", "state": "ME",
      "postal_code": "04330"}),
    ({"number": "1", "predirection": "North", "street_name": "Oak", "street_type": "Street", "unit": "4B", "city": "X"},
     {"full": "1 North Oak Street 4B, X", "street": "1 N Oak St Unit 4B", "city": "X"}),
    ({"street": "60 Woodlawn Rd Apt 3", "unit": "Apt #3"}, {"full": "60 Woodlawn Rd Apt 3 Apt #3",
     "street": "60 Woodlawn Rd Apt 3"}),
    ({"street": "1 Oak St", "unit": "P.O. Box 4528"}, {"full": "1 Oak St P.O. Box 4528",
     "street": "1 Oak St PO Box 4528"}),
    ({"street": "1 Oak St", "unit": "Suite 507"}, {"full": "1 Oak St Suite 507", "street": "1 Oak St Ste 507"}),
    ({"street": "1 Oak St", "unit": "2nd Floor"}, {"full": "1 Oak St 2nd Floor", "street": "1 Oak St 2nd Fl"}),
    ({"unit": "Penthouse"}, {"full": "Penthouse", "street": "Penthouse"}),
    ({"full": "123 Elmer Ave Portland ME", "postal_code": "04101"},
     {"full": "123 Elmer Ave Portland ME", "street": "123 Elmer Ave", "city": "Portland", "state": "ME",
     "postal_code": "04101"}),
    ({"full": "1 Oak St", "unit": "4"}, {"full": "1 Oak St", "street": "1 Oak St Unit 4"}),
    ({"city": "Augusta", "postal_code": "04330", "postal_extension": "1234"},
     {"full": "Augusta, 04330-1234", "city": "Augusta", "postal_code": "04330-1234"}),
    ({"city": "X", "postal_code": "054010000"}, {"full": "X, 054010000", "city": "X", "postal_code": "05401"}),
    ({"city": "X", "postal_code": "00000"}, {"full": "X, 00000", "city": "X"}),
    ({"city": "Ottawa", "state": "Ontario", "postal_code": "k1a 0b1", "country": "Canada"},
     {"full": "Ottawa, Ontario k1a 0b1, Canada", "city": "Ottawa", "state": "ON", "postal_code": "K1A 0B1",
     "country": "CA"}),
    ({"city": "PARIS", "country": "FRANCE"}, {"full": "PARIS, FRANCE", "city": "Paris", "country": "France"}),
    ({"city": "Cityville", "state": "ZZ"}, {"full": "Cityville, ZZ", "city": "Cityville", "state": "ZZ"}),
    ({"street": "HOMELESS", "city": "Detroit"}, {"full": "Detroit", "city": "Detroit"}),
    ({"street": "nc:StreetFullText", "city": "string"}, None),
    ({"full": "General Delivery"}, None),
    ({}, None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), PARTS)
def test_an_address_in_parts(raw: dict[str, str], value: dict[str, str] | None) -> None:
    assert (bind("address")(raw) or None) == value


@pytest.mark.parametrize("raw", ["HOMELESS", "Full Address", "UNKNOWN", "transient", "", " , "])
def test_no_address_says_nothing(raw: str) -> None:
    assert bind("address")(raw) is None


def test_an_address_of_a_whole_page_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="too long"):
        bind("address")("1 Main St " * 100)
    with pytest.raises(Unreadable, match="too long"):
        bind("address")({"street": "1 Main St " * 100})


def key(raw: Any) -> str | None:
    value: Any = bind("address")(raw)
    return address_key(value)


def test_spellings_of_one_address_have_one_key() -> None:
    spellings = [
        "101 Main Street, Apt. 3, Scranton, PA 18502",
        "101 MAIN ST #3, SCRANTON, Pennsylvania",
        {"street": "101 main st", "unit": "unit 3", "city": "scranton", "state": "pa", "postal_code": "18502-1234"},
        {"number": "101", "street_name": "Main", "street_type": "Str", "unit": "3", "city": "Scranton", "state": "PA"},
    ]
    assert {key(raw) for raw in spellings} == {"101 MAIN ST 3|SCRANTON|PA"}


def test_neighbours_have_keys_of_their_own() -> None:
    addresses = [
        "101 Main St, Scranton, PA", "101 Main St Apt 3, Scranton, PA", "101 Main St, Scranton, NY",
        "103 Main St, Scranton, PA", "101 Main Ave, Scranton, PA", "101 N Main St, Scranton, PA",
    ]  # fmt: skip
    assert len({key(raw) for raw in addresses}) == len(addresses)


def test_a_crossing_has_one_key_from_either_side() -> None:
    assert key("LISBON ST \\ PERSIA AVE, San Francisco, CA") == key("Persia Avenue & Lisbon Street, San Francisco, CA")
    assert key("LISBON ST \\ PERSIA AVE, San Francisco, CA") == "LISBON ST & PERSIA AVE|SAN FRANCISCO|CA"


def test_the_postal_code_stands_in_for_a_city() -> None:
    assert key({"street": "1 Oak St", "postal_code": "48201-1234"}) == "1 OAK ST|48201"


@pytest.mark.parametrize(
    "raw", ["101 Main St", "Main St, Scranton, PA", "Scranton, PA 18502", {"city": "Scranton", "postal_code": "18502"}]
)
def test_what_is_not_one_place_has_no_key(raw: Any) -> None:
    assert key(raw) is None


def test_a_caller_may_change_what_it_got() -> None:
    normalize: Any = bind("address")
    normalize("101 Main St, Scranton, PA")["city"] = "changed"
    assert normalize("101 Main St, Scranton, PA")["city"] == "Scranton"
