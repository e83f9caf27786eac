"""Time passes: hour by hour, so that whatever becomes due on the way happens in its order."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from gateway.intake.silence import remind_the_silent
from gateway.operations.demo.stage import Stage
from store.values import OutboxState

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=31)
PATIENCE = 3.0  # seconds for what is under way to arrive before the clock moves on
LOOK_AGAIN = 0.02


async def skip(stage: Stage, by: timedelta) -> None:
    """Move the clock ahead, with the rounds and the deliveries that fall due. Raises ValueError."""
    if not timedelta(0) < by <= LONGEST:
        raise ValueError("between a moment and 31 days")
    await stage.callers.let_go()
    while by > timedelta(0):
        await _until_quiet(stage)
        step = min(by, HOUR)
        stage.clock.skip(step)
        by -= step
        await _play_round(stage)
    await _until_quiet(stage)


async def _play_round(stage: Stage) -> None:
    house = stage.gateway.house
    await remind_the_silent(house)
    await stage.gateway.replayer.resume()
    house.store.ring()


async def _until_quiet(stage: Stage) -> None:
    """A message in a worker's hands has a lease by the clock: moved now, it would be sent twice."""
    with suppress(TimeoutError):  # a provider that hangs does not stop the time
        async with asyncio.timeout(PATIENCE):
            while await _is_busy(stage):
                await stage.gateway.house.store.wake.wait(LOOK_AGAIN)


async def _is_busy(stage: Stage) -> bool:
    now = stage.clock.now()
    async with stage.gateway.house.store.reading() as unit:
        depth = await unit.outbox.depth()
        if not depth.get(OutboxState.WAITING, 0) and not depth.get(OutboxState.CLAIMED, 0):
            return False
        recent = await unit.outbox.recent(50)
    return any(
        parcel.state is OutboxState.CLAIMED or (parcel.state is OutboxState.WAITING and parcel.next_at <= now)
        for parcel in recent
    )
