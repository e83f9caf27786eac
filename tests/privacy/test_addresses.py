"""What somebody else names as an address is called only where it leads to the open Internet, or where we were told."""

from __future__ import annotations

import ast
import re
import socket
from collections.abc import AsyncIterator, Iterator
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from aiohttp.web import Application, Request, Response, json_response
from pydantic import SecretStr
from yarl import URL

from channels.errors import Rejected, Retryable
from channels.open_net import Forbidden, guarded, is_open
from channels.phone.client import Api
from channels.phone.recordings import fetch
from channels.phone.settings import PhoneSettings
from channels.wechat.client import Api as WeChat
from channels.wechat.health import Health
from channels.wechat.media import Media
from channels.wechat.settings import WeChatSettings
from gateway.staff.signin.oidc import Away, Client, Provider
from normalizer.record import Attachment
from tests.clock import SetClock
from tests.wechat.fakes import DictMemory

ROOT = Path(__file__).parents[2]
INSIDE = (
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "fd00::1",
    "0.0.0.0",
)
NAMED = "video.cdn.example"  # a name that means an address of ours


@pytest.fixture
async def inside() -> AsyncIterator[tuple[URL, list[str]]]:
    """A service of the house that answers whoever asks; and what it was asked."""
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(request.path)
        return Response(body=b"\x00\x00\x00\x18ftypmp42secret of the house")

    app = Application()
    app.router.add_get("/{any:.*}", answer)
    async with TestServer(app) as server:
        yield server.make_url("/"), asked


@pytest.fixture
def means_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its owner lets the name mean an address in our house."""
    ask = socket.getaddrinfo

    def answer(host: Any, *args: Any, **more: Any) -> Any:
        return ask("127.0.0.1" if host == NAMED else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_the_house_are_not_the_open_internet(address: str) -> None:
    assert not is_open(ip_address(address))


@pytest.mark.usefixtures("means_ours")
async def test_a_name_that_means_the_house_is_not_called(inside: tuple[URL, list[str]]) -> None:
    url, asked = inside
    async with aiohttp.ClientSession(connector=guarded()) as session:
        with pytest.raises((Forbidden, aiohttp.ClientConnectorError)):
            await session.get(url.with_host(NAMED))
    assert asked == []


@pytest.mark.usefixtures("means_ours")
async def test_a_video_that_is_said_to_lie_in_our_house_is_not_fetched(inside: tuple[URL, list[str]]) -> None:
    url, asked = inside
    settings = WeChatSettings(app_id="wx1", app_secret="s", token="t", api_url="http://127.0.0.1:9")
    api = WeChat(settings=settings, memory=DictMemory(), clock=SetClock(), health=Health())
    media = Media(api)
    with pytest.raises(Rejected):
        media._trusted(str(url))
    with pytest.raises(Retryable):
        await api.load(media._trusted(str(url.with_host(NAMED))))
    await api.aclose()
    assert asked == []


async def test_a_recording_is_fetched_from_twilio_whatever_address_came_with_it(inside: tuple[URL, list[str]]) -> None:
    """Its id is all that is taken from the callback; one that is none is not asked for."""
    url, asked = inside
    settings = PhoneSettings(account_sid="AC1", auth_token="t", number="+85230001234", api_url="http://127.0.0.1:9")
    api = Api(settings)
    for ref in (str(url), "../../../Accounts", f"RE1@{url.host}"):
        with pytest.raises((Rejected, Retryable)):
            await fetch(api, Attachment(name="x.mp3", media_type="audio/mpeg", ref=ref))
    await api.aclose()
    assert asked == []


@pytest.mark.usefixtures("means_ours")
async def test_the_identity_provider_cannot_send_us_into_our_own_house(inside: tuple[URL, list[str]]) -> None:
    url, asked = inside

    async def discovery(request: Request) -> Response:
        issuer = str(request.url.origin())
        away = str(url.with_host(NAMED))
        named = {"authorization_endpoint": "https://x.example/a", "token_endpoint": "https://x.example/t"}
        return json_response({"issuer": issuer, **named, "jwks_uri": away})

    app = Application()
    app.router.add_get("/.well-known/openid-configuration", discovery)
    async with TestServer(app) as server:
        issuer = str(server.make_url("")).rstrip("/")
        provider = Provider(Client(issuer=issuer, client_id="us", client_secret=SecretStr("")), SetClock())
        with pytest.raises(Away):  # http is for this very host
            await provider.begin("https://tousu.example.cn/back")
        with pytest.raises(Away):
            await provider._json("GET", str(url.with_host(NAMED)))
        await provider.aclose()
    assert asked == []


# Every client of ours, as it stands in the code


@cache
def clients() -> tuple[tuple[str, ast.Call], ...]:
    """Each session that is opened, and each request that is made."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted([*ROOT.glob("gateway/**/*.py"), *ROOT.glob("channels/**/*.py")]):
        text = path.read_text("utf-8")
        if (
            "simulator" in path.parts
            or "demo" in path.parts
            or not re.search("ClientSession|session.*\\(|_open\\(", text)
        ):
            continue
        for node in ast.walk(ast.parse(text)) if "aiohttp" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                yield str(path.relative_to(ROOT)), node


def test_no_request_of_ours_follows_where_somebody_sends_it() -> None:
    verbs = {"get", "post", "put", "request"}
    asked = [
        (path, node)
        for path, node in clients()
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in verbs
        and "session" in ast.unparse(node.func.value)
    ]
    asked += [(path, node) for path, node in clients() if "self._open().post" in ast.unparse(node.func)]
    assert len(asked) >= 5
    lax = [path for path, node in asked if "allow_redirects=False" not in ast.unparse(node)]
    assert lax == []


def test_every_client_of_ours_has_an_end_to_its_patience() -> None:
    """Where the session has no time-out of its own, each request has."""
    opened = {path for path, node in clients() if ast.unparse(node.func).endswith("ClientSession")}
    assert len(opened) >= 6
    assert [path for path in opened if "ClientTimeout(total=" not in (ROOT / path).read_text("utf-8")] == []
