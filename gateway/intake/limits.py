"""How often one sender is answered automatically: two robots must not talk to each other for ever."""

from __future__ import annotations

from datetime import timedelta

from channels.base import OutboundKind
from gateway.intake.scene import Scene

# A chat answers only what a person typed, and its provider limits us; mail goes round by itself.
LIMITED_CHANNELS = frozenset({"email"})
PER_HOUR, PER_DAY = 6, 20


async def may_be_answered(scene: Scene) -> bool:
    """False when an automatic answer must not go out; the item is kept and handled all the same."""
    submission = scene.submission
    if scene.by_ear or scene.on_paper:
        return submission.may_answer
    if not submission.may_answer or not submission.sender:
        return False
    if submission.channel not in LIMITED_CHANNELS:
        return True
    too_many = await _too_many(scene)
    return not too_many or scene.kind is OutboundKind.RECEIPT  # the number is always told


async def _too_many(scene: Scene) -> bool:
    """Counted by the hour and by the day, per sender."""
    hour = scene.now.replace(minute=0, second=0, microsecond=0)
    key = f"answers:{scene.conversation.id}"
    by_hour = await scene.unit.counters.hit(f"{key}:hour", window_start=hour, now=scene.now)
    by_day = await scene.unit.counters.hit(f"{key}:day", window_start=hour - timedelta(hours=hour.hour), now=scene.now)
    if by_hour <= PER_HOUR and by_day <= PER_DAY:
        return False
    scene.note("limit", "answers_withheld")
    return True
