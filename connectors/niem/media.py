"""Media in a record: the bytes are dropped, their SHA-256 and length stay.

No image of a person is ever stored. The hash still tells that two agencies hold the same picture.
"""

from __future__ import annotations

import binascii
import re
from hashlib import sha256
from typing import Final

LONG: Final = 64 * 1024
_NAMED: Final = re.compile(
    rb"<((?:[\w.-]+:)?(?:BinaryBase64Object|Base64BinaryObject|BinaryHexBinaryObject|[\w.-]*Base64\w*))"
    rb"((?:\s[^<>]*)?)>([^<>]*)</\1\s*>"
)
_BULK: Final = re.compile(rb"(>)([A-Za-z0-9+/=\s]{%d,})(?=</)" % LONG)


def drop_media(body: bytes) -> tuple[bytes, int]:
    """The record without its media, and how many bytes of media were dropped."""
    if b"Base64" not in body and b"HexBinary" not in body and len(body) < LONG:
        return body, 0
    dropped = 0

    def stand_in(text: bytes) -> bytes:
        nonlocal dropped
        content = _decoded(text)
        dropped += len(content)
        return b"sha256:%s;bytes=%d" % (sha256(content).hexdigest().encode(), len(content))

    def named(found: re.Match[bytes]) -> bytes:
        tag, attributes, text = found.groups()
        if not text.strip() or text.startswith(b"sha256:"):
            return found[0]
        return b"<%s%s>%s</%s>" % (tag, attributes, stand_in(text), tag)

    body = _NAMED.sub(named, body)
    if len(body) >= LONG:
        body = _BULK.sub(lambda found: found[1] + (stand_in(found[2]) if found[2].strip() else found[2]), body)
    return body, dropped


def _decoded(text: bytes) -> bytes:
    """The media themselves; where the text is no valid base64, the text."""
    try:
        return binascii.a2b_base64(b"".join(text.split()))
    except binascii.Error:
        return text.strip()
