"""What both servers share: a connection read line by line, and the ways in which it can be ended badly."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable

Session = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LONGEST_LINE = 64 * 1024
DRIP = 0.02  # seconds between two bytes


class Torn(Exception):
    """The session is over."""


class Listener:
    """A TCP server on loopback that ends its sessions when it is stopped."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Task[None]] = set()
        self.port = 0
        self.connections = 0

    async def start(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(self._serve, host, port, limit=LONGEST_LINE)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.hang_up()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    def hang_up(self) -> None:
        """End all sessions at once."""
        for task in self._sessions:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._run(reader, writer))
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._session(reader, writer)
        except (Torn, OSError, asyncio.IncompleteReadError, ValueError):
            pass  # the far side does not explain itself
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def tear(writer: asyncio.StreamWriter) -> None:
    """End with RST instead of FIN."""
    line: socket.socket = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    raise Torn


async def silence() -> None:
    """Never answer; only the other side, or the end of the simulation, ends this."""
    await asyncio.Event().wait()


async def drip(writer: asyncio.StreamWriter, words: bytes) -> None:
    """Send so slowly that no time limit on silence notices."""
    for at in range(len(words)):
        writer.write(words[at : at + 1])
        await writer.drain()
        await asyncio.sleep(DRIP)
    await silence()
