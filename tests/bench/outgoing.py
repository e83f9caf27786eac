"""Answers that lie in the outbox, sent over WeChat's interface and settled, against a bare client of the same."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp

from gateway.app import Gateway, open_gateway
from gateway.settings import Settings
from normalizer.record import Contact, ContactKind, Submission
from store.values import OutboxState
from tests.bench.account import TURNS, settings_at
from tests.bench.processes import free_port, running
from tests.waiting import until

PATIENCE = 120.0
MESSAGES, ROUNDS, AT_ONCE = 400, 5, 20  # as many in hand as the gateway's worker has


def run() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, running("tests.bench.provider", str(port)):
        asyncio.run(_run(Path(folder), f"http://127.0.0.1:{port}"))


async def _run(folder: Path, wechat: str) -> None:
    pairs: list[tuple[float, float]] = []
    async with open_gateway(Settings(data_dir=folder, **settings_at(wechat))) as gateway:
        for place in range(1 + ROUNDS):
            await _lay_down(gateway, place * MESSAGES)
            pairs.append((await _bare(wechat), await _sent(gateway)))
    rates = [statistics.median(found) for found in zip(*pairs[1:], strict=True)]
    print(f"Outbox: {MESSAGES} answers to {MESSAGES} people, {AT_ONCE} in hand, SQLite")
    print(f"  a bare client             {rates[0]:8.0f} messages/s")
    print(f"  the gateway, settled      {rates[1]:8.0f} messages/s")
    print(f"  ratio                     {statistics.median(ours / bare for bare, ours in pairs[1:]):8.2f}")


async def _lay_down(gateway: Gateway, first: int) -> None:
    """Complaints whose answers nobody waited for."""
    for n in range(first, first + MESSAGES):
        submission = Submission(
            channel="wechat",
            key=f"bench-{n}",
            sender=Contact(kind=ContactKind.OPENID, value=f"o{n:027d}"),
            received_at=gateway.house.clock.now(),
            text=TURNS[0].format(n=n),
            raw=b"<xml/>",
        )
        await gateway.inbox.submit(submission)


async def _sent(gateway: Gateway) -> float:
    """Messages a second, from the worker's start until the last one is settled."""
    began = time.perf_counter()
    worker = asyncio.create_task(gateway.worker.run("wechat"))
    try:
        await until(lambda: _none_waits(gateway), PATIENCE)
        return MESSAGES / (time.perf_counter() - began)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def _none_waits(gateway: Gateway) -> bool:
    async with gateway.house.store.reading() as unit:
        return not {OutboxState.WAITING, OutboxState.CLAIMED} & set(await unit.outbox.depth())


async def _bare(wechat: str) -> float:
    """The same requests and no more: nothing is claimed before, and nothing written down after."""
    body = json.dumps({"touser": "o", "msgtype": "text", "text": {"content": "您的投诉已收到。" * 8}}).encode()
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session:

        async def send() -> None:
            async with gate, session.post(f"{wechat}/cgi-bin/message/custom/send?access_token=x", data=body) as answer:
                await answer.json()

        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(MESSAGES)))
        return MESSAGES / (time.perf_counter() - began)
