"""A line to a real PostgreSQL that can be cut, or go dead with nobody told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL, make_url


class Proxy:
    """Forwards while it is asked to; ``cut`` refuses, ``freeze`` lets everybody wait."""

    def __init__(self, behind: URL) -> None:
        self._behind = behind
        self._flows = asyncio.Event()
        self._flows.set()
        self._refuses = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        self._refuses = True
        for writer in self._writers:
            writer.transport.abort()

    def freeze(self) -> None:
        self._flows.clear()

    def mend(self) -> None:
        self._refuses = False
        self._flows.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        far_reader, far_writer = await self._connect()
        self._writers |= {writer, far_writer}
        for source, target in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._forward(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = self._behind.query.get("host")
        if isinstance(folder, str):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._behind.port or 5432}")
        return await asyncio.open_connection(self._behind.host, self._behind.port or 5432)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while content := await reader.read(65536):
                await self._flows.wait()
                writer.write(content)
                await writer.drain()
        writer.transport.abort()


@asynccontextmanager
async def before(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before the database, and its URL by way of it."""
    behind = make_url(url)
    proxy = Proxy(behind)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    query = {name: value for name, value in behind.query.items() if name != "host"} | {"ssl": "disable"}
    through = behind.set(host=host, port=port, query=query)
    try:
        yield proxy, through.render_as_string(hide_password=False)
    finally:
        server.close()
        await proxy.aclose()
        await server.wait_closed()
