"""Servers of the benchmark, each in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Figures = dict[str, float]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A server that has printed "ready"; told to stop at the end."""
    process = subprocess.Popen([sys.executable, "-m", module, *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        raise RuntimeError(f"{module} did not start")
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def output_of(module: str, *words: str) -> str:
    return subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=True).stdout


@contextmanager
def both(ports: tuple[int, int]) -> Iterator[subprocess.Popen[str]]:
    """The bare handlers on the first port, the gateway, which is handed out, on the second."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running("tests.bench.bare", str(ports[0])),
        running("tests.bench.gateway", str(ports[1]), folder) as server,
    ):
        yield server


def load(
    kind: str, port: int, people: int, first: int, at_once: int, *, per_second: float = 0.0, pause: float = 0.0
) -> Figures:
    """What came of a load: per_second, p50_ms, p99_ms, failed."""
    words = map(str, (kind, port, people, first, at_once, per_second, pause))
    figures: Figures = json.loads(output_of("tests.bench.load", *words))
    return figures


def numbering(people: int) -> Callable[[], int]:
    """Every load is by people who never wrote or called before."""
    loads = iter(range(1_000_000))
    return lambda: next(loads) * people


def statements_of(server: subprocess.Popen[str]) -> int:
    """Stop the gateway; how many SQL statements it ran."""
    server.terminate()
    return int((server.communicate()[0] or "0").strip())
