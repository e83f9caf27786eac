"""WeChat's calls to the account: sealed, signed, cut off after five seconds, delivered again."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import xmltodict
from aiohttp import ClientError, ClientSession, ClientTimeout
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from channels.base import Clock
from channels.wechat.simulator.faults import Faults

REDELIVERIES = 3
MAX_TEXT = 2_048  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Pushed:
    """What became of one message: every delivery, and what the person got to read."""

    statuses: tuple[int, ...]  # 0: no answer within WeChat's patience
    bodies: tuple[bytes, ...]
    reply: str = ""  # the text of the passive reply
    broken: bool = False  # the person was told that the account is out of order


class Pusher:
    """Delivers one item at a time to the account's address."""

    def __init__(
        self, *, app_id: str, token: str, aes_key: str, mode: str, account_id: str, clock: Clock, cut_off: float
    ) -> None:
        self.app_id = app_id
        self.token = token
        self.aes_key = aes_key
        self.mode = mode  # safe, compatible, plain
        self.account_id = account_id
        self.clock = clock
        self.cut_off = cut_off
        self.faults = Faults()  # on the way to the account
        self.session: ClientSession | None = None

    async def push(self, url: str, openid: str, xml: str) -> Pushed:
        """Deliver, and again while nobody answers, three times."""
        statuses: list[int] = []
        bodies: list[bytes] = []
        for _ in range(1 + REDELIVERIES):
            status, body = await self.deliver(url, openid, xml)
            if self.faults.next("push"):
                status, body = 0, b""
            statuses.append(status)
            bodies.append(body)
            if status and status < 500:
                break
        text = self.read_reply(openid, statuses[-1], bodies[-1])
        return Pushed(statuses=tuple(statuses), bodies=tuple(bodies), reply=text or "", broken=text is None)

    async def deliver(self, url: str, openid: str, xml: str) -> tuple[int, bytes]:
        """One delivery: HTTP status (0: cut off) and body."""
        if self.session is None:
            self.session = ClientSession(timeout=ClientTimeout(total=None), trust_env=False)
        query, body = self.pack(openid, xml)
        try:
            async with asyncio.timeout(self.cut_off):
                async with self.session.post(f"{url}?{urlencode(query)}", data=body) as response:
                    return response.status, await response.read()
        except (TimeoutError, ClientError, OSError):
            return 0, b""

    def pack(self, openid: str, xml: str) -> tuple[dict[str, str], bytes]:
        """Query and body, freshly signed and sealed as each delivery is."""
        timestamp, nonce = str(int(self.clock.now().timestamp())), str(secrets.randbelow(10**9))
        query = {"signature": self.sign(timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": openid}
        if self.mode == "plain":
            return query, xml.encode()
        encrypted = (
            PrpCrypto(WeChatCrypto(self.token, self.aes_key, self.app_id).key).encrypt(xml, self.app_id).decode()
        )
        query |= {"encrypt_type": "aes", "msg_signature": self.sign(timestamp, nonce, encrypted)}
        return query, self._envelope(xml, encrypted).encode()

    def _envelope(self, xml: str, encrypted: str) -> str:
        sealed = f"<Encrypt><![CDATA[{encrypted}]]></Encrypt>"
        if self.mode == "compatible":
            return xml.replace("</xml>", f"{sealed}</xml>")
        return f"<xml><ToUserName><![CDATA[{self.account_id}]]></ToUserName>{sealed}</xml>"

    def sign(self, *parts: str) -> str:
        signer = WeChatSigner()
        signer.add_data(self.token, *parts)
        return str(signer.signature)

    def read_reply(self, openid: str, status: int, body: bytes) -> str | None:
        """The text that the person sees; None when WeChat cannot make anything of the answer."""
        if status != 200:
            return None
        if body in (b"", b"success"):
            return ""
        try:
            reply = xmltodict.parse(self._opened(body), strip_whitespace=False)["xml"]
            return self._accepted(openid, reply)
        except Exception:  # whatever is wrong with it, WeChat says one and the same to the person
            return None

    def _opened(self, body: bytes) -> str:
        if self.mode == "plain":
            return body.decode()
        outer = xmltodict.parse(body)["xml"]
        crypto = WeChatCrypto(self.token, self.aes_key, self.app_id)
        return str(crypto.decrypt_message(outer, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]))

    def _accepted(self, openid: str, reply: dict[str, Any]) -> str | None:
        text = reply["Content"]
        good = (
            reply["ToUserName"] == openid
            and reply["FromUserName"] == self.account_id
            and reply["CreateTime"].isdigit()
            and reply["MsgType"] == "text"
            and isinstance(text, str)
            and 0 < len(text.encode()) <= MAX_TEXT
        )
        return text if good else None

    async def aclose(self) -> None:
        if self.session is not None:
            await self.session.close()
