"""Attachments that wait at a provider: fetched within minutes, hashed, kept; lost ones are told to staff."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import structlog

from channels.base import Fetcher, Tidier
from channels.errors import DeliveryError, Misconfigured, Rejected
from gateway.casework.deadlines import one_working_day
from gateway.delivery.damaged import damaged_task
from gateway.delivery.held import raise_alarm
from gateway.house import House
from normalizer.record import Attachment
from store.values import File, Task

log = structlog.get_logger(__name__)

FETCH_SECONDS = 60.0
LEASE = timedelta(seconds=180)
BATCH = 8
IDLE_SECONDS = 5.0
STEPS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
GIVE_UP_AFTER = timedelta(hours=70)  # WeChat keeps temporary media for three days


class FetchingWorker:
    """Takes waiting files and brings their bytes home."""

    def __init__(self, house: House, fetchers: Mapping[str, Fetcher]) -> None:
        self._house = house
        self._fetchers = fetchers

    async def run(self) -> None:
        while True:
            seen = self._house.store.wake.rings
            if not await self.run_once():
                await self._house.store.wake.wait(IDLE_SECONDS, since=seen)

    async def run_once(self) -> int:
        """Fetch one batch of what is due; how many."""
        async with self._house.store.unit() as unit:
            now = self._house.clock.now()
            files = await unit.files.claim(now, lease=LEASE, limit=BATCH, channels=tuple(self._fetchers))
            for damaged in unit.files.damaged:
                log.error("file_damaged", channel=damaged.channel, file=damaged.id)
                await unit.tasks.add(damaged_task(damaged, "review", now))
            if files or unit.files.damaged:
                await unit.commit()
        for file in files:
            await self.bring(file)
        return len(files)

    async def bring(self, file: File) -> None:
        """One file: stored, tried again later, or lost with a task for staff."""
        waiting = Attachment(name=file.name, media_type=file.media_type, ref=file.ref, inline=file.inline)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                fetched = await self._fetchers[file.channel].fetch(waiting)
        except Rejected as error:  # the provider's own word that it is gone; nothing else is
            return await self._lost(file, error)
        except Misconfigured as error:
            return await self._held(file, error)
        except (DeliveryError, TimeoutError) as error:
            return await self._later(file, error)
        except Exception as error:  # a mistake of ours must not cost the evidence
            log.exception("fetch_crashed", channel=file.channel)
            return await self._later(file, error)
        await self._store(file, fetched)
        await self._tidy(file, waiting)

    async def _tidy(self, file: File, attachment: Attachment) -> None:
        """Only what is committed here may be dropped there; one that stays there is only too much."""
        channel = self._fetchers[file.channel]
        if not isinstance(channel, Tidier):
            return
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                await channel.tidy(attachment)
        except Exception as error:
            log.warning("not_tidied", channel=file.channel, cause=type(error).__name__)

    async def _store(self, file: File, fetched: Attachment) -> None:
        content = fetched.content or b""
        sha256 = await self._house.store.blobs.put(content)
        async with self._house.store.unit() as unit:
            await unit.files.stored(
                file.id, sha256=sha256, size=len(content), media_type=fetched.media_type, name=fetched.name
            )
            await unit.commit()

    async def _later(self, file: File, error: Exception) -> None:
        now = self._house.clock.now()
        if file.received_at is not None and now - file.received_at > GIVE_UP_AFTER:
            return await self._lost(file, error)
        async with self._house.store.unit() as unit:
            await unit.files.later(file.id, now + _step(file))
            await unit.commit()

    async def _held(self, file: File, error: Exception) -> None:
        """Our own settings are wrong: staff are told of the channel, and the file waits as long as it takes."""
        async with self._house.store.unit() as unit:
            await unit.files.later(file.id, self._house.clock.now() + _step(file))
            await raise_alarm(self._house, unit, file.channel, str(error))
            await unit.commit()

    async def _lost(self, file: File, error: Exception) -> None:
        now = self._house.clock.now()
        log.error("file_lost", channel=file.channel, cause=type(error).__name__)
        async with self._house.store.unit() as unit:
            await unit.files.lost(file.id)
            await unit.tasks.add(
                Task(
                    id=uuid4().hex,
                    kind="review",
                    reason="media_lost",
                    created_at=now,
                    due_at=one_working_day(now),
                    complaint_id=file.complaint_id,
                    ledger_id=file.ledger_id,
                    detail=str(error),
                )
            )
            await unit.commit()


def _step(file: File) -> timedelta:
    return STEPS[min(max(file.attempts, 1), len(STEPS)) - 1]
