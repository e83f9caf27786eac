"""Recordings: of a whole talk as evidence, begun and ended by the caller's leave, and fetched from Twilio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from channels.base import Answer, Memory, Then
from channels.errors import DeliveryError, Rejected, Retryable
from channels.phone.client import Api
from channels.phone.health import Health
from channels.phone.keeping import OF_A_CALL
from channels.phone.refusals import Unknown
from channels.phone.settings import PhoneSettings
from normalizer.record import Attachment

log = structlog.get_logger(__name__)

BEGINS_AFTER = 1  # the step by which the caller has heard that we record, and has gone on
ON = "on"  # it was asked for, and may run whatever became of the request
NOT_YET = ""  # it was tried in vain, and is tried at the next step
REFUSED = "refused"  # the caller does not want it, and it may run: it is stopped until Twilio says that it stopped
OFF = "off"  # the caller does not want it, and it does not run
TRIES = 4
PATIENCE = 5.0  # seconds for what is under way when we stop
AGAIN = 1.0  # seconds until a refusal is written down again: what others hear of a recording before, they keep
UNKNOWN = "20404"


class NotDeleted(Exception):
    """A recording that nobody may hear is still at Twilio: to be tried again."""


class Recorder:
    """Records a call once, in the background; whoever refuses is never recorded again."""

    def __init__(self, *, settings: PhoneSettings, api: Api, memory: Memory, health: Health) -> None:
        self.settings = settings
        self.api = api
        self.memory = memory
        self.health = health
        self.tasks: set[asyncio.Task[None]] = set()
        self.refused: set[str] = set()  # calls whose refusal could not be written down yet: the memory is away
        self.writing: asyncio.Task[None] | None = None  # them
        self.locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by call: never both at once

    def follow(self, call: str, n: int, answer: Answer, *, over: bool = False) -> None:
        """What the answer to step ``n`` means for the recording of the call; a refusal counts when it is over too."""
        wanted = self.settings.record and self.settings.public_url and answer.then is not Then.HANG_UP
        if not answer.recorded:
            self._start(call, self._end)
        elif wanted and n >= BEGINS_AFTER and not over:
            self._start(call, self._begin)

    async def is_refused(self, call: str) -> bool:
        """The caller did not want the call to be recorded."""
        return call in self.refused or await self.memory.get(_key(call)) in (REFUSED, OFF)

    async def drop(self, recording: str) -> None:
        """Delete at Twilio what nobody may hear, and count it. Raises NotDeleted, which is counted too."""
        try:
            await self.api.delete_recording(recording)
        except DeliveryError as error:
            self.health.count("unwanted_recording_not_deleted")
            log.warning("phone_unwanted_recording_not_deleted", error=type(error).__name__)
            raise NotDeleted from error
        self.health.count("unwanted_recording_deleted")

    async def aclose(self) -> None:
        """Let what was asked for be asked for, and try once more to write down what nobody else knows."""
        await self._rest()
        if self.writing is not None:
            self.writing.cancel()
            await asyncio.wait({self.writing}, timeout=PATIENCE)
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._write_down()
            await self._rest()

    async def _rest(self) -> None:
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=PATIENCE)

    def _start(self, call: str, work: Callable[[str], Awaitable[None]]) -> None:
        task = asyncio.create_task(self._go(call, work), name="phone-recorder")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _go(self, call: str, work: Callable[[str], Awaitable[None]]) -> None:
        """A talk goes on without its recording; the next answer after a refusal tries again to end it."""
        lock = self.locks.setdefault(call, asyncio.Lock())
        async with lock:
            try:
                await work(call)
            except Exception as error:
                self.health.count("recorder_failed")
                log.warning("phone_recorder_failed", error=type(error).__name__)

    async def _begin(self, call: str) -> None:
        if call in self.refused:
            return
        was = await self.memory.get(_key(call))
        if was or not await self.memory.swap(_key(call), was, ON, keep=OF_A_CALL):
            return
        try:
            await self.api.record_call(call, f"{self.settings.public_url.rstrip('/')}/in/phone/recording")
        except Unknown:
            raise
        except DeliveryError:
            await self.memory.swap(_key(call), ON, NOT_YET, keep=OF_A_CALL)
            raise
        finally:
            await self._end_if_refused(call)

    async def _end_if_refused(self, call: str) -> None:
        """Another process may have heard the refusal, and found nothing to stop, while our request was under way."""
        if await self.memory.get(_key(call)) == REFUSED:
            await self._stop(call)

    async def _end(self, call: str) -> None:
        """The refusal is written down before anything else, so that no recording begins after it.

        Where it cannot be, this process remembers it until it can, and stops what may run.
        """
        self.refused.add(call)
        try:
            stands = await self._refuse(call)
        except Exception:
            self._write_down_later()
            await self.api.stop_recording(call)
            raise
        self.refused.discard(call)
        if stands != OFF:
            await self._stop(call)

    def _write_down_later(self) -> None:
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._keep_writing_down(), name="phone-refusals")

    async def _keep_writing_down(self) -> None:
        while self.refused:
            await asyncio.sleep(AGAIN)
            await self._write_down()

    async def _write_down(self) -> None:
        """What was refused while the memory was away, unless it still is; stopping it may have failed too."""
        for call in sorted(self.refused):
            async with self.locks.setdefault(call, asyncio.Lock()):
                try:
                    stands = await self._refuse(call)
                except Exception:
                    return
                self.refused.discard(call)
            if stands != OFF:
                self._start(call, self._stop)

    async def _refuse(self, call: str) -> str:
        """OFF where no recording can be under way, else REFUSED."""
        for _ in range(TRIES):
            was = await self.memory.get(_key(call))
            if was in (REFUSED, OFF):
                return was
            now = OFF if was is None else REFUSED
            if await self.memory.swap(_key(call), was, now, keep=OF_A_CALL):
                return now
        return REFUSED

    async def _stop(self, call: str) -> None:
        """Where nothing was to be stopped, a recording may begin yet: the next answer asks again."""
        if await self.api.stop_recording(call):
            await self.memory.swap(_key(call), REFUSED, OFF, keep=OF_A_CALL)


async def fetch(api: Api, attachment: Attachment) -> Attachment:
    """The sound, with its true type. Raises Retryable while Twilio has not got it ready, Rejected when it is gone.

    Twilio tells of a recording before all its machines know of it: when to give up is for whoever asks again.
    """
    try:
        content, media_type = await api.fetch_recording(attachment.ref)
    except Rejected as error:
        if error.code == UNKNOWN:
            raise Retryable(str(error)) from error
        raise
    return replace(attachment, content=content, media_type=media_type)


def _key(call: str) -> str:
    return f"recorded:{call}"
