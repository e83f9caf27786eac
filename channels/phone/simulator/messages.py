"""Text messages: taken, sent, delivered or not, and the news of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from channels.phone.simulator.rules import lost_on_the_way
from channels.phone.simulator.values import KEPT, Sms

if TYPE_CHECKING:
    from channels.phone.simulator.exchange import Exchange

FINAL = frozenset({"delivered", "undelivered", "failed"})


@dataclass(kw_only=True)
class Message:
    """One text message of ours."""

    sid: str
    from_: str
    to: str
    body: str
    at: datetime
    callback: str = ""
    status: str = "queued"
    error_code: int | None = None

    def seen(self) -> Sms:
        return Sms(sid=self.sid, to=self.to, body=self.body, status=self.status, at=self.at)


class Messages:
    """All text messages of the account."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.kept: dict[str, Message] = {}

    def send(self, *, from_: str, to: str, body: str, callback: str) -> Message:
        """Take it, and let it go its way while others go on."""
        now = self.exchange.clock.now()
        message = Message(sid=self.exchange.ids.new("SM"), from_=from_, to=to, body=body, at=now, callback=callback)
        self.kept[message.sid] = message
        if len(self.kept) > KEPT:
            del self.kept[next(iter(self.kept))]
        self.exchange.soon(self._go(message))
        self.exchange.changed()
        return message

    async def _go(self, message: Message) -> None:
        code = lost_on_the_way(message.to, message.body, self.exchange.habits)
        news = ["undelivered" if code and said == "delivered" else said for said in self.exchange.habits.sms_news]
        for status in news or ["undelivered" if code else "delivered"]:
            self._becomes(message, status, code)
            if news and message.callback:
                await self.exchange.webhooks.tell(message.callback, self._said(message, status))

    def _becomes(self, message: Message, status: str, code: int) -> None:
        """What is final stays, though older news may still be told after it."""
        if message.status not in FINAL:
            message.status = status
            message.error_code = code if status == "undelivered" else None
            self.exchange.changed()

    def _said(self, message: Message, status: str) -> Mapping[str, str]:
        said = {
            "AccountSid": self.exchange.account_sid,
            "ApiVersion": "2010-04-01",
            "From": message.from_,
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "To": message.to,
        }
        return said | ({"ErrorCode": str(message.error_code)} if status == "undelivered" else {})
