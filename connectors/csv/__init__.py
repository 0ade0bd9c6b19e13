"""Delimited text files: a folder that an RMS drops its exports into, with side tables joined by key.

A file is read twice, once to know that it is whole and once to yield it, so a truncated or malformed file changes
nothing. Memory does not grow with the file.
"""

from connectors.csv.config import CsvConfig
from connectors.csv.connector import CsvConnector

__all__ = ["CsvConfig", "CsvConnector"]
