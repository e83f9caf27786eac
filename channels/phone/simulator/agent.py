"""The line of a person of ours whom <Dial> rings: a whisper first, then both are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.phone.simulator.call import Call

if TYPE_CHECKING:
    from channels.phone.simulator.dialling import Dialling
    from channels.phone.simulator.documents import Verb

MOST_QUESTIONS = 10


class AgentLeg(Call):
    """Executes the whisper of its <Number>; at the whisper's end the two can talk."""

    who = "agent"
    direction = "outbound-dial"

    def __init__(self, parent: Call, dialling: Dialling, number: Verb) -> None:
        super().__init__(parent.exchange, from_=dialling.verb.get("callerId", parent.from_), to=number.text)
        self.parent = parent
        self.parent_sid = parent.sid
        self.dialling = dialling
        self.whisper = parent.execution.resolve(number.get("url")) if number.get("url") else ""
        self.whisper_method = number.get("method", "POST")
        self.bridged = False

    async def take(self) -> None:
        """Pick up, and hear the whisper until it waits or is over."""
        self.dialling.picked(self)
        self.answer()
        await self.proceed(self._hear_whisper())
        await self._give_back()

    async def get_through(self, digits: str) -> None:
        """Press this (or nothing) as often as the whisper asks, within reason."""
        for _ in range(MOST_QUESTIONS):
            if self.waits_for is None:
                return
            await (self.press(digits) if digits else self.be_silent())

    async def speak(self, text: str, confidence: float | None = 0.92, seconds: float | None = None) -> None:
        """To the caller once they are together, before that to the whisper."""
        if self.bridged and not self.ended:
            self.write(self.who, text)
            self.parent.write(self.who, text)
            return
        await super().speak(text, confidence, seconds)
        await self._give_back()

    async def press(self, digits: str) -> None:
        await super().press(digits)
        await self._give_back()

    async def be_silent(self) -> None:
        await super().be_silent()
        await self._give_back()

    async def hang_up(self, partial: str = "") -> None:
        await super().hang_up(partial)
        await self._give_back()

    async def out_of_verbs(self) -> None:
        self.bridged = True
        self.parent.answer()

    async def _hear_whisper(self) -> None:
        if self.whisper:
            await self.execution.go_to(self.whisper, method=self.whisper_method)

    async def _give_back(self) -> None:
        """An agent who left, before or after talking, ends the <Dial>; an answered leg counts as completed."""
        if self.ended and self.parent.execution.waiting is self.dialling:
            await self.parent.gesture("", lambda waiting: self.dialling.ended(self.state))
