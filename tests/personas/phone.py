"""The post of people who call the hotline: answering.md section 6.

Our own personas know a little more. ``{KEY:word}`` is the key that the bot has just named beside this word;
``shown_as`` is how the carrier writes a withheld number. ``setup.telephony.agents`` are numbers of ours that are rung,
``dial`` is how that ends; the message ``{"type": "dial", "status": …}`` ends it while the caller stays on the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from channels.phone.simulator import Call
from store.unit import Unit
from store.values import CallRecord, Case
from tests.personas.line import Line
from tests.personas.player import Message
from tests.personas.post import Delivery, Heard, as_told
from tests.personas.stage import Stage

SURE = 0.92  # how sure the recogniser is unless the persona says otherwise

# When news of a recording come; what comes after the call we post ourselves.
NEWS: Mapping[str, Literal["before", "lost"]] = {"before_action": "before", "after_completed": "lost"}


@dataclass(kw_only=True, slots=True)
class PhonePost:
    """One caller's way to the gateway: a call, and the next one when it is over."""

    stage: Stage
    line: Line
    habits: Mapping[str, Any] = field(default_factory=dict)  # ``setup.telephony``
    left: set[str] = field(default_factory=set)  # calls whose end is told
    unheard: bool = False
    channel: str = "phone"

    async def say(self, messages: Sequence[Message]) -> Heard:
        """All that is said on the line before the bot waits. After its end nobody hears anything."""
        first_at, before = self.stage.clock.now(), len(self.line.said)
        deliveries = [await self._deliver(message) for message in messages]
        await self.stage.work()
        return Heard(first_at=first_at, deliveries=deliveries, texts=self.line.said[before:], ctx=self.line.ctx)

    async def listen(self) -> Heard:
        """Silence on the line."""
        first_at, before = self.stage.clock.now(), len(self.line.said)
        if self.line.waits:
            await self.line.call.be_silent()
            await self.stage.work()
        return Heard(first_at=first_at, texts=self.line.said[before:], ctx=self.line.ctx)

    async def leave(self) -> None:
        for call in self.line.made:
            if call.sid not in self.left:
                self.left.add(call.sid)
                await self._end(call)

    async def cases(self, unit: Unit) -> Sequence[Case]:
        """By the number they call from, and by what their calls became."""
        about = [call.complaint_id for call in await self.calls(unit) if call.complaint_id is not None]
        cases = [await unit.complaints.get(id) for id in about]
        for number in self.line.numbers:
            cases += await unit.complaints.of_contact(self.channel, number)
        return sorted({case.id: case for case in cases if case}.values(), key=lambda case: case.id)

    async def calls(self, unit: Unit) -> Sequence[CallRecord]:
        found = [await unit.calls.get(self.channel, call.sid) for call in self.line.made]
        return [call for call in found if call]

    @property
    def recordings(self) -> int:
        return self.line.recordings

    def lines(self) -> Sequence[Call]:
        return self.line.made

    async def _deliver(self, message: Message) -> Delivery:
        told = self.line.with_keys(as_told(message, "speech"))
        await self.stage.wait(float(told.get("delay_s", 0)))
        speaks = told["type"] in ("speech", "dtmf") and self.line.waits
        before = len(self.line.faults)
        if told["type"] == "event":
            await self._call(told)
        elif self.line.waits:
            await self._do(self.line.call, told)
        shown = message if isinstance(message, str) else told
        return Delivery(message=shown, speaks=speaks, faults=self.line.faults[before:])

    async def _call(self, told: Mapping[str, Any]) -> None:
        """A line that is still open is hung up first."""
        await self.leave()
        simulator = self.stage.telephone
        simulator.habits.recording_news = NEWS.get(self.habits.get("recording_callback", ""), "after")
        withheld = told.get("from") in (None, "anonymous")
        number = str(told.get("shown_as", "")) if withheld else str(told["from"])
        self.line.made.append(await simulator.call(number, progress=self.habits.get("status_callbacks")))

    async def _do(self, call: Call, told: Mapping[str, Any]) -> None:
        match told["type"]:
            case "speech" if self.line.takes("speech"):
                await self._speak(call, told)
            case "dtmf" if self.line.takes("dtmf"):
                await call.press(str(told["digits"]))
            case "hangup":
                await self._hang_up(call, str(told.get("partial", "")))
            case "dial":
                await call.dial_ends(str(told["status"]))
            case _:
                await call.be_silent()

    async def _speak(self, call: Call, told: Mapping[str, Any]) -> None:
        """Who has spoken after the tone falls silent, which ends the tape."""
        taped = self.line.on_tape
        self.unheard = self.unheard or taped
        confidence = told.get("confidence", SURE)
        await call.speak(str(told["text"]), confidence=confidence, seconds=told.get("seconds"))
        if taped and self.line.on_tape:
            await call.be_silent()

    async def _hang_up(self, call: Call, partial: str) -> None:
        """What was half said is told while it is spoken; only a tape takes it to its end."""
        waiting = call.execution.waiting
        if partial and waiting is not None and waiting.wait.verb == "gather":
            await waiting.left(partial)
            partial = ""
        await call.hang_up(partial)

    async def _end(self, call: Call) -> None:
        """Whoever was rung has talked to them; then the line is gone, and late news of it comes."""
        if call.waits_for and call.waits_for.verb == "dial":
            await call.dial_ends(str(self.habits.get("dial", "completed")))
        await call.hang_up()
        await self.stage.work()
        if self.habits.get("recording_callback") == "after_completed":
            await self._tell_of_tapes(call)

    async def _tell_of_tapes(self, call: Call) -> None:
        tapes = self.stage.telephone.exchange.tapes
        await self.stage.wait(float(self.habits.get("recording_callback_delay_s", 0)))
        for _ in range(int(self.habits.get("recording_callback_times", 1))):
            for tape in tapes.of(call):
                await tapes.tell(tape)
        await self.stage.work()
