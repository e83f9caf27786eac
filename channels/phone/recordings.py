"""Recordings: of a whole talk as evidence, begun and ended by the caller's leave, and fetched from Twilio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from channels.base import Answer, Memory, Then
from channels.errors import DeliveryError, Rejected, Retryable
from channels.phone.client import Api
from channels.phone.health import Health
from channels.phone.keeping import OF_A_CALL
from channels.phone.settings import PhoneSettings
from normalizer.record import Attachment

log = structlog.get_logger(__name__)

BEGINS_AFTER = 1  # the step by which the caller has heard that we record, and has gone on
ON, OFF, NOT_YET = "on", "off", ""  # not yet: it was tried in vain, and is tried at the next step
TRIES = 4
PATIENCE = 5.0  # seconds for what is under way when we stop
UNKNOWN = "20404"


class Recorder:
    """Records a call once, in the background; whoever refuses is never recorded again."""

    def __init__(self, *, settings: PhoneSettings, api: Api, memory: Memory, health: Health) -> None:
        self.settings = settings
        self.api = api
        self.memory = memory
        self.health = health
        self.tasks: set[asyncio.Task[None]] = set()
        self.locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by call: never both at once

    def follow(self, call: str, n: int, answer: Answer) -> None:
        """What the answer to step ``n`` means for the recording of the call."""
        wanted = self.settings.record and self.settings.public_url and answer.then is not Then.HANG_UP
        if not answer.recorded:
            self._start(call, self._end)
        elif wanted and n >= BEGINS_AFTER:
            self._start(call, self._begin)

    async def aclose(self) -> None:
        """Let what was asked for be asked for."""
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
        was = await self.memory.get(_key(call))
        if was or not await self.memory.swap(_key(call), was, ON, keep=OF_A_CALL):
            return
        try:
            await self.api.record_call(call, f"{self.settings.public_url.rstrip('/')}/in/phone/recording")
        except DeliveryError:
            await self.memory.swap(_key(call), ON, NOT_YET, keep=OF_A_CALL)
            raise

    async def _end(self, call: str) -> None:
        for _ in range(TRIES):
            was = await self.memory.get(_key(call))
            if was == ON:
                await self.api.stop_recording(call)
            if was == OFF or await self.memory.swap(_key(call), was, OFF, keep=OF_A_CALL):
                return


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
