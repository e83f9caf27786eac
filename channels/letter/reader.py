"""Files of paper are read in a process of their own, which may be killed: one bomb costs it and never the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import structlog

from channels.errors import Unreadable
from channels.letter.reading import wire
from channels.letter.reading.files.causes import told
from channels.letter.reading.files.file_limits import LIMITS, FileLimits
from channels.letter.reading.meaning.letters import LetterRead, Reading
from channels.processes.pool import Piece, ProcessFailed, ProcessPool

__all__ = ["LetterRead", "PaperReader", "Reading"]

log = structlog.get_logger(__name__)

MODULE = "channels.letter.reading.serve"
PAGES = 200  # after which a process is replaced: memory that its libraries keep goes with it
FILES = 200
START_SECONDS = 60.0  # the models are loaded in two, on a busy machine in twenty
CUTTING_MB = 2_000

_FAILED = {
    "time": "读取超时，系统已停止读取，请人工查看原件。",
    "memory": "读取所需内存超出上限，请降低分辨率重新扫描，或人工查看原件。",
    "crash": "读取程序意外中止，请人工查看原件，必要时重新扫描。",
    "nonsense": "读取程序的结果无法理解，请人工查看原件。",
    "start": "读取程序未能启动，请通知系统管理员，稍后重新读取。",
    "closed": "系统正在停止，稍后将重新读取。",
}


class PaperReader:
    """Reads one file at a time with so many threads; a page may take ``seconds``, the process ``memory_mb``."""

    def __init__(
        self, *, threads: int = 2, limits: FileLimits = LIMITS, seconds: float = 60.0, memory_mb: int = 4_096
    ) -> None:
        self._limits, self._seconds, self._memory_mb, self._threads = limits, seconds, memory_mb, threads
        self._reading = self._pool(threads, memory_mb)
        self._cutting = self._pool(0, CUTTING_MB)
        self._one_at_a_time = asyncio.Lock()
        self._pages = 0

    @property
    def pids(self) -> frozenset[int]:
        """The processes that run now."""
        return self._reading.pids | self._cutting.pids

    async def warm(self) -> None:
        """Load the models before the first file needs them. Raises Unreadable("start: …")."""
        try:
            await self._reading.warm()
        except ProcessFailed as error:
            raise _failed(error.cause) from error

    async def read(self, content: bytes) -> Reading:
        """The letters of a file. Raises Unreadable("<cause>: <words for staff>")."""
        async with self._one_at_a_time:
            await self._renew()
            return await self._read(content)

    async def cut(self, content: bytes, pages: Sequence[int]) -> bytes:
        """These pages of a file, counted from 1, as a file of their own. Raises Unreadable as ``read`` does."""
        try:
            fields, cut = await self._cutting.ask({"do": "cut", "pages": list(pages)}, content)
        except ProcessFailed as error:
            raise _failed(error.cause) from error
        _check(fields)
        return cut

    async def aclose(self) -> None:
        """End all processes, also those at work."""
        await asyncio.gather(self._reading.aclose(), self._cutting.aclose())

    def _pool(self, threads: int, memory_mb: int) -> ProcessPool:
        return ProcessPool(
            MODULE,
            {"threads": threads, "limits": wire.limits_to_fields(self._limits)},
            seconds=self._seconds,
            memory_mb=memory_mb,
            recycle_after=FILES,
            start_seconds=START_SECONDS,
        )

    async def _renew(self) -> None:
        """Another process after so many pages; nobody is using the old one."""
        if self._pages >= PAGES:
            await self._reading.aclose()
            self._reading, self._pages = self._pool(self._threads, self._memory_mb), 0

    async def _read(self, content: bytes) -> Reading:
        letters, fields = list[LetterRead](), dict[str, Any]()
        try:
            async with aclosing(self._reading.parts({"do": "read"}, content)) as pieces:
                async for piece in pieces:
                    self._take(piece, letters)
                    fields = piece.fields
            return wire.whole_from_fields(fields, letters)
        except ProcessFailed as error:
            raise _failed(error.cause) from error
        except (KeyError, TypeError, ValueError) as error:
            raise _failed("nonsense") from error

    def _take(self, piece: Piece, letters: list[LetterRead]) -> None:
        _check(piece.fields)
        if "page" in piece.fields:
            self._pages += 1
        elif "letter" in piece.fields:
            letters.append(wire.letter_from_fields(piece.fields, piece.content))


def _check(fields: dict[str, Any]) -> None:
    if cause := fields.get("unopened"):
        log.warning("paper_unopened", cause=cause)
        raise Unreadable(f"{cause}: {told(str(cause), 'zh')}")


def _failed(cause: str) -> Unreadable:
    log.warning("paper_unreadable", cause=cause)
    return Unreadable(f"{cause}: {_FAILED.get(cause, _FAILED['crash'])}")
