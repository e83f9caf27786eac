"""A parcel of the outbox as the channel gets it."""

from __future__ import annotations

from types import MappingProxyType

from channels.base import Outbound, OutboundKind
from store.values import Conversation, Parcel


def outbound_of(parcel: Parcel, conversation: Conversation | None) -> Outbound:
    """``context`` gains when the person last wrote: a channel with a reply window needs to know."""
    context = dict(parcel.context)
    if conversation is not None and conversation.last_heard_at is not None:
        context["last_heard_at"] = conversation.last_heard_at.isoformat()
    if conversation is not None and conversation.state.get("moved_at"):
        context["last_gesture_at"] = conversation.state["moved_at"]
    return Outbound(
        id=parcel.id,
        channel=parcel.channel,
        to=parcel.to,
        text=parcel.text,
        kind=OutboundKind(parcel.kind),
        subject=parcel.subject,
        number=parcel.number,
        status_label=parcel.status_label,
        link=parcel.link,
        language=parcel.language,
        attempt=parcel.attempts,
        created_at=parcel.created_at,
        context=MappingProxyType(context),
    )
