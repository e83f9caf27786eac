"""Files that somebody sends in a form: read piece by piece, and never more of it than is allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from channels.base import Paper
from gateway.staff.problems import Problem

MULTIPART = "multipart/form-data"
MB = 1024 * 1024
MOST_BYTES = 61 * MB  # the letter channel takes 60 and says so in words
MOST_PARTS = 60
MOST_SECONDS = 300.0
WORD_BYTES, NAME_CHARS = 400, 255
CHUNK = 64 * 1024
BROKEN = (ValueError, AssertionError, RuntimeError, web.RequestPayloadError, BadHttpMessage)


@dataclass(slots=True)
class Form:
    """What a form says: its words by name, its files by name in their order."""

    words: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[Paper]] = field(default_factory=dict)


async def read_form(request: web.Request, files: Mapping[str, int], word_bytes: int = WORD_BYTES) -> Form:
    """The form; ``files`` are the names of its file parts, and how many there may be of each; words are in bytes.

    A Problem when it is another kind of body, too large, too slow, broken, or has a part twice.
    """
    if request.content_type != MULTIPART:
        raise Problem(415, "form_only")
    if (request.content_length or 0) > MOST_BYTES:
        raise Problem(413, "too_large")
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await _parts(await request.multipart(), files, word_bytes)
    except TimeoutError:
        raise Problem(408, "too_slow") from None
    except BROKEN:
        raise Problem(400, "malformed_form") from None


async def _parts(reader: MultipartReader, files: Mapping[str, int], word_bytes: int) -> Form:
    form, left, parts = Form(), MOST_BYTES, 0
    while (part := await reader.next()) is not None:
        parts += 1
        if not isinstance(part, BodyPartReader) or parts > MOST_PARTS:
            raise _refused("body", "too many parts" if parts > MOST_PARTS else "a form within a form")
        left -= await _take(part, form, files, left, word_bytes)
    return form


async def _take(part: BodyPartReader, form: Form, files: Mapping[str, int], left: int, word_bytes: int) -> int:
    """Add one part to the form; its size."""
    name = part.name or ""
    if name in files:
        content = await _content(part, left)
        papers = form.files.setdefault(name, [])
        papers.append(Paper(name=(part.filename or "")[:NAME_CHARS], content=content))
        if len(papers) > files[name]:
            raise _refused(name, "given too often")
        return len(content)
    content = await _content(part, min(left, word_bytes))
    if name in form.words:
        raise _refused("body", "a part given more than once")
    form.words[name] = content.decode()
    return len(content)


async def _content(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        content += chunk
        if len(content) > most:
            raise Problem(413, "too_large")
    return bytes(content)


def _refused(where: str, why: str) -> Problem:
    return Problem(422, "invalid", errors=[{"where": where, "why": why}])
