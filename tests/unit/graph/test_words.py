from __future__ import annotations

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.words import MAX_WORD, SEARCHED, digits_of, fold, national, search_words, searched_values
from schemas.entities import properties
from schemas.vocabulary import EntityType


@given(st.text())
@example("𝑨 ẞ")  # noqa: RUF001 - a letter that folds to another
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once).split() == once.split()


@given(st.text())
def test_capitals_and_accents_make_no_difference(text: str) -> None:
    assert fold(text.upper()).split() == fold(text.upper().casefold()).split()


@given(st.text(max_size=300))
def test_words_hold_nothing_but_letters_and_digits(text: str) -> None:
    for word in fold(text).split():
        assert word.replace("_", "?").isalnum() or not word.isascii()
        assert not set(word) & set("'\"\\:&|!*() \0_")
        assert len(word) <= MAX_WORD


@given(st.text(max_size=100))
def test_sqlite_splits_the_words_where_we_do(text: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE s USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab('s', 'row')")
    db.execute("INSERT INTO s (rowid, words) VALUES (1, ?)", (fold(text),))
    found = {row[0] for row in db.execute("SELECT term FROM v")}
    db.close()
    assert found == set(fold(text).split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("José NÚÑEZ", "jose nunez"),
        ("Straße 12", "strasse 12"),
        ("o'Brien-Smith_Jr.", "o brien smith jr"),
        ("ﬁnal", "final"),
        ("𝑨nn", "ann"),  # noqa: RUF001 - a letter that folds to another
        ("山田 太郎", "山田 太郎"),
    ],
)
def test_words_of_names(text: str, words: str) -> None:
    assert " ".join(fold(text).split()) == words


@pytest.mark.parametrize(
    ("spelled", "digits"),
    [
        ("(616) 555-0101", "6165550101"),
        ("+1 616 555 0101", "16165550101"),
        ("616-555-0101 x12", "6165550101"),
        ("+16165550101;ext=12", "16165550101"),
        ("616.555.0101 Ext. 4", "6165550101"),
        ("011 44 20 7946 0958", "442079460958"),
        ("0044 20 7946 0958", "442079460958"),
    ],
)
def test_digits_of_a_phone_however_it_is_spelled(spelled: str, digits: str) -> None:
    assert digits_of(spelled) == digits


@pytest.mark.parametrize(
    ("digits", "short"),
    [
        ("16165550101", "6165550101"),
        ("79161234567", "9161234567"),
        ("442079460958", "2079460958"),
        ("35312345678", "12345678"),
    ],
)
def test_the_calling_code_of_a_country_is_known(digits: str, short: str) -> None:
    assert national(digits) == short


def test_words_of_a_phone() -> None:
    numbers = {"number": [("+16165550101;ext=7",), ("+44 20 7946 0958",), ("555-01",)]}
    assert search_words("Phone", numbers).split() == [
        "16165550101", "6165550101", "442079460958", "2079460958", "555", "01", "55501",
    ]  # fmt: skip


def test_a_divided_number_is_found_undivided() -> None:
    assert search_words("Incident", {"number": [("24-001",)]}).split() == ["24", "001", "24001"]
    assert search_words("Vehicle", {"plate": [("ABC1234",)]}).split() == ["abc1234"]


def test_what_cannot_be_searched_has_no_words() -> None:
    assert search_words("Person", {"birth_date": [("1990-05-14",)]}) == ""
    assert search_words("Person", {"name": [({"given": "Ann"},)]}).split() == []
    assert searched_values("Item", {"serial": [(5,)]}) == ["5"]


def test_a_long_text_is_indexed_by_its_distinct_words() -> None:
    assert fold("ring " * 50 + "x" * 100) == f"ring {'x' * MAX_WORD}"


def test_every_type_is_searched_by_properties_that_it_has() -> None:
    for entity_type in EntityType:
        if entity_type is not EntityType.PHONE:
            assert SEARCHED[entity_type.value] <= set(properties(entity_type))
    assert set(SEARCHED) == {entity_type.value for entity_type in EntityType} - {"Phone"}
