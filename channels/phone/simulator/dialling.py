"""<Dial>: numbers that ring at once, the whisper to who takes it, and what is said of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.phone.simulator.documents import NOT_TWIML, Verb
from channels.phone.simulator.values import Trouble, Wait

if TYPE_CHECKING:
    from channels.phone.simulator.agent import AgentLeg
    from channels.phone.simulator.call import Call

RINGING = 30
MOST_NUMBERS = 10


class Dialling:
    """One <Dial> that waits."""

    def __init__(self, call: Call, verb: Verb) -> None:
        self.call = call
        self.verb = verb
        self.execution = call.execution
        self.action = self.execution.resolve(verb.get("action"))
        numbers = verb.children or ((Verb(name="Number", attributes={}, text=verb.text),) if verb.text else ())
        if not 0 < len(numbers) <= MOST_NUMBERS:
            raise Trouble(NOT_TWIML, f"<Dial> with {len(numbers)} numbers")
        timeout = verb.number("timeout") or RINGING
        self.wait = Wait(verb="dial", timeout=timeout, dialled=tuple(number.text for number in numbers))
        if verb.get("answerOnBridge").lower() != "true":
            call.answer()
        self.legs: list[AgentLeg] = [call.exchange.make_leg(call, self, number) for number in numbers]

    async def heard(self, text: str, confidence: float | None, seconds: float) -> None:
        """Talk between two people, of which nobody else is told."""

    async def pressed(self, digits: str) -> None:
        """Keys are heard by the other person only."""

    async def silent(self) -> None:
        """Nothing happens while it rings or two people keep silent."""

    async def left(self, partial: str) -> None:
        """The caller hung up: the agent's line ends, and the action's document is heard by nobody."""
        result = self._result("completed" if self._bridged else "no-answer")
        self._end_legs()
        if self.verb.get("action"):
            await self.execution.report(self.action, result, self.verb.get("method", "POST"))

    async def ended(self, status: str) -> None:
        """The action with how it went; without one the document goes on."""
        result = self._result(status)
        self._end_legs()
        self.execution.waiting = None
        if self.verb.get("action"):
            await self.execution.go_to(self.action, result, self.verb.get("method", "POST"))

    def picked(self, leg: AgentLeg) -> None:
        """One took it, the others stop ringing."""
        for other in self.legs:
            if other is not leg:
                other.end("canceled")

    @property
    def _bridged(self) -> AgentLeg | None:
        return next((leg for leg in self.legs if leg.bridged), None)

    def _result(self, status: str) -> dict[str, str]:
        leg = self._bridged or self.legs[0]
        result = {"DialCallStatus": status, "DialCallSid": leg.sid, "DialBridged": str(leg.bridged).lower()}
        return result | ({"DialCallDuration": str(leg.seconds)} if status == "completed" else {})

    def _end_legs(self) -> None:
        for leg in self.legs:
            leg.end("completed" if leg.state == "in-progress" else "no-answer")
