"""E-mail addresses, in small letters: no service of note tells `Jane@` from `jane@`.

An address is valid by a plain rule: what a mail server on the internet could receive. `test@localhost` is not.
"""

from __future__ import annotations

import re

from mapping.normalize.clean import known
from mapping.normalize.contract import Normalize, Unreadable
from mapping.normalize.word_list import words

_LONGEST = 254
_ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})"
)
_LOCAL_LENGTH = 64
_NAMED = re.compile(r"[^<>]*<\s*([^<>]+?)\s*>")
_NO_ADDRESS = words(
    "none@none.com no@no.com na@na.com n/a@n/a.com unknown@unknown.com noemail@noemail.com no@email.com none@email.com"
    " noemail@email.com"
)


def email() -> Normalize:
    """The address in small letters, without display name, `mailto:` and angle brackets."""
    return read_email


def read_email(raw: str) -> str | None:
    """The normalized address, None where the text says nothing; raises Unreadable."""
    text = known(raw).lower()
    if not text:
        return None
    match = _NAMED.fullmatch(text)
    if match:
        text = match[1]
    text = text.removeprefix("mailto:").strip(" ,;<>\"'").rstrip(".")
    if len(text) > _LONGEST or not _ADDRESS.fullmatch(text) or text.index("@") > _LOCAL_LENGTH:
        raise Unreadable("not an e-mail address")
    return None if text in _NO_ADDRESS else text
