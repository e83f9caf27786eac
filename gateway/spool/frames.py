"""How records stand in a file: one frame after the other, each found again whatever became of those before it.

A frame is a head (mark, what it is, number, length of the body, CRC-32 of the body, CRC-32 of the head itself) and the
body, which is sealed: what was torn or damaged fails its sum, and what was forged or moved does not open.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MARK = b"TSP1"
RECORD, DROPPED = 1, 2
_HEAD = struct.Struct(">4sBQII")
_SUM = struct.Struct(">I")
HEAD_BYTES = _HEAD.size + _SUM.size


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Where one frame stands."""

    what: int  # RECORD or DROPPED
    number: int  # of the record that it holds or drops
    start: int  # of the body
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Scanned:
    """What a file holds."""

    frames: Sequence[Frame]
    end: int  # of the last whole frame; what is behind it is torn or damaged
    gaps: int  # stretches between whole frames that are none: what stood there was answered once, and is damaged


def frame(what: int, number: int, body: bytes = b"") -> bytes:
    head = _HEAD.pack(MARK, what, number, len(body), zlib.crc32(body))
    return b"".join((head, _SUM.pack(zlib.crc32(head)), body))


def scan(content: bytes) -> Scanned:
    """All whole frames, in order."""
    found: list[Frame] = []
    place = end = gaps = 0
    while place >= 0:
        here = _frame_at(content, place)
        if here is None:
            place = content.find(MARK, place + 1)
            continue
        gaps += place > end
        found.append(here)
        place = end = here.end
    return Scanned(frames=found, end=end, gaps=gaps)


def is_torn(tail: bytes) -> bool:
    """Whether it is the beginning of one frame and no more: it was never answered. Anything else was whole once."""
    if len(tail) < HEAD_BYTES:
        return True
    head = _head_at(tail, 0)
    return head is not None and len(tail) < HEAD_BYTES + head.length


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    what: int
    number: int
    length: int  # of the body
    told: int  # the body's sum


def _head_at(content: bytes, place: int) -> _Head | None:
    head = content[place : place + _HEAD.size]
    if len(content) < place + HEAD_BYTES or _SUM.unpack_from(content, place + _HEAD.size)[0] != zlib.crc32(head):
        return None
    mark, what, number, length, told = _HEAD.unpack(head)
    return _Head(what=what, number=number, length=length, told=told) if mark == MARK else None


def _frame_at(content: bytes, place: int) -> Frame | None:
    head = _head_at(content, place)
    if head is None or head.what not in (RECORD, DROPPED):
        return None
    start, end = place + HEAD_BYTES, place + HEAD_BYTES + head.length
    if len(content) < end or zlib.crc32(memoryview(content)[start:end]) != head.told:
        return None
    return Frame(what=head.what, number=head.number, start=start, end=end)
