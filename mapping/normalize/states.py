"""States, territories and provinces by postal code, name, and the codes of other lists.

NCIC writes Nebraska NB, which in Canada is New Brunswick. Here NB is Nebraska: our sources are American records.
"""

from __future__ import annotations

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
TERRITORIES = {
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico", "VI": "Virgin Islands",
    "FM": "Federated States of Micronesia", "MH": "Marshall Islands", "PW": "Palau",
}  # fmt: skip
PROVINCES = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NL": "Newfoundland", "NS": "Nova Scotia",
    "NT": "Northwest Territories", "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec",
    "SK": "Saskatchewan", "YT": "Yukon",
}  # fmt: skip

_OTHER = {
    "NB": "NE", "CM": "MP", "PQ": "QC", "NF": "NL", "NEW BRUNSWICK": "NB", "WASHINGTON DC": "DC",
    "WASHINGTON D C": "DC", "D C": "DC", "US VIRGIN ISLANDS": "VI", "U S VIRGIN ISLANDS": "VI", "CALIF": "CA",
    "MICH": "MI", "PENN": "PA", "PENNA": "PA", "TENN": "TN", "TEX": "TX", "WASH": "WA", "WISC": "WI", "MASS": "MA",
    "MINN": "MN", "MISS": "MS", "CONN": "CT", "COLO": "CO", "ARIZ": "AZ", "FLA": "FL", "ILL": "IL", "IND": "IN",
    "NEBR": "NE", "NEV": "NV", "OKLA": "OK", "ORE": "OR", "VIRG": "VA", "N CAROLINA": "NC", "S CAROLINA": "SC",
    "N DAKOTA": "ND", "S DAKOTA": "SD", "W VIRGINIA": "WV", "N MEXICO": "NM", "N HAMPSHIRE": "NH",
}  # fmt: skip
_FIPS = (
    "01AL 02AK 04AZ 05AR 06CA 08CO 09CT 10DE 11DC 12FL 13GA 15HI 16ID 17IL 18IN 19IA 20KS 21KY 22LA 23ME 24MD 25MA"
    " 26MI 27MN 28MS 29MO 30MT 31NE 32NV 33NH 34NJ 35NM 36NY 37NC 38ND 39OH 40OK 41OR 42PA 44RI 45SC 46SD 47TN 48TX"
    " 49UT 50VT 51VA 53WA 54WV 55WI 56WY 60AS 66GU 69MP 72PR 78VI"
)

_NAMED = STATES | TERRITORIES | PROVINCES

CODES: dict[str, str] = {
    **{code: code for code in _NAMED},
    **{name.upper(): code for code, name in _NAMED.items()},
    **{pair[:2]: pair[2:] for pair in _FIPS.split()},
    **_OTHER,
}
"""Two-letter code by code, name or abbreviation in capitals without periods, and by FIPS number."""


def state_code(text: str) -> str | None:
    """The two-letter code of a state that is written in any usual way, else None."""
    return CODES.get(text) or CODES.get(" ".join(text.upper().replace(".", " ").split()))
