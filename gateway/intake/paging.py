"""Somebody must react at once: the page leaves by the outbox, like everything that leaves."""

from __future__ import annotations

import json
from uuid import uuid4

from channels.base import OutboundKind
from gateway.intake.scene import Scene
from normalizer.record import Contact, ContactKind
from store.values import Parcel

WEBHOOK = "webhook"  # the outbox's name for calls to our own side


async def page_somebody(scene: Scene, danger: str) -> None:
    """One parcel to each configured address. It names the case, never the customer's words: mailboxes are shared."""
    settings = scene.house.settings
    if settings.page_webhook_url:
        await _put(
            scene, WEBHOOK, Contact(kind=ContactKind.NONE, value=settings.page_webhook_url), _event(scene, danger)
        )
    if settings.page_email and "email" in scene.house.open_channels:
        text = f"{scene.number}\n{danger}"
        await _put(scene, "email", Contact(kind=ContactKind.EMAIL, value=settings.page_email), text)


def _event(scene: Scene, danger: str) -> str:
    return json.dumps({"type": "page", "number": scene.number, "reason": danger, "at": scene.now.isoformat()})


async def _put(scene: Scene, channel: str, to: Contact, text: str) -> None:
    await scene.unit.outbox.put(
        Parcel(
            id=uuid4().hex,
            channel=channel,
            to=to,
            kind=OutboundKind.NOTICE,
            text=text,
            subject=f"P0 {scene.number}",
            number=scene.number,
            created_at=scene.now,
            next_at=scene.now,
            complaint_id=scene.open_case.id,
        )
    )
    scene.unit.wake()
