"""A gateway in a process of its own, to be killed without warning and started again on the same data."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp

from tests.waiting import until

START_SECONDS = 30.0


class Victim:
    """``start`` returns when the gateway is ready; ``kill`` is SIGKILL: nothing is flushed, nobody is told."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.port = free_port()
        self._settings = settings | {"TOUSU_DATA_DIR": str(folder), "TOUSU_PORT": str(self.port)}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, settings: dict[str, str]) -> None:
        """What can be told only when the address is known; before the start."""
        self._settings |= settings

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TOUSU_")}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gateway",
            "serve",
            env=environment | self._settings,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await until(self._answers, START_SECONDS)

    async def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> int:
        """The polite way; the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()

    async def _answers(self) -> bool:
        assert self._process is not None
        if self._process.returncode is not None:
            raise RuntimeError(f"the gateway ended with {self._process.returncode}")
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/healthz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
