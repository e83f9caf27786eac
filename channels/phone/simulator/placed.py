"""A call that the gateway placed: it rings at somebody's, who picks up or does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from channels.phone.simulator.call import Call, NotListening
from channels.phone.simulator.progress import tell_in_turn
from channels.phone.simulator.values import Trouble

if TYPE_CHECKING:
    from channels.phone.simulator.exchange import Exchange

# What the detection says, by whether it is to wait for the tone.
ANSWERED_BY: Mapping[str, Mapping[str, str]] = {
    "Enable": {"human": "human", "machine": "machine_start", "fax": "fax", "unknown": "unknown"},
    "DetectMessageEnd": {"human": "human", "machine": "machine_end_beep", "fax": "fax", "unknown": "unknown"},
}
UNANSWERED = frozenset({"no-answer", "busy", "failed", "canceled"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What the gateway asked for."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fallback_url: str = ""
    status_url: str = ""
    status_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    detect: str = ""  # Enable, DetectMessageEnd; empty: not asked for


class PlacedCall(Call):
    """Rings until ``pick_up`` or ``ring_out``."""

    direction = "outbound-api"

    def __init__(self, exchange: Exchange, *, from_: str, to: str, order: Order) -> None:
        super().__init__(exchange, from_=from_, to=to)
        self.state = "queued"
        self.order = order
        self.fallback_url = order.fallback_url
        self.status_url = order.status_url
        self.status_method = order.status_method
        self.progress = ("completed",) if "completed" in order.events else ()
        if exchange.habits.progress != ("completed",):
            self.progress = exchange.habits.progress

    async def pick_up(self, answered_by: str = "human") -> None:
        """Answer as a person or a machine; the document is fetched with AnsweredBy where detection was asked for."""
        self._rings()
        self.answered_by = ANSWERED_BY.get(self.order.detect, {}).get(answered_by, "")
        self.answer()
        self._tell("answered")
        await self.proceed(self._first_document())

    async def ring_out(self, state: str = "no-answer") -> None:
        """Nobody answers: ``no-answer``, ``busy``, ``failed`` or ``canceled``."""
        if state not in UNANSWERED:
            raise ValueError(state)
        self._rings()
        self.end(state)

    def _rings(self) -> None:
        if self.state != "queued":
            raise NotListening(f"the call is {self.state}")
        self._tell("initiated")
        self.state = "ringing"
        self._tell("ringing")

    async def _first_document(self) -> None:
        if self.order.url:
            await self.execution.go_to(self.order.url, method=self.order.method)
            return
        try:
            self.execution.give(self.order.twiml)
        except Trouble as trouble:
            self.failed(trouble, "")
            self.end("failed")

    def _tell(self, event: str) -> None:
        if self.status_url and event in self.order.events:
            self.exchange.soon(tell_in_turn(self, (event,)))
