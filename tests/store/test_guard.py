"""The guard of tests/conftest.py: a test that forgets its simulator fails loudly instead of calling a provider."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.conftest import LeftTheHost


async def test_nothing_leaves_the_host() -> None:
    with pytest.raises(LeftTheHost):
        await asyncio.open_connection("203.0.113.1", 443)
    with socket.socket() as sock, pytest.raises(LeftTheHost):
        sock.connect(("203.0.113.1", 443))
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(LeftTheHost):
        sock.sendto(b"x", ("203.0.113.1", 53))


async def test_loopback_stays_open() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
