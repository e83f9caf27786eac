"""Files that came with a mail: their bytes untouched, their names made harmless and distinct."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from channels.email.reading import limits
from channels.email.reading.words import clean_line

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*/\\]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/tiff": ".tif",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/ms-tnef": ".dat",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/mp4": ".m4a",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}


# RFC 2045 5.1: a type is two tokens; what holds anything else goes on to nobody's screen or header.
TOKENS = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,60}/[a-z0-9!#$%&'*+.^_`|~-]{1,80}")
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """One attachment as read: ``inline`` is a picture shown in the text, ``note`` a warning about this file alone."""

    name: str
    media_type: str
    content: bytes
    inline: bool = False

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def safe_name(declared: str, media_type: str) -> str:
    """A name that is a name: no path, no sign that hides, reorders or means something to a file system; never empty."""
    name = clean_line(declared)
    name = re.split(r"[/\\]", re.sub(r"^[A-Za-z]:(?=[^/\\])", "", name).rstrip("/\\ "))[-1]
    name = _FORBIDDEN.sub("_", name).strip(" ._")
    if _RESERVED.fullmatch(name):
        name = "_" + name
    name = _shortened(name)
    return name or "attachment" + EXTENSIONS.get(media_type, ".bin")


def _shortened(name: str) -> str:
    """Room for the extension, and for a file system that counts bytes."""
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, extension = name, ""
    ending = f".{extension}" if extension else ""
    while len((stem + ending).encode("utf-8")) > 200 or len(stem) > limits.NAME_CHARS:
        stem = stem[:-1]
    return stem + ending


class Folder:
    """The attachments of one mail in their order; equal names are told apart by a number."""

    def __init__(self, warnings: limits.Warnings) -> None:
        self.files: list[File] = []
        self._names: set[str] = set()
        self._warnings = warnings

    def add(self, declared: str, media_type: str, content: bytes, *, inline: bool = False) -> None:
        if len(self.files) >= limits.ATTACHMENTS:
            self._warnings.add("too_many_attachments")
            return
        name = self._distinct(safe_name(declared, media_type))
        kind = media_type if TOKENS.fullmatch(media_type) else UNKNOWN
        self.files.append(File(name=name, media_type=kind, content=content, inline=inline))

    def _distinct(self, name: str) -> str:
        stem, dot, extension = name.rpartition(".")
        if not dot:
            stem, extension = name, ""
        number, candidate = 1, name
        while candidate.casefold() in self._names:
            number += 1
            candidate = f"{stem} ({number}){dot}{extension}"
        self._names.add(candidate.casefold())
        return candidate
