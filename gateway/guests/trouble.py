"""Troubles of the line that any guest may have, for the simulators."""

from __future__ import annotations

import asyncio

from aiohttp import web

from channels.trouble import drop


async def hang(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()  # until the caller hangs up
    raise AssertionError


async def drip(request: web.Request) -> web.StreamResponse:
    """One byte now and then, without an end."""
    response = await _begun(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)


async def pour(request: web.Request) -> web.StreamResponse:
    """64 MB of nothing."""
    response = await _begun(request)
    for _ in range(1024):
        await response.write(b" " * 65_536)
    return response


async def hang_up(request: web.Request) -> web.StreamResponse:
    return drop(request)


async def _begun(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    return response
