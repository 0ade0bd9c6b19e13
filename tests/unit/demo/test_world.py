from __future__ import annotations

import re
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.demo import DEMO_DAY, DEMO_SEED
from config.demo.bureau import bureau_records
from config.demo.cases import AGENCIES, BUREAU, CITY, COUNTY, Agency
from config.demo.city import city_files
from config.demo.county import county_files
from config.demo.everyday import KINDS
from config.demo.noise import SLIPS, shouted, slips, typed
from config.demo.numbers import FICTION, Phones, check_digit, e164, plate, spell, vin
from config.demo.truth import truth
from config.demo.world import World, make_world

SEEDS = [DEMO_SEED, 1, 2, 3, 2026]


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return make_world(request.param, DEMO_DAY)


def everything_written(world: World, agency: Agency) -> str:
    """All that one agency's system holds, as one text, in small letters."""
    if agency is CITY:
        text = "\n".join(city_files(world).values())
    elif agency is COUNTY:
        text = "\n".join(body.decode() for body in county_files(world).values())
        text = re.sub(r"AreaCodeID>(\d{3})<.*?ExchangeID>(\d{3})<.*?LineID>(\d{4})<", r"\1\2\3", text, flags=re.DOTALL)
    else:
        text = "\n".join(str(record) for record in bureau_records(world))
    return text.lower()


def holds_phone(text: str, number: str) -> bool:
    """Whether a number stands there, however it is spelled."""
    area, exchange, line = number[:3], number[3:6], number[6:]
    return re.search(rf"{area}\D{{0,2}}{exchange}\D?{line}", text) is not None


def holds_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", text) is not None


def test_one_seed_gives_one_world_and_another_seed_another() -> None:
    first, again, other = make_world(5, DEMO_DAY), make_world(5, DEMO_DAY), make_world(6, DEMO_DAY)

    assert first == again
    assert city_files(first) == city_files(again)
    assert county_files(first) == county_files(again)
    assert bureau_records(first) == bureau_records(again)
    assert truth(first)["answer"] != truth(other)["answer"]


def test_the_day_is_an_argument_and_moves_every_case() -> None:
    earlier, later = make_world(5, date(2026, 3, 1)), make_world(5, date(2026, 3, 2))

    assert all(case.occurred.date() < date(2026, 3, 1) for case in earlier.cases)
    assert {case.occurred for case in earlier.cases}.isdisjoint({case.occurred for case in later.cases})


def test_five_traffickers_thirteen_juveniles_and_over_300_cases_mostly_of_other_things(world: World) -> None:
    network = world.network

    assert len(network.traffickers) == 5
    assert len(network.juveniles) == 13
    assert len(network.buyers) == 25
    assert all(who.minor(world.today) for who in network.juveniles)
    assert not any(who.minor(world.today) for who in (*network.traffickers, *network.buyers))
    assert len(world.cases) > 300
    assert all(len(world.of(agency)) > 50 for agency in AGENCIES)
    touching = sum(case.network for case in world.cases)
    assert 50 < touching < len(world.cases) / 3


def test_every_member_of_the_network_stands_in_some_case_and_every_ad_in_some_file(world: World) -> None:
    seen = {part.who.id for case in world.cases for part in case.parts}
    network = world.network

    assert {who.id for who in (*network.traffickers, *network.juveniles, *network.buyers)} <= seen
    assert set(network.city_postings) | set(network.bureau_postings) == set(network.postings)
    assert set(network.city_postings) & set(network.bureau_postings)


def test_case_numbers_are_unique_and_in_the_order_of_events(world: World) -> None:
    for agency in AGENCIES:
        numbers = [case.number for case in world.of(agency)]
        assert len(set(numbers)) == len(numbers)
        assert [case.occurred for case in world.of(agency)] == sorted(case.occurred for case in world.of(agency))


def test_each_agency_holds_its_piece_of_the_answer_and_no_more(world: World) -> None:
    leader = world.network.leader
    text = {agency.key: everything_written(world, agency) for agency in AGENCIES}
    holds = {
        key: (
            any(posting.url in written for posting in world.network.postings)
            and "ad_id" in written.replace("adid", "ad_id"),
            holds_phone(written, leader.phone),
            leader.email.lower() in written,
            holds_word(written, leader.street_name),
            leader.given.lower() in written
            and holds_word(written, leader.surname)
            and leader.born.isoformat() in written,
        )
        for key, written in text.items()
    }

    #                    ads,   phone, e-mail, street name, name with birth date
    assert holds["city"] == (True, True, False, False, False)
    assert holds["county"] == (False, True, False, True, False)
    assert holds["bureau"] == (True, False, True, True, True)


def test_no_two_agencies_can_say_all_of_it(world: World) -> None:
    """The phone's user needs the county, the phone on the ads the city, the e-mail and the name the bureau."""
    leader = world.network.leader
    pieces = {
        "phone answers ads": {a.key for a in AGENCIES if any(
            posting.reply == leader.phone and holds_phone(everything_written(world, a), posting.reply)
            for case in world.of(a) for posting in case.postings)},
        "phone is somebody's": {a.key for a in AGENCIES if any(
            leader.phone in part.phones for case in world.of(a) for part in case.parts)},
        "e-mail posts ads": {a.key for a in AGENCIES if leader.email.lower() in everything_written(world, a)},
    }  # fmt: skip

    assert pieces == {
        "phone answers ads": {CITY.key},
        "phone is somebody's": {COUNTY.key},
        "e-mail posts ads": {BUREAU.key},
    }


def test_phones_that_many_give_never_answer_an_ad(world: World) -> None:
    network = world.network
    shared = {network.shelter.phone, *(motel.phone for motel in network.motels)}
    users: dict[str, set[int]] = {}
    for case in world.cases:
        for part in case.parts:
            for number in part.phones:
                users.setdefault(number, set()).add(part.who.id)

    assert shared.isdisjoint({posting.reply for posting in network.postings})
    assert shared.isdisjoint(network.burners)
    assert len(users[network.shelter.phone]) > 2
    assert max(len(users.get(motel.phone, ())) for motel in network.motels) > 1


def test_all_numbers_are_kept_for_fiction_and_all_addresses_reserved(world: World) -> None:
    for agency in AGENCIES:
        text = everything_written(world, agency)
        for host in re.findall(r"@([a-z0-9.-]+\.[a-z]+)|https://([^/]+)/", text):
            assert "".join(host).endswith(".example")
    for case in world.cases:
        numbers = [number for part in case.parts for number in part.phones]
        assert all(number[3:8] == "55501" for number in numbers)


def test_vehicles_have_true_check_digits_and_plates_of_no_issued_series(world: World) -> None:
    cars = [part.car for case in world.cases for part in case.parts if part.car]

    assert cars
    assert all(car.vin[8] == check_digit(car.vin) for car in cars)
    assert all(car.plate[0] in "XZ" for car in cars)


def test_narratives_are_brief_and_name_nothing_that_a_blank_was_left_for(world: World) -> None:
    for case in world.cases:
        assert 20 < len(case.narrative) < 700
        assert "{" not in case.narrative
        assert case.narrative.endswith((".", "no."))


def test_the_correction_touches_records_that_stand_alone(world: World) -> None:
    correction = world.correction
    by_number = {case.number: case for case in world.of(BUREAU)}
    changed, deleted = by_number[correction.changed], by_number[correction.deleted]

    assert changed is not deleted
    assert not changed.network
    assert correction.old_phone in changed.parts[0].phones
    assert not any(correction.new_phone in part.phones for case in world.cases for part in case.parts)
    elsewhere = {part.who.id for case in world.of(BUREAU) if case is not deleted for part in case.parts}
    assert elsewhere.isdisjoint({part.who.id for part in deleted.parts})


def test_the_truth_says_which_records_name_the_users(world: World) -> None:
    answer = truth(world)["answer"]

    assert answer["phone"] == e164(world.network.leader.phone)
    assert len(answer["phone_users"]) == 3
    assert len(answer["email_users"]) == 2
    assert answer["ads"] == len({ad["url"] for ad in truth(world)["ads"]}) == 42
    assert answer["ads_by_phone"] + answer["ads_by_email"] - answer["ads_by_both"] == answer["ads"]


def test_every_kind_of_everyday_case_is_told_with_the_people_it_has(world: World) -> None:
    told = {case.kind for case in world.cases if not case.network}

    assert len(told) > len(KINDS) * 0.8
    by_name = {kind.name: kind for kind in KINDS}
    assert all(
        [part.role for part in case.parts] == list(by_name[case.kind].roles) for case in world.cases if not case.network
    )


def test_many_narratives_shout_and_some_words_are_misspelled(world: World) -> None:
    texts = [case.narrative for case in world.cases]

    assert sum(text.upper() == text for text in texts) > 30
    assert any(slip in text for text in texts for slip in SLIPS.values())


def test_shouting_spares_a_pasted_address() -> None:
    assert shouted("seen at https://skipads.example/post/7 today") == "SEEN AT https://skipads.example/post/7 TODAY"


def test_slips_touch_only_words_that_people_misspell() -> None:
    text = "vehicle called 231-555-0123 from a.vehicle@inbox.example"

    assert slips(text, Random(1), 1.0) == "vehcile called 231-555-0123 from a.vehicle@inbox.example"
    assert slips(text, Random(1), 0.0) == text


@given(st.integers(), st.text(alphabet="abcdefgh", min_size=1, max_size=12))
def test_a_mistyped_name_loses_at_most_one_letter_and_keeps_its_first(seed: int, name: str) -> None:
    mistyped = typed(name, Random(seed), 1.0)

    assert mistyped[0] == name[0]
    assert len(name) - 1 <= len(mistyped) <= len(name)


def test_every_phone_is_handed_out_once_and_the_region_comes_first() -> None:
    phones = Phones(Random(3))
    taken = [phones.take() for _ in range(12 * FICTION)]

    assert len(set(taken)) == len(taken)
    assert {number[:3] for number in taken[: 3 * FICTION]} == {"231", "989", "906"}


@given(st.integers())
def test_every_spelling_of_a_phone_has_its_digits(seed: int) -> None:
    digits = "".join(char for char in spell("2315550123", Random(seed)) if char.isdigit())

    assert digits.removeprefix("1") == "2315550123"


@given(st.integers(), st.integers(min_value=2010, max_value=2030))
def test_a_made_vin_has_seventeen_characters_and_a_true_check_digit(seed: int, year: int) -> None:
    made = vin(Random(seed), year)

    assert re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", made)
    assert made[8] == check_digit(made)


def test_the_check_digit_is_that_of_the_published_examples() -> None:
    assert check_digit("1M8GDM9AXKP042788") == "X"
    assert check_digit("11111111111111111") == "1"


@given(st.integers())
def test_a_plate_has_the_form_of_the_state(seed: int) -> None:
    assert re.fullmatch(r"[A-Z]{3}\d{4}", plate(Random(seed)))
