"""Words of street addresses and the abbreviations of the US Postal Service (Publication 28, appendices B and C)."""

from __future__ import annotations

from mapping.normalize.word_list import words

SUFFIXES = {
    "ALLEY": "Aly", "ALY": "Aly", "AVENUE": "Ave", "AVE": "Ave", "AV": "Ave", "AVEN": "Ave", "AVN": "Ave",
    "BEND": "Bnd", "BOULEVARD": "Blvd", "BLVD": "Blvd", "BL": "Blvd", "BOUL": "Blvd", "BRANCH": "Br",
    "BRIDGE": "Brg", "BYPASS": "Byp", "CIRCLE": "Cir", "CIR": "Cir", "COURT": "Ct", "CT": "Ct",
    "CRT": "Ct", "COVE": "Cv", "CV": "Cv", "CREEK": "Crk", "CRESCENT": "Cres", "CRES": "Cres",
    "CROSSING": "Xing", "XING": "Xing",
    "DALE": "Dl", "DRIVE": "Dr", "DR": "Dr", "DRV": "Dr", "ESTATES": "Ests", "EXPRESSWAY": "Expy", "EXPY": "Expy",
    "EXTENSION": "Ext", "FIELD": "Fld", "FOREST": "Frst", "FREEWAY": "Fwy", "FWY": "Fwy", "GARDENS": "Gdns",
    "GATEWAY": "Gtwy", "GLEN": "Gln", "GLN": "Gln", "GREEN": "Grn", "GROVE": "Grv", "GRV": "Grv", "HARBOR": "Hbr",
    "HEIGHTS": "Hts", "HTS": "Hts", "HIGHWAY": "Hwy", "HWY": "Hwy", "HIWAY": "Hwy", "HILL": "Hl", "HILLS": "Hls",
    "HOLLOW": "Holw", "ISLAND": "Is", "JUNCTION": "Jct", "KNOLL": "Knl", "LAKE": "Lk", "LANDING": "Lndg",
    "LANE": "Ln", "LN": "Ln", "LA": "Ln", "LOOP": "Loop", "MALL": "Mall", "MANOR": "Mnr", "MEADOW": "Mdw",
    "MEADOWS": "Mdws", "MEWS": "Mews", "MOUNTAIN": "Mtn", "ORCHARD": "Orch", "OVAL": "Oval", "PARK": "Park",
    "PARKWAY": "Pkwy", "PKWY": "Pkwy", "PKY": "Pkwy", "PASS": "Pass", "PATH": "Path", "PIKE": "Pike", "PLACE": "Pl",
    "PL": "Pl", "PLAZA": "Plz", "PLZ": "Plz", "POINT": "Pt", "PT": "Pt", "RANCH": "Rnch", "RIDGE": "Rdg",
    "RDG": "Rdg", "RIVER": "Riv", "ROAD": "Rd", "RD": "Rd", "ROUTE": "Rte", "RTE": "Rte", "RT": "Rte", "ROW": "Row",
    "RUN": "Run", "SHORE": "Shr", "SPRINGS": "Spgs", "SQUARE": "Sq", "SQ": "Sq", "STATION": "Sta", "STREET": "St",
    "ST": "St", "STR": "St", "STRT": "St", "SUMMIT": "Smt", "TERRACE": "Ter", "TER": "Ter", "TERR": "Ter",
    "TRACE": "Trce", "TRAIL": "Trl", "TRL": "Trl", "TR": "Trl", "TURNPIKE": "Tpke", "TPKE": "Tpke", "VALLEY": "Vly",
    "VIEW": "Vw",
    "VILLAGE": "Vlg", "VISTA": "Vis", "WALK": "Walk", "WAY": "Way", "WY": "Way",
}  # fmt: skip

COMMON_SUFFIXES = words(
    """
    STREET ST AVENUE AVE AV ROAD RD DRIVE DR LANE LN BOULEVARD BLVD COURT CT PLACE PL WAY CIRCLE CIR TRAIL TRL
    HIGHWAY HWY PARKWAY PKWY TERRACE TER ALLEY PIKE
    """
)
"""Suffixes that seldom are a word of a city's name: they may part street from city where no comma does."""

NUMBERED_ROADS = frozenset({"HIGHWAY", "HWY", "HIWAY", "ROUTE", "RTE", "RT", "ROAD", "RD"})
"""Abbreviated before a number too: County Rd 12, US Hwy 31."""

DIRECTIONS = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W", "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE",
    "SOUTHWEST": "SW", "N": "N", "S": "S", "E": "E", "W": "W", "NE": "NE", "NW": "NW", "SE": "SE", "SW": "SW",
}  # fmt: skip

UNITS = {
    "APARTMENT": "Apt", "APT": "Apt", "APTMT": "Apt", "UNIT": "Unit", "SUITE": "Ste", "STE": "Ste", "ROOM": "Rm",
    "RM": "Rm", "FLOOR": "Fl", "FL": "Fl", "FLR": "Fl", "BUILDING": "Bldg", "BLDG": "Bldg", "LOT": "Lot",
    "TRAILER": "Trlr", "TRLR": "Trlr", "SPACE": "Spc", "SPC": "Spc", "#": "Unit",
}  # fmt: skip

COUNTRIES = {
    "US": "US", "USA": "US", "U S": "US", "U S A": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US",
    "CA": "CA", "CAN": "CA", "CANADA": "CA", "MX": "MX", "MEX": "MX", "MEXICO": "MX",
}  # fmt: skip
