from __future__ import annotations

import pytest

from graph import codes
from schemas.vocabulary import EntityType, LinkType, Role


@pytest.mark.parametrize(
    ("words", "numbers"),
    [(EntityType, codes.ENTITY_CODES), (LinkType, codes.LINK_CODES), (Role, codes.ROLE_CODES)],
)
def test_every_word_has_a_number_of_its_own(words: type[EntityType], numbers: dict[str, int]) -> None:
    assert set(numbers) == {word.value for word in words}
    assert len(set(numbers.values())) == len(numbers)
    assert min(numbers.values()) == 1


def test_numbers_of_old_stores_still_mean_the_same() -> None:
    assert list(codes.ENTITY_CODES.values())[:19] == list(range(1, 20))
    assert (codes.ENTITY_CODES["Person"], codes.ENTITY_CODES["Phone"], codes.ENTITY_CODES["Note"]) == (1, 3, 19)
    assert (codes.LINK_CODES["INVOLVED_IN"], codes.LINK_CODES["USES"], codes.LINK_CODES["MENTIONED_IN"]) == (1, 4, 17)
    assert (codes.ROLE_CODES["victim"], codes.ROLE_CODES["suspect"], codes.ROLE_CODES["other"]) == (1, 6, 16)
    assert [state.value for state in codes.State] == [0, 1, 2]
    assert {kind.name: kind.value for kind in codes.ChangeKind} == {
        "FRESH": 0,
        "CREATED": 1,
        "CHANGED": 2,
        "REMOVED": 3,
    }
