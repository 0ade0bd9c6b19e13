from __future__ import annotations

from connectors.batches import Batches, Chosen
from schemas.records import MAX_BATCH_BYTES, FileProblem, Ignored, Problem, Received, UnitDone


def record(name: str) -> Received:
    return Received(name.encode(), b"", name)


def test_a_batch_is_full_by_count_or_by_bytes_and_carries_the_checkpoint_of_what_it_holds() -> None:
    batches = Batches(2)
    assert not Batches(2).pending
    assert list(batches.add([record("a")], 1, {"at": 1})) == []
    assert list(batches.add([record("b")], 1, {"at": 2})) == []
    [full] = batches.add([record("c")], MAX_BATCH_BYTES, {"at": 3})
    assert ([one.locator for one in full.records], full.checkpoint) == (["a", "b"], {"at": 2})
    [large] = batches.add([record("d")], 1, {"at": 4})
    assert ([one.locator for one in large.records], large.checkpoint) == (["c"], {"at": 3})
    assert batches.pending
    rest = batches.finish({})
    assert ([one.locator for one in rest.records], rest.checkpoint) == (["d"], {})
    assert not batches.pending


def test_what_is_refused_or_ignored_counts_by_its_bytes_too() -> None:
    batches = Batches(10)
    half = bytes(MAX_BATCH_BYTES // 2 + 1)
    problem = FileProblem("a.csv", b"", Problem("file is empty"), half)
    ignored = Ignored(half, b"", "b.xml", "a subscription")
    assert list(batches.problem(problem)) == []
    [first] = batches.ignore(ignored)
    assert (first.problems, first.ignored) == ((problem,), ())
    [second] = batches.problem(problem)
    assert (second.problems, second.ignored) == ((), (ignored,))
    batches.done(UnitDone("a.csv", b""))
    batches.skipped(3)
    last = batches.finish({})
    assert (last.problems, last.units, last.unchanged) == ((problem,), (UnitDone("a.csv", b""),), 3)


def test_what_is_known_is_asked_anew_after_a_batch_went_out() -> None:
    batches = Batches(2)
    known: set[str] = set()
    asked: list[set[str]] = []

    def choose() -> Chosen:
        asked.append(set(known))
        new = [record(name) for name in "bc" if name not in known]
        return Chosen(new, len(new), 2 - len(new))

    assert list(batches.add([record("a")], 1, {"at": 1})) == []
    for batch in batches.put(choose, {"at": 2}):
        assert [one.locator for one in batch.records] == ["a"]
        known.add("b")  # what was made durable changed what is known
    assert asked == [set(), {"b"}]
    last = batches.flush()
    assert ([one.locator for one in last.records], last.unchanged, last.checkpoint) == (["c"], 1, {"at": 2})
