"""Small parts of a run: counts that can be taken back, texts that can be kept, fingerprints under settings."""

from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st

from service.sync import ledger, quarantine
from service.sync.collector import ALLOCATIONS, few_collections
from service.sync.ledger import Counts


def test_counts_that_were_restored_are_as_before() -> None:
    counts = Counts(pulled=3)
    counts.ignore("a test")
    before = counts.copy()
    counts.mapped += 5
    counts.ignore("a test")
    counts.ignore("a subscription")
    assert before == Counts(pulled=3, ignored=1, reasons={"a test": 1})
    counts.restore(before)
    assert counts == Counts(pulled=3, ignored=1, reasons={"a test": 1})


@given(st.text(st.characters()))
def test_a_text_that_is_kept_fits_an_index_and_a_column(text: str) -> None:
    kept = quarantine.short(text)
    assert len(kept.encode()) <= 4 * quarantine.LONGEST
    assert "\x00" not in kept
    assert quarantine.short(kept) == kept


def test_a_file_is_another_one_under_other_settings() -> None:
    prints = {ledger.fingerprint(config, content) for config in (b"", b"a", b"b" * 200) for content in (b"x", b"y")}
    assert len(prints) == 6
    assert ledger.fingerprint(b"a", b"x") == ledger.fingerprint(b"a", b"x")


def test_garbage_is_collected_less_often_only_while_a_run_is_under_way() -> None:
    before = gc.get_threshold()
    with few_collections():
        assert gc.get_threshold()[0] >= ALLOCATIONS
    assert gc.get_threshold() == before
