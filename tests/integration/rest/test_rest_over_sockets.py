from __future__ import annotations

import asyncio
import gzip
import logging
import threading
import zlib
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import orjson
import pytest

from connectors.port import Outcome
from schemas.records import Retry, SourceError, Stop
from tests.contract.connectors.suite import Haul, Memory, drain
from tests.integration.rest.server import KEY, PASSWORD, TOKEN, Fault, Handler, hang_up, reports, running
from tests.integration.rest.support import INCREMENTAL, PAGING, Pauses, connector


def numbers(haul: Haul) -> list[int]:
    return [record.parsed["n"] for record in haul.records]


def page_of(*records: Any) -> bytes:
    return orjson.dumps({"data": {"items": list(records)}, "success": True})


def status(code: int, **headers: str) -> Fault:
    return lambda handler: handler.answer({"error": "…"}, code, **headers)


def sent(body: bytes, code: int = 200, *, length: int | None = None, **headers: str) -> Fault:
    return lambda handler: handler.send(body, code, length=length, **headers)


@pytest.mark.parametrize("auth", ["none", "basic", "bearer", "api_key"])
@pytest.mark.parametrize("paging", list(PAGING))
def test_every_way_of_paging_with_every_credential(paging: str, auth: str) -> None:
    with running(reports(10), auth=auth) as rms:
        haul = drain(connector(rms, paging=paging, auth=auth))
    assert numbers(haul) == list(range(10))
    assert haul.batches[-1].checkpoint == {}
    assert {headers.get("Accept-Encoding") for headers in rms.seen_headers} == {"identity"}


@pytest.mark.parametrize("auth", ["basic", "bearer", "api_key"])
def test_a_wrong_credential_stops_and_names_its_reference(auth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv({"basic": "RMS_PASSWORD", "bearer": "RMS_TOKEN", "api_key": "RMS_KEY"}[auth], "canary-wrong")
    with running(reports(3), auth=auth) as rms:
        with pytest.raises(Stop, match=r"401 from /offset: the source refuses the credential env:RMS_") as caught:
            drain(connector(rms, auth=auth))
        report = asyncio.run(connector(rms, auth=auth).check())
    assert "canary" not in repr(caught.value)
    assert [(step.step, step.outcome) for step in report.steps][-2:] == [
        ("connect", Outcome.PASS),
        ("auth", Outcome.FAIL),
    ]
    assert "canary" not in report.model_dump_json()


def test_a_source_that_gives_fewer_records_than_asked_for_loses_none() -> None:
    with running(reports(10), most=3) as rms:
        assert numbers(drain(connector(rms))) == list(range(10))
        assert [ask["offset"] for ask in rms.asked] == ["0", "3", "6", "9", "10"]
    with running(reports(10), most=3) as rms:
        assert numbers(drain(connector(rms, paging="page"))) == list(range(10))


def test_a_locator_leads_a_person_to_the_record() -> None:
    with running(reports(5)) as rms:
        assert [record.locator for record in drain(connector(rms)).records][3:] == [
            "/offset?offset=0#/data/items/3",
            "/offset?offset=4#/data/items/0",
        ]
        assert drain(connector(rms, paging="next_url")).records[4].locator == "/next page 2#/data/items/0"


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (status(429, Retry_After="7"), 7.0),
        (status(503), 0.5),
        (status(500), 0.5),
        (status(408), 0.5),
        (sent(page_of({"n": 1}), length=900), 0.5),
        (sent(b""), 0.5),
        (sent(page_of({"n": 1})[:-9]), 0.5),
        (sent(gzip.compress(page_of({"n": 1}))[:-9], Content_Encoding="gzip"), 0.5),
        (sent(b"no gzip", Content_Encoding="gzip"), 0.5),
        (hang_up, 0.5),
    ],
)
def test_what_may_work_later_is_tried_again(fault: Fault, pause: float) -> None:
    pauses = Pauses()
    with running(reports(6), faults={2: fault}) as rms:
        assert numbers(drain(connector(rms, pauses=pauses))) == list(range(6))
    assert pauses == [pause]


def test_a_date_in_retry_after_is_taken_against_the_sources_own_clock() -> None:
    pauses = Pauses()
    busy = status(429, Date=formatdate(1_000_000_000, usegmt=True), Retry_After=formatdate(1_000_000_030, usegmt=True))
    with running(reports(2), faults={1: busy}) as rms:
        assert numbers(drain(connector(rms, pauses=pauses))) == [0, 1]
    assert pauses == [30.0]


def test_a_burst_is_waited_out_with_growing_pauses_and_then_left_for_the_next_run() -> None:
    pauses = Pauses()
    with running(reports(2), always=status(503)) as rms, pytest.raises(Retry, match="503 from the source: /offset"):
        drain(connector(rms, pauses=pauses))
    assert pauses == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry_After": "3600"}, 3600.0),
        (
            {"Date": formatdate(1_000_000_000, usegmt=True), "Retry_After": formatdate(1_000_007_200, usegmt=True)},
            7200.0,
        ),
    ],
)
def test_a_long_pause_is_the_runners_to_make(headers: dict[str, str], after: float) -> None:
    pauses = Pauses()
    with running(reports(2), always=status(429, **headers)) as rms, pytest.raises(Retry) as caught:
        drain(connector(rms, pauses=pauses))
    assert (caught.value.after, pauses) == (after, [])


def redirecting(location: str) -> Fault:
    return lambda handler: handler.answer({}, 302, Location=location)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (redirecting("http://127.0.0.1:9/steal"), "redirects to another origin, http://127.0.0.1:9, which was not"),
        (redirecting("https://login.example/?next=x"), "another origin, https://login.example:443"),
        (sent(b"<!DOCTYPE html><title>Sign in</title>", Content_Type="text/html"), "a web page, not with JSON"),
        (sent(b"\n<html>"), "a web page, not with JSON"),
        (status(403), "403 from /offset: the credential env:RMS_TOKEN may not read this"),
        (status(404), "404 from /offset: there is no such resource"),
        (status(400), "400 from /offset: the source does not accept the request"),
        (sent(b'{"data":{"list":[]}}'), "`records: data.items` finds nothing where a list .* the answer has data"),
        (sent(b'{"data":{"items":{"n":1}}}'), "finds one object where a list of records should be"),
        (sent(b"{}", Content_Encoding="br"), "compresses its answers as `br`"),
    ],
)
def test_what_only_a_person_can_mend_stops(fault: Fault, words: str) -> None:
    with running(reports(2), always=fault) as rms, pytest.raises(Stop, match=words):
        drain(connector(rms, auth="bearer"))
    assert len(rms.asked) == 1


def test_a_redirect_on_the_origin_is_followed_but_not_in_circles() -> None:
    with running(reports(2), faults={1: redirecting("/all")}) as rms:
        assert numbers(drain(connector(rms, paging="none"))) == [0, 1]
    with running(reports(2), always=redirecting("/all")) as rms, pytest.raises(Stop, match="redirects more than 3"):
        drain(connector(rms, paging="none"))
    assert len(rms.asked) == 4


@pytest.mark.parametrize("kind", ["gzip", "deflate", "x-gzip"])
def test_an_answer_that_is_compressed_all_the_same_is_read(kind: str) -> None:
    body = page_of({"n": 1})
    packed = zlib.compress(body) if kind == "deflate" else gzip.compress(body[:9]) + gzip.compress(body[9:])
    with running([], faults={1: sent(packed, Content_Encoding=kind)}) as rms:
        assert numbers(drain(connector(rms, paging="none"))) == [1]


@pytest.mark.parametrize("packed", [True, False])
def test_a_bomb_is_refused_at_the_limit(packed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    body = b" " * 4_000_000
    fault = sent(gzip.compress(body), Content_Encoding="gzip") if packed else sent(body)
    with (
        running([], always=fault) as rms,
        pytest.raises(Stop, match=r"larger than `max_page_bytes` \(1000000\)"),
    ):
        drain(connector(rms, max_page_bytes=1_000_000))


def test_what_came_before_a_failure_lands_and_the_cursor_stays() -> None:
    memory = Memory()
    with running(reports(10), faults={3: status(401)}) as rms:
        source = connector(rms, auth="bearer", incremental=INCREMENTAL)
        batches: list[Any] = []

        async def read() -> None:
            async for batch in source.read(None, memory):
                memory.commit(batch)
                batches.append(batch)

        with pytest.raises(Stop, match="401"):
            asyncio.run(read())
        assert [record.parsed["n"] for batch in batches for record in batch.records] == list(range(8))
        assert [batch.checkpoint for batch in batches] == [{}]
        again = drain(source, batches[-1].checkpoint, memory)
    assert numbers(again) == [8, 9]
    assert again.unchanged == 8
    assert again.batches[-1].checkpoint == {"since": "2024-05-03T09:09:00Z", "field": "modified"}


@pytest.mark.parametrize("strictly_after", [True, False])
@pytest.mark.parametrize("stopped", range(1, 6))
def test_equal_times_over_a_pages_edge_are_not_lost_when_an_ordered_read_is_cut(
    stopped: int,
    strictly_after: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    records = reports(12)
    for record in records[2:9]:
        record["modified"] = records[2]["modified"]
    incremental = {**INCREMENTAL, "ordered": True}
    with running(records, strictly_after=strictly_after) as rms:
        source = connector(rms, size=2, incremental=incremental)
        first = drain(source, batches=stopped)
        rest = drain(source, first.batches[-1].checkpoint)
    assert set(numbers(first)) | set(numbers(rest)) == set(range(12))
    if stopped == 5:
        assert len(numbers(rest)) < 12


def test_only_what_was_modified_since_is_asked_for_with_a_look_back() -> None:
    memory = Memory()
    with running(reports(10)) as rms:
        source = connector(rms, incremental={**INCREMENTAL, "look_back": 120})
        first = drain(source, known=memory)
        rms.records.append({"id": "R010", "modified": "2024-05-03T09:10:00Z", "n": 10})
        rms.records.append({"id": "R011", "modified": "2024-05-03T09:08:30Z", "n": 11})
        second = drain(source, first.batches[-1].checkpoint, memory)
    assert rms.asked[-1]["modified_since"] == "2024-05-03T09:07:00Z"
    assert numbers(second) == [10, 11]
    assert second.unchanged == 3


def test_a_slip_of_the_pen_does_not_move_the_cursor_into_the_future() -> None:
    records = [*reports(3), {"n": 3, "modified": "9999-12-31T00:00:00Z"}, {"n": 4, "modified": "soon"}, {"n": 5}]
    with running(records) as rms:
        haul = drain(connector(rms, incremental=INCREMENTAL))
    assert numbers(haul) == list(range(6))
    assert haul.batches[-1].checkpoint == {"since": "2024-05-03T09:02:00Z", "field": "modified"}


def test_a_source_that_ignores_the_paging_is_stopped() -> None:
    def always_the_same(handler: Handler) -> None:
        handler.send(page_of({"n": 1}, {"n": 2}))

    for paging in ("offset", "page"):
        with running([], always=always_the_same) as rms:
            batches: list[Any] = []
            with pytest.raises(Stop, match="gives the same page twice"):
                asyncio.run(_collect(connector(rms, paging=paging), batches))
            assert [record.parsed["n"] for batch in batches for record in batch.records] == [1, 2]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("/next?size=4", "names a next page that was read already"),
        ("https://elsewhere.example/next", "names a next page on another origin, https://elsewhere.example:443"),
        (["a list"], "`links.next` on /next page 1 is no URL"),
    ],
)
def test_a_next_url_is_followed_on_the_origin_and_once(named: Any, words: str) -> None:
    whole = {"data": {"items": [{"n": 1}]}, "links": {"next": named}}
    with running([], always=lambda handler: handler.answer(whole)) as rms:
        batches: list[Any] = []
        with pytest.raises(Stop, match=words):
            asyncio.run(_collect(connector(rms, paging="next_url"), batches))
    assert [record.parsed["n"] for batch in batches for record in batch.records] == [1]


async def _collect(source: Any, batches: list[Any]) -> None:
    from schemas.records import NothingKnown

    async for batch in source.read(None, NothingKnown()):
        batches.append(batch)  # noqa: PERF401 - what came before the error is kept


def test_one_bad_record_among_many_is_a_problem_of_its_own() -> None:
    bad = b'{"n":NaN},{"n":4,"n":5},{"n":6,"t":"\\ud800"},7'
    raw = page_of({"n": 1}, "BAD", {"n": 8}).replace(b'"BAD"', bad)
    with running([], faults={1: sent(raw)}) as rms:
        haul = drain(connector(rms, paging="none"))
    good = [record.parsed["n"] for record in haul.records if record.problem is None]
    assert good == [1, 8]
    assert [record.problem.reason for record in haul.records if record.problem] == [
        "a number is not finite",
        "a key stands twice in one object",
        "a text is not valid Unicode",
        "record is not an object",
    ]


def test_errors_inside_a_success_are_errors() -> None:
    trouble = orjson.dumps({"data": None, "success": False, "error": "database"})
    envelope = {"path": "success", "ok": True}
    pauses = Pauses()
    with running(reports(2), faults={1: sent(trouble)}) as rms:
        assert numbers(drain(connector(rms, pauses=pauses, envelope_error=envelope))) == [0, 1]
    assert pauses == [0.5]
    with running([], always=sent(trouble)) as rms:
        with pytest.raises(Retry, match=r"says that it is an error \(`success`\)"):
            drain(connector(rms, envelope_error=envelope))
        with pytest.raises(Stop, match="finds nothing"):
            drain(connector(rms))


@pytest.mark.parametrize("last", [b'{"data":{"items":null}}', b'{"data":null}', b'{"data":{"items":[]}}'])
def test_a_null_page_after_others_is_the_end(last: bytes) -> None:
    with running(reports(4), faults={2: sent(last)}) as rms:
        assert numbers(drain(connector(rms))) == [0, 1, 2, 3]
    with running(reports(4), faults={2: sent(b"", 204)}) as rms:
        assert numbers(drain(connector(rms))) == [0, 1, 2, 3]


def test_a_deletion_flag_marks_the_record_and_its_key() -> None:
    records = [{"id": 7, "n": 1, "deleted": True}, {"id": 8, "n": 2, "deleted": False}, {"n": 3, "deleted": 1}]
    with running(records) as rms:
        haul = drain(connector(rms, deleted={"path": "deleted", "equals": True}, key="id"))
    assert [(record.deleted, record.key) for record in haul.records] == [(True, "7"), (False, None), (False, None)]


def test_a_private_address_is_refused_unless_the_source_allows_it() -> None:
    with running(reports(1)) as rms:
        config: dict[str, Any] = {"url": rms.url.replace("http:", "https:"), "allow_private": False}
        with pytest.raises(Stop, match="is at a loopback, link-local or private address"):
            drain(connector(rms, **config))
        report = asyncio.run(connector(rms, **config).check())
    assert rms.asked == []
    assert [(step.step, step.outcome) for step in report.steps] == [("dns", Outcome.FAIL)]


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with running(reports(1)) as rms:
        assert numbers(drain(connector(rms))) == [0]


def test_a_server_that_dribbles_meets_the_deadline_of_the_request() -> None:
    def dribble(handler: Handler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.close_connection = True
        try:
            while not stop.wait(0.02):
                handler.wfile.write(b" ")
        except OSError:
            pass

    stop = threading.Event()
    with running([], always=dribble) as rms, pytest.raises(Retry, match="no whole answer within"):
        drain(connector(rms, retries=0, request_deadline=0.3, timeout=5))
    stop.set()


def test_a_server_that_says_nothing_meets_the_time_out_of_a_step() -> None:
    stop = threading.Event()

    def silent(handler: Handler) -> None:
        stop.wait(5)
        hang_up(handler)

    with running([], always=silent) as rms:
        with pytest.raises(Retry, match="no answer within `timeout`"):
            drain(connector(rms, retries=0, timeout=0.1))
        stop.set()


def test_a_read_that_takes_too_long_as_a_whole_is_left_for_the_next_run() -> None:
    with running(reports(10)) as rms, pytest.raises(Retry, match="longer than `total_deadline`"):
        drain(connector(rms, total_deadline=1e-9))


@pytest.mark.parametrize("fault", [None, status(401), status(500), redirecting("https://login.example/")])
@pytest.mark.parametrize("auth", ["basic", "bearer", "api_key"])
def test_no_secret_is_seen_in_a_log_an_error_a_checkpoint_or_a_record(
    auth: str, fault: Fault | None, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    with running(reports(6), auth=auth, always=fault) as rms, caplog.at_level(logging.DEBUG):
        source = connector(rms, auth=auth, incremental=INCREMENTAL)
        try:
            told.append(repr(drain(source)))
        except SourceError as error:
            seen: BaseException | None = error
            while seen is not None:
                told.append(repr(seen))
                seen = seen.__cause__ or seen.__context__
        told.append(asyncio.run(source.check()).model_dump_json())
    told.append(caplog.text)
    for secret in (TOKEN, PASSWORD, KEY, *(value for headers in rms.seen_headers for value in _credential(headers))):
        assert secret not in "".join(told)


def _credential(headers: dict[str, str]) -> list[str]:
    return [value.split()[-1] for name, value in headers.items() if name in {"Authorization", "X-Rms-Key"}]


def test_the_check_goes_step_by_step() -> None:
    with running(reports(3), auth="bearer") as rms:
        report = asyncio.run(connector(rms, auth="bearer", incremental=INCREMENTAL).check())
        assert len(rms.asked) == 1
    assert [(step.step, step.outcome.value, step.message) for step in report.steps] == [
        ("dns", "pass", "127.0.0.1 is at 127.0.0.1"),
        ("connect", "pass", "connected"),
        ("auth", "pass", "accepted: env:RMS_TOKEN"),
        ("sample", "pass", "3 records on the first page"),
        ("clock", "pass", "within 10 minutes of ours"),
    ]


@pytest.mark.parametrize(
    ("change", "step", "outcome", "words"),
    [
        ({"records": "data.itms"}, "sample", Outcome.FAIL, "finds nothing"),
        ({"incremental": {**INCREMENTAL, "field": "updated"}}, "sample", Outcome.FAIL, "anything at `updated`"),
        ({"auth": "bearer_unset"}, "auth", Outcome.FAIL, "RMS_UNSET is not set"),
        ({"url": "http://127.0.0.1:1"}, "connect", Outcome.FAIL, "the connection failed"),
    ],
)
def test_the_check_names_the_step_that_failed(change: dict[str, Any], step: str, outcome: Outcome, words: str) -> None:
    if change.get("auth"):
        from tests.integration.rest import support

        support.AUTH["bearer_unset"] = {"kind": "bearer", "token": "env:RMS_UNSET"}
    with running(reports(3)) as rms:
        report = asyncio.run(connector(rms, **change).check())
    found = [seen for seen in report.steps if seen.outcome is outcome]
    assert [seen.step for seen in found] == [step]
    assert words in found[0].message + found[0].hint


@pytest.mark.parametrize(
    ("fault", "step", "words"),
    [
        (sent(page_of()), "sample", "`records` or `parameters` may be wrong"),
        (sent(page_of({"n": 1}, 5)), "sample", "record is not an object"),
        (sent(page_of({"n": 1}), Date=formatdate(1_000_000_000)), "clock", "one of the two clocks is wrong"),
    ],
)
def test_the_check_hints_at_what_is_odd(fault: Fault, step: str, words: str) -> None:
    with running([], always=fault) as rms:
        report = asyncio.run(connector(rms).check())
    [hint] = [seen for seen in report.steps if seen.outcome is Outcome.HINT]
    assert hint.step == step
    assert words in hint.hint


def test_a_next_page_that_repeats_the_credential_of_its_link_keeps_it_out_of_locators() -> None:
    whole = {"data": {"items": [{"n": 1}]}, "links": {"next": "/next?cursor=canary-cursor"}}
    last = {"data": {"items": [{"n": 2}]}, "links": {}}
    faults: dict[int, Callable[[Handler], None]] = {
        1: lambda handler: handler.answer(whole),
        2: lambda handler: handler.answer(last),
    }
    with running([], faults=faults) as rms:
        haul = drain(connector(rms, paging="next_url"))
    assert rms.asked[1]["cursor"] == "canary-cursor"
    assert "canary" not in repr([record.locator for record in haul.records])


def test_a_read_that_is_cancelled_ends_at_once_and_leaves_nothing_open() -> None:
    stop = threading.Event()

    def silent(handler: Handler) -> None:
        stop.wait(5)
        hang_up(handler)

    async def cancelled(source: Any) -> float:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(_collect(source, []))
        await asyncio.sleep(0.1)
        start = loop.time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return loop.time() - start

    with running([], always=silent) as rms:
        assert asyncio.run(cancelled(connector(rms))) < 2
        stop.set()


def test_a_source_that_has_no_cursor_is_read_whole_and_only_changes_come() -> None:
    memory = Memory()
    with running(reports(10)) as rms:
        first = drain(connector(rms), known=memory)
        rms.records[3] = {**rms.records[3], "n": 33}
        again = drain(connector(rms), first.batches[-1].checkpoint, memory)
    assert numbers(again) == [33]
    assert again.unchanged == 9
