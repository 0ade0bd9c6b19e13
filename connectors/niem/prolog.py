"""What stands before the document element: an encoding, a declaration, comments, and what must not be there."""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

_SKIP: Final = re.compile(rb"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOT: Final = re.compile(rb"<([A-Za-z_:\x80-\xff][^\s/>]*)")
_START: Final = re.compile(rb"<[A-Za-z_:\x80-\xff]")
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED: Final = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
HEAD: Final = 64 * 1024


class Prolog(NamedTuple):
    """How a file begins."""

    start: int
    """Where its XML begins: what stands before is no part of the document."""
    doctype: bool
    root: bytes | None
    """The document element's name as written; None if it does not come within the head."""
    declaration: bytes
    """The XML declaration that a slice of the file needs to be read in the same encoding; empty for UTF-8."""
    wide: str | None
    """The encoding, where a character takes two or four bytes."""


def look(head: bytes) -> Prolog:
    """Look at the first bytes of a file."""
    wide = next((name for mark, name in _WIDE if head.startswith(mark)), None)
    if wide is not None:
        head = head.decode(wide, "replace").encode("utf-8", "replace")
        inner = look(head.removeprefix(codecs.BOM_UTF8))
        return inner._replace(start=0, declaration=b"", wide=wide)
    start = _beginning(head)
    position = start
    while (skipped := _SKIP.match(head, position)) is not None:
        position = skipped.end()
    root = _ROOT.match(head, position)
    declared = _DECLARED.match(head, start)
    plain = declared is None or declared[1].lower() in {b"utf-8", b"us-ascii", b"ascii"}
    declaration = b"" if plain or declared is None else b'<?xml version="1.0" encoding="%s"?>' % declared[1]
    doctype = head.startswith(b"<!DOCTYPE", position)
    return Prolog(start, doctype, root[1] if root else None, declaration, None)


def _beginning(head: bytes) -> int:
    """Where the XML begins: after a byte order mark and whatever an editor left before the XML declaration."""
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    found = head.find(b"<?xml ", mark)
    if found > mark and _START.search(_COMMENT.sub(b"", head[mark:found])) is None:
        return found
    return mark
