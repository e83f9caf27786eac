"""Names of files as others gave them: which we look at, how we show them, and in which order they lie."""

from __future__ import annotations

import re
from pathlib import PurePath

MOST_SHOWN = 120  # characters
MOST_BYTES = 240  # of a name on disk: 255 is what most file systems take
_UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".crdownload", "~")
_OF_THE_SYSTEM = frozenset({"thumbs.db", "desktop.ini"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_DIGITS = re.compile(r"(\d{1,18})")


def is_hidden(name: str) -> bool:
    """Not ours to look at: hidden, or written by a file manager."""
    return name.startswith(".") or name.casefold() in _OF_THE_SYSTEM


def is_unfinished(name: str) -> bool:
    """By its name, somebody is still writing it."""
    return name.casefold().endswith(_UNFINISHED)


def is_plain(name: str) -> bool:
    """A file's own name, that leads into no other folder."""
    return bool(name.strip()) and not is_hidden(name) and not re.search(r"[/\\\x00]", name) and len(name) <= 255


def shown(name: str) -> str:
    """For records and people: without control characters, bounded."""
    return _CONTROL.sub("?", name)[:MOST_SHOWN]


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key to sort by: page2 before page10, as people number their scans."""
    parts = _DIGITS.split(name.casefold())
    return tuple((0, int(part), "") if at % 2 else (1, 0, part) for at, part in enumerate(parts) if part)


def numbered(name: str, count: int) -> str:
    """``scan.pdf``, ``scan (2).pdf``, …: short enough for a disk."""
    path = PurePath(name)
    stem, suffix = (path.stem, path.suffix) if len(path.suffix) <= 16 else (name, "")
    mark = f" ({count})" if count > 1 else ""
    return f"{_cut(stem, MOST_BYTES - len(mark) - len(suffix.encode('utf-8', 'surrogateescape')))}{mark}{suffix}"


def _cut(text: str, most: int) -> str:
    """At most so many bytes of it, whole characters."""
    text = text[:most]  # before the first look: each costs as much as the text is long
    while len(text.encode("utf-8", "surrogateescape")) > most:
        text = text[:-1]
    return text
