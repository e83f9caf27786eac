"""WeChat's interfaces: wechatpy's client builds the requests, aiohttp carries them, and an errcode is believed.

Of wechatpy's client only its request building is used: its own transport blocks, its token is one per instance, and
its retry on 40001 recurses until the day's quota of tokens is gone (wechatpy #152).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

from aiohttp import ClientTimeout
from wechatpy import WeChatClient

from channels.base import Clock, Memory
from channels.errors import Misconfigured, Retryable
from channels.wechat.errcodes import Action, action_for, error_for, next_day
from channels.wechat.health import Health
from channels.wechat.settings import WeChatSettings
from channels.wechat.tokens import Granted, Tokens
from channels.wechat.transport import JSON_CAP, LOAD_TIME, SEND_TIME, Reply, SessionFactory, Transport, outside_session

MEDIA_CAP = 20 * 1024 * 1024

# wechatpy methods that read the token, or the answer, at once would meet a coroutine: they stay closed.
SUPPORTED = frozenset(
    {
        "message/custom/send",
        "message/template/send",
        "message/subscribe/bizsend",
        "menu/create",
        "media/get",
    }
)

Call = Callable[..., Awaitable[Reply]]


class _Builder(WeChatClient):  # type: ignore[misc]  # wechatpy ships no types
    """wechatpy's request building with our transport under it; every supported method gives an awaitable."""

    def __init__(self, app_id: str, call: Call) -> None:
        self.appid = app_id  # not super().__init__: it opens a requests.Session that nobody closes
        self.call = call

    @property
    def access_token(self) -> NoReturn:
        raise AttributeError("the token is fetched by the transport")

    def _request(
        self, method: str, url_or_endpoint: str, *, params: Mapping[str, str] | None = None, data: Any = None
    ) -> Awaitable[Reply]:
        if url_or_endpoint not in SUPPORTED:
            raise NotImplementedError(f"{url_or_endpoint} is not driven through this transport")
        return self.call(method.upper(), url_or_endpoint, params=params or {}, data=data)


class _TokenRefused(Exception):
    """WeChat does not (or no longer) take this token."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Api:
    """The interfaces that the channel uses; each raises a DeliveryError when WeChat did not do as asked."""

    def __init__(
        self,
        *,
        settings: WeChatSettings,
        memory: Memory,
        clock: Clock,
        health: Health,
        session_factory: SessionFactory | None = None,
    ) -> None:
        self.settings = settings
        self.base = settings.api_url.rstrip("/") + "/cgi-bin/"
        self.clock = clock
        self.health = health
        self.transport = Transport(session_factory)
        self.outside = Transport(session_factory or outside_session)  # for addresses that we are told
        self.tokens = Tokens(app_id=settings.app_id, fetch=self._fetch_token, memory=memory, clock=clock)
        self.builder = _Builder(settings.app_id, self._call)
        self.closed_until: dict[str, datetime] = {}  # interfaces whose quota of the day is used up

    async def send_text(self, openid: str, text: str) -> None:
        """One customer-service message. WeChat gives it no id."""
        _believe(await self.builder.message.send_text(openid, text))

    async def send_template(self, body: Mapping[str, Any]) -> str:
        """One template message; its msgid. wechatpy's own method knows no client_msg_id."""
        return _believe(await self.builder.post("message/template/send", data=body))

    async def send_subscription(self, body: Mapping[str, Any]) -> str:
        """One subscription notice; its msgid where WeChat tells it. wechatpy does not know it."""
        return _believe(await self.builder.post("message/subscribe/bizsend", data=body))

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        _believe(await self.builder.menu.create(menu))

    async def media(self, media_id: str) -> Reply:
        """Temporary media: the file, or JSON with a video_url. Raises TooLarge above MEDIA_CAP."""
        reply: Reply = await self.builder.get("media/get", params={"media_id": media_id})
        return reply

    async def load(self, url: str) -> Reply:
        """A video from the address that WeChat named; the token does not go there. Raises TooLarge."""
        at_home = urlsplit(url).netloc == urlsplit(self.base).netloc
        transport = self.transport if at_home else self.outside
        return await transport.exchange("GET", url, cap=MEDIA_CAP, within=LOAD_TIME)

    async def aclose(self) -> None:
        await self.transport.aclose()
        await self.outside.aclose()

    async def _call(self, method: str, endpoint: str, *, params: Mapping[str, str], data: Any) -> Reply:
        """One call; with a refused token, once more with a new one. Never a third time: see Tokens."""
        self._check_open(endpoint)
        token = await self.tokens.get()
        try:
            return await self._try(method, endpoint, params, data, token)
        except _TokenRefused:
            token = await self.tokens.replace(token)
        try:
            return await self._try(method, endpoint, params, data, token)
        except _TokenRefused as refused:
            self.health.alarm(
                "token", f"a fresh one is refused with {refused.code}: app secret changed, or another app?"
            )
            raise Misconfigured(f"a fresh access token is refused ({refused.code})") from None

    async def _try(self, method: str, endpoint: str, params: Mapping[str, str], data: Any, token: str) -> Reply:
        body = None if data is None else json.dumps(data, ensure_ascii=False).encode()
        cap, within = LIMITS.get(endpoint, (JSON_CAP, SEND_TIME))
        query = {**params, "access_token": token}
        try:
            reply = await self.transport.exchange(
                method, self.base + endpoint, params=query, data=body, cap=cap, within=within
            )
        except Misconfigured as error:
            self.health.alarm(endpoint, str(error))
            raise
        self._check_code(endpoint, reply.json())
        return reply

    def _check_code(self, endpoint: str, told: Mapping[str, Any] | None) -> None:
        code = code_of(told)
        if code == 0:
            self.health.mended(endpoint, "token")
            return
        self.health.count(f"errcode_{code}")
        match action_for(code):
            case Action.TOKEN if endpoint != TOKEN_ENDPOINT:
                raise _TokenRefused(code)
            case Action.TOMORROW:
                self.closed_until[endpoint] = next_day(self.clock.now())
                self.health.alarm(endpoint, "today's quota is used up")
            case Action.OURS | Action.TOKEN:
                self.health.alarm(endpoint, f"errcode {code}")
        raise error_for(code, now=self.clock.now(), what=endpoint)

    def _check_open(self, endpoint: str) -> None:
        until = self.closed_until.get(endpoint)
        if until is None:
            return
        if self.clock.now() < until:
            raise Retryable(f"today's quota of {endpoint} is used up", after=until - self.clock.now())
        del self.closed_until[endpoint]

    async def _fetch_token(self) -> Granted:
        self._check_open(TOKEN_ENDPOINT)
        asked = {
            "grant_type": "client_credential",
            "appid": self.settings.app_id,
            "secret": self.settings.app_secret,
            "force_refresh": False,
        }
        reply = await self.transport.exchange("POST", self.base + TOKEN_ENDPOINT, data=json.dumps(asked).encode())
        told = reply.json()
        if told is not None and "errcode" in told:
            self._check_code(TOKEN_ENDPOINT, told)
        self.health.count("token_fetches")
        return _granted(told)


TOKEN_ENDPOINT = "stable_token"
LIMITS: Mapping[str, tuple[int, ClientTimeout]] = {"media/get": (MEDIA_CAP, LOAD_TIME)}


def code_of(told: Mapping[str, Any] | None) -> int:
    """The errcode of an answer; 0 where there is none (a file, a token)."""
    try:
        return int((told or {}).get("errcode") or 0)
    except (TypeError, ValueError, OverflowError):
        return -1  # an errcode that is no number: WeChat is not itself


def _believe(reply: Reply) -> str:
    """The msgid, if any; a send is believed only when WeChat itself says errcode 0, whatever HTTP says."""
    told = reply.json()
    if told is None or "errcode" not in told:
        raise Retryable("WeChat's answer has no errcode")
    return str(told.get("msgid") or "")


def _granted(told: Mapping[str, Any] | None) -> Granted:
    try:
        granted = Granted(token=str((told or {})["access_token"]), expires_in=int((told or {})["expires_in"]))
    except (KeyError, TypeError, ValueError, OverflowError):  # Python's JSON knows Infinity
        raise Retryable("WeChat's answer holds no token") from None  # its words may hold one
    if not granted.token or not granted.token.isascii():  # it goes into an address
        raise Retryable("WeChat's answer holds no token")
    return granted
