"""The list of normalizers is closed, and a mapping's mistakes are named before the first record."""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from mapping.normalize import NORMALIZER_VERSION, NORMALIZERS, Unreadable, bind


def test_the_list_of_normalizers_is_pinned() -> None:
    assert " ".join(NORMALIZERS) == (
        "text multiline upper lower organization_name integer number boolean code person_name date datetime birth_date"
        " phone email url handle service address state geo plate plate_state vin height weight sex race ethnicity"
        " eye_color hair_color age identifier money ori"
    )
    assert NORMALIZER_VERSION >= 1


def test_nobody_can_add_a_normalizer_while_the_program_runs() -> None:
    with pytest.raises(TypeError):
        NORMALIZERS["mine"] = NORMALIZERS["text"]  # type: ignore[index]


def test_every_normalizer_names_its_kind_and_its_options() -> None:
    kinds = {normalizer.kind for normalizer in NORMALIZERS.values()}
    assert {"text", "person_name", "date", "phone", "address", "identifier", "length", "mass", "age"} <= kinds
    assert set(NORMALIZERS["datetime"].options()) == {"zone", "order", "century_pivot"}
    assert NORMALIZERS["sex"].options() == {}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("person_name", {"given", "middle", "surname", "suffix", "prefix", "full"}),
        ("datetime", {"date", "time"}),
        ("phone", {"area", "exchange", "line", "full", "country", "extension"}),
        ("identifier", {"value", "issuer", "kind"}),
        ("height", {"value", "unit"}),
        ("sex", set()),
    ],
)
def test_a_normalizer_declares_the_parts_that_it_takes(name: str, parts: set[str]) -> None:
    assert NORMALIZERS[name].parts == parts


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("phon", {}, "did you mean 'phone'"),
        ("zzzzzz", {}, "no normalizer is named 'zzzzzz'"),
        ("phone", {"regoin": "US"}, "did you mean 'region'"),
        ("phone", {"region": 5}, "phone: region"),
        ("phone", {"region": "QQ"}, "no country has the code 'QQ'"),
        ("sex", {"order": "mdy"}, "it takes none"),
        ("date", {"order": "mdyy"}, "did you mean 'mdy'"),
        ("date", {"century_pivot": 1968}, "a two-digit year"),
        ("datetime", {"zone": "America/Detriot"}, "IANA name"),
        ("datetime", {"zone": "../etc/passwd"}, "IANA name"),
        ("birth_date", {"today": "soon"}, "an ISO date is needed"),
        ("birth_date", {"today": "2024-13-01"}, "an ISO date is needed"),
        ("code", {}, "needs the option 'table'"),
        ("code", {"table": {}}, "an empty table maps nothing"),
        ("code", {"table": "M"}, "code: table"),
        ("money", {"currency": "dollars"}, "ISO 4217"),
    ],
)
def test_a_wrong_name_or_option_is_refused_with_what_is_right(
    name: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        bind(name, options)
    assert not isinstance(caught.value, Unreadable)


def test_options_are_used() -> None:
    assert bind("date", {"order": "dmy"})("03/04/2020") == "2020-04-03"
    assert bind("birth_date", {"today": dt.date(2024, 1, 1)})("01/01/30") == "1930-01-01"
    assert bind("code", {"table": {1: "male"}})("1") == "male"


def test_every_normalizer_answers_a_blank_with_none() -> None:
    for name in NORMALIZERS:
        normalize = bind(name, {"table": {"a": 1}} if name == "code" else {})
        assert normalize("") is None, name
        assert normalize(" \t\n ") is None, name


def test_an_error_never_repeats_the_data() -> None:
    secret = "Zyxwv Hunter2 99-secret-99 !!"
    for name in NORMALIZERS:
        normalize = bind(name, {"table": {"a": 1}} if name == "code" else {})
        with contextlib.suppress(Unreadable):
            normalize(secret)
            continue
        with pytest.raises(Unreadable) as caught:
            normalize(secret)
        assert "hunter2" not in str(caught.value).lower(), name


def test_the_slow_library_is_not_loaded_for_ordinary_numbers() -> None:
    program = (
        "import sys; from mapping.normalize import bind; phone = bind('phone');"
        "assert phone('(313) 555-0123') and phone('248-467-2345') and phone('555-1212') and phone('999-999-9999');"
        "assert 'phonenumbers' not in sys.modules; assert phone('+44 20 7946 0958') == '+442079460958';"
        "assert 'phonenumbers' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).resolve().parents[3])
