"""A message that is to leave, laid down with the change that caused it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from channels.base import OutboundKind
from normalizer.record import Contact, nothing
from store.values import Case, ConversationId, LedgerId, Parcel


def new_parcel(
    kind: OutboundKind,
    channel: str,
    to: Contact,
    text: str,
    now: datetime,
    *,
    subject: str = "",
    case: Case | None = None,
    conversation_id: ConversationId | None = None,
    ledger_id: LedgerId | None = None,
    language: str = "zh-Hans",
    status_label: str = "",
    link: str = "",
    context: Mapping[str, str] | None = None,
) -> Parcel:
    """One message to one destination, due at once; its random id is the idempotency key towards the provider."""
    return Parcel(
        id=uuid4().hex,
        channel=channel,
        to=to,
        kind=kind,
        text=text,
        created_at=now,
        next_at=now,
        subject=subject,
        number=case.number if case else "",
        status_label=status_label,
        link=link,
        language=language,
        context=nothing() if context is None else context,
        complaint_id=case.id if case else None,
        conversation_id=conversation_id,
        ledger_id=ledger_id,
    )
