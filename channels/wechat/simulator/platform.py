"""The interfaces at api.weixin.qq.com that we call."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from aiohttp import web

from channels.base import Clock
from channels.trouble import drop
from channels.wechat.simulator.access import Access
from channels.wechat.simulator.faults import Faults
from channels.wechat.simulator.people import Line, Person
from channels.wechat.templates import LENGTHS, field_type

MEDIA_LASTS = timedelta(days=3)
MAX_CUSTOMER_TEXT = 2_048

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request that reached the platform, without its token."""

    endpoint: str
    body: Mapping[str, Any]
    query: Mapping[str, str]
    errcode: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """Media that a person sent."""

    content: bytes
    content_type: str
    at: datetime
    video: bool = False


class World(Protocol):
    """What the platform needs of the rest."""

    clock: Clock
    people: dict[str, Person]

    def finish(self, event: str, person: Person, fields: Mapping[str, object]) -> None:
        """Push an event about a message of the account's, soon."""
        ...


class Platform:
    """Answers as WeChat does: HTTP 200, and the truth in errcode."""

    def __init__(self, *, world: World, app_id: str, app_secret: str) -> None:
        self.world = world
        self.clock = world.clock
        self.app_id = app_id
        self.app_secret = app_secret
        self.access = Access(world.clock)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.media: dict[str, Stored] = {}
        self.templates: dict[str, tuple[str, ...]] = {}
        self.menu: Mapping[str, Any] = {}
        self.message_ids = iter(range(3_000_000_001, 4_000_000_000))
        self.done_before: dict[tuple[str, str], str] = {}  # openid and client_msg_id: msgid
        self.base_url = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._endpoint("stable_token", self.stable_token))
        app.router.add_get("/cgi-bin/token", self._endpoint("token", self.legacy_token))
        app.router.add_get("/cgi-bin/media/get", self._endpoint("media/get", self._with_token(self.get_media)))
        for name, handler in {
            "message/custom/send": self.send_custom,
            "message/template/send": self.send_template,
            "message/subscribe/bizsend": self.send_subscription,
            "menu/create": self.create_menu,
        }.items():
            app.router.add_post(f"/cgi-bin/{name}", self._endpoint(name, self._with_token(handler)))
        app.router.add_get("/video/{media_id}", self.get_video)
        return app

    def _endpoint(self, name: str, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            fault = self.faults.next(name)
            if fault is not None and fault.kind != "drop":
                await self._note(name, request, None)
                return await self.faults.play(fault, request)
            response = await handler(request)
            await self._note(name, request, response)
            return drop(request) if fault is not None else response

        return handle

    async def _note(self, name: str, request: web.Request, response: web.StreamResponse | None) -> None:
        query = {key: value for key, value in request.query.items() if key not in ("access_token", "secret")}
        body = await _json(request)
        body.pop("secret", None)
        errcode = None
        if isinstance(response, web.Response) and response.content_type == "application/json":
            errcode = json.loads(response.text or "{}").get("errcode", 0)
        self.calls.append(Call(endpoint=name, body=body, query=query, errcode=errcode))

    def _with_token(self, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            code = self.access.check(request.query.get("access_token", ""))
            return _says(code) if code else await handler(request)

        return handle

    async def stable_token(self, request: web.Request) -> web.Response:
        asked = await _json(request)
        if refused := self._refuses(asked.get("appid"), asked.get("secret")):
            return _says(refused)
        token, seconds = self.access.give_stable(force=bool(asked.get("force_refresh")))
        return web.json_response({"access_token": token, "expires_in": seconds})

    async def legacy_token(self, request: web.Request) -> web.Response:
        if refused := self._refuses(request.query.get("appid"), request.query.get("secret")):
            return _says(refused)
        token, seconds = self.access.give_legacy()
        return web.json_response({"access_token": token, "expires_in": seconds})

    def _refuses(self, app_id: object, secret: object) -> int:
        return 40013 if app_id != self.app_id else 40125 if secret != self.app_secret else 0

    async def send_custom(self, request: web.Request) -> web.Response:
        asked = await _json(request)
        person = self.world.people.get(str(asked.get("touser")))
        text = str(asked.get("text", {}).get("content", ""))
        if person is None:
            return _says(40003)
        if not text:
            return _says(44004)
        if len(text.encode()) > MAX_CUSTOMER_TEXT:
            return _says(45002)
        code = person.spend(self.clock.now())
        if code == 0:
            person.sees(Line(at=self.clock.now(), by="customer_service", text=text))
        return _says(code)

    async def send_template(self, request: web.Request) -> web.Response:
        asked = await _json(request)
        person = self.world.people.get(str(asked.get("touser")))
        if code := self._template_fault(asked, person):
            return _says(code)
        assert person is not None
        if not person.following:
            return _says(43004)
        again = (person.openid, str(asked.get("client_msg_id") or object()))
        if again in self.done_before:
            return _says(0, msgid=int(self.done_before[again]))
        message_id = self.done_before[again] = str(next(self.message_ids))
        self._show(person, "template", asked, str(asked.get("url", "")))
        status = "failed:user block" if person.blocks else "success"
        self.world.finish("TEMPLATESENDJOBFINISH", person, {"MsgID": message_id, "Status": status})
        return _says(0, msgid=int(message_id))

    async def send_subscription(self, request: web.Request) -> web.Response:
        asked = await _json(request)
        person = self.world.people.get(str(asked.get("touser")))
        if code := self._template_fault(asked, person):
            return _says(code)
        assert person is not None
        template_id = asked["template_id"]
        if not person.grants[template_id]:
            return _says(43101)
        person.grants[template_id] -= 1
        message_id = str(next(self.message_ids))
        self._show(person, "subscription", asked, str(asked.get("page", "")))
        sent = {"TemplateId": template_id, "MsgID": message_id, "ErrorCode": "0", "ErrorStatus": "success"}
        self.world.finish("subscribe_msg_sent_event", person, {"SubscribeMsgSentEvent": {"List": [sent]}})
        return _says(0, msgid=int(message_id))

    def _template_fault(self, asked: Mapping[str, Any], person: Person | None) -> int:
        if person is None:
            return 40003
        names = self.templates.get(str(asked.get("template_id")))
        if names is None:
            return 40037
        data = asked.get("data", {})
        values = {name: str(data.get(name, {}).get("value", "")) for name in names}
        return 0 if all(_fits(name, value) for name, value in values.items()) else 47003

    def _show(self, person: Person, by: str, asked: Mapping[str, Any], link: str) -> None:
        if person.blocks:
            return
        fields = {name: str(part["value"]) for name, part in asked["data"].items()}
        text = "\n".join(fields.values())
        person.sees(Line(at=self.clock.now(), by=by, text=text, link=link, fields=fields))

    async def create_menu(self, request: web.Request) -> web.Response:
        asked = await _json(request)
        buttons = asked.get("button", [])
        if not 1 <= len(buttons) <= 3:
            return _says(40017)
        if any(len(button["name"].encode()) > 16 for button in buttons):
            return _says(40018)
        self.menu = asked
        return _says(0)

    async def get_media(self, request: web.Request) -> web.Response:
        media_id = request.query.get("media_id", "")
        stored = self.media.get(media_id)
        if stored is None or self.clock.now() - stored.at > MEDIA_LASTS:
            return web.Response(text='{"errcode":40007,"errmsg":"invalid media_id"}', content_type="text/plain")
        if stored.video:
            return web.json_response({"video_url": f"{self.base_url}/video/{media_id}"})
        return web.Response(body=stored.content, content_type=stored.content_type)

    async def get_video(self, request: web.Request) -> web.Response:
        stored = self.media.get(request.match_info["media_id"])
        if stored is None or "access_token" in request.query:
            return web.Response(status=404)
        return web.Response(body=stored.content, content_type=stored.content_type)


def _fits(name: str, value: str) -> bool:
    limit = LENGTHS.get(field_type(name), 20)
    plain = field_type(name) != "character_string" or value.isascii()
    return 0 < len(value) <= limit and "\n" not in value and plain


def _says(code: int, **more: object) -> web.Response:
    words = "ok" if code == 0 else f"refused rid: {code}"
    return web.json_response({"errcode": code, "errmsg": words, **more})


async def _json(request: web.Request) -> dict[str, Any]:
    text = await request.text()
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}
