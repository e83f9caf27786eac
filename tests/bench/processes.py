"""Servers of the benchmark, each in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
