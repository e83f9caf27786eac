"""Recordings: how they come to be, what is told of them, and when their file is there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from channels.phone.simulator.values import KEPT

if TYPE_CHECKING:
    from channels.phone.simulator.circuit import Circuit
    from channels.phone.simulator.exchange import Exchange


@dataclass(kw_only=True)
class Tape:
    """One recording. ``status``: in-progress, paused, completed, absent."""

    sid: str
    call: Circuit
    source: str  # RecordVerb, StartCallRecordingAPI
    started_at: datetime
    heard_before: float = 0.0  # seconds of talk on the call when it began
    callback: str = ""
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    status: str = "in-progress"
    duration: int | None = None
    ended_at: datetime | None = None
    words: list[str] = field(default_factory=list)

    @property
    def running(self) -> bool:
        return self.status in ("in-progress", "paused")


class Tapes:
    """All recordings of the account."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.kept: dict[str, Tape] = {}

    def begin(self, call: Circuit, source: str, callback: str, method: str, events: str) -> Tape:
        """``events``: names with spaces between, as in recordingStatusCallbackEvent."""
        tape = Tape(
            sid=self.exchange.ids.new("RE"),
            call=call,
            source=source,
            started_at=self.exchange.clock.now(),
            heard_before=call.talked,
            callback=callback,
            method=method or "POST",
            events=frozenset((events or "completed").split()),
        )
        self.kept[tape.sid] = tape
        if len(self.kept) > KEPT:
            del self.kept[next(iter(self.kept))]
        return tape

    def end(self, tape: Tape, duration: int | None = None) -> None:
        """No more is recorded; without a duration, as long as the call went on."""
        now = self.exchange.clock.now()
        lasted = max((now - tape.started_at).total_seconds(), tape.call.talked - tape.heard_before)
        tape.duration = math.ceil(lasted) if duration is None else duration
        tape.ended_at = now
        absent = self.exchange.habits.recordings_absent or not tape.duration
        tape.status = "absent" if absent else "completed"
        if absent:
            tape.duration = 0

    def ready(self, tape: Tape) -> bool:
        """Is its file there?"""
        if tape.status != "completed" or tape.ended_at is None:
            return False
        return self.exchange.clock.now() >= tape.ended_at + self.exchange.habits.ready_after

    def status(self, tape: Tape) -> str:
        """``processing`` between its end and its file."""
        return "processing" if tape.status == "completed" and not self.ready(tape) else tape.status

    def of(self, call: Circuit) -> list[Tape]:
        return [tape for tape in self.kept.values() if tape.call is call]

    def url(self, tape: Tape) -> str:
        """Its address at the real platform, which is what we are told wherever the interface listens."""
        return f"https://api.twilio.com/2010-04-01/Accounts/{self.exchange.account_sid}/Recordings/{tape.sid}"

    async def tell(self, tape: Tape) -> None:
        """Post the recording's status, where it was asked for."""
        if tape.callback and tape.status in tape.events:
            await self.exchange.webhooks.tell(tape.callback, self._news(tape), tape.method)

    async def tell_whole(self, tape: Tape) -> None:
        """News of a recording that no action follows: once, twice, or lost."""
        times = {"lost": 0, "twice": 2}.get(self.exchange.habits.recording_news, 1)
        for _ in range(times):
            await self.tell(tape)

    def _news(self, tape: Tape) -> Mapping[str, str]:
        return {
            "AccountSid": self.exchange.account_sid,
            "CallSid": tape.call.sid,
            "RecordingSid": tape.sid,
            "RecordingUrl": self.url(tape),
            "RecordingStatus": tape.status,
            "RecordingDuration": str(tape.duration or 0),
            "RecordingChannels": "1",
            "RecordingStartTime": tape.started_at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "RecordingSource": tape.source,
            "RecordingTrack": "both",
            "ErrorCode": "0",
        }
