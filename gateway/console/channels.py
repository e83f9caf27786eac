"""How every channel is doing: on or off and why, what its far side says, what arrived last, and what waits to leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from channels.base import Channel, Probe
from gateway.console.facts import state_in_words
from gateway.console.kit import Kit, Page, Room
from gateway.staff.actor import Right
from gateway.supervisor import Supervisor
from gateway.turns import Turns
from store.figures import WAITING

PROBLEM = "problem"
WORKS = ("listen", "deliver")  # background work of a channel is called listen-email, deliver-email


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelState:
    """One channel. ``off``: why it is off; ``facts`` are its own words."""

    name: str
    off: str
    problem: str
    facts: Mapping[str, str]
    works: Mapping[str, str]  # work → running, stopped, or the error that stopped it
    tended_by: str  # which gateway listens: here, nobody, or another one by host and number
    last_item: datetime | None
    parcels: Mapping[str, int]  # by state


class ChannelsRoom(Room):
    def __init__(
        self, kit: Kit, channels: Mapping[str, Channel], off: Mapping[str, str], supervisor: Supervisor, turns: Turns
    ) -> None:
        """``off``: the channels that are off, and why."""
        super().__init__(kit)
        self._channels = channels
        self._off = off
        self._supervisor = supervisor
        self._turns = turns

    def pages(self) -> Sequence[Page]:
        return (Page(method="GET", path="/admin/channels", right=Right.ADMIN, handler=self.show),)

    async def show(self, request: web.Request) -> web.Response:
        async with self.house.store.reading() as unit:
            parcels, last = await unit.figures.parcels(), await unit.figures.last_items()
        names = [*self._channels, *self._off, *(name for name in last if name not in {*self._channels, *self._off})]
        states = [self._state(name, parcels, last.get(name)) for name in names]
        return self.kit.render(
            request, "channels/channels.html", states=states, waiting=WAITING, in_words=state_in_words
        )

    def _state(self, name: str, parcels: Mapping[tuple[str, str], int], last: datetime | None) -> ChannelState:
        facts = self._facts(name)
        works = {work: self._work(f"{work}-{name}") for work in WORKS if f"{work}-{name}" in self._supervisor.health}
        return ChannelState(
            name=name,
            off="" if name in self._channels else self._off.get(name, "-"),
            problem=facts.get(PROBLEM, ""),
            facts={fact: value for fact, value in facts.items() if fact != PROBLEM and value},
            works=works,
            tended_by=self._turns.tended_by(f"listen-{name}"),
            last_item=last,
            parcels={state: parcels.get((name, state), 0) for state in WAITING},
        )

    def _facts(self, name: str) -> Mapping[str, str]:
        channel = self._channels.get(name)
        return {fact: str(value) for fact, value in channel.state().items()} if isinstance(channel, Probe) else {}

    def _work(self, name: str) -> str:
        health = self._supervisor.health[name]
        return health.problem or ("running" if health.running else "stopped")
