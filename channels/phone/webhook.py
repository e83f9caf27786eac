"""What Twilio calls: verify, hand over, answer with what to do next.

It waits fifteen seconds, then goes on at the number's fallback address: https://www.twilio.com/docs/api/errors/11205.
Whatever keeps us from storing is therefore answered 503, and the fallback document takes a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from aiohttp import web

from channels.base import Clock, Route
from channels.errors import Unreadable
from channels.phone.calls import is_outgoing, is_over, is_status, report_of, sid_of, step_of
from channels.phone.desk import Desk
from channels.phone.gate import METHODS, Gate, Hear, Told, document, nothing
from channels.phone.handover import Pace
from channels.phone.happening import After, after_of
from channels.phone.health import Health
from channels.phone.parse import MOST_WORDS, keys_of, words_of
from channels.phone.partials import SPENT, UNNUMBERED, Partial
from channels.phone.recordings import Recorder
from channels.phone.settings import PhoneSettings
from channels.phone.signature import Form
from channels.phone.twiml import render, together, whispered


class Webhook:
    """/in/phone/call, /step, /partial, /recording, /status, /whisper."""

    def __init__(
        self,
        *,
        settings: PhoneSettings,
        desk: Desk,
        recorder: Recorder,
        clock: Clock,
        health: Health,
        pace: Pace,
        gate: Gate,
    ) -> None:
        self.settings = settings
        self.desk = desk
        self.recorder = recorder
        self.clock = clock
        self.health = health
        self.pace = pace
        self.gate = gate

    def routes(self) -> Iterable[Route]:
        on_the_line: dict[str, Hear] = {"/call": self.call, "/step": self.step, "/whisper": self.whisper}
        aside: dict[str, Hear] = {"/partial": self.partial, "/recording": self.recording, "/status": self.status}
        for path, hear in (on_the_line | aside).items():
            odd = self.odd_on_the_line if path in on_the_line else self.odd_aside
            handler = partial(self.gate.admit, partial(self.understand, hear, odd))
            for method in METHODS:
                yield Route(method=method, path=path, handler=handler)

    async def understand(
        self, hear: Hear, odd: Callable[[Told, str], Awaitable[web.Response]], told: Told
    ) -> web.Response:
        """What Twilio told, understood or kept as it is."""
        try:
            return await hear(told)
        except Unreadable as error:
            return await odd(told, str(error))

    async def call(self, told: Told) -> web.Response:
        """A call begins; or, where one address is set for everything, a report on one that goes on or is over."""
        if is_status(told.form):
            return await self.status(told)
        answer = await self.desk.called(told.form, told.arrived + self.pace.speak)
        return document(render(answer, 0, self.settings))

    async def step(self, told: Told) -> web.Response:
        """What was said, keyed or recorded; or who answered."""
        call, n, after = sid_of(told.form), step_of(told.query), after_of(told.query.get("kind", ""), told.form)
        if _is_gone(told.form, after):
            return await self.status(told)
        answer = await self.desk.stepped(told.form, n, after, told.arrived + self.pace.speak)
        self.recorder.follow(call, n, answer, over=is_over(told.form))
        return document(render(answer, n, self.settings))

    async def whisper(self, told: Told) -> web.Response:
        """What our own person hears before they are put together, once they have pressed a key."""
        return document(together() if told.form.get("Digits") else whispered(self.settings))

    async def partial(self, told: Told) -> web.Response:
        """Words so far."""
        words = _words_so_far(told.form)
        if words:
            heard = Partial(n=step_of(told.query), seq=_sequence(told.form), text=words[:MOST_WORDS])
            await self.desk.heard(told.form, heard)
        return nothing()

    async def recording(self, told: Told) -> web.Response:
        """A recording can be fetched, or there is none."""
        status = told.form.get("RecordingStatus", "completed")
        if status == "completed":
            await self.desk.recorded(told.form)
        elif status != "in-progress":
            self.health.count("recording_absent")
        return nothing()

    async def status(self, told: Told) -> web.Response:
        """How a call stands. Its end is seen to before it is noted: what is noted as over is not looked up again."""
        report = report_of(told.form, self.clock.now())
        if report.state.over and not is_outgoing(told.form):
            await asyncio.sleep(self.pace.linger)
            await self.desk.ended(told.form)
        await self.desk.handover.note(report)
        return nothing()

    async def odd_on_the_line(self, told: Told, fault: str) -> web.Response:
        """Kept for a person; the fallback document talks with the caller."""
        await self.desk.strange(told.form, fault)
        return self.gate.refuse(400, "unreadable")

    async def odd_aside(self, told: Told, fault: str) -> web.Response:
        """Nobody's words are in it, and Twilio does not tell it again."""
        self.health.count("unreadable")
        return nothing()


def _is_gone(form: Form, after: After) -> bool:
    """The caller hung up on our question: an end, not a silence."""
    return after is After.GATHER and is_over(form) and not words_of(form) and not keys_of(form)


def _words_so_far(form: Form) -> str:
    """What is settled and what may change still; some recognisers repeat the one at the beginning of the other."""
    stable, unstable = form.get("StableSpeechResult", "").strip(), form.get("UnstableSpeechResult", "").strip()
    return unstable if unstable.startswith(stable) else stable + unstable


def _sequence(form: Form) -> int:
    told = form.get("SequenceNumber", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < len(str(SPENT)) else UNNUMBERED
