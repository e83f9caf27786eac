"""The line to the database, which can be cut: a proxy on a socket of its own."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, make_url

SOCKET = ".s.PGSQL.5432"
PIECE = 64 * 1024


class DatabaseLine:
    """``cut``: all connections break and none comes about; ``hold``: they stand, and nothing passes; ``mend``: as
    before.
    """

    def __init__(self, there: URL, folder: Path) -> None:
        self._there = there
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()

    @property
    def url(self) -> str:
        """For a gateway."""
        here = self._there.set(host=None, port=None, query={"host": str(self._folder)})
        return here.render_as_string(hide_password=False)

    async def mend(self) -> None:
        self._flows.set()
        if self._server is None:
            self._server = await asyncio.start_unix_server(self._serve, self._folder / SOCKET)

    def hold(self) -> None:
        self._flows.clear()

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        (self._folder / SOCKET).unlink(missing_ok=True)
        for line in list(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._between(reader, writer)
        finally:
            self._lines.discard(task)
            writer.transport.abort()

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await self._connect()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass_on(reader, far_writer))
                both.create_task(self._pass_on(far_reader, writer))
        except* (OSError, _Over):
            pass
        finally:
            far_writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            await self._flows.wait()
            writer.write(piece)
            await writer.drain()
        raise _Over

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if "host" in self._there.query:
            return await asyncio.open_unix_connection(Path(str(self._there.query["host"])) / SOCKET)
        return await asyncio.open_connection(self._there.host or "127.0.0.1", self._there.port or 5432)


class _Over(Exception):
    """One end has closed."""


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[DatabaseLine]:
    """A line that holds, until it is cut."""
    with tempfile.TemporaryDirectory(prefix="tousu-line-") as folder:  # short: a socket's path has 107 characters
        line = DatabaseLine(make_url(url), Path(folder))
        await line.mend()
        try:
            yield line
        finally:
            await line.cut()
