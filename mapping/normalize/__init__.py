"""Normalizers: small functions that make what agencies write comparable, each named, typed and tested.

They are the only thing between a source's words and a property's value, so a mapping can name what it needs and a
person can read what was done. The list is closed: a mapping that needs more gets a new normalizer, not a program.
"""

from __future__ import annotations

from mapping.normalize.address import address_key
from mapping.normalize.contract import NORMALIZER_VERSION, Normalize, Normalized, Normalizer, Raw, Unreadable
from mapping.normalize.registry import NORMALIZERS, bind
from mapping.normalize.vehicle import vin_check_digit, vin_joins

__all__ = [
    "NORMALIZERS",
    "NORMALIZER_VERSION",
    "Normalize",
    "Normalized",
    "Normalizer",
    "Raw",
    "Unreadable",
    "address_key",
    "bind",
    "vin_check_digit",
    "vin_joins",
]
