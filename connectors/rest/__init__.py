"""Paged JSON over HTTP: an RMS with an API, declared in YAML alone.

A page counts only when it arrived whole, credentials never leave the origin, and a cursor moves only over what the
source itself said.
"""

from connectors.rest.config import RestConfig
from connectors.rest.connector import RestConnector

__all__ = ["RestConfig", "RestConnector"]
