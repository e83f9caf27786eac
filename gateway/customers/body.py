"""What somebody sends from a page or an app: read with limits, and kept whole when it cannot be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import web

from gateway.customers.limits import Limits
from gateway.customers.multipart import Broken, parts

CHUNK = 64 * 1024
MULTIPART, URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
MOST_FIELDS = 60


class TooLarge(ValueError):
    """More than a body may be."""


class TooSlow(ValueError):
    """It did not arrive in time."""


@dataclass(slots=True)
class Sent:
    """Values by name, the last of each; files in their order, as name and content."""

    values: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.values.get(name, "")


async def read_body(request: web.Request, limits: Limits, take_place: Callable[[], None]) -> bytes:
    """The bytes; a place is taken once they are known to be many. Raises TooLarge, TooSlow, and what that raises.

    Whoever lets bytes trickle has the patience for a small form, and more only for what has arrived.
    """
    told = request.content_length or 0
    if told > limits.body:
        raise TooLarge
    body, large = bytearray(), told > limits.small
    if large:
        take_place()
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(began + limits.patience) as left:
            async for chunk in request.content.iter_chunked(CHUNK):
                body += chunk
                if len(body) > limits.body:
                    raise TooLarge
                if not large and len(body) > limits.small:
                    large = True
                    take_place()
                left.reschedule(began + min(limits.seconds, limits.patience + len(body) / limits.slowest))
    except TimeoutError:
        raise TooSlow from None
    return bytes(body)


def sent_in(body: bytes, headers: Mapping[str, str], content_type: str) -> Sent:
    """The form that these bytes are. Raises Broken."""
    if content_type == MULTIPART:
        return _of_parts(body, headers.get("Content-Type", ""))
    if content_type == URLENCODED:
        return _of_pairs(body)
    raise Broken("no form")


def _of_parts(body: bytes, content_type: str) -> Sent:
    sent = Sent()
    for part in parts(body, content_type):
        if part.filename is None:
            sent.values[part.name] = part.content.decode("utf-8", "replace").replace("\r\n", "\n")
        elif part.filename or part.content:
            sent.files.append((part.filename, part.content))
    return sent


def _of_pairs(body: bytes) -> Sent:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Broken("no pairs") from error
    return Sent(values={name: value.replace("\r\n", "\n") for name, value in pairs})
