"""What holds for every text: exact spans, no overlap, one answer, and time that grows no faster than the text."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.narrative import EXTRACTOR_VERSION, Extractor, Find, RuleExtractor
from mapping.narrative.engine import without_overlaps

PIECES = [
    "313-555-0123", "+1 (313) 555-0124", "roses@example.com", "https://example.com/a?b=1", "IG @lil_red",
    "snap: red_313",
    "Cash App $BigTone", "Venmo @red", "Zelle 313-555-0125", "MI plate DXR 4471", "plate ABC1234 (OH)", "$1,200.50",
    "60 dollars", "LPN/MI ABC1234", "www.example.org", "@red on Instagram", "instagram.com/red", "at gmail dot com",
    "$", "@",
    ".", ",", ":", "/", "(", ")", " ", "\n", "a", "1", "IG", "plate", "case no. ", "\u0130", "\u1e9e",
    "\U0001f469\u200d\U0001f467", "\ud800",
]  # fmt: skip
TEXTS = st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)


@given(TEXTS)
def test_a_span_is_exactly_the_words_that_were_found(text: str) -> None:
    for find in RuleExtractor().find(text):
        assert text[find.start : find.end] == find.raw != ""
        assert 0 < find.confidence <= 1
        assert find.value


@given(TEXTS)
def test_finds_stand_in_order_and_never_overlap(text: str) -> None:
    found = RuleExtractor().find(text)
    assert all(left.end <= right.start for left, right in pairwise(found))


@given(TEXTS)
def test_one_text_has_one_answer(text: str) -> None:
    assert RuleExtractor().find(text) == RuleExtractor().find(text)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(" ; ".join))
def test_capitals_hide_nothing_but_plate_codes_that_are_words(text: str) -> None:
    small = [(find.kind, find.start, find.end) for find in RuleExtractor().find(text)]
    shouted = text.upper()
    if len(shouted) == len(text):
        assert [(find.kind, find.start, find.end) for find in RuleExtractor().find(shouted)] == small


def test_the_engine_satisfies_the_port_and_serves_all_threads() -> None:
    engine: Extractor = RuleExtractor()
    assert engine.version == EXTRACTOR_VERSION >= 1
    text = " ".join(PIECES)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(engine.find, [text] * 8))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]


def find(start: int, end: int, kind: str, confidence: float = 0.9) -> Find:
    return Find(start, end, kind, "x" * (end - start), {"is": kind}, confidence)  # type: ignore[arg-type]


def test_of_overlapping_finds_the_longest_then_the_most_specific_then_the_surest_stays() -> None:
    assert without_overlaps([find(0, 5, "phone"), find(3, 12, "email")]) == [find(3, 12, "email")]
    assert without_overlaps([find(0, 9, "url"), find(3, 9, "phone")]) == [find(0, 9, "url")]
    assert without_overlaps([find(0, 9, "url"), find(0, 9, "payment")]) == [find(0, 9, "payment")]
    assert without_overlaps([find(0, 9, "url", 0.5), find(0, 9, "url", 0.9)]) == [find(0, 9, "url", 0.9)]
    assert without_overlaps([find(5, 9, "url"), find(0, 5, "phone")]) == [find(0, 5, "phone"), find(5, 9, "url")]


def seconds(text: str) -> float:
    """CPU time of one reading, the least of three."""
    engine, least = RuleExtractor(), float("inf")
    for _ in range(3):
        begin = time.process_time()
        engine.find(text)
        least = min(least, time.process_time() - begin)
    return least


HOSTILE = [
    "a", "1", "(", "@", "$", ".", " ", "-", "_", "a@", "a.", "@a", "a-", "a'a", "1-", ".com", "a.com", "http://",
    "https://a",
    "www.", "www.a.", "(313) ", "313-555-", "+44 ", "ig @", "ig: ", "instagram name is ", "instagram:", "@a,", "plate ",
    "mi plate ", "plate abc ", "michigan ", "reg # ", "lic/", "zelle ", "zelle 313-555-0123 ", "cash app ", "$a ",
    "$1,",
    "1,000", "1 dollars ", "at gmail.com ", "a@b.co ", "ig @a, @b ", "313-555-0123 ", "\u0130",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    # No clock counts the steps of a regular expression, so: CPU time, eight times the text, and a wide margin. What is
    # quadratic takes sixty-four times as long.
    small = (piece * 16_000)[:16_000]
    assert seconds(small * 8) <= 24 * max(seconds(small), 0.0005)


def test_a_text_of_a_million_characters_is_read() -> None:
    text = ("Nothing here but words, 12 of them, and a date 01/02/2020. " * 17_000)[:1_000_000] + " IG @lil_red"
    assert [found.raw for found in RuleExtractor().find(text)] == ["@lil_red"]
