from __future__ import annotations

import io

import pytest
from rich.console import Console

from casefold.answer import Answer, Contact, Source, User
from casefold.demo import Again, Arrival, Followed, Story, Teller
from casefold.telling import TerminalTeller, spoken

COUNTY, BUREAU = "MI9900000", "MI9990000"


def told(part: str, story: Story) -> str:
    """What the terminal is told of one part, as one line of text."""
    file = io.StringIO()
    getattr(TerminalTeller(Console(file=file, width=100, no_color=True)), part)(story)
    return " ".join(file.getvalue().split())


def story(**more: object) -> Story:
    made = Story(seed=3, home="somewhere")
    for name, value in more.items():
        setattr(made, name, value)
    return made


def arrival(quarantined: int = 0) -> Arrival:
    nodes = dict.fromkeys(("Person", "Phone", "Email", "Ad", "Vehicle", "Note"), 1234)
    return Arrival(COUNTY, "Tamarack County Sheriff's Office", "tamarack-sheriff", "XML", 10, quarantined, 0.5, nodes)


def answer(users: tuple[User, ...] = (), *, shared: tuple[str, ...] = (), ads: int = 4) -> Answer:
    contact = Contact("n1", "+12315550123", 3, (COUNTY,), users)
    return Answer(ads, contact, None, 3, 1, shared, ())


def test_the_opening_says_that_everything_is_invented() -> None:
    assert "invented (seed 3)" in told("opening", story())


def test_the_arrival_counts_with_separators_and_says_that_all_was_read() -> None:
    text = told("arrived", story(arrivals=[arrival()], nodes=4321, edges=10))

    assert "1,234" in text
    assert "4,321 nodes" in text
    assert "Every record could be read." in text


def test_records_in_quarantine_are_not_passed_over() -> None:
    assert "2 records wait in quarantine." in told("arrived", story(arrivals=[arrival(2)]))


def test_the_second_sync_is_told_in_its_numbers() -> None:
    assert "7 records: 7 unchanged, 0 written" in told("unchanged", story(again=Again(7, 7, 0)))


def test_a_correction_is_told_with_before_and_after() -> None:
    followed = Followed(BUREAU, "LSB-1", "Ann Roe", ("+12315550123",), (), "LSB-2", 5, 0, 1, 1)

    text = told("followed", story(followed=followed))

    assert "LSB-1, corrected: phone of Ann Roe (231) 555-0123 -" in text
    assert "LSB-2, withdrawn: people and things it names 5 0" in text


@pytest.mark.parametrize("part", ["unchanged", "followed", "answered"])
def test_what_has_not_happened_is_not_told(part: str) -> None:
    assert told(part, story()) == ""


def test_users_named_alike_are_told_once_with_all_their_reports_and_the_shortest_words() -> None:
    users = tuple(
        User(f"p{number}", "", ("Rook",), (), (Source(COUNTY, f"r{number}", f"TC-{number}", words),))
        for number, words in ((1, "A long sentence with the number."), (2, "Short."), (3, ""))
    )

    text = told("answered", story(answer=answer(users)))

    assert text.count("known only as “Rook”") == 1
    assert "(TC-1, TC-2, TC-3)" in text
    assert "“Short.”" in text
    assert "A long sentence" not in text


def test_a_user_with_a_name_and_a_street_name_is_told_with_both() -> None:
    users = (User("p1", "Ann [Roe]", ("Rook",), (), (Source(COUNTY, "r1", "TC-1", ""),)),)

    text = told("answered", story(answer=answer(users, shared=("Rook",)), alone={COUNTY: answer(users)}))

    assert "Ann [Roe], known as “Rook”" in text
    assert "What ties the two: the name “Rook”" in text
    assert "casefold search Rook --home somewhere" in text


def test_a_user_without_any_name_is_not_passed_over() -> None:
    users = (User("p1", "", (), (), (Source(COUNTY, "r1", "TC-1", ""),)),)

    assert "somebody without a name" in told("answered", story(answer=answer(users)))


def test_an_answer_that_leaves_ads_out_says_how_many_it_has() -> None:
    text = told("answered", story(answer=answer()))

    assert "holds 4 online ads. 3 of them come back" in text
    assert "What ties the two" not in text


def test_the_silent_teller_hears_every_part() -> None:
    teller = Teller()
    for part in (teller.opening, teller.arrived, teller.unchanged, teller.followed, teller.answered):
        assert part(story()) is None


def test_a_number_is_spoken_as_people_say_it() -> None:
    assert spoken("+12315550123") == "(231) 555-0123"
    assert spoken("+442079460000") == "+442079460000"
    assert spoken("post@inbox.example") == "post@inbox.example"
