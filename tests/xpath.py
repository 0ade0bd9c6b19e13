"""What an XPath selects, as a list: by its type it may be a number or a text too, which no test here asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree


def nodes(under: etree._Element, path: str, namespaces: Mapping[str, str] | None = None, **variables: Any) -> list[Any]:
    """The elements, attributes or texts that a path selects."""
    found = under.xpath(path, namespaces=namespaces, **variables)
    assert isinstance(found, list), path
    return found
