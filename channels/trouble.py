"""Troubles of the line that any provider may have, for the simulators."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web


async def drip(request: web.Request, closing: asyncio.Event) -> web.StreamResponse:
    """A body that never comes to its end, one byte now and then, until the simulator closes."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    with suppress(ConnectionResetError):  # whoever asked has lost their patience
        await response.prepare(request)
        while not closing.is_set():
            await response.write(b" ")
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), 0.05)
    return response


def drop(request: web.Request) -> web.Response:
    """Break the line without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
