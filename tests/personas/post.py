"""How a persona's messages reach the gateway: each through WeChat, over HTTP."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from channels.wechat.simulator.letters import letter
from channels.wechat.simulator.platform import Stored
from channels.wechat.simulator.pusher import Pushed, Pusher
from tests.personas.player import Message
from tests.personas.stage import Stage

PAUSE = 2.0  # seconds between two messages of one person, unless they say otherwise

# {MENU:…} of answering.md, as our own menu calls it
KEYS = {"{MENU:complaint}": "COMPLAINT", "{MENU:progress}": "PROGRESS", "{MENU:human}": "HUMAN"}

# Enough of each kind for its true type to show.
HEADS = {
    "image": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
    "voice": (b"#!AMR\n", "audio/amr"),
    "video": (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message as it was pushed, and what came back."""

    message: Message
    id: str  # the MsgId; the same for all deliveries of one message, empty for an event
    pushed: Pushed
    forged: bool = False

    @property
    def is_event(self) -> bool:
        return isinstance(self.message, dict) and self.message.get("type") == "event"


@dataclass(kw_only=True, slots=True)
class Post:
    """One person's way to the gateway."""

    stage: Stage
    openid: str
    ids: dict[str, str] = field(default_factory=dict)  # the persona's msg_id: WeChat's

    async def send(self, message: Message) -> Delivery:
        """Wait as long as the person does, then deliver one message."""
        told: dict[str, Any] = {"type": "text", "content": message} if isinstance(message, str) else message
        again = str(told.get("msg_id", "")) in self.ids
        await self.stage.wait(float(told.get("delay_s", 5.0 if again else PAUSE)))
        if told.get("forged"):
            return Delivery(message=message, id="", pushed=await self._forge(told), forged=True)
        if told["type"] == "event":
            return Delivery(message=message, id="", pushed=await self._event(told))
        id = self._id(told)
        return Delivery(message=message, id=id, pushed=await self._message(told, id))

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
