"""Memory of a gateway under load that lasts: WeChat and calls, new people all the time."""

from __future__ import annotations

import tempfile
import time

from tests.bench.memory import resident_mb
from tests.bench.processes import free_port, load, numbering, running

MINUTES, LOOKS = 3.0, 10
PEOPLE, PER_SECOND = 60, 60.0


def run(*words: str) -> None:
    """``words``: for how many minutes, in place of MINUTES."""
    minutes = float(words[0]) if words else MINUTES
    port, first, found, messages = free_port(), numbering(PEOPLE), list[float](), 0
    with (
        tempfile.TemporaryDirectory() as folder,
        running("tests.bench.gateway", str(port), folder) as gateway,
    ):
        began = time.perf_counter()
        while len(found) < LOOKS:
            for kind in ("wechat", "phone"):
                load(kind, port, PEOPLE, first(), 8, per_second=PER_SECOND)
                messages += 3 * PEOPLE
            if time.perf_counter() - began >= (len(found) + 1) * minutes * 60 / LOOKS:
                found.append(resident_mb(gateway.pid))
    print(f"Memory under load for {minutes:g} minutes, {messages:,} messages and turns of calls, SQLite")
    print("  after each tenth          " + ", ".join(f"{size:.0f}" for size in found) + " MB")
    print(f"  last tenth to second      {found[-1] / found[1]:8.2f}")
