"""What is taken of a guest's response: a plain body of bounded size, and how long it asks us to wait."""

from __future__ import annotations

import aiohttp


class Unusable(Exception):
    """The body is packed or too large; the message says which and quotes nothing."""


async def body_of(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The whole body, of at most so many bytes. Raises Unusable."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Unusable("packed")
    body = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        body += chunk
        if len(body) > most:
            raise Unusable("too large")
    return bytes(body)


def wait_of(response: aiohttp.ClientResponse, digits: int) -> int | None:
    """Seconds of Retry-After (RFC 9110, 10.2.3); dates and longer numbers are not worth reading for a short wait."""
    header = response.headers.get("Retry-After", "")
    return int(header) if header.isascii() and header.isdigit() and len(header) <= digits else None
