"""A form of a page of staff, read once; what is none is refused."""

from __future__ import annotations

from aiohttp import web
from aiohttp.web_request import FileField
from multidict import MultiDictProxy


async def posted(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | FileField]:
    """Its fields. Raises HTTPBadRequest for broken parts and unknown encodings, HTTPRequestEntityTooLarge."""
    try:
        return await request.post()
    except (ValueError, LookupError):
        raise web.HTTPBadRequest from None
