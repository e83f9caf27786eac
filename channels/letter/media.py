"""What a scan is by its first bytes, whatever its name says."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"
# (at offset, bytes): media type
_SIGNS = {
    (0, b"%PDF"): "application/pdf",
    (0, b"\xff\xd8\xff"): "image/jpeg",
    (0, b"\x89PNG\r\n\x1a\n"): "image/png",
    (0, b"II*\0"): "image/tiff",
    (0, b"MM\0*"): "image/tiff",
    (0, b"II+\0"): "image/tiff",
    (0, b"MM\0+"): "image/tiff",
    (4, b"ftyphei"): "image/heic",
    (4, b"ftypmif1"): "image/heic",
    (0, b"GIF8"): "image/gif",
    (0, b"BM"): "image/bmp",
}


def media_type(content: bytes) -> str:
    """By its signature; unknown ones are bytes and nothing more."""
    for (at, sign), found in _SIGNS.items():
        if content.startswith(sign, at):
            return found
    return UNKNOWN
