"""A picture and a voice message for those who have none at hand."""

from __future__ import annotations

import struct
import zlib

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
AMR_HEAD = b"#!AMR\n"
AMR_SILENCE = b"\x3c" + bytes(31)  # one frame of 20 ms at 12.2 kbit/s (RFC 4867 5.3)


def picture(width: int = 64, height: int = 48) -> bytes:
    """A small grey-scale PNG, each row a little darker."""
    rows = b"".join(b"\x00" + bytes([255 - row]) * width for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return PNG_HEAD + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def voice(seconds: int = 2) -> bytes:
    """Silence, as WeChat sends voices (AMR)."""
    return AMR_HEAD + AMR_SILENCE * (50 * seconds)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check
