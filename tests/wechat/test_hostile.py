"""Whatever is posted: 200, 400, 403 or 413; never a 500, never stored unless WeChat signed it."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.wechat import WeChatChannel, WeChatSettings
from channels.wechat.keys import key_of
from channels.wechat.markup import Malformed, read_fields
from channels.wechat.parse import understand
from channels.wechat.simulator.pusher import Pusher
from channels.wechat.webhook import Pace
from tests.clock import MONDAY_MORNING, SetClock
from tests.wechat.conftest import Builder, House
from tests.wechat.fakes import DictMemory, RecordingInbox

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><xml><Content>&lol3;</Content></xml>"""
EXTERNAL = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>'
OUTSIDE = b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><xml><Content>a</Content></xml>'
DEEP = b"<xml>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</xml>"
MANY = b"<xml>" + b"<a/>" * 10_000 + b"</xml>"
DEEP_JSON = b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"


@pytest.mark.parametrize(
    "body", [LAUGHS, EXTERNAL, OUTSIDE, DEEP, MANY, DEEP_JSON, b"", b"{}", b"{", b"\xff\xfe", b"<xml>"]
)
async def test_hostile_envelopes_are_refused_at_once(house: House, body: bytes) -> None:
    query, _ = house.simulator.pusher.pack("oP", "<xml/>")
    start = time.perf_counter()
    async with house.web.post(f"{house.url}?{urlencode(query)}", data=body) as response:
        assert response.status == 400
        assert len(await response.read()) < 50
    assert time.perf_counter() - start < 0.5
    assert not house.inbox.stored


@pytest.mark.parametrize("inner", [LAUGHS, EXTERNAL, OUTSIDE, DEEP, MANY])
async def test_hostile_letters_under_a_good_seal_are_kept_unread(house: House, inner: bytes) -> None:
    status, body = await house.simulator.pusher.deliver(house.url, "oP", inner.decode())
    assert status == (413 if len(inner) > 45_000 else 200)
    if status == 200:
        assert body == b"success"
        assert house.inbox.only.unreadable
        assert house.inbox.only.raw == inner


async def test_a_body_above_the_limit_is_refused_before_it_is_parsed(house: House) -> None:
    query, _ = house.simulator.pusher.pack("oP", "<xml/>")
    url = f"{house.url}?{urlencode(query)}"
    async with house.web.post(url, data=b"x" * (64 * 1024 + 1)) as response:
        assert response.status == 413
    bomb = gzip.compress(b"\0" * 10_000_000)
    assert len(bomb) < 64 * 1024
    async with house.web.post(url, data=bomb, headers={"Content-Encoding": "gzip"}) as response:
        assert response.status == 413
    async with house.web.post(url, data=b"no gzip", headers={"Content-Encoding": "gzip"}) as response:
        assert response.status == 400


async def test_a_body_that_never_ends_is_not_waited_for(build: Builder) -> None:
    house = await build(pace=Pace(read=0.1))
    query, _ = house.simulator.pusher.pack("oP", "<xml/>")

    async def drip() -> AsyncIterator[bytes]:
        yield b"<xml>"
        await gate.wait()

    gate = asyncio.Event()
    async with house.web.post(f"{house.url}?{urlencode(query)}", data=drip()) as response:
        assert response.status == 408
    gate.set()


@pytest.mark.parametrize("encoding", ["gb2312", "GBK", "gb18030", "utf-8", "UTF-8", "latin-1"])
def test_a_prolog_may_name_a_chinese_encoding_and_may_lie(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><xml><Content>理赔太慢</Content></xml>'
    assert read_fields(xml.encode()) == {"Content": "理赔太慢"}  # UTF-8 whatever it says
    if encoding.lower().startswith("gb"):
        assert read_fields(xml.encode("gb18030")) == {"Content": "理赔太慢"}
    assert read_fields(b"\xef\xbb\xbf  " + xml.encode()) == {"Content": "理赔太慢"}


def test_bytes_of_no_encoding_are_malformed() -> None:
    with pytest.raises(Malformed):
        read_fields(b"<xml><Content>\xc0\xed</Content></xml>")


def test_repeated_fields_become_lists_never_a_guess() -> None:
    assert read_fields(b"<xml><A>1</A><A>2</A><A/></xml>") == {"A": ["1", "2", ""]}
    assert read_fields(b'{"A":1,"A":[2,3]}') == {"A": ["1", ["2", "3"]]}


def test_json_holds_nothing_that_a_database_refuses() -> None:
    fields = read_fields(json.dumps({"MsgType": "text", "Content": "a\0b\ud800c", "N": None, "B": True}).encode())
    assert fields == {"MsgType": "text", "Content": "ab?c", "N": "", "B": "True"}


NAMES = st.sampled_from(
    ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "Event", "EventKey", "MediaId", "List"]
)
KINDS = st.sampled_from(["text", "image", "voice", "event", "location", "link", "file", "TEXT", "x", ""])
WORDS = st.one_of(st.text(max_size=40), KINDS)
FIELDS = st.lists(st.tuples(NAMES, WORDS), max_size=8)


@given(FIELDS)
@settings(max_examples=100, deadline=None)
def test_whatever_the_fields_hold_it_is_understood_or_malformed(pairs: list[tuple[str, str]]) -> None:
    raw = "".join(["<xml>", *(f"<{name}>{_escaped(text)}</{name}>" for name, text in pairs), "</xml>"])
    try:
        body = raw.encode()
        fields = read_fields(body)
        submission = understand(fields, raw=body, key=key_of(fields, body), received_at=MONDAY_MORNING)
    except (Malformed, UnicodeEncodeError):
        return
    assert submission.raw == body
    assert len(submission.key) < 80


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_malformed(body: bytes) -> None:
    for wrapped in (body, b"<xml>" + body + b"</xml>", b'{"a":"' + body + b'"}'):
        try:
            assert isinstance(read_fields(wrapped), dict)
        except Malformed:
            continue


BODIES = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    FIELDS.map(
        lambda pairs: "".join(["<xml>", *(f"<{n}>{_escaped(t)}</{n}>" for n, t in pairs), "</xml>"]).encode(
            "utf-8", "replace"
        )
    ),
    FIELDS.map(lambda pairs: json.dumps(dict(pairs)).encode()),
)


@given(
    bodies=st.lists(BODIES, min_size=20, max_size=20), sealed=st.booleans(), safe=st.booleans(), proven=st.booleans()
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
async def test_no_body_makes_the_webhook_stumble(bodies: list[bytes], sealed: bool, safe: bool, proven: bool) -> None:
    key = "TousuSimulatorKeyForTestsAndDemo00000000000"
    clock = SetClock()
    pusher = Pusher(app_id="wx", token="t", aes_key=key, mode="safe", account_id="gh", clock=clock, cut_off=1)
    wechat = WeChatSettings(app_id="wx", app_secret="s", token="t", aes_key=key if safe else "", account_id="gh")
    channel = WeChatChannel(settings=wechat, memory=DictMemory(), clock=clock)
    app = web.Application()
    inbox = RecordingInbox()
    for route in channel.routes(inbox):
        app.router.add_route(route.method, "/in/wechat", route.handler)
    async with TestClient(TestServer(app)) as client:
        for body in bodies:
            query, packed = pusher.pack("oP", body.decode("utf-8", "replace"))
            if not proven:
                query["msg_signature"] = query["signature"] = "0" * 40
            async with client.post("/in/wechat", params=query, data=packed if sealed else body) as response:
                assert response.status in (200, 400, 403, 413)
        assert proven or not inbox.stored
    await channel.aclose()


async def test_a_letter_that_our_own_parser_stumbles_over_is_kept_unread(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("channels.wechat.webhook.understand", stumble)
    monkeypatch.setattr("channels.wechat.webhook.reports_of", stumble)
    status, _ = await house.simulator.pusher.deliver(
        house.url, "oP", "<xml><FromUserName>oP</FromUserName><MsgType>text</MsgType><MsgId>1</MsgId></xml>"
    )
    assert status == 200
    assert house.inbox.only.unreadable == "crashed: RecursionError"
