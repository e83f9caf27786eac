"""Is the process alive, can it do its work, and how much of it: /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from channels.base import Channel, Probe
from channels.origin import COUNT, FACT
from gateway.house import House
from gateway.operations.concerns import CONCERN, Concerns, Facts
from gateway.operations.metrics import CHANNEL_REFUSED, REGISTRY, RESTARTS, TURNS, UNPROVEN
from gateway.operations.telling import PROBLEM, tell
from gateway.spool.building import Spooling
from gateway.supervisor import Supervisor
from gateway.turns import HERE, Turns
from store.errors import Unavailable

T = TypeVar("T")

PING_SECONDS = 3.0
REFUSALS = frozenset({"forged", "wrong_key", "malformed", "refused"})  # names of counts in a channel's facts


class HealthPages:
    """Three pages for machines; none of them names a customer."""

    def __init__(
        self, house: House, channels: Sequence[Channel], supervisor: Supervisor, turns: Turns, spooling: Spooling
    ) -> None:
        self._house = house
        self._channels = channels
        self._supervisor = supervisor
        self._turns = turns
        self._spooling = spooling
        self._concerns = Concerns(house)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.alive), web.get("/readyz", self.ready), web.get("/metrics", self.metrics)]

    async def alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(self, _: web.Request) -> web.Response:
        """200 when everything that should run does; 503 with what does not. ``concerns`` wait for a person."""
        parts = await self._parts()
        problems = _with(PROBLEM, parts)
        status = {
            "status": "not ready" if problems else "ready",
            "problems": problems,
            "concerns": _with(CONCERN, parts),
        }
        return web.json_response(status | {"parts": parts}, status=503 if problems else 200)

    async def metrics(self, _: web.Request) -> web.Response:
        """The process's own counts in any case; those of the database while it answers, /readyz's among them."""
        await self._in_time(self._concerns.count)
        parts = await self._parts()
        tell(parts)
        for name, health in self._supervisor.health.items():
            RESTARTS.labels(work=name).set(health.restarts)
        TURNS.clear()  # what came to its end is nobody's turn any more
        for turn, who in self._turns.facts().items():
            if turn != PROBLEM:
                TURNS.labels(turn=turn).set(who == HERE)
        for channel, facts in self._probes().items():
            if FACT in facts:
                UNPROVEN.labels(channel=channel).set(int(facts.get(COUNT, "0")))
            for reason in REFUSALS & facts.keys():
                CHANNEL_REFUSED.labels(channel=channel, reason=reason).set(int(facts[reason]))
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _parts(self) -> Mapping[str, Facts]:
        return {
            "database": await self._database(),
            "spool": await self._spooling.facts(self._house.clock.now()),
            "turns": self._turns.facts(),
            **await self._stored(),
            **self._work(),
            **self._probes(),
        }

    async def _stored(self) -> Mapping[str, Facts]:
        return await self._in_time(self._concerns.look) or {}

    async def _in_time(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """None while the database is away, which is told apart."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                return await work()
        except (Unavailable, OSError):  # which a time-out is too
            self._concerns.forget()
            return None

    async def _database(self) -> Facts:
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._house.store.ping()
        except Exception as error:  # whatever it is, the answer is: not ready
            return {PROBLEM: type(error).__name__}
        return {"state": "answers"}

    def _work(self) -> Mapping[str, Facts]:
        return {
            name: {"state": "running" if health.running else "stopped", PROBLEM: health.problem}
            for name, health in self._supervisor.health.items()
        }

    def _probes(self) -> Mapping[str, Facts]:
        return {channel.name: channel.state() for channel in self._channels if isinstance(channel, Probe)}


def _with(what: str, parts: Mapping[str, Facts]) -> list[str]:
    return [name for name, facts in parts.items() if facts.get(what)]
