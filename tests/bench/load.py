"""A load of requests from a process of its own: people in parallel, each person's in order."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time

import aiohttp
import uvloop
from yarl import URL

from tests.bench.account import conversation
from tests.bench.hotline import call_of

TALKS = {"wechat": conversation, "phone": call_of}


async def main(kind: str, port: int, people: int, first: int, at_once: int, per_second: float, pause: float) -> None:
    """Print {per_second, p50_ms, p99_ms, failed}. ``per_second`` 0: as fast as the server answers.

    ``pause``: seconds that a person takes before what they send next.
    """
    at = int(time.time())
    talks = [TALKS[kind](first + person, at) for person in range(people)]
    waits: list[float] = []
    failed = 0
    gate = asyncio.Semaphore(at_once)
    began = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:

        async def talk(place: int) -> None:
            nonlocal failed
            if per_second:
                await asyncio.sleep(max(0.0, began + place * len(talks[place]) / per_second - time.perf_counter()))
            async with gate:
                await asyncio.sleep(pause * (place % at_once) / at_once)  # nobody begins with everybody
                for push in talks[place]:
                    start = time.perf_counter()
                    url = URL(f"http://127.0.0.1:{port}{push.path}", encoded=True)
                    async with session.post(url, data=push.body, headers=push.headers) as response:
                        await response.read()
                        failed += response.status not in (200, 204)
                    if push.timed:
                        waits.append(time.perf_counter() - start)
                    if pause:
                        await asyncio.sleep(pause)

        await asyncio.gather(*(talk(place) for place in range(people)))
    seconds = time.perf_counter() - began
    cuts = statistics.quantiles(waits, n=100)
    figures = {"per_second": len(waits) / seconds, "p50_ms": cuts[49] * 1e3, "p99_ms": cuts[98] * 1e3, "failed": failed}
    print(json.dumps(figures))


if __name__ == "__main__":
    port, people, first, at_once = map(int, sys.argv[2:6])
    uvloop.run(main(sys.argv[1], port, people, first, at_once, *map(float, sys.argv[6:8])))
