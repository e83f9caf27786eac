"""Processes that may be killed: one bomb costs one of them and never the gateway.

A process is a fresh Python with nothing of the gateway in it: no settings, no keys, no connections, and of our code
only what its module imports. It answers in JSON over a pipe. Too slow, too big, or gone: it is killed and replaced,
and the next request finds a new one.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from channels.processes import frames

START_TIME = 20.0
GRACE = 2.0
T = TypeVar("T")
PIPE_BUFFER = 256 * 1024
MB = 1024 * 1024

# The packages' own __init__ files would load every channel and its libraries; a process needs one folder of them.
_BOOT = """
import sys, types
root, module = sys.argv[1], sys.argv[2]
for name in ("channels", ".".join(module.split(".")[:2])):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [root + "/" + name.replace(".", "/")]
sys.path.insert(0, root)
__import__(module, fromlist=["main"]).main()
"""
_ROOT = Path(__file__).resolve().parents[2]


class ProcessFailed(Exception):
    """No process could do it within its limits; ``cause`` is time, memory, crash, nonsense, start or closed."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer, or its end."""

    fields: dict[str, Any]
    content: bytes
    is_last: bool


class ProcessPool:
    """``ask`` one of ``processes`` workers; each runs ``main()`` of ``module``, which calls ``serving.serve``.

    ``seconds`` is how long one may stay silent before it is killed, ``memory_mb`` its address space.
    """

    def __init__(
        self,
        module: str,
        settings: Mapping[str, Any],
        *,
        processes: int = 1,
        seconds: float = 10.0,
        memory_mb: int = 600,
        recycle_after: int = 2_000,
        start_seconds: float = START_TIME,
    ) -> None:
        self.seconds = seconds
        self._module = module
        self._recycle_after = recycle_after
        self._start_seconds = start_seconds
        limits = {"memory": memory_mb * MB, "cpu": int(seconds * recycle_after) + 60}
        self._settings = json.dumps({**settings, **limits})
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._running: set[_Worker] = set()
        self._closed = False
        for _ in range(processes):
            self._idle.put_nowait(None)  # started when first needed

    @property
    def pids(self) -> frozenset[int]:
        """The processes that run now."""
        return frozenset(worker.pid for worker in self._running)

    async def warm(self) -> None:
        """Start one worker before the first request needs it. Raises ProcessFailed."""
        worker = await self._idle.get()
        try:
            worker = worker or await self._start()
        finally:
            self._idle.put_nowait(worker)

    async def ask(self, fields: Mapping[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """One request, one answer. Raises ProcessFailed."""
        async with aclosing(self.parts(fields, content)) as pieces:
            async for piece in pieces:
                if piece.is_last:
                    return piece.fields, piece.content
        raise ProcessFailed("nonsense")

    async def parts(self, fields: Mapping[str, Any], content: bytes = b"") -> AsyncGenerator[Piece, None]:
        """The same for an answer that comes in parts; each may take its ``seconds``. Raises ProcessFailed.

        Close it (``contextlib.aclosing``) when it is not heard to its end: the process is free again only then.
        """
        worker = await self._idle.get()
        finished = False
        try:
            if worker is None or not worker.alive:
                worker = await self._replace(worker)
            await self._bounded(worker.send(fields, content))
            while not finished:
                piece = await self._bounded(worker.receive())
                finished = piece.is_last
                yield piece
        finally:
            # One that was not heard to the end is ended: an answer that nobody waits for must not reach the next.
            keep = worker if worker is not None and finished and worker.asked < self._recycle_after else None
            try:
                if worker is not None and keep is None:
                    await self._end(worker)
            finally:
                self._idle.put_nowait(keep)

    async def _bounded(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self.seconds):
                return await work
        except TimeoutError as error:
            raise ProcessFailed("time") from error
        except (OSError, EOFError) as error:
            raise ProcessFailed("crash") from error
        except (KeyError, TypeError, ValueError) as error:
            raise ProcessFailed("memory" if str(error) == "memory" else "nonsense") from error

    async def _replace(self, dead: _Worker | None) -> _Worker:
        if dead is not None:
            await self._end(dead)
        return await self._start()

    async def _start(self) -> _Worker:
        self._check_open()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _BOOT,
            str(_ROOT),
            self._module,
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
            self._check_open()  # it may have been closed while this one was being started
            async with asyncio.timeout(self._start_seconds):
                await worker.ready()
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            await self._end(worker)
            raise ProcessFailed("start") from error
        except BaseException:
            await self._end(worker)
            raise
        return worker

    def _check_open(self) -> None:
        if self._closed:
            raise ProcessFailed("closed")

    async def _end(self, worker: _Worker) -> None:
        self._running.discard(worker)
        await asyncio.shield(worker.kill())

    async def aclose(self) -> None:
        """End all workers, also those at work."""
        self._closed = True
        await asyncio.gather(*(worker.kill() for worker in list(self._running)))
        self._running.clear()


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
        if kind != frames.READY:
            raise ValueError("not a worker of ours")

    async def send(self, fields: Mapping[str, Any], content: bytes) -> None:
        """Hand a request over. Raises OSError, EOFError when the process has ended."""
        self.asked += 1
        sending = self._process.stdin
        if sending is None:
            raise EOFError("no pipe")
        sending.writelines(frames.frame(frames.REQUEST, dict(fields), [content]))
        await sending.drain()

    async def receive(self) -> Piece:
        """The next part of its answer. Raises OSError, EOFError when it ends, ValueError when it gives up."""
        kind, fields, content = await self._receive()
        if kind not in (frames.PART, frames.READ):
            raise ValueError(fields.get("cause", ""))
        return Piece(fields, content, kind == frames.READ)

    async def _receive(self) -> tuple[bytes, dict[str, Any], bytes]:
        receiving = self._process.stdout
        if receiving is None:
            raise EOFError("no pipe")
        kind, length, size = frames.HEAD.unpack(await receiving.readexactly(frames.HEAD.size))
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
