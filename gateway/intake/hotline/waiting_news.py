"""News that could not be sent waits for the person's next call, and for their proof that it is they who call."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.intake.scene import Scene
from store.values import Case, OutboxState, Parcel

MOST_CASES = 5


async def news_waits_for(scene: Scene) -> bool:
    """Is there any for a complaint that was made from this number? Said without a word of what it is."""
    cases = await scene.unit.complaints.of_contact(scene.submission.channel, scene.submission.sender)
    for case in cases[:MOST_CASES]:
        if await _waiting(scene, case):
            return True
    return False


async def tell_waiting_news(scene: Scene, case: Case) -> None:
    """To somebody who has proven who they are: what waited is told on the line, and need not be sent any more."""
    for parcel in await _waiting(scene, case):
        scene.lines.append(parcel.text)
        await scene.unit.outbox.finish(parcel.id, OutboxState.DELIVERED, "told on the line")
        scene.note("delivery", "told on the line", parcel=parcel.id)


async def _waiting(scene: Scene, case: Case) -> Sequence[Parcel]:
    parcels = await scene.unit.outbox.of_complaint(case.id)
    return [each for each in parcels if each.state is OutboxState.PARKED and each.channel == case.channel]
