"""NIEM XML files: a folder of documents, each one record, or large files of many records.

A file is proven well-formed to its end before anything of it is yielded, no entity, network address or path outside
the folder is ever followed, and memory does not grow with the file.
"""

from connectors.niem.config import NiemConfig
from connectors.niem.connector import NiemConnector

__all__ = ["NiemConfig", "NiemConnector"]
