"""The simulator as a whole: a platform to call, people who write, and the pushing in between."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from channels.base import Clock
from channels.wechat.settings import TemplateFields, WeChatSettings
from channels.wechat.simulator.faults import WAYS, Fault
from channels.wechat.simulator.letters import letter
from channels.wechat.simulator.people import BUSY, Line, Person
from channels.wechat.simulator.platform import Platform, Stored
from channels.wechat.simulator.pusher import Pushed, Pusher

AES_KEY = "TousuSimulatorKeyForTestsAndDemo00000000000"
TEMPLATE = "TemplateOfTheSimulator"
SUBSCRIPTION = "SubscriptionOfTheSimulator"

# What opens the short window: only these.
GESTURES = frozenset({"subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg"})
# Nobody looks at the chat when these are delivered.
UNSEEN = frozenset({"unsubscribe", "LOCATION", "VIEW", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH"})


class WeChatSimulator:
    """``await start()``, point the channel at ``settings()``, set ``webhook_url``, then let people write."""

    def __init__(
        self,
        *,
        clock: Clock,
        app_id: str = "wxsimulator000001",
        app_secret: str = "simulated-app-secret",
        token: str = "simulatedtoken",
        aes_key: str = AES_KEY,
        account_id: str = "gh_simulator",
        mode: str = "safe",
        cut_off: float = 5.0,
    ) -> None:
        self.clock = clock
        self.people: dict[str, Person] = {}
        self.platform = Platform(world=self, app_id=app_id, app_secret=app_secret)
        self.platform.templates = {TEMPLATE: _names(TemplateFields()), SUBSCRIPTION: _names(TemplateFields())}
        self.pusher = Pusher(
            app_id=app_id,
            token=token,
            aes_key=aes_key,
            mode=mode,
            account_id=account_id,
            clock=clock,
            cut_off=cut_off,
        )
        self.webhook_url = ""
        self.message_ids = itertools.count(23_000_000_000_000_001)
        self.created: dict[str, int] = {}  # CreateTime by MsgId: the same in every delivery
        self.pushing: set[asyncio.Task[Pushed]] = set()
        self.runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; the base address."""
        self.runner = web.AppRunner(self.platform.app(), shutdown_timeout=1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", port)
        await site.start()
        self.platform.base_url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return self.platform.base_url

    async def aclose(self) -> None:
        self.platform.faults.closing.set()
        for task in self.pushing:
            task.cancel()
        await asyncio.gather(*self.pushing, return_exceptions=True)
        await self.pusher.aclose()
        if self.runner is not None:
            await self.runner.cleanup()

    def settings(self, **changes: Any) -> WeChatSettings:
        """What an operator of this account would set."""
        ours: dict[str, Any] = {
            "app_id": self.platform.app_id,
            "app_secret": self.platform.app_secret,
            "token": self.pusher.token,
            "aes_key": "" if self.pusher.mode == "plain" else self.pusher.aes_key,
            "account_id": self.pusher.account_id,
            "api_url": self.platform.base_url,
            "template_id": TEMPLATE,
            "subscription_template_id": SUBSCRIPTION,
        }
        return WeChatSettings(**(ours | changes))

    # -- people ------------------------------------------------------------------------------------------------------

    def person(self, openid: str = "") -> Person:
        """Somebody who follows the account; a new one without an openid."""
        openid = openid or "o" + secrets.token_urlsafe(20)[:27]
        return self.people.setdefault(openid, Person(openid=openid))

    def chat_of(self, openid: str) -> list[Line]:
        """What this person sees in the chat, from the top."""
        return self.person(openid).chat

    def upload_media(self, content: bytes, content_type: str = "image/jpeg", *, video: bool = False) -> str:
        """What a person's phone does with a picture; the media_id, good for three days."""
        media_id = secrets.token_urlsafe(48)
        self.platform.media[media_id] = Stored(
            content=content, content_type=content_type, at=self.clock.now(), video=video
        )
        return media_id

    def grant(self, openid: str, template_id: str = SUBSCRIPTION) -> None:
        """The person agrees to one subscription notice."""
        self.person(openid).grants[template_id] += 1

    def inject(self, fault: Fault) -> None:
        (self.pusher if fault.endpoint in WAYS else self.platform).faults.order(fault)

    def calls(self, endpoint: str) -> int:
        """How often an interface was called."""
        return sum(1 for call in self.platform.calls if call.endpoint == endpoint)

    # -- what they do ------------------------------------------------------------------------------------------------

    async def push_text(self, openid: str, content: str, msg_id: str | None = None) -> Pushed:
        return await self.push_message(openid, "text", {"Content": content}, shown=content, msg_id=msg_id)

    async def push_image(self, openid: str, media_id: str, msg_id: str | None = None) -> Pushed:
        fields = {"PicUrl": "http://mmbiz.qpic.cn/picture", "MediaId": media_id}
        return await self.push_message(openid, "image", fields, shown="[图片]", msg_id=msg_id)

    async def push_voice(
        self, openid: str, media_id: str, recognition: str | None = None, msg_id: str | None = None
    ) -> Pushed:
        fields = {"MediaId": media_id, "Format": "amr", "MediaId16K": f"{media_id}-16k"}
        if recognition is not None:
            fields["Recognition"] = recognition
        return await self.push_message(openid, "voice", fields, shown="[语音]", msg_id=msg_id)

    async def push_video(self, openid: str, media_id: str, *, short: bool = False, msg_id: str | None = None) -> Pushed:
        kind = "shortvideo" if short else "video"
        fields = {"MediaId": media_id, "ThumbMediaId": "thumb"}
        return await self.push_message(openid, kind, fields, shown="[视频]", msg_id=msg_id)

    async def push_location(self, openid: str, label: str, x: float, y: float, msg_id: str | None = None) -> Pushed:
        fields = {"Location_X": x, "Location_Y": y, "Scale": 15, "Label": label}
        return await self.push_message(openid, "location", fields, shown="[位置]", msg_id=msg_id)

    async def push_link(self, openid: str, title: str, url: str, msg_id: str | None = None) -> Pushed:
        fields = {"Title": title, "Description": "", "Url": url}
        return await self.push_message(openid, "link", fields, shown=title, msg_id=msg_id)

    async def push_file(self, openid: str, title: str, msg_id: str | None = None) -> Pushed:
        fields = {"Title": title, "Description": "", "FileKey": "key", "FileMd5": "0" * 32, "FileTotalLen": 1000}
        return await self.push_message(openid, "file", fields, shown=title, msg_id=msg_id)

    async def push_message(
        self, openid: str, kind: str, fields: Mapping[str, object], *, shown: str = "", msg_id: str | None = None
    ) -> Pushed:
        """A message of any type. With the ``msg_id`` of an earlier one: a redelivery of it, which opens no window."""
        person = self.person(openid)
        if msg_id is None or msg_id not in self.created:
            person.wrote(self.clock.now())
            person.sees(Line(at=self.clock.now(), by="person", text=shown))
        msg_id = msg_id or str(next(self.message_ids))
        created = self.created.setdefault(msg_id, self._now())
        return await self._push(person, {"MsgType": kind, **fields, "MsgId": msg_id}, created)

    async def push_event(self, openid: str, event: str, **fields: object) -> Pushed:
        """An event of any kind; ``EventKey="COMPLAINT"`` with CLICK."""
        person = self.person(openid)
        if event in GESTURES:
            person.moved(self.clock.now())
        return await self._push(person, {"MsgType": "event", "Event": event, **fields}, self._now())

    async def click(self, openid: str, key: str) -> Pushed:
        self.person(openid).sees(Line(at=self.clock.now(), by="person", text=f"[菜单] {key}"))
        return await self.push_event(openid, "CLICK", EventKey=key)

    async def follow(self, openid: str, scene: str = "") -> Pushed:
        self.person(openid).following = True
        return await self.push_event(openid, "subscribe", EventKey=f"qrscene_{scene}" if scene else "")

    async def unfollow(self, openid: str) -> Pushed:
        self.person(openid).following = False
        return await self.push_event(openid, "unsubscribe", EventKey="")

    # -- what WeChat does --------------------------------------------------------------------------------------------

    async def _push(self, person: Person, fields: Mapping[str, object], created: int) -> Pushed:
        head = {"ToUserName": self.pusher.account_id, "FromUserName": person.openid, "CreateTime": created}
        pushed = await self.pusher.push(self.webhook_url, person.openid, letter({**head, **fields}))
        if pushed.reply:
            person.sees(Line(at=self.clock.now(), by="passive", text=pushed.reply))
        elif pushed.broken and fields.get("Event") not in UNSEEN:
            person.sees(Line(at=self.clock.now(), by="wechat", text=BUSY))
        return pushed

    def finish(self, event: str, person: Person, fields: Mapping[str, object]) -> None:
        """WeChat tells, a moment later, what became of a template or a notice."""
        if not self.webhook_url or self.pusher.faults.next("receipt"):
            return
        told = {"MsgType": "event", "Event": event, **fields}
        task = asyncio.create_task(self._push(person, told, self._now()), name=f"push-{event}")
        self.pushing.add(task)  # a task that nobody holds may be collected
        task.add_done_callback(self.pushing.discard)

    async def settle(self) -> None:
        """Until WeChat has told all it has to tell."""
        while self.pushing:
            await asyncio.gather(*self.pushing, return_exceptions=True)

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _names(fields: TemplateFields) -> tuple[str, ...]:
    return (fields.number, fields.status, fields.note, fields.time)
