"""Requests without a wire: a handler is called with the bytes as its body."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from unittest.mock import Mock

from aiohttp import StreamReader, web
from aiohttp.test_utils import make_mocked_request

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextmanager
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One event loop for all inputs of a target; what is left over in it is cancelled at the end."""
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    try:
        yield made
    finally:
        left = asyncio.all_tasks(made)
        for task in left:
            task.cancel()
        made.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        asyncio.set_event_loop(None)
        made.close()


def request(path: str, body: bytes, headers: Mapping[str, str], on: asyncio.AbstractEventLoop) -> web.Request:
    """A POST whose body has come whole."""
    payload = StreamReader(_SILENT, limit=2**20, loop=on)
    if body:
        payload.feed_data(body)
    payload.feed_eof()
    told = {"Host": "tousu.example", "Content-Length": str(len(body)), **headers}
    asked = _blank(on).clone(rel_url=path, headers=told)
    asked._payload = payload  # what a mocked request takes when it is made, which costs a hundred times more
    return asked


_SILENT = Mock(_reading_paused=False)


@cache
def _blank(on: asyncio.AbstractEventLoop) -> web.Request:
    return make_mocked_request("POST", "/", loop=on)


def answered(response: web.StreamResponse) -> tuple[int, bytes]:
    """Its status and its bytes."""
    assert isinstance(response, web.Response), "no body to look at"
    body = response.body
    return response.status, body if isinstance(body, bytes) else b""
