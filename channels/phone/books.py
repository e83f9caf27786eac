"""Twilio's books against ours: ends that no callback told, and messages that the fallback document took.

https://www.twilio.com/docs/voice/api/recording, …/call-resource
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from channels.base import CallReport, Clock, Memory
from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreadable
from channels.phone.calls import contact_of, is_outgoing, is_over, report_of
from channels.phone.client import Api
from channels.phone.desk import Desk
from channels.phone.facts import CallFacts, RecordingFacts
from channels.phone.handover import NotStored
from channels.phone.health import Health
from channels.phone.recordings import NotDeleted
from channels.phone.settings import PhoneSettings
from channels.phone.signature import Form

EVERY = 300.0  # seconds between two comparisons
LATEST_NEWS = timedelta(hours=1)  # after the end of a call, for all that can still come of it
LONGEST_CALL = timedelta(hours=5)  # Twilio finds both by their beginning, and ends calls after four hours
LONGEST_HOLD = timedelta(days=7)  # that a round is made again for what could not be done; a refusal is known for longer
POSITION = "books"
COMPLETED = "completed"
MORE_PAGES = "Twilio's books have more pages than we read: their oldest entries are not seen"
STILL_THERE = "a recording that a caller refused could not be deleted at Twilio"


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
        recordings = await self.api.recordings_since(since - LONGEST_CALL)
        listed = await self.api.calls_since(since - LONGEST_CALL)
        ready = [recording for recording in recordings.facts if recording.status == COMPLETED]
        calls = {call.sid: call for call in listed.facts}
        await self._go_over_recordings(ready, calls)
        recorded = {recording.call_sid for recording in ready}
        for call in calls.values():
            await self._go_over_call(call, now, is_recorded=call.sid in recorded)
        whole = self._shown("pages", MORE_PAGES, over=recordings.whole and listed.whole)
        done = self._shown("unwanted_recording", STILL_THERE, over={tape.sid for tape in ready} <= self.settled)
        self.settled &= {recording.sid for recording in ready} | calls.keys()
        await self._move(since, now, done=done and whole)

    async def _position(self, now: datetime) -> datetime:
        kept = await self.memory.get(POSITION)
        return datetime.fromisoformat(kept) if kept else now

    async def _move(self, since: datetime, now: datetime, *, done: bool) -> None:
        """To now; where something is left to do, nowhere, so that the next round goes over the same pages."""
        await self.memory.put(POSITION, (now if done else max(since, now - LONGEST_HOLD)).isoformat())

    def _shown(self, where: str, hindrance: str, *, over: bool) -> bool:
        """What hinders us shows until it is over."""
        if over:
            self.health.works(where)
        else:
            self.health.hindered(where, hindrance)
        return over

    async def _go_over_recordings(self, recordings: Sequence[RecordingFacts], calls: dict[str, CallFacts]) -> None:
        """What we must ask about is added to the calls. A recording that could not be deleted is not settled."""
        for recording in recordings:
            if recording.sid not in self.settled:
                with suppress(NotDeleted):
                    if recording.call_sid:
                        await self._go_over_recording(recording, calls)
                    self.settled.add(recording.sid)

    async def _go_over_recording(self, recording: RecordingFacts, calls: dict[str, CallFacts]) -> None:
        caller = await self.desk.caller(recording.call_sid)
        if caller is None:
            call = calls.get(recording.call_sid) or await self._ask(recording.call_sid)
            if call is None or not self._is_to_us(call):
                return
            calls[call.sid] = call
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
            await self.desk.ended(form, ended)
            await self.desk.handover.note(report_of(form, ended))
            self.settled.add(call.sid)
        if known and now - ended > LATEST_NEWS:
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
