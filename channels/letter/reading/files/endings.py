"""Does a file end as its kind must? One that is still being written, or was broken off, does not."""

from __future__ import annotations

_PADDING = b"\0 \t\r\n"
_START_OF_SCAN = 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # JPEG marks without a length
_LAST = 2048  # bytes in which a PDF's end mark stands, whatever a server has put behind it


def ends_whole(form: str, content: bytes) -> bool:
    """Is the end of the file there? Of ``pdf``, ``jpeg``, ``png`` or ``heic``."""
    return _ENDS[form](content)


def _pdf(content: bytes) -> bool:
    """A linearized PDF has an end mark near its beginning too: only the last one counts."""
    return b"%%EOF" in content[-_LAST:] or b"%%EOF" in content.rstrip(_PADDING)[-_LAST:]


def _png(content: bytes) -> bool:
    return b"IEND" in content


def _jpeg(content: bytes) -> bool:
    """After the start of the scan, as a thumbnail in the head has an end mark of its own."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark = content[at + 1]
        if mark == _START_OF_SCAN:
            return content.find(b"\xff\xd9", at) >= 0
        at += 1 if mark == 0xFF else 2 if mark in _ALONE else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return at + 4 <= len(content)  # what follows is no segment: damaged, not short


def _heic(content: bytes) -> bool:
    """Every box lies within the file; size 0 is the last, to the end."""
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size < 8:
            return size == 0
        at += size
    return at == len(content)


_ENDS = {"pdf": _pdf, "png": _png, "jpeg": _jpeg, "heic": _heic}
