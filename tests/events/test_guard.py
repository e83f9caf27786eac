"""Whoever may type an address must not reach into our own network by it."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Outbound, OutboundKind
from channels.errors import Retryable
from gateway.events.guard import BadUrl, Guard
from gateway.events.keeping import Endpoints, UnknownEvents, Wish
from gateway.events.sending import EndpointSender
from normalizer.record import NOBODY
from tests.events.conftest import ADMIN, Exchange
from tests.store.things import NOW

STRICT = Guard()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://crm.example.cn/hook", "https_only"),
        ("ftp://crm.example.cn", "https_only"),
        ("https:///hook", "no_host"),
        ("https://crm.example.cn:port/", "no_host"),
        ("https://user:secret@crm.example.cn/", "has_user"),
        ("https://10.1.2.3/hook", "forbidden_address"),
        ("https://169.254.169.254/latest/meta-data", "forbidden_address"),
        ("https://[::1]/", "forbidden_address"),
        ("https://[::ffff:192.168.0.1]/", "forbidden_address"),
        ("https://[64:ff9b::a00:1]/", "forbidden_address"),
        ("http://127.0.0.1/", "forbidden_address"),
        ("https://crm.example.cn/" + "x" * 500, "too_long"),
        ("https://crm.example.cn/\n", "no_host"),
    ],
)
def test_an_address_that_is_none_is_not_kept(url: str, why: str) -> None:
    with pytest.raises(BadUrl, match=why):
        STRICT.check(url)


def test_networks_of_ours_may_be_named() -> None:
    guard = Guard.of("10.20.0.0/16, 127.0.0.0/8")
    assert guard.check("https://10.20.3.4/hook") == "https://10.20.3.4/hook"
    assert guard.check("http://127.0.0.1:9000/") == "http://127.0.0.1:9000/"
    with pytest.raises(BadUrl):
        guard.check("https://10.21.0.1/")


@given(st.ip_addresses())
def test_only_the_open_internet_is_reached(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if STRICT.may_reach(address):
        assert address.is_global
        assert not any((address.is_private, address.is_loopback, address.is_link_local, address.is_multicast))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_a_name_that_leads_inside_is_not_called(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside:
        port = inside.getsockname()[1]
        async with ClientSession(connector=STRICT.connector()) as session:
            with pytest.raises(OSError, match=r"not allowed|Cannot connect"):
                await session.post(f"http://{host}:{port}/")
        inside.setblocking(False)
        with pytest.raises(BlockingIOError):
            inside.accept()


async def test_an_event_for_an_address_inside_does_not_leave(exchange: Exchange) -> None:
    """The name was fine when it was typed; at the time of the call it leads to us."""
    receiver, endpoint = await exchange.receiver()
    sender = EndpointSender(exchange.store, exchange.clock, _Trusting())
    event = Outbound(
        id="p", channel="webhook", to=NOBODY, text="{}", kind=OutboundKind.NOTICE, created_at=NOW,
        context={"endpoint": endpoint.id, "event": "0" * 32},
    )  # fmt: skip
    with pytest.raises(Retryable, match="not allowed"):
        await sender.send(event)
    await sender.aclose()
    assert receiver.calls == []


class _Trusting(Guard):
    """Sees nothing wrong with the URL."""

    def check(self, url: str) -> str:
        return url


async def test_an_admin_cannot_keep_what_the_guard_refuses(exchange: Exchange) -> None:
    keeping = Endpoints(exchange.house, STRICT, exchange.subscribers)
    with pytest.raises(BadUrl):
        await keeping.add(Wish(url="https://10.0.0.1/"), ADMIN)
    with pytest.raises(UnknownEvents):
        await keeping.add(Wish(url="https://crm.example.cn/", events=frozenset({"all"})), ADMIN)
    assert await keeping.all() == []
