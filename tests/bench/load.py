"""A load of WeChat pushes from a process of its own: people in parallel, each person's messages in order."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time

import aiohttp
import uvloop

from tests.bench.account import conversation


async def main(port: int, people: int, first: int, at_once: int, per_second: float) -> None:
    """Print {per_second, p50_ms, p99_ms, failed}. ``per_second`` 0: as fast as the server answers."""
    at = int(time.time())
    talks = [conversation(first + person, at) for person in range(people)]
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
                for query, body in talks[place]:
                    start = time.perf_counter()
                    async with session.post(f"http://127.0.0.1:{port}/in/wechat?{query}", data=body) as response:
                        await response.read()
                        failed += response.status != 200
                    waits.append(time.perf_counter() - start)

        await asyncio.gather(*(talk(place) for place in range(people)))
    seconds = time.perf_counter() - began
    cuts = statistics.quantiles(waits, n=100)
    figures = {"per_second": len(waits) / seconds, "p50_ms": cuts[49] * 1e3, "p99_ms": cuts[98] * 1e3, "failed": failed}
    print(json.dumps(figures))


if __name__ == "__main__":
    port, people, first, at_once = map(int, sys.argv[1:5])
    uvloop.run(main(port, people, first, at_once, float(sys.argv[5])))
