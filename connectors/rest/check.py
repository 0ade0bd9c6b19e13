"""The connection test of a REST source: name, connection, credential, one page, clocks."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from connectors.port import CheckReport, CheckStep, Context, Outcome
from connectors.rest.address import addresses
from connectors.rest.answer import Answer, Transient
from connectors.rest.client import Refused, opened
from connectors.rest.config import RestConfig
from connectors.rest.credentials import header, references
from connectors.rest.expression import compiled
from connectors.rest.outside import Outside
from connectors.rest.page import Page, PageReader
from connectors.rest.paging import first_url, pager
from schemas.records import BadConfiguration, Retry, Stop

CLOCK_TOLERANCE = 600.0
"""Seconds by which the clocks may differ before somebody should look."""


async def check(config: RestConfig, context: Context, outside: Outside) -> CheckReport:
    """Try what a read would do, once and without repetition; the first failure ends the steps."""
    steps: list[CheckStep] = []
    try:
        step = "auth"
        header(config.auth, context)
        step = "dns"
        found = await addresses(httpx.URL(config.url), outside, allow_private=config.allow_private)
        steps.append(_passed(step, f"{httpx.URL(config.url).host} is at {', '.join(found)}"))
        step = "connect"
        async with opened(config, context, outside) as client:
            ask = pager(config.pagination).first(first_url(config, _initial(config)))
            answer = await client.get(ask.url, lambda answer: answer, retries=0)
            steps.append(_passed(step, "connected" + (", certificate trusted" if ask.url.scheme == "https" else "")))
            steps.append(_passed("auth", f"accepted: {references(config.auth)}"))
            step = "sample"
            page = PageReader(config).read(answer, first=True)
        steps += _sampled(config, page)
        steps.append(_clocks(answer, outside))
    except Refused as error:
        steps += [_passed("connect", "connected"), _failed("auth", error)]
    except (BadConfiguration, Retry, Stop, Transient) as error:
        steps.append(_failed(step, error))
    return CheckReport(steps=tuple(steps))


def _initial(config: RestConfig) -> str | None:
    return None if config.incremental is None else config.incremental.initial


def _passed(step: str, message: str) -> CheckStep:
    return CheckStep(step=step, outcome=Outcome.PASS, message=message)


def _failed(step: str, error: Exception) -> CheckStep:
    message, _, hint = str(error).partition("; ")
    return CheckStep(step=step, outcome=Outcome.FAIL, message=message, hint=hint)


def _sampled(config: RestConfig, page: Page) -> list[CheckStep]:
    """How many records the first page holds, and whether they have what the settings name."""
    count = len(page.records)
    message = f"{count} records on the first page"
    if not count:
        hint = "that may be true, or `records` or `parameters` may be wrong"
        return [CheckStep(step="sample", outcome=Outcome.HINT, message=message, hint=hint)]
    steps = [_passed("sample", message)]
    if page.problems:
        hint = "they would go to quarantine: " + next(iter(page.problems.values())).reason
        steps[0] = CheckStep(
            step="sample",
            outcome=Outcome.HINT,
            message=f"{message}, {len(page.problems)} of them unreadable",
            hint=hint,
        )
    incremental = config.incremental
    named = {"incremental.field": None if incremental is None else incremental.field, "key": config.key}
    for setting, expression in named.items():
        if expression is not None and all(compiled(expression)(record) is None for record in page.records):
            hint = f"correct `{setting}`; the records have {', '.join(sorted(page.records[0])[:20])}"
            message = f"no record has anything at `{expression}`"
            steps.append(CheckStep(step="sample", outcome=Outcome.FAIL, message=message, hint=hint))
    return steps


def _clocks(answer: Answer, outside: Outside) -> CheckStep:
    """How far the source's clock is from ours; the cursor uses neither."""
    if answer.date is None:
        return _passed("clock", "the source does not say what time it is")
    theirs = answer.date if answer.date.tzinfo is not None else answer.date.replace(tzinfo=UTC)
    apart = (theirs - datetime.fromtimestamp(outside.now(), UTC)).total_seconds()
    if abs(apart) <= CLOCK_TOLERANCE:
        return _passed("clock", f"within {CLOCK_TOLERANCE / 60:.0f} minutes of ours")
    ahead = "ahead of" if apart > 0 else "behind"
    hint = "one of the two clocks is wrong; records are read by the source's own times, so nothing is lost by it"
    return CheckStep(
        step="clock", outcome=Outcome.HINT, message=f"{abs(apart) / 60:.0f} minutes {ahead} ours", hint=hint
    )
