"""One call and the person on it: what they hear, say and press, and what the call waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from channels.phone.simulator.circuit import Circuit
from channels.phone.simulator.dialling import Dialling
from channels.phone.simulator.execution import Execution, Waiting
from channels.phone.simulator.values import Wait

if TYPE_CHECKING:
    from channels.phone.simulator.agent import AgentLeg
    from channels.phone.simulator.exchange import Exchange


class NotListening(Exception):
    """Nobody is on the line any more, or the call is not picked up yet."""


class Call(Circuit):
    """A call to our number. Every gesture returns when the next verb waits or the call is over."""

    def __init__(self, exchange: Exchange, *, from_: str, to: str, name: str = "") -> None:
        super().__init__(exchange, from_=from_, to=to, name=name)
        self.execution = Execution(self)
        self._one_at_a_time = asyncio.Lock()
        exchange.add(self)

    @property
    def waits_for(self) -> Wait | None:
        return self.execution.waiting.wait if self.execution.waiting else None

    @property
    def last_said(self) -> str:
        return self.said[-1] if self.said else ""

    @property
    def agents(self) -> list[AgentLeg]:
        """The lines that <Dial> rings now."""
        waiting = self.execution.waiting
        return list(waiting.legs) if isinstance(waiting, Dialling) else []

    # -- what the person does ----------------------------------------------------------------------------------------

    async def speak(self, text: str, confidence: float | None = 0.92, seconds: float | None = None) -> None:
        """Say something; None for a recognition that is not sure of anything."""
        lasted = self.time_to_say(text) if seconds is None else seconds
        self.talked += lasted
        await self.gesture(text, lambda waiting: waiting.heard(text, confidence, lasted))

    async def press(self, digits: str) -> None:
        await self.gesture(f"[{digits}]", lambda waiting: waiting.pressed(digits))

    async def be_silent(self) -> None:
        """Say and press nothing until the platform gives up waiting."""
        await self.gesture("[…]", lambda waiting: waiting.silent())

    async def hang_up(self, partial: str = "") -> None:
        """Leave, at any moment; ``partial`` is what was half said."""
        if self.ended:
            return
        waiting = self.execution.waiting
        self.write(self.who, f"{partial} [hangs up]".strip())
        self.end("no-answer" if self.answered_at is None else "completed")
        if waiting is not None:
            await waiting.left(partial)

    def cut(self, state: str) -> None:
        """Ended from outside; a recording under way is told of as when the person leaves."""
        waiting = self.execution.waiting
        self.end(state)
        if waiting is not None:
            self.exchange.soon(waiting.left(""))

    async def agent_answers(self, number: str = "") -> AgentLeg:
        """A person of ours takes the call and hears the whisper; any of them without a number."""
        for leg in self.agents:
            if number in ("", leg.to):
                await leg.take()
                return leg
        raise NotListening(f"nothing rings at {number or 'anybody'}")

    async def dial_ends(self, status: str = "completed", agent_presses: str = "1") -> None:
        """How <Dial> went. ``completed``: somebody took it, pressed this at the whisper, talked, and it is over."""
        leg = next((leg for leg in self.agents if leg.bridged), None)
        if status == "completed" and leg is None:
            leg = await self.agent_answers()
            await leg.get_through(agent_presses)
        if isinstance(dialling := self.execution.waiting, Dialling):
            await self.gesture("", lambda waiting: dialling.ended(status))

    async def gesture(self, text: str, act: Callable[[Waiting], Awaitable[None]]) -> None:
        """One thing the person does, and what follows from it. Raises NotListening."""
        async with self._one_at_a_time:
            waiting = self.execution.waiting
            if waiting is None:
                raise NotListening(f"the call is {self.state}")
            if text:
                self.write(self.who, text)
            await self._going_on(act(waiting))

    async def proceed(self, first: Awaitable[None]) -> None:
        """Do this first, then execute until a verb waits."""
        async with self._one_at_a_time:
            await self._going_on(first)

    async def _going_on(self, first: Awaitable[None]) -> None:
        self.new_turn = True
        self.execution.fetched = 0
        await first
        await self.execution.run()
        self.exchange.changed()
