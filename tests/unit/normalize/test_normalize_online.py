"""E-mail, web addresses, handles and services: one spelling each, so that they can be pivots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize import Unreadable, bind
from mapping.normalize.account import read_profile
from mapping.normalize.services import BY_ALIAS, SERVICES


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Jane.Roe@Example.COM", "jane.roe@example.com"),
        ("Jane Roe <jane@example.org>", "jane@example.org"),
        ("mailto:jane@example.org", "jane@example.org"),
        ("<jane@example.org>;", "jane@example.org"),
        ("jane+ads@mail.example.co.uk", "jane+ads@mail.example.co.uk"),
        ("a@xn--d1acufc.xn--p1ai", "a@xn--d1acufc.xn--p1ai"),
        ("none@none.com", None),
        ("NOEMAIL@noemail.com", None),
    ],
)
def test_an_address_in_small_letters(raw: str, value: str | None) -> None:
    assert bind("email")(raw) == value


@pytest.mark.parametrize(
    "raw", ["test@localhost", "jane", "a..b@c.com", ".a@c.com", "a@b@c.com", "a b@c.com", "a@-c.com", "@c.com",
            f"{'x' * 65}@example.com", f"a@{'x' * 250}.com", "a@b.c"]
)  # fmt: skip
def test_what_no_mail_server_could_receive_is_unreadable(raw: str) -> None:
    with pytest.raises(Unreadable, match="e-mail"):
        bind("email")(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("HTTP://WWW.Example.COM:80/Ad/1?b=1#top", "http://www.example.com/Ad/1?b=1"),
        ("example.com", "https://example.com/"),
        ("www.example.com/x/", "https://www.example.com/x/"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com:8443/x", "https://example.com:8443/x"),
        ("https://user:secret@example.com/", "https://example.com/"),
        ("https://example.com/x?utm_source=a&id=7&fbclid=zz", "https://example.com/x?id=7"),
        ("https://example.com/x?utm_source=a", "https://example.com/x"),
        ("https://example.com/x?", "https://example.com/x"),
        ("hxxps://bad[.]example/x", "https://bad.example/x"),
        ("<https://example.com/x>", "https://example.com/x"),
        ("http://203.0.113.7/x", "http://203.0.113.7/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("EXAMPLE.COM./x", "https://example.com/x"),
        ("UNKNOWN", None),
    ],
)
def test_a_web_address_in_its_canonical_form(raw: str, value: str | None) -> None:
    assert bind("url")(raw) == value


@pytest.mark.parametrize(
    "raw", ["report", "mailto:a@b.example", "javascript:alert(1)", "203.0.113.7", "http://localhost/x", "a b.com",
    "750.448",
            "http://example.com:99999/", "https://-x.example/", "http://" + "x" * 2100 + ".com",
            f"http://{'x.' * 130}com"]
)  # fmt: skip
def test_what_is_no_web_address_is_unreadable(raw: str) -> None:
    with pytest.raises(Unreadable, match="web address"):
        bind("url")(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("@Lil_Red", "lil_red"),
        ("Lil.Red ", "lil.red"),
        ("https://www.instagram.com/Lil.Red/?hl=en", "lil.red"),
        ("tiktok.com/@lil_red", "lil_red"),
        ("https://t.me/lilred", "lilred"),
        ("$JaneR", "$janer"),
        ("user#1234", "user#1234"),
        ("live:jane.roe", "live:jane.roe"),
        ("+13135550123", "+13135550123"),
        ("N/A", None),
    ],
)
def test_a_handle_without_its_at(raw: str, value: str | None) -> None:
    assert bind("handle")(raw) == value


@pytest.mark.parametrize("raw", ["Jane Roe", "@", "x" * 65, "a/b", "!!"])
def test_a_display_name_is_no_handle(raw: str) -> None:
    with pytest.raises(Unreadable, match="not a handle"):
        bind("handle")(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("IG", "instagram"), ("Insta", "instagram"), ("instagram.com", "instagram"), ("Snap Chat", "snapchat"),
        ("https://www.facebook.com/", "facebook"), ("Twitter", "x"), ("Cash App", "cashapp"), ("CashApp", "cashapp"),
        ("Venmo", "venmo"), ("OnlyFans", "onlyfans"), ("Some New App", "some new app"), ("unknown", None),
    ],
)  # fmt: skip
def test_a_service_has_one_name(raw: str, value: str | None) -> None:
    assert bind("service")(raw) == value


def test_no_two_services_share_an_alias() -> None:
    aliases = [alias for service in SERVICES for alias in {service.name, *service.aliases, *service.domains}]
    assert len(aliases) == len(set(aliases)) == len(BY_ALIAS)


def test_a_page_of_a_service_is_no_profile() -> None:
    assert read_profile("https://instagram.com/p/Cabc123") is None
    assert read_profile("https://instagram.com/explore") is None
    assert read_profile("https://example.com/jane") is None
    found = read_profile("snapchat.com/add/Lil-Red")
    assert found is not None
    assert (found[0].name, found[1]) == ("snapchat", "lil-red")


@given(st.text(max_size=30), st.sampled_from(["https://example.com/", "example.com/", "HTTP://EXAMPLE.COM:80/a?", "@"]))
def test_a_canonical_form_is_canonical(tail: str, head: str) -> None:
    for name in ("url", "email", "handle", "service"):
        normalize = bind(name)
        for raw in (head + tail, tail, tail + "@example.com"):
            try:
                value = normalize(raw)
            except Unreadable:
                continue
            assert value is None or normalize(value) == value, name
