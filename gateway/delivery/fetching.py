"""Attachments that wait at a provider: fetched within minutes, hashed, kept; lost ones are told to staff."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import structlog

from channels.base import Fetcher
from channels.errors import DeliveryError, Retryable
from gateway.casework.deadlines import one_working_day
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
            files = await unit.files.claim(self._house.clock.now(), lease=LEASE, limit=BATCH)
            if files:
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
        except (Retryable, TimeoutError) as error:
            return await self._later(file, error)
        except (DeliveryError, KeyError) as error:
            return await self._lost(file, error)
        except Exception as error:  # a mistake of ours must not cost the evidence
            log.exception("fetch_crashed", channel=file.channel)
            return await self._later(file, error)
        await self._store(file, fetched)

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
            await unit.files.later(file.id, now + STEPS[min(file.attempts, len(STEPS)) - 1])
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
