"""One gateway and two on the same PostgreSQL: messages a second, and who needs the processors."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.bench.processes import free_port, load, numbering, running
from tests.postgres import running as postgres_running

PEOPLE, AT_ONCE, ROUNDS = 200, 32, 5
NOWHERE = "http://127.0.0.1:9"


def run() -> None:
    """Alternating rounds: all people at the first gateway, then half at each."""
    first = numbering(PEOPLE)
    with postgres_running() as postgres, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url, ports = asyncio.run(postgres.create()), (free_port(), free_port())
        for port in ports:
            stack.enter_context(running("tests.bench.gateway", str(port), folder, NOWHERE, url))
        rounds = [(_together(ports[:1], first()), _together(ports, first())) for _ in range(1 + ROUNDS)]
    one, two = (statistics.median(found) for found in zip(*rounds[1:], strict=True))
    print(f"PostgreSQL, {AT_ONCE} people at once, {os.cpu_count()} processors for gateways, database and load")
    print(f"  one gateway               {one:8.0f} messages/s")
    print(f"  two gateways              {two:8.0f} messages/s")
    print(f"  ratio                     {statistics.median(both / alone for alone, both in rounds[1:]):8.2f}")


def _together(ports: tuple[int, ...], first: int) -> float:
    """Messages a second of all of them, each under its share of the load."""
    share = PEOPLE // len(ports)
    with ThreadPoolExecutor() as pool:
        loads = [
            pool.submit(load, "wechat", port, share, first + place * share, AT_ONCE // len(ports))
            for place, port in enumerate(ports)
        ]
        return sum(each.result()["per_second"] for each in loads)
