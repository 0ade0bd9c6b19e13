"""What is measured, by name: each a function of JSON-able arguments that says what it found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.tasks import mapping, notes, parsing, peer, storing, syncing

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.child import Facts

TASKS: dict[str, Callable[..., Facts]] = {
    "parse": parsing.parse,
    "store": storing.store,
    "sync": syncing.sync,
    "profile": syncing.profile,
    "save rows": storing.save_rows,
    "map": mapping.map_only,
    "followthemoney": peer.followthemoney,
    "notes": notes.extract,
}
