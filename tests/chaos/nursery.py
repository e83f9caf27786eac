"""Gateways in processes of their own, born quickly, to be killed without warning and born again on the same data."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.chaos.victim import free_port
from tests.waiting import until

BORN_SECONDS = 120.0  # of the cradle: a busy machine imports for half a minute
START_SECONDS = 30.0


class Died(Exception):
    """It ended before it was ready."""


class Nursery:
    """The far end of ``tests/chaos/cradle.py``."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._birth = asyncio.Lock()
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._listening = asyncio.create_task(self._listen(), name="nursery")

    async def bear(self, settings: Mapping[str, str], log: Path) -> int:
        """One more life; its process number."""
        await self._ready.wait()
        async with self._birth:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({"settings": dict(settings), "log": str(log)}).encode() + b"\n")
            await self._process.stdin.drain()
            return await self._born.get()

    def end_of(self, pid: int) -> asyncio.Future[int]:
        """Its exit code, once it has ended."""
        return self._ends.setdefault(pid, asyncio.get_running_loop().create_future())

    async def ready(self) -> None:
        """Raises Died."""
        async with asyncio.timeout(BORN_SECONDS):
            waiting = asyncio.create_task(self._ready.wait())
            await asyncio.wait({waiting, self._listening}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not self._ready.is_set():
            raise Died

    async def aclose(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        await self._listening

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "born" in told:
                self._born.put_nowait(told["born"])
            elif "gone" in told:
                end = self.end_of(told["gone"])
                if not end.done():
                    end.set_result(told["code"])
            else:
                self._ready.set()


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Ready to bear gateways."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chaos.cradle",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the test
    )
    made = Nursery(process)
    try:
        await made.ready()
        yield made
    finally:
        await made.aclose()


class Life:
    """One gateway at one address, life after life."""

    def __init__(self, nursery: Nursery, settings: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.settings = dict(settings) | {"TOUSU_PORT": str(self.port)}
        self.ready = False
        self._nursery = nursery
        self._log = log
        self._pid = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lives(self) -> bool:
        return bool(self._pid) and not self._nursery.end_of(self._pid).done()

    async def start(self) -> None:
        """Returns when it answers. Raises Died."""
        self._pid = await self._nursery.bear(self.settings, self._log)
        await until(self._answers, START_SECONDS)
        self.ready = True

    async def kill(self) -> None:
        """SIGKILL: nothing is flushed, nobody is told."""
        await self._signalled(signal.SIGKILL)

    async def stop(self) -> int:
        """The polite way; the exit code."""
        return await self._signalled(signal.SIGTERM)

    async def ended(self) -> int:
        self.ready &= self.lives
        code = await asyncio.shield(self._nursery.end_of(self._pid))
        self.ready = False
        return code

    async def _signalled(self, number: signal.Signals) -> int:
        self.ready = False
        if self.lives:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, number)
        return await self.ended() if self._pid else 0

    async def _answers(self) -> bool:
        if not self.lives:
            raise Died
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/healthz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False
