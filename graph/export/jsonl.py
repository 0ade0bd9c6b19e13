"""`export --format jsonl`, version 1: what `schemas.export` says, one object a line, in the order of ids.

The same records under the same identity key give the same bytes on either engine, whatever arrived first and in
batches of whatever size.
"""

from __future__ import annotations

from collections.abc import Callable

import orjson

from graph.read import Graph


def export_jsonl(graph: Graph, write: Callable[[bytes], object]) -> int:
    """Write every visible node, then every visible edge; the answer is how many lines that were."""
    count = 0
    for line in graph.export():
        write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    return count
