"""Why a file cannot be read, in a few words that are the same for all files with that fault; never its content."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from lxml import etree

from schemas.records import Problem

_AGAIN: Final = "export the file again; it is read when it changed"
_LIMIT: Final = ("elements are nested too deep, or a text is too long", "this is no case record")
_REASONS: Final[dict[str, tuple[str, str]]] = {
    "ERR_DOCUMENT_EMPTY": ("the file is not XML", "is it a file of another kind?"),
    "ERR_TAG_NAME_MISMATCH": ("the XML is not well-formed: tags do not match", _AGAIN),
    "ERR_UNDECLARED_ENTITY": ("the XML uses an entity that is not declared", "send the character itself"),
    "WAR_UNDECLARED_ENTITY": ("the XML uses an entity that is not declared", "send the character itself"),
    "ERR_RESERVED_XML_NAME": ("the XML declaration stands within the document", "one file holds one document"),
    "ERR_DOCUMENT_END": ("there is text after the end of the document", "one file holds one document"),
    "ERR_INVALID_ENCODING": ("the bytes do not fit the encoding", "declare the encoding that the file has"),
    "ERR_INVALID_CHAR": ("a character that XML does not allow", "leave control characters out"),
    "ERR_UNSUPPORTED_ENCODING": ("the encoding is unknown", "send UTF-8"),
    "ERR_UNKNOWN_ENCODING": ("the encoding is unknown", "send UTF-8"),
    "ERR_ATTRIBUTE_REDEFINED": ("an attribute or prefix is given twice on one element", _AGAIN),
    "NS_ERR_UNDEFINED_NAMESPACE": ("a namespace prefix is not declared", "declare it on the root element"),
    "ERR_NAME_TOO_LONG": ("a name is too long", "this is no case record"),
    "ERR_RESOURCE_LIMIT": _LIMIT,
    "ERR_INTERNAL_ERROR": _LIMIT,
}
_TAIL: Final = re.compile(rb"(?:\s|<!--(?:[^-]|-[^-])*-->|<\?[^>]*\?>)*\Z")

DOCTYPE: Final = Problem("the XML has a DOCTYPE", "", "send the file without a document type declaration")
EMPTY: Final = Problem("the file is empty", "", "is it still being written? It is read again when it changed")
TRUNCATED: Final = Problem("the file ends before its document does", "", "is it still being written? " + _AGAIN)
CHANGED: Final = Problem("the file changed while it was read", "", "it is read again in the next run")
TOO_DEEP: Final = Problem(_LIMIT[0], "", _LIMIT[1])
ATTRIBUTES: Final = Problem("an element has thousands of attributes", "", "this is no case record")


def malformed(error: etree.XMLSyntaxError, tail: bytes, root: bytes | None) -> Problem:
    """Name a parse error; `tail` is the end of the file and `root` the name in its first tag, if there is one."""
    line = f"line {error.lineno}" if error.lineno else ""
    if root is not None and not _closed(tail, root):
        return TRUNCATED._replace(path=line)
    kind = cast("Any", etree.ErrorTypes)._getName(cast("Any", error).code, "")  # noqa: SLF001 - lxml's way from a code to its name
    reason, hint = _REASONS.get(str(kind), ("the XML is not well-formed", _AGAIN))
    return Problem(reason, line, hint)


def _closed(tail: bytes, root: bytes) -> bool:
    """Whether a file ends with the end tag of its document element (or that element was closed at once)."""
    end = _TAIL.search(tail)
    last = tail[: end.start()] if end else tail
    return last.endswith(b"/>") or re.search(rb"</" + re.escape(root) + rb"\s*>\Z", last) is not None
