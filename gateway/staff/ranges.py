"""One part of a file, for whoever listens to a recording and goes back and forth in it (RFC 9110, section 14)."""

from __future__ import annotations

import re

from aiohttp import web

from gateway.staff.problems import Problem

ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


def in_part(request: web.Request, whole: web.Response, content: bytes, tag: str) -> web.Response:
    """The whole answer, or the one part of its bytes that was asked for; ``tag`` names these very bytes.

    Several parts at once, or what is no range, are answered with the whole, as a server may: nobody can make one
    request cost more than one file. A part that is not there is a Problem.
    """
    entity = f'"{tag}"'
    whole.headers.update({"Accept-Ranges": "bytes", "ETag": entity})
    part = _part(request.headers.get("Range", ""), len(content))
    if part is None or request.headers.get("If-Range", entity) != entity:
        return whole
    if not part:
        raise Problem(416, "no_such_part", headers={"Content-Range": f"bytes */{len(content)}"})
    whole.set_status(206)
    whole.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    whole.body = content[part.start : part.stop]
    return whole


def _part(header: str, size: int) -> range | None:
    """The places that are asked for, none of them there if empty; None where it is no range that we serve."""
    asked = ONE_RANGE.fullmatch(header.strip())
    if asked is None or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(size - int(last), 0), size) if int(last) else range(0)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)
