"""What WeChat posts, plain and sealed, and what its interfaces answer inside a 200."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from xml.parsers import expat

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from channels.errors import DeliveryError
from channels.wechat.client import Api
from channels.wechat.envelope import SEALED, Seal
from channels.wechat.health import Health
from channels.wechat.media import Media
from channels.wechat.settings import WeChatSettings
from channels.wechat.signature import sign
from channels.wechat.simulator.letters import letter
from channels.wechat.transport import Reply, TooLarge
from channels.wechat.webhook import Webhook
from normalizer.record import Attachment
from tests.clock import SetClock
from tests.fuzz.target import Run, Target
from tests.fuzz.targets.asking import answered, loop, request
from tests.wechat.fakes import DictMemory, RecordingInbox

TOKEN, APP, ACCOUNT, KEY = "token", "wx0000000000000000", "gh_fuzz", "a" * 43
CLOCK = SetClock()
NOW = str(int(CLOCK.now().timestamp()))
MOST_ANSWERED = 8 * 1024
BASE = {"ToUserName": ACCOUNT, "FromUserName": "o123", "CreateTime": NOW}

ITEMS: tuple[Mapping[str, object], ...] = (
    {**BASE, "MsgType": "text", "Content": "我要投诉 ]]> <b>&", "MsgId": "1"},
    {**BASE, "MsgType": "image", "PicUrl": "http://x/", "MediaId": "m1", "MsgId": "2"},
    {**BASE, "MsgType": "voice", "MediaId": "m2", "Format": "amr", "Recognition": "理赔", "MsgId": "3"},
    {**BASE, "MsgType": "location", "Location_X": "31.2", "Location_Y": "121.4", "Label": "上海", "MsgId": "4"},
    {**BASE, "MsgType": "link", "Title": "t", "Description": "d", "Url": "http://x/", "MsgId": "5"},
    {**BASE, "MsgType": "file", "Title": "合同.pdf", "FileMd5": "x", "MsgId": "6"},
    {**BASE, "MsgType": "event", "Event": "CLICK", "EventKey": "COMPLAINT"},
    {**BASE, "MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "7", "Status": "failed:user block"},
    {
        **BASE,
        "MsgType": "event",
        "Event": "subscribe_msg_sent_event",
        "SubscribeMsgSentEvent": {"List": [{"MsgID": "8", "ErrorCode": "0", "ErrorStatus": "success"}] * 2},
    },
)
NAMES = sorted({name for item in ITEMS for name in item} | {"Encrypt", "List", "Ticket", "MsgDataId", "xml"})
WORDS = [
    b"<![CDATA[",
    b"]]>",
    b"<xml>",
    b"</xml>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"&#0;",
    b"&#xD800;",
    b"<?xml version='1.0' encoding='gbk'?>",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<List>",
    b'{"',
    b'":[',
    b"\\ud800",
    b"\\u0000",
    *(f"<{name}>".encode() for name in NAMES),
    *(f"</{name}>".encode() for name in NAMES),
]

texts = st.text(max_size=40) | st.sampled_from(["", "text", "event", "image", "1e999", "\0", "]]>", "&#0;"])
names = st.sampled_from(NAMES) | st.text(min_size=1, max_size=8)
values: SearchStrategy[Any] = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
items: SearchStrategy[dict[str, Any]] = st.builds(
    lambda item, changes: {**item, **changes}, st.sampled_from(ITEMS), st.dictionaries(names, values, max_size=4)
)
as_xml = items.map(lambda item: letter(item).encode("utf-8", "surrogatepass"))
as_json = items.map(lambda item: json.dumps(item).encode())
in_gbk = items.map(lambda item: b'<?xml version="1.0" encoding="gbk"?>' + letter(item).encode("gb18030", "replace"))
letters = as_xml | as_json | in_gbk


def seeds() -> list[bytes]:
    xml = [letter(item).encode() for item in ITEMS]
    gbk = b'<?xml version="1.0" encoding="gb2312"?>' + letter(ITEMS[0]).encode("gb18030")
    return [*xml, gbk, json.dumps(ITEMS[0]).encode(), letter({**ITEMS[0], "Content": "\x01\x0b"}).encode()]


def _settings(aes_key: str = "") -> WeChatSettings:
    return WeChatSettings(app_id=APP, app_secret="s", token=TOKEN, account_id=ACCOUNT, aes_key=aes_key)


class _Posted:
    """The webhook between a WeChat that signs anything and an inbox that records."""

    def __init__(self, settings: WeChatSettings) -> None:
        self.inbox = RecordingInbox()
        self.webhook = Webhook(settings=settings, inbox=self.inbox, clock=CLOCK, health=Health())

    def post(self, on: Any, body: bytes, query: Mapping[str, str], kept: bytes | None) -> None:
        """200 keeps every byte; whatever is no item at all is refused as such; nothing is a mistake of ours."""
        self.inbox.stored.clear()
        self.inbox.answers.clear()
        path = "/in/wechat?" + "&".join(f"{name}={value}" for name, value in query.items())
        status, told = answered(on.run_until_complete(self.webhook.receive(request(path, body, {}, on))))
        assert status in (200, 400, 403, 413), status
        assert len(told) <= MOST_ANSWERED
        if status == 200:
            assert kept is None or self.inbox.only.raw == kept, "what was kept is not what came"
            assert "crashed" not in self.inbox.only.unreadable, self.inbox.only.unreadable
            _check_answer(told)
        else:
            assert not self.inbox.stored


def _check_answer(told: bytes) -> None:
    if told != b"success":
        expat.ParserCreate().Parse(told, True)


@contextmanager
def plain() -> Iterator[Run]:
    posted = _Posted(_settings())
    query = {"timestamp": NOW, "nonce": "1", "signature": sign(TOKEN, NOW, "1")}
    with loop() as on:
        yield lambda data: posted.post(on, data, query, data)


@contextmanager
def sealed() -> Iterator[Run]:
    """The first byte tells what is hostile: the item in the seal, what the seal is made of, or its base64."""
    posted = _Posted(_settings(aes_key=KEY))
    seal = Seal(token=TOKEN, aes_key=KEY, app_id=APP)

    def run(data: bytes) -> None:
        way, content = data[:1], data[1:]
        encrypt = (
            _sealed_in(seal, content) if way < b"a" else _of_parts(seal, content) if way < b"n" else _text(content)
        )
        query = {"timestamp": NOW, "nonce": "1", "msg_signature": sign(TOKEN, NOW, "1", encrypt)}
        body = SEALED.format(encrypt=encrypt, signature="", timestamp=NOW, nonce="1").encode()
        posted.post(on, body, query, content if way < b"a" else None)

    with loop() as on:
        yield run


def _sealed_in(seal: Seal, content: bytes) -> str:
    return _of_parts(seal, b"0" * 16 + struct.pack(">I", len(content)) + content + APP.encode())


def _of_parts(seal: Seal, parts: bytes) -> str:
    return base64.b64encode(seal.cipher.encrypt(PKCS7Encoder.encode(parts))).decode()


def _text(content: bytes) -> str:
    return content.decode("latin-1").translate(dict.fromkeys((*range(32), *range(127, 160), *b"<>&[]")))


@contextmanager
def answers() -> Iterator[Run]:
    """Every interface of ours, fed with the same answer; the first byte says which."""
    with loop() as on:
        yield lambda data: on.run_until_complete(_answered(data))


async def _answered(data: bytes) -> None:
    api = Api(settings=_settings(), memory=DictMemory(), clock=CLOCK, health=Health())
    replies = [Reply(content_type="text/plain", body=data[1:])]

    async def exchange(*_: object, **__: object) -> Reply:
        return replies[-1]

    for transport in (api.transport, api.outside):
        transport.exchange = exchange  # type: ignore[method-assign]  # the wire, cut
    if data[:1] >= b"P":  # a token first, then the answer
        good = Reply(content_type="text/plain", body=b'{"access_token":"t","expires_in":7200}')
        replies.append(good)
        await api.tokens.get()
        replies.pop()
    calls: Mapping[int, Callable[[], Awaitable[object]]] = {
        0: lambda: api.send_text("o1", "您好"),
        1: lambda: api.send_template({"touser": "o1"}),
        2: lambda: Media(api).fetch(Attachment(name="x.amr", media_type="audio/amr", ref="m1")),
    }
    try:
        await calls[data[0] % 3 if data else 0]()
    except (DeliveryError, TooLarge) as error:
        assert len(str(error)) < 500  # noqa: PT017 - a promise about the words, not about the raising


json_values: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
answers_shaped = st.builds(
    lambda way, told: way + json.dumps(told).encode(),
    st.binary(min_size=1, max_size=1),
    st.dictionaries(
        st.sampled_from(["errcode", "errmsg", "access_token", "expires_in", "msgid", "video_url"]) | texts,
        json_values,
        max_size=5,
    ),
)
ANSWERS = [
    b'\x00{"errcode":0,"errmsg":"ok"}',
    b'R{"errcode":40001,"errmsg":"invalid credential"}',
    b'\x00{"access_token":"t","expires_in":7200}',
    b'Q{"errcode":0,"msgid":200228332}',
    b'R{"video_url":"http://x.example/v"}',
    b'R{"errcode":45009}',
]

TARGETS = (
    Target(name="wechat-xml", open=plain, seeds=seeds, shapes=letters, words=WORDS),
    Target(
        name="wechat-sealed",
        open=sealed,
        seeds=lambda: [b"A" + seed for seed in seeds()] + [b"a" + b"0" * 16 + b"\0\0\0\2{}" + APP.encode(), b"zAAAA"],
        shapes=st.builds(lambda way, content: way + content, st.sampled_from([b"A", b"a", b"z"]), letters),
        words=[*WORDS, APP.encode(), b"\0\0\0\xff", b"=="],
    ),
    Target(
        name="wechat-answer",
        open=answers,
        seeds=lambda: ANSWERS,
        shapes=answers_shaped,
        words=[b'"errcode":', b'"expires_in":', b"Infinity", b"1e999", b"-0", b"null", b"[" * 50, b"\\ud800"],
    ),
)
