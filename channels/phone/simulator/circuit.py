"""How a call stands: who, since when, what was said on it, and how its end is told."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from channels.phone.simulator.documents import NOT_TWIML
from channels.phone.simulator.progress import tell_in_turn
from channels.phone.simulator.values import CallError, Line, Trouble, remember

if TYPE_CHECKING:
    from channels.phone.simulator.exchange import Exchange
    from channels.phone.simulator.execution import Execution
    from channels.phone.simulator.tapes import Tape

API_VERSION = "2010-04-01"
SECONDS_A_CHARACTER = 0.25
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Circuit:
    """A call as the platform keeps it; ``Call`` adds the person."""

    who = "caller"
    direction = "inbound"
    execution: Execution

    def __init__(self, exchange: Exchange, *, from_: str, to: str, name: str = "") -> None:
        self.exchange = exchange
        self.sid = exchange.ids.new("CA")
        self.from_, self.to, self.name = from_, to, name
        self.parent_sid = ""
        self.state = "ringing"
        self.created_at = exchange.clock.now()
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.answered_by = ""
        self.status_url = self.fallback_url = ""
        self.status_method = "POST"
        self.progress: Sequence[str] = exchange.habits.progress
        self.said: list[str] = []
        self.lines: list[Line] = []
        self.errors: list[CallError] = []
        self.warnings: list[CallError] = []  # what the debugger shows though the call went on
        self.untold: list[Tape] = []  # recordings whose news waits for the call's end
        self.talked = 0.0  # seconds of speech, also where the clock stands still
        self.telling = asyncio.Lock()  # one piece of news after the other
        self.new_turn = True

    @property
    def ended(self) -> bool:
        return self.state in OVER

    @property
    def seconds(self) -> int:
        """How long it lasts: by the clock, and at least as long as what was said."""
        if self.answered_at is None:
            return 0
        until = self.ended_at or self.exchange.clock.now()
        return math.ceil(max((until - self.answered_at).total_seconds(), self.talked))

    def params(self) -> dict[str, str]:
        """What every request about this call says."""
        params = {
            "AccountSid": self.exchange.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.sid,
            "CallStatus": self.state,
            "Called": self.to,
            "Caller": self.from_,
            "Direction": self.direction,
            "From": self.from_,
            "FromCity": "",
            "To": self.to,
            "ToCity": "",
        }
        more = {"CallerName": self.name, "ParentCallSid": self.parent_sid, "AnsweredBy": self.answered_by}
        return params | {name: value for name, value in more.items() if value}

    def answer(self) -> None:
        if self.state == "ringing":
            self.state = "in-progress"
            self.answered_at = self.exchange.clock.now()
            self.exchange.changed()

    def reject(self, reason: str) -> None:
        """Only a call that rings can be rejected; one that was answered ends."""
        ringing = "busy" if reason == "busy" else "no-answer"
        self.end(ringing if self.state == "ringing" else "completed")

    def hears(self, text: str) -> None:
        if self.new_turn:
            remember(self.said, text)
        else:
            self.said[-1] = f"{self.said[-1]}\n{text}"
        self.new_turn = False
        self.write("gateway", text)

    def write(self, who: str, text: str) -> None:
        remember(self.lines, Line(who=who, text=text, at=self.exchange.clock.now()))
        self.exchange.changed()

    def failed(self, trouble: Trouble, url: str) -> None:
        remember(self.errors, CallError(code=trouble.code, text=trouble.text, url=url))

    def warned(self, slips: Sequence[str], url: str) -> None:
        for slip in slips:
            remember(self.warnings, CallError(code=NOT_TWIML, text=slip, url=url))

    async def out_of_verbs(self) -> None:
        self.answer()
        self.end("completed")

    def end(self, state: str) -> None:
        """It is over; who asked for news of it is told."""
        if self.ended:
            return
        self.ended_at = self.exchange.clock.now()
        self.state = state
        self.execution.waiting = None
        self.execution.rest.clear()
        self.exchange.soon(self._tell_the_end(self._end_tapes()))
        self.exchange.changed()

    def _end_tapes(self) -> list[Tape]:
        """Recordings of the whole call end with it."""
        running = [tape for tape in self.exchange.tapes.of(self) if tape.running and tape.source != "RecordVerb"]
        for tape in running:
            self.exchange.tapes.end(tape)
        return running

    async def _tell_the_end(self, tapes: Sequence[Tape]) -> None:
        if self.status_url:
            await tell_in_turn(self, self.progress)
        for tape in (*self.untold, *tapes):
            await self.exchange.tapes.tell_whole(tape)

    @staticmethod
    def time_to_say(text: str) -> float:
        return len(text) * SECONDS_A_CHARACTER
