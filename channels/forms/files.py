"""Which files a form takes: those whose name and first bytes agree, and that no browser or shell would run."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from normalizer.record import Attachment

MOST_FILES = 10
LARGEST = 20 * 1024 * 1024
LARGEST_TOGETHER = 50 * 1024 * 1024
LONGEST_NAME = 120

# What a file begins with, as (offset, bytes), by what it is.
_ZIP = ((0, b"PK\x03\x04"),)
_OLE = ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)
_ISO = ((4, b"ftyp"),)
_MP3 = ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))
_EBML = ((0, b"\x1aE\xdf\xa3"),)
_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[str, tuple[tuple[int, bytes], ...]]] = {
    "jpg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    "png": ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    "gif": ("image/gif", ((0, b"GIF8"),)),
    "webp": ("image/webp", ((8, b"WEBP"),)),
    "bmp": ("image/bmp", ((0, b"BM"),)),
    "tif": ("image/tiff", ((0, b"II*\0"), (0, b"MM\0*"))),
    "heic": ("image/heic", _ISO),
    "pdf": ("application/pdf", ((0, b"%PDF-"),)),
    "mp3": ("audio/mpeg", _MP3),
    "m4a": ("audio/mp4", _ISO),
    "aac": ("audio/aac", ((0, b"\xff\xf1"), (0, b"\xff\xf9"))),
    "wav": ("audio/wav", ((8, b"WAVE"),)),
    "amr": ("audio/amr", ((0, b"#!AMR"),)),
    "ogg": ("audio/ogg", ((0, b"OggS"),)),
    "mp4": ("video/mp4", _ISO),
    "mov": ("video/quicktime", (*_ISO, (4, b"moov"), (4, b"mdat"), (4, b"wide"))),
    "3gp": ("video/3gpp", _ISO),
    "webm": ("video/webm", _EBML),
    "avi": ("video/x-msvideo", ((8, b"AVI "),)),
    "docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
    "doc": ("application/msword", _OLE),
    "xls": ("application/vnd.ms-excel", _OLE),
    "ppt": ("application/vnd.ms-powerpoint", _OLE),
    "wps": ("application/vnd.ms-works", (*_OLE, *_ZIP)),
    "txt": ("text/plain", ()),
}
SAME = {"jpeg": "jpg", "jpe": "jpg", "tiff": "tif", "heif": "heic", "oga": "ogg", "m4v": "mp4"}
ACCEPT = ",".join(f".{name}" for name in sorted({*KINDS, *SAME}))  # for a file field


class Refused(ValueError):
    """A file that no form takes; ``why``: count, size, total, empty, kind."""

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(why)
        self.why, self.name = why, name


def checked_files(files: Iterable[tuple[str, bytes]]) -> tuple[Attachment, ...]:
    """Names and contents as attachments. Raises Refused for the first that is not taken."""
    found = tuple(checked_file(name, content) for name, content in files)
    if len(found) > MOST_FILES:
        raise Refused("count")
    if sum(len(each.content or b"") for each in found) > LARGEST_TOGETHER:
        raise Refused("total")
    return found


def checked_file(name: str, content: bytes) -> Attachment:
    """One file; its type is by what it is, never by what was said of it. Raises Refused."""
    clean = clean_name(name)
    if not content:
        raise Refused("empty", clean)
    if len(content) > LARGEST:
        raise Refused("size", clean)
    return Attachment(name=clean, media_type=_media_type(clean, content), content=content)


def clean_name(name: str) -> str:
    """The last part of a path, without what does not print."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip(" .")
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending)]}{dot}{ending}" if dot else shown[:LONGEST_NAME]


def _media_type(name: str, content: bytes) -> str:
    ending = name.rpartition(".")[2].casefold()
    known = KINDS.get(SAME.get(ending, ending))
    if known is None or not _begins(content, known[1]):
        raise Refused("kind", name)
    return known[0]


def _begins(content: bytes, marks: tuple[tuple[int, bytes], ...]) -> bool:
    if not marks:
        return _is_text(content)
    return any(content[at : at + len(mark)] == mark for at, mark in marks)


def _is_text(content: bytes) -> bool:
    """Words alone: nothing that a browser might take for a page."""
    start = content[:1024].lstrip().lower()
    return b"\0" not in content[:4096] and not start.startswith((b"<", b"#!", b"\xef\xbb\xbf<"))
