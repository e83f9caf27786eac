"""A form with files as browsers send it (RFC 7578), cut out of its bytes exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

MOST_PARTS = 100
MOST_HEADER = 8192
BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.I)
NAME = re.compile(r'[;\s]name="([^"]*)"', re.I)
FILENAME = re.compile(r'[;\s]filename="((?:[^"\\]|\\.)*)"', re.I)


class Broken(ValueError):
    """The bytes are no form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    name: str
    filename: str | None  # None: a value, not a file
    content: bytes


def parts(body: bytes, content_type: str) -> Iterator[Part]:
    """The parts in their order. Raises Broken."""
    found = BOUNDARY.search(content_type)
    if found is None:
        raise Broken("no boundary")
    mark = b"\r\n--" + (found[1] or found[2]).encode()
    whole = b"\r\n" + body
    pieces = _between(whole, mark)
    for count, (start, end) in enumerate(pieces):
        if count >= MOST_PARTS:
            raise Broken("too many parts")
        yield _part(whole, start, end)


def _between(whole: bytes, mark: bytes) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends."""
    at = whole.find(mark)
    if at != 0:
        raise Broken("does not begin with its boundary")
    while True:
        start = at + len(mark)
        if whole[start : start + 2] == b"--":
            return
        if whole[start : start + 2] != b"\r\n" or (at := whole.find(mark, start)) < 0:
            raise Broken("ends in the middle")
        yield start + 2, at


def _part(whole: bytes, start: int, end: int) -> Part:
    cut = whole.find(b"\r\n\r\n", start, min(end + 4, start + MOST_HEADER))
    if cut < 0:
        raise Broken("a part without a head")
    head = whole[start:cut].decode("utf-8", "replace")
    name, filename = NAME.search(head), FILENAME.search(head)
    if name is None:
        raise Broken("a part without a name")
    told = _as_typed(filename[1]) if filename else None
    return Part(name=name[1], filename=told, content=whole[cut + 4 : end])


def _as_typed(told: str) -> str:
    """Browsers escape quotes alone, apps every character; hidden so, a name in it would be hidden from our masks."""
    try:
        return unquote(told.replace('\\"', '"'), errors="strict")
    except UnicodeDecodeError:
        return told
