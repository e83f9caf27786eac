"""News that could not be sent waits for the person's next call, and for their proof that it is they who call."""

from __future__ import annotations

from gateway.delivery.settle import AT_NEXT_CONTACT
from gateway.intake.scene import Scene
from store.values import Case, OutboxState


async def tell_waiting_news(scene: Scene, case: Case) -> None:
    """What waited is told on the line: it need not be sent any more, and nobody needs to call for it."""
    for parcel in await scene.unit.outbox.of_complaint(case.id):
        if parcel.state is OutboxState.PARKED and parcel.channel == case.channel:
            scene.lines.append(parcel.text)
            await scene.unit.outbox.finish(parcel.id, OutboxState.DELIVERED, "told on the line")
            scene.note("delivery", "told on the line", parcel=parcel.id)
    for task in await scene.unit.tasks.open_of(case.id, kind="callback"):
        if task.reason == AT_NEXT_CONTACT:
            await scene.unit.tasks.done(task.id, scene.now, "gateway")
