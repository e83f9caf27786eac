"""Mails are read in processes of their own, which may be killed: one bomb costs one worker and never the mailbox.

A worker is a fresh Python with nothing of the gateway in it: no settings, no keys, no connections, and of our code only
``channels.email.reading``. It answers in JSON over a pipe. Too slow, too big, or gone: it is killed and replaced, the
mail is Unreadable (kept raw, for a person), and the next mail finds a new worker.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from channels.email.reading import wire
from channels.email.reading.mail import Mail, Own
from channels.errors import Unreadable

log = structlog.get_logger(__name__)

START_TIME = 20.0
GRACE = 2.0
PIPE_BUFFER = 256 * 1024
MB = 1024 * 1024

# The packages' own __init__ files would load every channel and its libraries; a worker needs one folder of them.
_BOOT = """
import sys, types
for name, folder in (("channels", "channels"), ("channels.email", "channels/email")):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [sys.argv[1] + "/" + folder]
sys.path.insert(0, sys.argv[1])
from channels.email.reading.serve import main
main()
"""
_ROOT = Path(__file__).resolve().parents[2]


class ReadingPool:
    """``read`` a mail in one of ``processes`` workers, each allowed ``seconds`` a mail and ``memory_mb`` of memory."""

    def __init__(
        self, own: Own, *, processes: int = 1, seconds: float = 10.0, memory_mb: int = 600, recycle_after: int = 2_000
    ) -> None:
        self.seconds = seconds
        self._recycle_after = recycle_after
        self._settings = json.dumps(
            {
                "address": own.address,
                "domain": own.domain,
                "authserv_ids": sorted(own.authserv_ids),
                "memory": memory_mb * MB,
                "cpu": int(seconds * recycle_after) + 60,
            }
        )
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._running: set[_Worker] = set()
        self._closed = False
        for _ in range(processes):
            self._idle.put_nowait(None)  # started when first needed

    async def warm(self) -> None:
        """Start one worker before the first mail needs it."""
        worker = await self._idle.get()
        try:
            worker = worker or await self._start()
        finally:
            self._idle.put_nowait(worker)

    async def read(self, raw: bytes, envelope: Mapping[str, str] | None = None) -> Mail:
        """What a mail says. Raises Unreadable when no worker could tell within its limits."""
        worker = await self._idle.get()
        try:
            if worker is None or not worker.alive:
                worker = await self._replace(worker)
            mail = await self._ask(worker, raw, envelope or {})
        except BaseException:  # also when we are cancelled: an answer that nobody waits for must not reach the next
            if worker is not None:
                await self._end(worker)
            worker = None
            raise
        finally:
            self._idle.put_nowait(worker)
        return mail

    async def _ask(self, worker: _Worker, raw: bytes, envelope: Mapping[str, str]) -> Mail:
        try:
            async with asyncio.timeout(self.seconds):
                mail = await worker.ask(raw, envelope)
        except TimeoutError as error:
            raise _unreadable("time") from error
        except (OSError, EOFError) as error:
            raise _unreadable("crash") from error
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable("nonsense") from error
        if worker.asked >= self._recycle_after:
            await self._end(worker)
        return mail

    async def _replace(self, dead: _Worker | None) -> _Worker:
        if dead is not None:
            await self._end(dead)
        return await self._start()

    async def _start(self) -> _Worker:
        if self._closed:
            raise Unreadable("the reading pool is closed")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _BOOT,
            str(_ROOT),
            self._settings,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=PIPE_BUFFER,
            env=_bare_environment(),
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the gateway; a worker ends when its pipe does
        )
        worker = _Worker(process)
        self._running.add(worker)
        try:
            async with asyncio.timeout(START_TIME):
                await worker.ready()
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            await self._end(worker)
            raise _unreadable("start") from error
        except BaseException:
            await self._end(worker)
            raise
        return worker

    async def _end(self, worker: _Worker) -> None:
        self._running.discard(worker)
        await asyncio.shield(worker.kill())

    async def aclose(self) -> None:
        """End all workers, also those at work."""
        self._closed = True
        await asyncio.gather(*(worker.kill() for worker in list(self._running)))
        self._running.clear()


def _unreadable(cause: str) -> Unreadable:
    log.warning("mail_unreadable", cause=cause)
    return Unreadable(f"the mail could not be read: {cause}")


def _bare_environment() -> dict[str, str]:
    """No TOUSU_ settings and no keys: whatever hostile bytes make of a worker, it knows nothing."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.asked = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ready(self) -> None:
        kind, _, _ = await self._receive()
        if kind != wire.READY:
            raise ValueError("not a worker of ours")

    async def ask(self, raw: bytes, envelope: Mapping[str, str]) -> Mail:
        """One mail in, its reading out. Raises OSError, EOFError when the process ends, ValueError when it gives up."""
        self.asked += 1
        sending = self._process.stdin
        if sending is None:
            raise EOFError("no pipe")
        sending.writelines(wire.frame(wire.REQUEST, dict(envelope), [raw]))
        await sending.drain()
        kind, fields, content = await self._receive()
        if kind != wire.READ:
            raise ValueError(fields.get("cause", ""))
        return wire.from_fields(fields, content)

    async def _receive(self) -> tuple[bytes, dict[str, Any], bytes]:
        receiving = self._process.stdout
        if receiving is None:
            raise EOFError("no pipe")
        kind, length, size = wire.HEAD.unpack(await receiving.readexactly(wire.HEAD.size))
        fields = json.loads(await receiving.readexactly(length))
        content = await receiving.readexactly(size) if size else b""
        return kind, fields, content

    async def kill(self) -> None:
        """End it at once and leave nothing behind."""
        with suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._process.communicate()
