"""Is the process alive, can it do its work, and how much of it: /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from channels.base import Channel, Probe
from gateway.house import House
from gateway.operations.metrics import CHANNEL_REFUSED, LEDGER, OUTBOX, REGISTRY
from gateway.supervisor import Supervisor

PING_SECONDS = 3.0
REFUSALS = frozenset({"forged", "wrong_key", "malformed", "refused"})  # names of counts in a channel's facts


class HealthPages:
    """Three pages for machines; none of them names a customer."""

    def __init__(self, house: House, channels: Sequence[Channel], supervisor: Supervisor) -> None:
        self._house = house
        self._channels = channels
        self._supervisor = supervisor

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.alive), web.get("/readyz", self.ready), web.get("/metrics", self.metrics)]

    async def alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(self, _: web.Request) -> web.Response:
        """200 when everything that should run does; 503 with what does not."""
        parts = {"database": await self._database(), **self._work(), **self._probes()}
        problems = [name for name, facts in parts.items() if facts.get("problem")]
        body = {"status": "not ready" if problems else "ready", "problems": problems, "parts": parts}
        return web.json_response(body, status=503 if problems else 200)

    async def metrics(self, _: web.Request) -> web.Response:
        async with self._house.store.reading() as unit:
            items, depth = await unit.ledger.counts(), await unit.outbox.depth()
        LEDGER.clear()  # a state that nothing is in any more has no row, and would keep its last number
        OUTBOX.clear()
        for channel, state, count in items:
            LEDGER.labels(channel=channel, state=state).set(count)
        for state, count in depth.items():
            OUTBOX.labels(state=state).set(count)
        for channel, facts in self._probes().items():
            for reason in REFUSALS & facts.keys():
                CHANNEL_REFUSED.labels(channel=channel, reason=reason).set(int(facts[reason]))
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _database(self) -> Mapping[str, str]:
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._house.store.ping()
        except Exception as error:  # whatever it is, the answer is: not ready
            return {"problem": type(error).__name__}
        return {"state": "answers"}

    def _work(self) -> Mapping[str, Mapping[str, str]]:
        return {
            name: {"state": "running" if health.running else "stopped", "problem": health.problem}
            for name, health in self._supervisor.health.items()
        }

    def _probes(self) -> Mapping[str, Mapping[str, str]]:
        return {channel.name: channel.state() for channel in self._channels if isinstance(channel, Probe)}
