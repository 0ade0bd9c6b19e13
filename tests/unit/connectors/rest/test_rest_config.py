from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.context import SourceContext
from connectors.rest import RestConfig, RestConnector
from connectors.rest.credentials import header
from schemas.records import BadConfiguration

CANARY = "canary-4b1f"
BASE: dict[str, Any] = {"url": "https://rms.example.gov/api"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"url": "rms.example.gov"}, "must start with https://"),
        ({"url": "ftp://rms.example.gov"}, "must start with https://"),
        ({"url": "https://rms.example.gov:port"}, "cannot be read"),
        ({"url": f"https://me:{CANARY}@rms.example.gov"}, "must hold no user"),
        ({"url": f"https://rms.example.gov?key={CANARY}"}, "must hold no user, query"),
        ({"url": "http://rms.example.gov"}, "must be https"),
        ({"path": "/reports?all=1"}, "`path` is a path below `url`"),
        ({"records": "data.["}, "is no JMESPath expression"),
        ({"auth": {"kind": "bearer", "token": CANARY}}, "a secret must be a reference"),
        ({"auth": {"kind": "basic", "username": "me", "password": CANARY}}, "a secret must be a reference"),
        ({"auth": {"kind": "api_key", "key": CANARY}}, "a secret must be a reference"),
        ({"auth": {"kind": "api_key", "key": "env:KEY", "header": "X Key"}}, "should match pattern"),
        ({"auth": {"kind": "oauth", "token": CANARY}}, "does not match any of the expected tags"),
        ({"parameters": {"api_key": CANARY}}, "`api_key` looks like a credential"),
        ({"headers": {"Authorization": CANARY}}, "`Authorization` looks like a credential"),
        ({"deleted": {"path": "gone"}}, "`deleted` needs `key`"),
        ({"pagination": {"kind": "offset"}, "parameters": {"offset": "3"}}, "`offset` is set twice"),
        (
            {
                "pagination": {"kind": "page", "page_parameter": "since"},
                "incremental": {"parameter": "since", "field": "modified"},
            },
            "`since` is set twice",
        ),
    ],
)
def test_settings_that_leak_or_cannot_work_are_refused_without_repeating_them(
    settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        RestConfig.model_validate({**BASE, **settings})
    assert words in str(caught.value)
    assert CANARY not in str(caught.value)


def test_the_form_for_a_source_describes_every_kind() -> None:
    schema = json.dumps(RestConfig.model_json_schema())
    for kind in ("basic", "bearer", "api_key", "offset", "page", "next_url"):
        assert f'"const": "{kind}"' in schema


@pytest.mark.parametrize("secret", ["", "line\nbreak", "schlüssel"])
def test_a_secret_that_no_header_may_hold_is_named_by_its_reference(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RMS_TOKEN", secret)
    config = RestConfig.model_validate({**BASE, "auth": {"kind": "bearer", "token": "env:RMS_TOKEN"}})
    with pytest.raises(BadConfiguration, match="the secret at env:RMS_TOKEN is empty or has characters"):
        header(config.auth, SourceContext("bureau"))


def test_the_user_of_basic_may_be_a_reference_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMS_USER", "Aladdin")
    monkeypatch.setenv("RMS_PASSWORD", "open sesame")
    auth = {"kind": "basic", "username": "env:RMS_USER", "password": "env:RMS_PASSWORD"}
    config = RestConfig.model_validate({**BASE, "auth": auth})
    # The example of RFC 7617, section 2.
    assert header(config.auth, SourceContext("bureau")) == {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ("none", False, False)),
        ({"incremental": {"parameter": "since", "field": "m"}}, ("cursor", False, False)),
        ({"incremental": {"parameter": "since", "field": "m", "ordered": True}}, ("cursor", True, False)),
        ({"deleted": {"path": "gone"}, "key": "id"}, ("none", False, True)),
    ],
)
def test_what_it_can_do_follows_from_the_settings(settings: dict[str, Any], expected: tuple[Any, ...]) -> None:
    config = RestConfig.model_validate({**BASE, **settings})
    found = RestConnector(config, SourceContext("bureau")).capabilities()
    assert (found.incremental, found.ordered, found.emits_deletes) == expected
