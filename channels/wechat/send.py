"""How a message leaves: customer service while the window is open, else a template, else a subscription notice.

Beyond all of them the person is unreachable here until they next write; the gateway takes their next channel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from channels.base import Memory, Outbound, OutboundKind, Receipt
from channels.errors import DeliveryError, Rejected, Unreachable
from channels.wechat.client import Api
from channels.wechat.errcodes import SHANGHAI
from channels.wechat.quota import Quota
from channels.wechat.reply import split_text
from channels.wechat.settings import TemplateFields, WeChatSettings
from channels.wechat.templates import field_value
from normalizer.record import ContactKind

MAX_PARTS = 4
PARTS_KEPT = timedelta(days=7)  # attempts at a message end long before

# What a template says of a message that brings no state of its own.
LABELS: Mapping[OutboundKind, str] = MappingProxyType(
    {
        OutboundKind.ANSWER: "有新的回复",
        OutboundKind.RECEIPT: "已登记",
        OutboundKind.REMINDER: "待您补充",
        OutboundKind.STATUS: "有新进展",
        OutboundKind.NOTICE: "有新通知",
    }
)
NOTE_WITH_LINK = "点击查看详情"
NOTE = "请回复本公众号查询"


class Sender:
    """One delivery attempt, by the best way that is open."""

    def __init__(self, *, settings: WeChatSettings, api: Api, quota: Quota, memory: Memory) -> None:
        self.settings = settings
        self.api = api
        self.quota = quota
        self.memory = memory

    async def send(self, outbound: Outbound) -> Receipt:
        """Raises a DeliveryError; Unreachable with ``until_contact`` when every way is shut until the person writes."""
        if outbound.to.kind is not ContactKind.OPENID or not outbound.to.value:
            raise Rejected("no openid to send to", code="no_openid")
        shut: list[str] = []
        for way in self._ways(outbound):
            try:
                return await way(outbound)
            except Unreachable as error:
                if not error.until_contact:
                    raise  # the person, not the way, is closed to us
                shut.append(str(error))
        raise Unreachable("; ".join(shut), until_contact=True)

    def _ways(self, outbound: Outbound) -> list[Callable[[Outbound], Awaitable[Receipt]]]:
        """A template speaks of a case; an answer that is about none has nothing to put into it."""
        ways: list[Callable[[Outbound], Awaitable[Receipt]]] = [self._by_customer_service]
        if outbound.number and self.settings.template_id:
            ways.append(self._by_template)
        if outbound.number and self.settings.subscription_template_id:
            ways.append(self._by_subscription)
        return ways

    async def _by_customer_service(self, outbound: Outbound) -> Receipt:
        parts = _parts(outbound.text)
        if not parts[0]:
            raise Rejected("nothing to say", code="empty")
        for count in range(await self._sent_before(outbound, parts), len(parts)):
            await self._send_part(outbound, parts[count])
            if len(parts) > 1:
                await self.memory.put(_parts_key(outbound), str(count + 1), keep=PARTS_KEPT)
        return Receipt(provider_id=outbound.id, via="customer_service")  # WeChat gives these no id of its own

    async def _sent_before(self, outbound: Outbound, parts: list[str]) -> int:
        """How many parts an earlier attempt got through, so that the person reads each once."""
        if len(parts) == 1 or outbound.attempt == 1:
            return 0
        return int(await self.memory.get(_parts_key(outbound)) or 0)

    async def _send_part(self, outbound: Outbound, text: str) -> None:
        openid = outbound.to.value
        taken = await self.quota.take(outbound)
        if taken is None:
            raise Unreachable("the customer-service window is shut or used up", until_contact=True)
        try:
            await self.api.send_text(openid, text)
        except DeliveryError as error:  # counted too few, WeChat tells us; counted too many, a person goes unheard
            await self.quota.give_back(openid, taken)
            if isinstance(error, Unreachable) and error.until_contact:
                await self.quota.close(openid)
            raise

    async def _by_template(self, outbound: Outbound) -> Receipt:
        body = {
            **_notice(outbound, self.settings.template_id, self.settings.template_fields),
            "url": outbound.link,
            "client_msg_id": hashlib.sha256(outbound.id.encode()).hexdigest()[:32],  # one delivery in ten minutes
        }
        message_id = await self.api.send_template(body)
        return Receipt(provider_id=message_id or outbound.id, via="template")

    async def _by_subscription(self, outbound: Outbound) -> Receipt:
        settings = self.settings
        body = {
            **_notice(outbound, settings.subscription_template_id, settings.subscription_fields),
            "page": outbound.link,
        }
        message_id = await self.api.send_subscription(body)
        return Receipt(provider_id=message_id or outbound.id, via="subscription")


def _notice(outbound: Outbound, template_id: str, names: TemplateFields) -> dict[str, object]:
    """The body of a notice. Since May 2023 a field holds 20 characters: number, state, and where to read the rest."""
    values = {
        names.number: outbound.number,
        names.status: outbound.status_label or LABELS[outbound.kind],
        names.note: NOTE_WITH_LINK if outbound.link else NOTE,
        names.time: f"{outbound.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    }
    data = {name: {"value": field_value(name, value)} for name, value in values.items() if name}
    return {"touser": outbound.to.value, "template_id": template_id, "data": data}


def _parts(text: str) -> list[str]:
    """As many messages as one text may take of the five; what is longer than that ends in an ellipsis."""
    parts = split_text(text)
    return parts if len(parts) <= MAX_PARTS else [*parts[: MAX_PARTS - 1], parts[MAX_PARTS - 1] + "…"]


def _parts_key(outbound: Outbound) -> str:
    return f"parts:{outbound.id}"
