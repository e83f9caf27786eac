"""WeChat's word on what became of a template message or a subscription notice.

https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/push.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from channels.base import DeliveryReport, DeliveryState
from channels.wechat.markup import Fields, Malformed, Node, one
from channels.wechat.parse import CHANNEL

DELIVERED = "success"
BLOCKED = frozenset({"failed:user block", "user block"})  # the person shut us out; all else is WeChat's own trouble
MAX_REPORTS = 20


def reports_of(fields: Fields, at: datetime) -> tuple[DeliveryReport, ...]:
    """The delivery reports that an event brings; none for every other item, and for one that is garbled."""
    try:
        return tuple(report for report in _reports(fields, at) if report.provider_id)[:MAX_REPORTS]
    except Malformed:
        return ()


def _reports(fields: Fields, at: datetime) -> Iterator[DeliveryReport]:
    match fields.get("Event"):
        case "TEMPLATESENDJOBFINISH":
            yield _report(one(fields, "MsgID"), one(fields, "Status"), at)
        case "subscribe_msg_sent_event":
            yield from _of_notices(fields, at)


def _of_notices(fields: Fields, at: datetime) -> Iterator[DeliveryReport]:
    for notice in _listed(fields):
        status = one(notice, "ErrorStatus")
        said = DELIVERED if one(notice, "ErrorCode") in ("0", "") and status in (DELIVERED, "") else status
        yield _report(one(notice, "MsgID"), said or f"failed:{one(notice, 'ErrorCode')}", at)


def _listed(fields: Fields) -> Iterator[Fields]:
    """XML nests the list under the event's name; JSON has it at the top, as one object or several."""
    holder = fields.get("SubscribeMsgSentEvent", fields)
    listed: Node = holder.get("List", []) if not isinstance(holder, str | list) else []
    for notice in listed if isinstance(listed, list) else [listed]:
        if not isinstance(notice, str | list):
            yield notice


def _report(provider_id: str, status: str, at: datetime) -> DeliveryReport:
    said = ":".join(part.strip() for part in status.lower().split(":"))  # "failed: system failed" is seen too
    return DeliveryReport(
        channel=CHANNEL,
        state=DeliveryState.DELIVERED if said == DELIVERED else DeliveryState.FAILED,
        at=at,
        provider_id=provider_id,
        reason="" if said == DELIVERED else said[:100],
        blocked=said in BLOCKED,
    )
