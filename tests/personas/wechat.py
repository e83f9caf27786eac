"""The post of people who write by WeChat: each message is pushed over HTTP, as WeChat pushes it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.phone.simulator import Call
from channels.wechat.simulator.letters import letter
from channels.wechat.simulator.platform import Stored
from channels.wechat.simulator.pusher import Pushed, Pusher
from normalizer.record import Contact, ContactKind
from store.unit import Unit
from store.values import CallRecord, Case
from tests.personas.player import Message
from tests.personas.post import Delivery, Heard, as_told
from tests.personas.stage import Stage

PAUSE = 2.0  # seconds between two messages of one person, unless they say otherwise
QUIET = 30.0  # seconds of silence after which the person gives up

# {MENU:…} of answering.md, as our own menu calls it
KEYS = {"{MENU:complaint}": "COMPLAINT", "{MENU:progress}": "PROGRESS", "{MENU:human}": "HUMAN"}

# Enough of each kind for its true type to show.
HEADS = {
    "image": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
    "voice": (b"#!AMR\n", "audio/amr"),
    "video": (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
}


def fresh_openid() -> str:
    return "o" + secrets.token_urlsafe(20)[:27]


@dataclass(kw_only=True, slots=True)
class WeChatPost:
    """One follower's way to the gateway."""

    stage: Stage
    openid: str = field(default_factory=fresh_openid)
    ids: dict[str, str] = field(default_factory=dict)  # the persona's msg_id: WeChat's
    seen: int = 0  # lines of the chat
    unheard: bool = False
    channel: str = "wechat"

    async def say(self, messages: Sequence[Message]) -> Heard:
        """All that the person sees before the bot is quiet."""
        self._news()
        deliveries: list[Delivery] = []
        texts: list[str] = []
        first_at = None
        for message in messages:
            delivery, reply = await self._send(message)
            first_at = first_at or self.stage.clock.now()
            if reply and delivery.id not in {each.id for each in deliveries if each.id}:  # of a retried one, one counts
                texts.append(reply)
            deliveries.append(delivery)
            await self.stage.work()
            texts += self._news("passive")
        return Heard(first_at=first_at or self.stage.clock.now(), deliveries=deliveries, texts=texts)

    async def listen(self) -> Heard:
        self._news()
        await self.stage.work()
        await self.stage.wait(QUIET)
        await self.stage.work()
        return Heard(first_at=self.stage.clock.now(), texts=self._news())

    async def leave(self) -> None:
        """A chat has no end."""

    @property
    def recordings(self) -> int:
        return 0

    def lines(self) -> Sequence[Call]:
        return ()

    async def cases(self, unit: Unit) -> Sequence[Case]:
        contact = Contact(kind=ContactKind.OPENID, value=self.openid)
        return sorted(await unit.complaints.of_contact(self.channel, contact), key=lambda case: case.id)

    async def calls(self, unit: Unit) -> Sequence[CallRecord]:
        return ()

    def _news(self, *but: str) -> list[str]:
        """What came into the chat since we last looked."""
        chat = self.stage.simulator.person(self.openid).chat
        new, self.seen = chat[self.seen :], len(chat)
        return [line.text for line in new if line.by not in ("person", *but)]

    async def _send(self, message: Message) -> tuple[Delivery, str]:
        """Wait as long as the person does, then deliver one message."""
        told = as_told(message, "text")
        again = str(told.get("msg_id", "")) in self.ids
        await self.stage.wait(float(told.get("delay_s", 5.0 if again else PAUSE)))
        if told.get("forged"):
            return _delivery(message, await self._forge(told), speaks=False, faults=_taken_in), ""
        if told["type"] == "event":
            pushed = await self._event(told)
            return _delivery(message, pushed, speaks=False), pushed.reply
        id = self._id(told)
        pushed = await self._message(told, id)
        return _delivery(message, pushed, id=id), pushed.reply

    def _id(self, told: dict[str, Any]) -> str:
        fresh = str(next(self.stage.simulator.message_ids))
        return self.ids.setdefault(str(told["msg_id"]), fresh) if "msg_id" in told else fresh

    async def _event(self, told: dict[str, Any]) -> Pushed:
        simulator, event = self.stage.simulator, str(told["event"])
        if event == "subscribe":
            return await simulator.follow(self.openid)
        if event == "unsubscribe":
            return await simulator.unfollow(self.openid)
        key = str(told.get("event_key", ""))
        return await simulator.push_event(self.openid, event, EventKey=KEYS.get(key, key))

    async def _message(self, told: dict[str, Any], id: str) -> Pushed:
        kind = str(told["type"])
        push = self.stage.simulator.push_message
        return await push(self.openid, kind, self._fields(kind, told), shown=f"[{kind}]", msg_id=id)

    def _fields(self, kind: str, told: dict[str, Any]) -> dict[str, object]:
        """What WeChat tells of each kind of message."""
        match kind:
            case "text":
                return {"Content": told["content"]}
            case "image":
                return {"PicUrl": "http://mmbiz.qpic.cn/picture", "MediaId": self._upload(kind, told)}
            case "voice":
                heard = told.get("recognition")
                spoken = {} if heard is None else {"Recognition": heard}
                return {"MediaId": self._upload(kind, told), "Format": told.get("format", "amr"), **spoken}
            case "video":
                return {"MediaId": self._upload(kind, told), "ThumbMediaId": "thumb"}
            case "location":
                place = {"Location_X": told.get("x", 31.2304), "Location_Y": told.get("y", 121.4737)}
                return {**place, "Scale": 15, "Label": told.get("label", "上海市黄浦区人民大道")}
            case "link":
                return {
                    "Title": told.get("title", "链接"),
                    "Description": told.get("description", ""),
                    "Url": told["url"],
                }
            case _:  # a file: WeChat gives no MediaId by which to fetch it
                return {"Title": told.get("title", "材料.pdf"), "FileKey": "key", "FileMd5": "0" * 32}

    def _upload(self, kind: str, told: dict[str, Any]) -> str:
        """The person's phone lays the file down with WeChat first."""
        media_id = str(told["media_id"])
        head, content_type = HEADS[kind]
        content = head + hashlib.sha256(media_id.encode()).digest()
        self.stage.simulator.platform.media.setdefault(
            media_id, Stored(content=content, content_type=content_type, at=self.stage.clock.now())
        )
        return media_id

    async def _forge(self, told: dict[str, Any]) -> Pushed:
        """Somebody who does not know the token writes in this person's name."""
        true = self.stage.simulator.pusher
        forger = Pusher(
            app_id=true.app_id,
            token="guessed",
            aes_key=true.aes_key,
            mode=true.mode,
            account_id=true.account_id,
            clock=true.clock,
            cut_off=true.cut_off,
        )
        head = {"ToUserName": true.account_id, "FromUserName": self.openid, "CreateTime": 1}
        xml = letter({**head, "MsgType": "text", "Content": told["content"], "MsgId": "1"})
        try:
            status, body = await forger.deliver(self.stage.simulator.webhook_url, self.openid, xml)
        finally:
            await forger.aclose()
        return Pushed(statuses=(status,), bodies=(body,))


def _delivery(
    message: Message,
    pushed: Pushed,
    *,
    id: str = "",
    speaks: bool = True,
    faults: Callable[[Pushed], Iterator[str]] | None = None,
) -> Delivery:
    found = tuple((faults or _unanswered)(pushed))
    return Delivery(message=message, id=id, bodies=pushed.bodies, speaks=speaks, faults=found)


def _unanswered(pushed: Pushed) -> Iterator[str]:
    if pushed.statuses != (200,):
        yield f"WeChat was answered with HTTP {pushed.statuses} (0: after five seconds)"
    if pushed.broken:
        yield "the reply is not one that WeChat can read"


def _taken_in(pushed: Pushed) -> Iterator[str]:
    if pushed.statuses[-1] != 403:
        yield f"a forged item was answered with HTTP {pushed.statuses[-1]}"
