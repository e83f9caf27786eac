"""Somebody must react at once: the page leaves by the outbox, like everything that leaves."""

from __future__ import annotations

import json

from channels.base import OutboundKind
from gateway.delivery.parcels import new_parcel
from gateway.intake.scene import Scene
from normalizer.record import Contact, ContactKind

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
        new_parcel(
            OutboundKind.NOTICE, channel, to, text, scene.now, subject=f"P0 {scene.number}", case=scene.open_case
        )
    )
    scene.unit.wake()
