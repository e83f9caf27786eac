"""News of how a call stands, as posted to a status callback: once, twice, in any order, or never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels.phone.simulator.circuit import Circuit

STATES: Mapping[str, str] = {"answered": "in-progress"}  # where the event and the state have different names
ORDER = ("initiated", "ringing", "in-progress", "completed")  # of the events in a call's life


def state_of(event: str) -> str:
    return STATES.get(event, event)


async def tell_in_turn(call: Circuit, events: Sequence[str]) -> None:
    """Post these, one after the other; ``completed`` stands for however the call ended."""
    async with call.telling:
        for event in events:
            await call.exchange.webhooks.tell(call.status_url, _news(call, state_of(event)), call.status_method)


def _news(call: Circuit, state: str) -> Mapping[str, str]:
    news = {
        **call.params(),
        "CallStatus": call.state if state == "completed" else state,
        "Timestamp": call.exchange.clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "SequenceNumber": str(ORDER.index(state) if state in ORDER else len(ORDER)),
        "CallbackSource": "call-progress-events",
    }
    if state == "completed":
        news |= {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))}
    return news
