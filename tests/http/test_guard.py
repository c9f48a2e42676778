"""Private addresses are refused in every spelling that reaches a socket."""

from __future__ import annotations

import socket

import pytest

from bot.errors import SourceDown
from bot.http import Http, HttpSettings
from bot.http.guard import RefusedAddress, guarded_socket, refused
from tests.fakes.clock import StepClock
from tests.fakes.web import Site


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.168.0.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:0:80ff:fffe",
        "2001:db8::1",
        "fc00::1",
        "fe80::1%eth0",
        "ff02::1",
        "3fff::1",
    ],
)
def test_private_addresses_are_refused(address: str) -> None:
    assert refused(address)
    with pytest.raises(RefusedAddress):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 80)))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "149.154.167.99", "2001:67c:4e8:f004::9", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"],
)
def test_public_addresses_are_not(address: str) -> None:
    assert not refused(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "①②⑦.⓪.⓪.①", "2130706433", "0x7f000001", "127.1", "[::1]"]
)
async def test_the_guard_stands_at_the_socket(host: str, web: Site, clock: StepClock) -> None:
    port = web.url.rpartition(":")[2]
    async with Http(HttpSettings(), clock=clock) as http:
        with pytest.raises(SourceDown) as caught:
            await http.get(f"http://{host}:{port}/")
    # Some spellings are no names at all for this resolver; none of them reaches the server.
    assert caught.value.state in {"refused_address", "dns", "address"}
    assert web.asked == []


async def test_the_refusal_names_the_setting(web: Site, clock: StepClock) -> None:
    async with Http(HttpSettings(), clock=clock) as http:
        with pytest.raises(SourceDown) as caught:
            await http.get(web.url)
    assert caught.value.state == "refused_address"
    assert "allow_private_networks" in caught.value.remedy


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1.", "127.1", "2130706433", "0x7f.1", "0X7F000001", "0177.0.0.1", "[::1]",
        "[::ffff:7f00:1]", "localhost", "localhost.", "foo.localhost", "Foo.LOCALHOST.",
    ],
)  # fmt: skip
async def test_no_spelling_of_a_private_address_is_handed_to_a_proxy(host: str, web: Site, clock: StepClock) -> None:
    async with Http(HttpSettings(proxy=web.url), clock=clock) as http:
        with pytest.raises(SourceDown) as caught:
            await http.get(f"http://{host}/feed")
    assert (caught.value.state, web.asked) == ("refused_address", [])


@pytest.mark.parametrize("host", ["localhost.example.org", "1.1.1.1", "16843009", "[2001:67c:4e8:f004::9]", "127.org"])
async def test_public_names_go_to_the_proxy(host: str, web: Site, clock: StepClock) -> None:
    web.put("/feed", b"x")
    async with Http(HttpSettings(proxy=web.url), clock=clock) as http:
        assert (await http.get(f"http://{host}/feed")).body == b"x"


async def test_a_redirect_meets_the_guard_too(web: Site, clock: StepClock) -> None:
    """The proxy's own address is the operator's; where it would be sent on to is still looked at."""
    async with Http(HttpSettings(proxy=web.url), clock=clock) as http:
        with pytest.raises(SourceDown) as caught:
            await http.get("http://169.254.169.254/latest/meta-data")
    assert caught.value.state == "refused_address"
    assert web.asked == []
