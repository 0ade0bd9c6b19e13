from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from connectors.context import SourceContext
from connectors.rest import RestConfig, RestConnector
from connectors.rest.address import is_public
from connectors.rest.outside import Outside, resolve
from schemas.records import BadConfiguration, Retry, Stop
from tests.contract.connectors.suite import drain

PUBLIC = "93.184.215.14"


class World:
    """Names, pauses and time as the test states them."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses) or [PUBLIC]
        self.pauses: list[float] = []
        self.time = 1_000_000_000.0
        self.resolved: list[tuple[str, int]] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append((host, port))
        if self.addresses == ["nowhere"]:
            raise OSError(-2, "Name or service not known")
        return [] if self.addresses == ["nothing"] else self.addresses

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds

    def outside(self) -> Outside:
        return Outside(sleep=self.sleep, now=lambda: self.time, chance=lambda: 0.0, resolve=self.resolve)


def connector(world: World, base: str = ".", **settings: Any) -> RestConnector:
    config = RestConfig.model_validate({"url": "https://rms.example.gov:8443/api", "path": "reports", **settings})
    return RestConnector(config, SourceContext("bureau", base), world.outside())


@respx.mock
def test_the_address_that_was_checked_is_the_one_that_is_asked() -> None:
    world = World(PUBLIC)
    route = respx.get(f"https://{PUBLIC}:8443/api/reports").respond(json=[{"n": 1}])
    drain(connector(world))
    request = route.calls.last.request
    assert request.headers["host"] == "rms.example.gov:8443"
    assert request.extensions["sni_hostname"] == "rms.example.gov"
    assert world.resolved == [("rms.example.gov", 8443)]


@respx.mock
def test_when_an_address_does_not_answer_the_next_one_is_asked() -> None:
    world = World(PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    respx.get(host=PUBLIC).mock(side_effect=httpx.ConnectError("refused"))
    respx.get(host="2606:2800:21f:cb07:6820:80da:af6b:8b2c").respond(json=[{"n": 1}])
    assert len(drain(connector(world)).records) == 1
    assert world.pauses == [0.25]


@respx.mock
def test_pauses_grow_and_are_spread() -> None:
    world = World()
    respx.get(host=PUBLIC).respond(500)
    with pytest.raises(Retry):
        drain(connector(world, retries=9))
    assert world.pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


@respx.mock
def test_repetition_ends_with_the_time_of_the_read() -> None:
    world = World()
    respx.get(host=PUBLIC).respond(500)
    with pytest.raises(Retry, match="longer than `total_deadline` \\(10 s\\)"):
        drain(connector(world, retries=20, total_deadline=10))


@respx.mock
@pytest.mark.parametrize("header", ["in a while", "Sun, 99 Foo 2001", "-5"])
def test_a_retry_after_that_cannot_be_read_is_none(header: str) -> None:
    world = World()
    respx.get(host=PUBLIC).mock(
        side_effect=[httpx.Response(429, headers={"Retry-After": header}), httpx.Response(200, json=[])]
    )
    drain(connector(world))
    assert world.pauses == [0.25]


@respx.mock
@pytest.mark.parametrize(
    ("dates", "pause"),
    [
        ({"Retry-After": "Sun, 09 Sep 2001 01:46:45 GMT"}, 5.0),  # 1,000,000,005 seconds, by our own clock
        ({"Retry-After": "Sun, 09 Sep 2001 01:46:00 GMT"}, 0.25),  # gone by
        ({"Retry-After": "Sun, 09 Sep 2001 01:46:45 GMT", "Date": "Sun, 09 Sep 2001 01:46:40 -0000"}, 0.25),
    ],
)
def test_a_retry_after_date_without_the_sources_clock_is_taken_against_ours(
    dates: dict[str, str], pause: float
) -> None:
    world = World()
    respx.get(host=PUBLIC).mock(side_effect=[httpx.Response(503, headers=dates), httpx.Response(200, json=[])])
    drain(connector(world))
    assert world.pauses == [pause]


@respx.mock
def test_a_length_that_is_not_the_bodys_means_that_it_was_cut_short() -> None:
    world = World()
    respx.get(host=PUBLIC).mock(
        side_effect=[httpx.Response(200, content=b"[]", headers={"Content-Length": "9"}), httpx.Response(200, json=[])]
    )
    drain(connector(world))
    assert world.pauses == [0.25]


@respx.mock
def test_a_redirect_to_no_url_is_not_repeated_in_words() -> None:
    respx.get(host=PUBLIC).respond(302, headers={"Location": "https://rms.example.gov:canary/"})
    with pytest.raises(Retry, match=r"the connection failed \(RemoteProtocolError\)") as caught:
        drain(connector(World()))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("addresses", "error", "words"),
    [
        (["127.0.0.1"], Stop, "loopback, link-local or private"),
        ([PUBLIC, "10.0.0.7"], Stop, "loopback, link-local or private"),
        (["nowhere"], Retry, "the name rms.example.gov cannot be resolved"),
        (["nothing"], Retry, "has no address"),
    ],
)
def test_a_name_that_leads_inside_or_nowhere_is_not_asked(
    addresses: list[str], error: type[Exception], words: str
) -> None:
    with respx.mock, pytest.raises(error, match=words):
        drain(connector(World(*addresses)))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",  # noqa: S104 - to be refused
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:db8::1"],
)  # fmt: skip
def test_an_inner_address_is_told_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"])
def test_an_outer_address_is_public(address: str) -> None:
    assert is_public(address)


def test_names_are_resolved_by_the_system() -> None:
    assert "127.0.0.1" in asyncio.run(resolve("localhost", 80)) + asyncio.run(resolve("127.0.0.1", 80))


def test_a_file_of_certificates_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nonsense")
    for name in ("ca.pem", "nowhere.pem"):
        with pytest.raises(BadConfiguration, match=f"`ca_file` {name} cannot be read as PEM"):
            drain(connector(World(), str(tmp_path), ca_file=name))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")
def test_the_certificate_must_be_trusted_and_be_the_hosts(tmp_path: Path) -> None:
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem"
    subject = ["-out", "cert.pem", "-subj", "/CN=rms.test", "-addext", "subjectAltName=DNS:rms.test"]
    subprocess.run([*make.split(), *subject], cwd=tmp_path, check=True, capture_output=True)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n[{"n":1}]')
        await writer.drain()
        writer.close()

    async def read(host: str, ca_file: str | None) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        async with server:
            port = server.sockets[0].getsockname()[1]
            url = f"https://{host}:{port}"
            source = connector(
                World("127.0.0.1"), str(tmp_path), url=url, ca_file=ca_file, allow_private=True, retries=1
            )
            from schemas.records import NothingKnown

            count = 0
            async for batch in source.read(None, NothingKnown()):
                count += len(batch.records)
            return count

    assert asyncio.run(read("rms.test", "cert.pem")) == 1
    for host, ca_file in (("rms.test", None), ("other.test", "cert.pem")):
        with pytest.raises(Stop, match="certificate is not trusted"):
            asyncio.run(read(host, ca_file))
