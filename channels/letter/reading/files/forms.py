"""What a file is, by its own first bytes: neither its name nor its sender decides."""

from __future__ import annotations

import re

from channels.letter.reading.files.bundle import is_bundle
from channels.letter.reading.files.causes import CUT_SHORT, EMPTY, Unopened, wrong_type

_OURS = (
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),  # BigTIFF
    (b"MM\0+", "tiff"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
)
_FOREIGN = (
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"#!", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"8BPS", "picture"),
    (b"AT&TFORM", "picture"),
    (b"\0\0\0\x0cjP  ", "picture"),  # JPEG 2000
    (b"{\\rtf", "word"),
    (b"%!", "postscript"),
    (b"ID3", "recording"),
    (b"OggS", "recording"),
    (b"#!AMR", "recording"),
)
_IN_ZIP = (
    (b"word/", "word"),
    (b"xl/", "excel"),
    (b"ppt/", "powerpoint"),
    (b"OFD.xml", "ofd"),
    (b"mimetypeapplication/vnd.oasis", "opendocument"),
)
_IN_OLE = (("WordDocument", "word"), ("Workbook", "excel"), ("PowerPoint", "powerpoint"), ("__substg1.0_", "email"))
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MAIL = re.compile(
    rb"\A(?:From |(?:Received|Return-Path|Delivered-To|MIME-Version|Message-ID|Subject|From|Date|X-[\w-]+):)", re.I
)
_HTML = re.compile(rb"\A\s*(?:<!doctype\s+html|<html|<head|<body|<\?xml|<svg)", re.I)
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_BLANK = b"\0 \t\r\n\xef\xbb\xbf"
_HEAD = 1024  # a PDF may begin that late, after what a printer wrote before it


def form_of(content: bytes) -> str:
    """bundle, pdf, tiff, jpeg, png or heic. Raises Unopened: empty, wrong_type, broken off in its first bytes."""
    if not content.strip(_BLANK):
        raise Unopened(EMPTY)
    if is_bundle(content):
        return "bundle"
    form = _ours(content)
    if form:
        return form
    if any(magic.startswith(content) for magic, _ in _OURS):
        raise Unopened(CUT_SHORT)
    raise wrong_type(_foreign(content))


def _ours(content: bytes) -> str:
    for magic, form in _OURS:
        if content.startswith(magic):
            return form
    if content[4:8] == b"ftyp" and _brands(content) & _HEIC_BRANDS and b"avif" not in _brands(content):
        return "heic"
    return "pdf" if b"%PDF-" in content[:_HEAD] and not _looks_foreign(content) else ""


def _brands(content: bytes) -> frozenset[bytes]:
    """The major and the compatible brands of an ISO media file."""
    end = min(int.from_bytes(content[:4], "big"), 256)
    return frozenset(content[at : at + 4] for at in (8, *range(16, end, 4)))


def _looks_foreign(content: bytes) -> bool:
    return bool(_HTML.match(content) or _MAIL.match(content)) or content.startswith((b"PK\x03\x04", b"MZ"))


def _foreign(content: bytes) -> str:
    for magic, kind in _FOREIGN:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK"):
        return next((kind for mark, kind in _IN_ZIP if mark in content), "zip")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return next((kind for mark, kind in _IN_OLE if mark.encode("utf-16-le") in content), "office")
    if content.startswith(b"RIFF"):
        return "picture" if content[8:12] == b"WEBP" else "recording"
    if content[4:8] == b"ftyp":
        return "picture" if _brands(content) & {b"avif", b"avis"} else "recording"
    return _written(content)


def _written(content: bytes) -> str:
    head = content[:4096].lstrip(_BLANK)
    if _MAIL.match(head):
        return "email"
    if _HTML.match(head):
        return "html"
    return "text" if _is_text(head) else "unknown"


def _is_text(head: bytes) -> bool:
    """UTF-8 or GB 18030 without control characters; a character cut in half at the end is forgiven."""
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                return not _CONTROL.search(head[: len(head) - cut].decode(encoding))
            except UnicodeDecodeError:
                continue
    return False
