"""Dates and times: what the source gave, in ISO 8601, to the precision that it gave."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize import Unreadable, bind
from schemas.values import PARTIAL_DATE

DATES = [
    ("1995", "1995"), ("1995-05", "1995-05"), ("1995-05-14", "1995-05-14"), ("5/14/1995", "1995-05-14"),
    ("05/14/1995", "1995-05-14"), ("05/14/95", "1995-05-14"), ("05/14/12", "2012-05-14"), ("5-14-1995", "1995-05-14"),
    ("05.14.1995", "1995-05-14"), ("1995/05/14", "1995-05-14"), ("2020-1-5", "2020-01-05"), ("19950514", "1995-05-14"),
    ("05141995", "1995-05-14"), ("051495", "1995-05-14"), ("201905", "2019-05"), ("5/2020", "2020-05"),
    ("May 14, 1995", "1995-05-14"), ("MAY 14 1995", "1995-05-14"), ("14-MAY-95", "1995-05-14"),
    ("14 May 1995", "1995-05-14"), ("Friday, October 2, 2015", "2015-10-02"), ("Thu October 01st, 2015", "2015-10-01"),
    ("2nd of October 2015", "2015-10-02"), ("May 1995", "1995-05"), ("00/00/1990", "1990"), ("05/00/1990", "1990-05"),
    ("1990-05-00", "1990-05"), ("2001-12-31T12:00:00", "2001-12-31"), ("2013-12-17Z", "2013-12-17"),
    ("2013-12-17-05:00", "2013-12-17"), ("2014-07-09T00:00:00-010:12", "2014-07-09"), ("2/19/2021 0:35", "2021-02-19"),
    ("01/05/2020 1625 hrs.", "2020-01-05"), ("20200713142530", "2020-07-13"), ("1/2/1890", "1890-01-02"),
    ("2024-02-29", "2024-02-29"), (" 1995-05-14 ", "1995-05-14"),
    ("00/00/0000", None), ("0000-00-00", None), ("99/99/9999", None), ("0001-01-01", None), ("9999-12-31", None),
    ("00000000", None), ("000000", None), ("0001-01-01T00:00:00", None), ("@sub_end_date@", None), ("UNKNOWN", None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), DATES)
def test_a_date_keeps_its_precision(raw: str, value: str | None) -> None:
    assert bind("date")(raw) == value


@pytest.mark.parametrize(
    "raw",
    ["garbage", "13/05/2020", "2/30/2020", "1995-13", "2023-02-29", "1234567", "12 monkeys 2020", "5/14/1995 or later",
     "May", "0/14/1995", "14 Mayhem 1995", "x" * 100, "2020-01-05 and then"],
)  # fmt: skip
def test_what_is_no_date_in_the_declared_order_is_unreadable(raw: str) -> None:
    with pytest.raises(Unreadable, match="not a date"):
        bind("date")(raw)


@pytest.mark.parametrize(
    ("order", "raw", "value"),
    [
        ("dmy", "03/04/2020", "2020-04-03"),
        ("dmy", "03041995", "1995-04-03"),
        ("dmy", "030495", "1995-04-03"),
        ("ymd", "95/05/14", "1995-05-14"),
        ("ymd", "950514", "1995-05-14"),
        ("ymd", "20200514", "2020-05-14"),
        ("dmy", "1995-05-14", "1995-05-14"),
    ],
)
def test_the_declared_order_decides(order: str, raw: str, value: str) -> None:
    assert bind("date", {"order": order})(raw) == value


def test_no_other_order_is_tried() -> None:
    with pytest.raises(Unreadable, match="dmy"):
        bind("date", {"order": "dmy"})("12/31/2020")
    with pytest.raises(Unreadable, match="ymd"):
        bind("date", {"order": "ymd"})("05/14/1995")
    with pytest.raises(Unreadable):
        bind("date", {"order": "ymd"})("05141995")


def test_the_pivot_decides_the_century() -> None:
    assert bind("date", {"century_pivot": 10})("05/14/12") == "1912-05-14"
    assert bind("birth_date")("05/14/31") == "1931-05-14"
    assert bind("birth_date", {"century_pivot": 50})("05/14/31") == "2031-05-14"


@pytest.mark.parametrize("raw", ["1/1/1900", "1900-01-01", "1800-01-01", "12/30/1899", "1900"])
def test_a_system_s_default_is_no_birth_date(raw: str) -> None:
    assert bind("birth_date")(raw) is None


def test_nobody_is_born_after_today() -> None:
    normalize = bind("birth_date", {"today": "2024-06-01"})
    assert normalize("05/14/31") == "1931-05-14"
    assert normalize("05/14/12") == "2012-05-14"
    assert normalize("2024-06-01") == "2024-06-01"
    for raw in ("2024-06-02", "07/01/24", "2031"):
        with pytest.raises(Unreadable, match="future"):
            normalize(raw)


MOMENTS = [
    ("2016-02-19T10:00:00", "2016-02-19T10:00:00"), ("2016-02-19T10:00", "2016-02-19T10:00"),
    ("2001-12-17T09:30:47.0Z", "2001-12-17T09:30:47.0Z"),
    ("2015-04-01T20:17:28.449-07:00", "2015-04-01T20:17:28.449-07:00"), ("2016-02-19 10:00:00", "2016-02-19T10:00:00"),
    ("01/05/2020 1625 hrs.", "2020-01-05T16:25"), ("03/03/2017, 9:13:00 am", "2017-03-03T09:13:00"),
    ("2018/01/01 09:26:00 AM", "2018-01-01T09:26:00"), ("20190713", "2019-07-13"),
    ("2/19/2021 0:35", "2021-02-19T00:35"), ("2014-07-09T00:00:00-010:12", "2014-07-09T00:00:00"),
    ("2014-07-08T00:00:00-04:00", "2014-07-08T00:00:00-04:00"), ("2014-07-08T00:00:00+25:00", "2014-07-08T00:00:00"),
    ("2020-03-01 12:00 AM", "2020-03-01T00:00"), ("2020-03-01 12:30 p.m.", "2020-03-01T12:30"),
    ("2020-03-01 13:05 PM", "2020-03-01T13:05"), ("1/5/2020 9 pm", "2020-01-05T21:00"),
    ("1/5/2020 at 21:00 EST", "2020-01-05T21:00-05:00"), ("1/5/2020 21:00:00 UTC", "2020-01-05T21:00:00Z"),
    ("20200713142530", "2020-07-13T14:25:30"), ("202007131425", "2020-07-13T14:25"),
    ("2020-01-05 16:25 -0500", "2020-01-05T16:25-05:00"), ("1/5/2020 9:05:10.250 PM", "2020-01-05T21:05:10.250"),
    ("20200713T142530Z", "2020-07-13T14:25:30Z"), ("Friday, October 2, 2015 1:35 AM", "2015-10-02T01:35"),
    ("2020-01-05T24:00:00", "2020-01-06T00:00:00"), ("2013-12-17Z", "2013-12-17"), ("May 1995", "1995-05"),
    ("0001-01-01T00:00:00", None), ("00/00/0000 00:00", None), ("N/A", None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), MOMENTS)
def test_a_moment_without_a_zone_stays_local(raw: str, value: str | None) -> None:
    assert bind("datetime")(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2020-01-05T16:25:00", "2020-01-05T16:25:00-05:00"),
        ("2020-07-05T16:25:00", "2020-07-05T16:25:00-04:00"),
        ("07/05/2020 1625", "2020-07-05T16:25-04:00"),
        ("2020-07-05T16:25:00Z", "2020-07-05T16:25:00Z"),
        ("2020-07-05T24:00:00", "2020-07-06T00:00:00-04:00"),
        ("2020-07-05", "2020-07-05"),
        ("2014-07-09T00:00:00-010:12", "2014-07-09T00:00:00-04:00"),
    ],
)
def test_a_declared_zone_gives_local_times_their_offset(raw: str, value: str) -> None:
    assert bind("datetime", {"zone": "America/Detroit"})(raw) == value


@pytest.mark.parametrize("raw", ["2/19/2021 25:61", "2020-01-05T10:61:00", "2020-01-05 noonish", "2020-13-01T10:00:00",
                                 "0:30 PM", "2020-01-05 0:30 PM", "9999-12-30 24:01"])  # fmt: skip
def test_a_moment_that_no_clock_shows_is_unreadable(raw: str) -> None:
    with pytest.raises(Unreadable):
        bind("datetime")(raw)


@pytest.mark.parametrize(
    ("date", "time", "value"),
    [
        ("1/5/2020", "16:25", "2020-01-05T16:25"),
        ("1/5/2020", "1625", "2020-01-05T16:25"),
        ("1/5/2020", "925", "2020-01-05T09:25"),
        ("20190713", "02", "2019-07-13T02:00"),
        ("1/5/2020", "", "2020-01-05"),
        ("1/5/2020 13:00", "", "2020-01-05T13:00"),
        ("2018-01-01T00:00:00", "1899-12-30 09:26:00", "2018-01-01T09:26:00"),
        ("1995-05", "10:00", "1995-05"),
        ("", "10:00", None),
        ("NA", "NA", None),
    ],
)
def test_a_date_and_a_time_in_two_fields_are_one_moment(date: str, time: str, value: str | None) -> None:
    assert bind("datetime")({"date": date, "time": time}) == value


def test_a_time_field_that_is_no_time_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="time of day"):
        bind("datetime")({"date": "1/5/2020", "time": "25:00"})
    assert bind("datetime")({"date": "1/5/2020"}) == "2020-01-05"


@given(st.datetimes(min_value=dt.datetime(1800, 1, 1), max_value=dt.datetime(2199, 12, 31)))  # noqa: DTZ001  # local
def test_every_american_spelling_of_a_moment_is_the_same_moment(moment: dt.datetime) -> None:
    normalize = bind("datetime")
    iso = moment.isoformat(timespec="seconds")
    for form in (
        "%Y-%m-%dT%H:%M:%S",
        "%m/%d/%Y %H:%M:%S",
        "%m/%d/%Y %I:%M:%S %p",
        "%B %d, %Y %H:%M:%S",
        "%Y%m%d%H%M%S",
    ):
        assert normalize(moment.strftime(form)) == iso, form


@given(st.text(max_size=40) | st.from_regex(r"[0-9/:T .,-]{4,25}", fullmatch=True))
def test_whatever_is_read_has_the_schema_s_form(raw: str) -> None:
    for name in ("date", "datetime", "birth_date"):
        normalize = bind(name)
        try:
            value = normalize(raw)
        except Unreadable:
            continue
        if value is not None:
            assert re.fullmatch(PARTIAL_DATE, str(value))
            assert normalize(value) == value
