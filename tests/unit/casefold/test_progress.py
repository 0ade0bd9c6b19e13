"""Progress goes to stderr, one line a source, and only where somebody watches."""

from __future__ import annotations

import io

import pytest

from casefold import progress
from casefold.terminal import Screen
from service.sync.ledger import Counts


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    file = io.StringIO()
    monkeypatch.setattr(progress, "err", Screen(file=file, force_terminal=True, width=120, emoji=False))
    return file


def test_each_source_has_a_line_with_its_counts(screen: io.StringIO) -> None:
    with progress.watching(show=True) as observe:
        for point, pulled in (("fetch", 1000), ("end", 1234)):
            counts = Counts()
            counts.pulled, counts.mapped = pulled, 7
            observe(point, "police", counts)
        observe("end", "sheriff", Counts())
    last = screen.getvalue()
    assert "police" in last
    assert "1,234 pulled · 7 mapped · 0 unchanged" in last
    assert "sheriff" in last


def test_nothing_is_drawn_where_nobody_watches(screen: io.StringIO) -> None:
    with progress.watching(show=False) as observe:
        observe("end", "police", Counts())
    assert screen.getvalue() == ""
