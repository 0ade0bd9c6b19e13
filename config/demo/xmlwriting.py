"""A few lines to write NIEM with: elements by prefix and name, in the namespaces of LEXS 3.1."""

from __future__ import annotations

from lxml import etree

SPACES = {
    "lexspd": "http://usdoj.gov/leisp/lexs/publishdiscover/3.1",
    "lexs": "http://usdoj.gov/leisp/lexs/3.1",
    "lexsdigest": "http://usdoj.gov/leisp/lexs/digest/3.1",
    "lexslib": "http://usdoj.gov/leisp/lexs/library/3.1",
    "nc": "http://niem.gov/niem/niem-core/2.0",
    "j": "http://niem.gov/niem/domains/jxdm/4.0",
    "s": "http://niem.gov/niem/structures/2.0",
    "ndexia": "http://fbi.gov/cjis/N-DEx/IncidentArrest/2.1",
}

Node = etree._Element  # noqa: SLF001 - lxml gives its element class no public name


def element(name: str, *inside: Node | str | None, **attributes: str) -> Node:
    """An element `prefix:name`; `None` inside is left out, a string is text, `s_id="P1"` is the attribute s:id."""
    made = etree.Element(_qualified(name), nsmap=SPACES if name.startswith("lexspd:") else None)
    for key, value in attributes.items():
        made.set(_qualified(key.replace("_", ":", 1)), value)
    for part in inside:
        if isinstance(part, str):
            made.text = part
        elif part is not None:
            made.append(part)
    return made


def nested(path: str, text: str) -> Node:
    """Elements one inside the other, named by a path, the innermost with a text: `nc:PersonBirthDate/nc:Date`."""
    outer, _, rest = path.partition("/")
    return element(outer, nested(rest, text) if rest else text)


def reference(name: str, target: str) -> Node:
    """A reference element that points at an id of this document."""
    return element(name, s_ref=target)


def document(root: Node) -> bytes:
    """The whole document as bytes, indented as people like to read it."""
    etree.indent(root)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["j", "s", "nc"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"
