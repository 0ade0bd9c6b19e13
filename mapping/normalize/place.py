"""Points on the map, and the codes by which agencies are known."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Raw, Unreadable

GEO_PARTS = frozenset(
    ["latitude", "latitude_minute", "latitude_second", "longitude", "longitude_minute", "longitude_second"]
)

_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180
_DECIMAL = r"[-+]?\d{1,3}(?:\.\d{1,15})?"
_PAIR = re.compile(rf"[(\[]?\s*({_DECIMAL})\s*[,;\s]\s*({_DECIMAL})\s*[)\]]?", re.ASCII)
_POINT = re.compile(rf"POINT\s*\(\s*({_DECIMAL})\s+({_DECIMAL})\s*\)", re.IGNORECASE | re.ASCII)
"""Well-known text, which gives the longitude first."""
_DEGREES = re.compile(
    r"(?P<sign>[-+])?\s*(?P<d>\d{1,3}(?:\.\d{1,15})?)\s*(?:°|deg(?:rees?)?\.?)?\s*"
    r"(?:(?P<m>\d{1,2}(?:\.\d{1,12})?)\s*(?:'|\u2032|min(?:utes?)?\.?)\s*)?"
    r"(?:(?P<s>\d{1,2}(?:\.\d{1,12})?)\s*(?:\"|\u2033|s(?:ec(?:onds?)?)?\.?)\s*)?(?P<side>[NSEW])?",
    re.IGNORECASE | re.ASCII,
)
_PLACES = 7
"""Decimals kept of a computed coordinate: a centimetre."""
_SIXTY = 60

_ORI = re.compile(r"[A-Z0-9]{9}", re.ASCII)
_SHORT_ORI = re.compile(r"[A-Z]{2}[A-Z0-9]{5}", re.ASCII)


def geo() -> Normalize:
    """{lat, lon} in decimal degrees, WGS 84. A lost sign is not put back."""
    return read_geo


def ori(*, lenient: bool = False) -> Normalize:
    """An agency's ORI: nine capitals and digits, to seven the FBI's `00` is added; `lenient`: all else is none."""
    return _lenient_ori if lenient else read_ori


def read_geo(raw: Raw) -> dict[str, float] | None:
    """{lat, lon}, None where the source says nothing; raises Unreadable."""
    if not isinstance(raw, str):
        texts = [_dms(raw, "latitude"), _dms(raw, "longitude")]
        if not any(texts):
            return None
        if not all(texts):
            raise Unreadable("half of a coordinate pair")
    else:
        text = known(raw)
        if not text:
            return None
        texts = _pair(text)
    lat, lon = _degrees(texts[0], "NS"), _degrees(texts[1], "EW")
    if abs(lat) > _MOST_LATITUDE or abs(lon) > _MOST_LONGITUDE:
        raise Unreadable("not on the earth")
    if not lat and not lon:
        return None  # where GPS receivers without a fix place everybody
    return {"lat": lat, "lon": lon}


def read_ori(raw: str) -> str | None:
    """The ORI, None where the text says nothing; raises Unreadable."""
    text = known(raw).upper().replace(" ", "").replace("-", "")
    if not text:
        return None
    if _SHORT_ORI.fullmatch(text):
        text = f"{text}00"
    if not _ORI.fullmatch(text):
        raise Unreadable("not an ORI")
    return text


def _lenient_ori(raw: str) -> str | None:
    try:
        return read_ori(raw)
    except Unreadable:
        return None


def _dms(parts: Mapping[str, str], name: str) -> str:
    degrees, minutes, seconds = (known(parts.get(key)) for key in (name, f"{name}_minute", f"{name}_second"))
    return degrees + (f" {minutes}'" if minutes else "") + (f' {seconds}"' if seconds else "") if degrees else ""


def _pair(text: str) -> list[str]:
    if match := _PAIR.fullmatch(text):
        return [match[1], match[2]]
    if match := _POINT.fullmatch(text):
        return [match[2], match[1]]
    halves = text.strip("()[] ").split(",")
    if len(halves) != len("NE"):
        raise Unreadable("not a coordinate pair")
    return halves


def _degrees(text: str, sides: str) -> float:
    match = _DEGREES.fullmatch(text.strip())
    if match is None or (match["side"] and match["side"].upper() not in sides):
        raise Unreadable("not a coordinate")
    minutes, seconds = float(match["m"] or 0), float(match["s"] or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        raise Unreadable("not a coordinate")
    value = float(match["d"]) + minutes / _SIXTY + seconds / _SIXTY**2
    if match["m"] or match["s"]:
        value = round(value, _PLACES)
    negative = match["sign"] == "-" or (match["side"] or "").upper() in {"S", "W"}
    return -value if negative else value
