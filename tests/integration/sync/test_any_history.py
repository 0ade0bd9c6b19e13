"""Whatever happened to a store, it ends as one that was given everything at once: a random walk, many times.

Versions arrive in any order and more than once, in batches of any size, from a connector that leaves out what is known
or does not, under mappings that change what a key, a deletion, a test record or a readable record is; runs end in the
middle. Under the last mapping, which reads everything, the graph is a function of the versions alone.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from tests.integration.sync.stage import MAPPING, Feed, Knowing, Stage, case, migrate, open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from service.sync.ledger import Counts

LAST = MAPPING.replace("required: true, when: {path: status, not: skip}", "required: false")
EDITS = (
    ("key: id", "key: no"),
    ("key: id", "key: [{set: x}, no, id]"),
    ("delete: {path: gone, equals: true}", "delete: {path: status, equals: closed}"),
    ("equals: test", "in: [test, draft]"),
    ("text: text", "text: {path: text, required: true}"),
    ("role: role", "role: {path: role, lookup: {VIC: victim}}"),
    ("modified: at", "narrative: false\nmodified: at"),
)


class Killed(BaseException):
    pass


def edited(rng: random.Random) -> str:
    text = rng.choice([MAPPING, LAST])
    for old, new in rng.sample(EDITS, rng.randrange(3)):
        text = text.replace(old, new)
    return text


def versions_of(rng: random.Random, ids: list[str]) -> list[dict[str, Any]]:
    """Some versions of each record, no two of one moment; the numbers are the ids in another order."""
    numbers = dict(zip(ids, rng.sample(ids, len(ids)), strict=True))
    made: list[dict[str, Any]] = []
    for id_ in ids:
        for day in rng.sample(range(1, 28), rng.randrange(1, 5)):
            one = case(id_, no=numbers[id_], at=f"2024-05-{day:02}", sent=rng.random())
            one["status"] = rng.choice(["open", "closed", "skip"])
            one["people"] = [{"pid": rng.choice("123"), "name": "Jane Roe", "role": rng.choice(["VIC", "witness"])}]
            one["text"] = rng.choice(["", "ig: @owl7", "call 313-555-0100"])
            for key, value, odds in (("gone", True, 0.15), ("kind", "draft", 0.2), ("kind", "test", 0.1)):
                if rng.random() < odds:
                    one[key] = value
            if rng.random() < 0.2:
                del one["status"]
            made.append(one)
    return made


def killing(rng: random.Random) -> Callable[[str, str, Counts], None]:
    """An observer that ends one run in three at some point."""
    left = rng.randrange(1, 12) if rng.random() < 0.33 else 10**9

    def observe(point: str, source: str, counts: Counts) -> None:
        nonlocal left
        left -= 1
        if left == 0 and point != "end":
            raise Killed(point)

    return observe


def some_run(stage: Stage, rng: random.Random, versions: list[dict[str, Any]], mapping: str) -> None:
    """One run over some of the versions."""
    batches: list[list[dict[str, Any]]] = []
    left = rng.sample(versions, rng.randrange(len(versions) + 1))
    while left:
        size = rng.choice([1, 2, 7, 100])
        batches.append(left[:size])
        left = left[size:]
    feed = Knowing(*batches, ahead=rng.randrange(2)) if rng.random() < 0.6 else Feed(*batches)
    try:
        result = stage.sync(stage.source(feed, mapping), observe=killing(rng), full=rng.random() < 0.3)
        assert result.error is None
    except Killed:
        pass


def test_any_history_ends_where_everything_at_once_ends(
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tenth: Callable[[int], int],
    rng: random.Random,
) -> None:
    for walk in range(tenth(300)):
        seed = rng.randrange(10**9)
        steps = random.Random(seed)
        monkeypatch.setattr("service.sync.again.REMAP_BATCH", steps.choice([1, 2, 3, 500]))
        versions = versions_of(steps, [f"r{n}" for n in range(steps.randrange(1, 7))])
        exports = []
        for kind in ("walked", "at once"):
            path = tmp_path / f"{kind}-{walk}.sqlite"
            path.write_bytes(sqlite_template.read_bytes())
            store = open_store(f"sqlite:///{path}")
            stage = Stage(store)
            everything_came = False
            if kind == "walked":
                for _ in range(steps.randrange(1, 6)):
                    some_run(stage, steps, versions, edited(steps))
                    if steps.random() < 0.3:
                        assert stage.sync(stage.source(Feed(versions), edited(steps))).error is None
                        everything_came = True
            stage.sync(stage.source(Feed([] if everything_came else versions), LAST))
            exports.append(stage.export())
            assert stage.waiting() == [], f"seed {seed}: something waits that can be read"
            assert stage.rows("dirty") == []
            again = stage.sync(stage.source(Knowing(versions), LAST)).counts
            assert (again.mapped, again.deleted) == (0, 0), f"seed {seed}: a second run changes something"
            store.close()
            path.unlink()
        assert exports[0] == exports[1], f"seed {seed}: the walk ends elsewhere"


def test_the_walk_can_be_made_on_a_new_store(tmp_path: Path) -> None:
    """The template that the walks begin from is a migrated store like any other."""
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    migrate(url)
    store = open_store(url)
    assert Stage(store).export() == b""
    store.close()
