"""Names as records write them, and what a reader would call each person."""

from __future__ import annotations

from typing import Any

import pytest

from mapping.normalize import Unreadable, bind

NAMES: list[tuple[str, dict[str, str]]] = [
    ("ROE, JANE", {"given": "Jane", "surname": "Roe"}),
    ("ROE,JANE", {"given": "Jane", "surname": "Roe"}),
    ("ROE, JANE A", {"given": "Jane", "middle": "A", "surname": "Roe"}),
    (
        "LASTNAME, FIRSTNAME MIDDLENAME JR",
        {"given": "Firstname", "middle": "Middlename", "surname": "Lastname", "suffix": "Jr"},
    ),
    ("ROE JR, JOHN A.", {"given": "John", "middle": "A", "surname": "Roe", "suffix": "Jr"}),
    ("ROE, JOHN, III", {"given": "John", "surname": "Roe", "suffix": "III"}),
    ("John Roe, Jr.", {"given": "John", "surname": "Roe", "suffix": "Jr"}),
    ("First Middle Last Jr.", {"given": "First", "middle": "Middle", "surname": "Last", "suffix": "Jr"}),
    ("Jane Roe", {"given": "Jane", "surname": "Roe"}),
    ("jane roe", {"given": "Jane", "surname": "Roe"}),
    ("Peter Death Bredon Wimsey", {"given": "Peter", "middle": "Death Bredon", "surname": "Wimsey"}),
    ("Peter WIMSEY", {"given": "Peter", "surname": "Wimsey"}),
    ("O'BRIEN-SMITH, MARY", {"given": "Mary", "surname": "O'Brien-Smith"}),
    ("d'angelo, tony", {"given": "Tony", "surname": "D'Angelo"}),
    ("DE LA CRUZ, MARIA", {"given": "Maria", "surname": "De La Cruz"}),
    ("Maria de la Cruz", {"given": "Maria", "surname": "de la Cruz"}),
    ("Ludwig van Beethoven", {"given": "Ludwig", "surname": "van Beethoven"}),
    ("MCDONALD, RONALD", {"given": "Ronald", "surname": "McDonald"}),
    ("MACDONALD, FLORA", {"given": "Flora", "surname": "MacDonald"}),
    ("MACHADO, LUIS", {"given": "Luis", "surname": "Machado"}),
    ("MacHado, Luis", {"given": "Luis", "surname": "MacHado"}),
    ("TJ ROE", {"given": "TJ", "surname": "Roe"}),
    ("NG, AMY", {"given": "Amy", "surname": "Ng"}),
    ("\u00c9MILE ZOLA", {"given": "\u00c9mile", "surname": "Zola"}),
    ("St. John, Mary", {"given": "Mary", "surname": "St John"}),
    ("ROE, JOHN V", {"given": "John", "middle": "V", "surname": "Roe"}),
    ("Dwight Schrute I", {"given": "Dwight", "surname": "Schrute", "suffix": "I"}),
    ("ROE, JANE (RED)", {"given": "Jane", "surname": "Roe"}),
    ('JANE "RED" ROE', {"given": "Jane", "surname": "Roe"}),
    ("ROE, JANE AKA CANDY", {"given": "Jane", "surname": "Roe"}),
    ("JOHN NMN ROE", {"given": "John", "surname": "Roe"}),
    ("LNU, JOSE", {"given": "Jose"}),
    ("ROE, UNKNOWN", {"surname": "Roe"}),
    ("ROE,", {"surname": "Roe"}),
    ("DOE, JOHN", {"given": "John", "surname": "Doe"}),
    ("Vermont, State Of", {"given": "State", "middle": "Of", "surname": "Vermont"}),
    ("Person of Interest", {"given": "Person", "middle": "of", "surname": "Interest"}),
    ("JOHN III ROE", {"given": "John", "middle": "III", "surname": "Roe"}),
    ("ROE, JOHN, JR, MD", {"given": "John", "surname": "Roe", "suffix": "Jr MD"}),
    ("Candy", {}),
]


def full(parts: dict[str, str]) -> str:
    return " ".join(parts[key] for key in ("given", "middle", "surname", "suffix") if key in parts)


@pytest.mark.parametrize(("raw", "parts"), NAMES, ids=[raw for raw, _ in NAMES])
def test_a_name_in_one_text(raw: str, parts: dict[str, str]) -> None:
    assert bind("person_name")(raw) == {"full": full(parts) or raw, **parts}


@pytest.mark.parametrize(
    ("raw", "prefix", "name"),
    [
        ("Det. Sgt. Mary Jones", "Det Sgt", "Mary Jones"),
        ("MR JOHN ROE", "Mr", "John Roe"),
        ("Officer Smith", "Officer", "Smith"),
        ("ROE, MS. JANE", "Ms", "Jane Roe"),
    ],
)
def test_a_title_is_kept_beside_the_name(raw: str, prefix: str, name: str) -> None:
    value = bind("person_name")(raw)
    assert isinstance(value, dict)
    assert (value["prefix"], value["full"]) == (prefix, name)


@pytest.mark.parametrize(
    "raw",
    [
        "UNKNOWN", "Unknown, Unknown", "UNK", "UNKNOWN MALE", "Unknown Suspect #1", "N/A", "Name", "FNU LNU", "NULL",
        "?",
        "nc:PersonFullName", "String", "REFUSED", "SOCIETY", ", ,", "Mr. Unknown", "UNKNOWN, MR UNKNOWN",
    ],
)  # fmt: skip
def test_a_word_for_nobody_is_no_name(raw: str) -> None:
    assert bind("person_name")(raw) is None


PARTS: list[tuple[dict[str, str], dict[str, str] | None]] = [
    (
        {"given": "DWIGHT", "middle": "KURT", "surname": "SCHRUTE", "suffix": "I", "prefix": "Mr."},
        {"given": "Dwight", "middle": "Kurt", "surname": "Schrute", "suffix": "I", "prefix": "Mr"},
    ),
    ({"given": "Peter", "middle": "Death Bredon", "surname": "Wimsey"},
     {"given": "Peter", "middle": "Death Bredon", "surname": "Wimsey"}),
    ({"given": "JOHN", "surname": "ROE JR"}, {"given": "John", "surname": "Roe", "suffix": "Jr"}),
    ({"given": "MARIA", "surname": "UNKNOWN"}, {"given": "Maria"}),
    ({"surname": "ROE", "middle": "NMN"}, {"surname": "Roe"}),
    ({"surname": "Roe, Jane"}, {"given": "Jane", "surname": "Roe"}),
    ({"full": "ROE, JANE"}, {"given": "Jane", "surname": "Roe"}),
    ({"full": "ROE, JANE", "suffix": "SR", "prefix": "Dr."},
     {"given": "Jane", "surname": "Roe", "suffix": "Sr", "prefix": "Dr"}),
    ({"given": "Unknown", "surname": "Unknown", "full": "John Roe"}, {"given": "John", "surname": "Roe"}),
    ({"given": "nc:PersonGivenName", "surname": "nc:PersonSurName"}, None),
    ({"given": "String", "surname": "String"}, None),
    ({"given": "", "surname": ""}, None),
    ({}, None),
    ({"given": "J.P.", "surname": "ROE", "suffix": "Suffix"}, {"given": "J P", "surname": "Roe"}),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "parts"), PARTS)
def test_a_name_in_parts(raw: dict[str, str], parts: dict[str, str] | None) -> None:
    value = bind("person_name")(raw)
    assert value == (None if parts is None else {"full": full(parts), **parts})


@pytest.mark.parametrize(
    ("raw", "name", "surname"),
    [
        ("ROE JANE A", "Jane A Roe", "Roe"),
        ("DE LA CRUZ MARIA", "Maria De La Cruz", "De La Cruz"),
        ("ROE JR JOHN", "John Roe Jr", "Roe"),
        ("ROE, JANE", "Jane Roe", "Roe"),
    ],
)
def test_surname_first_is_believed_where_the_mapping_says_so(raw: str, name: str, surname: str) -> None:
    value = bind("person_name", {"order": "surname_first"})(raw)
    assert isinstance(value, dict)
    assert (value["full"], value["surname"]) == (name, surname)


def test_what_has_no_letters_or_no_end_is_unreadable() -> None:
    for raw in ("12345", "x" * 201):
        with pytest.raises(Unreadable):
            bind("person_name")(raw)
    with pytest.raises(Unreadable, match="too long"):
        bind("person_name")({"given": "x" * 201})


def test_a_caller_may_change_what_it_got() -> None:
    normalize: Any = bind("person_name")
    normalize("ROE, JANE")["full"] = "changed"
    normalize({"surname": "ROE"})["full"] = "changed"
    assert normalize("ROE, JANE")["full"] == "Jane Roe"
    assert normalize({"surname": "ROE"})["full"] == "Roe"


def test_parts_read_again_are_the_same_name() -> None:
    normalize: Any = bind("person_name")
    for raw, _ in NAMES:
        once = normalize(raw)
        assert normalize(once) == once
