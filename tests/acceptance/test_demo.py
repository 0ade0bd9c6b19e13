from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.demo import DEMO_SEED

MOST_LINES = 60


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "casefold", *arguments, "--home", str(home)],
        capture_output=True, text=True, check=False, env=environment, timeout=300,
    )  # fmt: skip


class Told:
    """One demo, run once for all that is asked about it."""

    def __init__(self, home: Path, seed: int) -> None:
        finished = run(home, "demo", "--json", "--seed", str(seed))
        assert finished.returncode == 0, finished.stderr
        self.home = home
        self.story: dict[str, Any] = json.loads(finished.stdout)
        self.truth: dict[str, Any] = json.loads((home / "demo-truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=[DEMO_SEED, DEMO_SEED + 1])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("demo") / "home", request.param)


def test_the_answer_is_the_phone_and_the_email_that_the_author_hid(told: Told) -> None:
    answer, truth = told.story["answer"], told.truth["answer"]

    assert answer["complete"] is True
    assert answer["phone"]["value"] == truth["phone"]
    assert answer["email"]["value"] == truth["email"]
    assert answer["ads"] == answer["ads_by_either"] == truth["ads"]
    assert answer["phone"]["ads"] == truth["ads_by_phone"]
    assert answer["email"]["ads"] == truth["ads_by_email"]
    assert answer["ads_by_both"] == truth["ads_by_both"]


def test_the_users_are_named_with_the_records_and_the_words_that_say_so(told: Told) -> None:
    answer, truth = told.story["answer"], told.truth["answer"]
    county, bureau = told.truth["agencies"][1]["ori"], told.truth["agencies"][2]["ori"]
    for contact, numbers, agency in (("phone", "phone_users", county), ("email", "email_users", bureau)):
        said = [source for user in answer[contact]["users"] for source in user["said_by"]]
        assert sorted(source["number"] for source in said) == sorted(truth[numbers])
        assert {source["agency"] for source in said} == {agency}
        assert all(source["words"] for source in said)
    assert {user["name"] for user in answer["email"]["users"]} == {truth["name"]}
    assert {user["name"] for user in answer["phone"]["users"]} == {""}
    assert [name.casefold() for name in answer["shared_names"]] == [truth["street_name"].casefold()]
    assert answer["shared_vehicles"] == [truth["vin"]]


def test_no_agency_alone_has_the_answer(told: Told) -> None:
    city, county, bureau = (told.story["alone"][agency["ori"]] for agency in told.truth["agencies"])
    truth = told.truth["answer"]

    assert not any(alone["complete"] for alone in (city, county, bureau))
    assert city["phone"]["value"] == truth["phone"]
    assert (city["phone"]["users"], city["email"]) == ([], None)
    assert (county["ads"], county["phone"], county["email"]) == (0, None, None)
    assert bureau["email"]["value"] == truth["email"]
    assert bureau["phone"] is None


def test_everything_arrived_and_nothing_waits_in_quarantine(told: Told) -> None:
    for arrival, agency in zip(told.story["arrivals"], told.truth["agencies"], strict=True):
        assert (arrival["agency"], arrival["records"]) == (agency["ori"], agency["records"])
        assert arrival["quarantined"] == 0
        assert arrival["nodes"]["Person"] > 0
        assert arrival["nodes"]["Phone"] > 0
    ads = [arrival["nodes"]["Ad"] for arrival in told.story["arrivals"]]
    assert ads == [agency["ads"] for agency in told.truth["agencies"]]
    assert told.story["nodes"] > sum(arrival["records"] for arrival in told.story["arrivals"])


def test_the_second_sync_maps_nothing(told: Told) -> None:
    again = told.story["again"]

    assert again["mapped"] == 0
    assert again["unchanged"] == again["pulled"] > 0


def test_the_graph_follows_a_correction_and_a_withdrawal(told: Told) -> None:
    followed, planned = told.story["followed"], told.truth["correction"]

    assert planned["surname"] in followed["person"]
    assert followed["phones_before"] == [planned["old_phone"]]
    assert followed["phones_after"] == [planned["new_phone"]]
    assert followed["nodes_before"] > 0
    assert followed["nodes_after"] == 0
    assert (followed["mapped"], followed["withdrawn"]) == (1, 1)


def test_another_seed_has_another_answer(tmp_path: Path, told: Told) -> None:
    other = Told(tmp_path / "home", 99)

    for contact in ("phone", "email"):
        assert other.story["answer"][contact]["value"] == other.truth["answer"][contact]
        assert other.story["answer"][contact]["value"] != told.story["answer"][contact]["value"]


def test_a_terminal_is_told_the_same_in_at_most_sixty_lines(told: Told) -> None:
    finished = run(told.home, "demo", "--seed", str(told.story["seed"]))
    truth = told.truth["answer"]
    phone = truth["phone"]

    assert finished.returncode == 0, finished.stderr
    lines = finished.stdout.splitlines()
    assert len(lines) <= MOST_LINES
    assert all(len(line) <= 110 for line in lines)
    for said in (f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}", truth["email"], truth["name"], *truth["phone_users"]):
        assert said in finished.stdout
    assert truth["street_name"].casefold() in finished.stdout.casefold()
    assert told.truth["correction"]["surname"] in finished.stdout


def test_the_examples_mappings_pass_their_own_tests(told: Told) -> None:
    finished = run(told.home, "check", "port-alden-pd", "tamarack-sheriff", "--json")

    assert finished.returncode == 0, finished.stdout + finished.stderr
    steps = [step for steps in json.loads(finished.stdout)["sources"].values() for step in steps]
    assert any(step["step"].startswith("mapping test: ") for step in steps)


def test_a_home_in_use_is_left_alone(tmp_path: Path) -> None:
    assert run(tmp_path / "home", "init").returncode == 0
    before = sorted(path.name for path in (tmp_path / "home").iterdir())

    finished = run(tmp_path / "home", "demo")

    assert finished.returncode == 2
    assert "home in use" in finished.stderr
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == before


def test_the_bureaus_password_is_nowhere_but_in_its_file(told: Told) -> None:
    password = (told.home / "secrets" / "lakes-bureau").read_text(encoding="utf-8").strip()
    finished = run(told.home, "demo", "--seed", str(told.story["seed"]), "--json")
    fresh = (told.home / "secrets" / "lakes-bureau").read_text(encoding="utf-8").strip()

    assert fresh != password
    assert fresh not in finished.stdout + finished.stderr
    for path in told.home.rglob("*"):
        if path.is_file() and path.name != "lakes-bureau":
            assert fresh.encode() not in path.read_bytes()
