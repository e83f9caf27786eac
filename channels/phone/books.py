"""Twilio's books against ours: ends that no callback told, and messages that the fallback document took.

https://www.twilio.com/docs/voice/api/recording, …/call-resource
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from channels.base import CallReport, Clock, Memory
from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreadable
from channels.phone.calls import contact_of, is_outgoing, is_over, report_of
from channels.phone.client import Api
from channels.phone.desk import Desk
from channels.phone.facts import CallFacts, RecordingFacts
from channels.phone.handover import NotStored
from channels.phone.health import Health
from channels.phone.settings import PhoneSettings
from channels.phone.signature import Form

EVERY = 300.0  # seconds between two comparisons
OVERLAP = timedelta(hours=1)  # what was written late into pages we had read
LONGEST_CALL = timedelta(hours=5)  # Twilio finds calls by their beginning, and ends them after four hours
POSITION = "books"
COMPLETED = "completed"


class Books:
    """Compares again and again; the same item has the same key as by callback, so it is handled once."""

    def __init__(
        self,
        *,
        settings: PhoneSettings,
        api: Api,
        desk: Desk,
        memory: Memory,
        clock: Clock,
        health: Health,
        every: float = EVERY,
    ) -> None:
        self.settings = settings
        self.api = api
        self.desk = desk
        self.memory = memory
        self.clock = clock
        self.health = health
        self.every = every
        self.settled: set[str] = set()  # of the pages that we read again: what needs no second look

    async def watch(self) -> None:
        while True:
            await self.compare()
            await asyncio.sleep(self.every)

    async def compare(self) -> None:
        """One round; trouble at Twilio shows in the health, and the next round goes over the same pages."""
        try:
            await self._compare(self.clock.now())
        except Misconfigured as error:
            self.health.trouble("books", str(error))
        except DeliveryError as error:
            self.health.hindered("books", str(error))
        except NotStored:
            self.health.trouble("books", "nothing could be stored")
        else:
            self.health.works("books")

    async def _compare(self, now: datetime) -> None:
        since = await self._position(now)
        recordings = await self.api.recordings_since(since - OVERLAP)
        calls = await self.api.calls_since(since - LONGEST_CALL)
        ready = [recording for recording in recordings if recording.status == COMPLETED]
        await self._go_over_recordings(ready, {call.sid: call for call in calls})
        recorded = {recording.call_sid for recording in ready}
        for call in calls:
            await self._go_over_call(call, now, is_recorded=call.sid in recorded)
        self.settled &= {recording.sid for recording in ready} | {call.sid for call in calls}
        await self.memory.put(POSITION, now.isoformat())

    async def _position(self, now: datetime) -> datetime:
        kept = await self.memory.get(POSITION)
        return datetime.fromisoformat(kept) if kept else now

    async def _go_over_recordings(self, recordings: Sequence[RecordingFacts], calls: dict[str, CallFacts]) -> None:
        for recording in recordings:
            if recording.sid not in self.settled and recording.call_sid:
                await self._go_over_recording(recording, calls.get(recording.call_sid))
                self.settled.add(recording.sid)

    async def _go_over_recording(self, recording: RecordingFacts, call: CallFacts | None) -> None:
        caller = await self.desk.caller(recording.call_sid)
        if caller is None:
            call = call or await self._ask(recording.call_sid)
            if call is None or not self._is_to_us(call):
                return
            caller = contact_of(call.from_).value
        now = self.clock.now()
        await self.desk.found(recording_form(recording), caller, min(recording.created_at or now, now))

    async def _go_over_call(self, call: CallFacts, now: datetime, *, is_recorded: bool) -> None:
        form = call_form(call)
        if is_outgoing(form) or not is_over(form):
            return
        known = await self.desk.caller(call.sid) is not None
        ended = ended_at(call, now)
        if call.sid not in self.settled and (known or (is_recorded and self._is_to_us(call))):
            await self.desk.handover.note(report_of(form, ended))
            await self.desk.ended(form, ended)
            self.settled.add(call.sid)
        if known and now - ended > OVERLAP:
            await self.desk.forget(call.sid)

    async def _ask(self, sid: str) -> CallFacts | None:
        try:
            return await self.api.call(sid)
        except Rejected:  # deleted by whoever runs the account
            return None

    def _is_to_us(self, call: CallFacts) -> bool:
        """The account may have other numbers, whose calls are none of our business."""
        return call.direction == "inbound" and contact_of(call.to) == contact_of(self.settings.number)


async def look_up(api: Api, sid: str, clock: Clock) -> CallReport:
    """How the call stands by Twilio's books. Raises DeliveryError; Rejected when they do not know it."""
    call = await api.call(sid)
    try:
        return report_of(call_form(call), ended_at(call, clock.now()))
    except Unreadable as error:
        raise Retryable(str(error)) from error


def call_form(call: CallFacts) -> Form:
    """The facts in the words of a callback, so that they are understood by the same code."""
    return {
        "CallSid": call.sid,
        "CallStatus": call.status,
        "CallDuration": "" if call.duration is None else str(call.duration),
        "From": call.from_,
        "To": call.to,
        "Direction": call.direction,
    }


def recording_form(recording: RecordingFacts) -> Form:
    return {
        "RecordingSid": recording.sid,
        "CallSid": recording.call_sid,
        "RecordingStatus": recording.status,
        "RecordingSource": recording.source,
        "RecordingDuration": "" if recording.duration is None else str(recording.duration),
    }


def ended_at(call: CallFacts, now: datetime) -> datetime:
    """When a call that is over ended; now, when the books do not say."""
    if call.started_at is None or call.duration is None:
        return now
    return min(call.started_at + timedelta(seconds=call.duration), now)
