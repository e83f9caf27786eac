"""Several files that are one letter become one item: a plain ZIP that is marked as ours, and nothing else is."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence

from channels.base import Paper
from channels.letter.reading.files.causes import CORRUPT, CUT_SHORT, EMPTY, TOO_MANY_PAPERS, Unopened, wrong_type
from channels.letter.reading.files.file_limits import LIMITS, FileLimits

_MARKER = "tousu-letter-bundle"
_MARK = b"1\n"  # the version of the layout
_LOCAL_HEADER = b"PK\x03\x04"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same papers give the same bytes at any hour
_STEM, _SUFFIX = 80, 10  # characters of a name that are kept
_UNSAFE = re.compile(r'[\s<>:"/\\|?*]+')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # control, direction, lone surrogates


def bundle(papers: Sequence[Paper]) -> bytes:
    """The papers as one item, in their order; the same papers give the same bytes. Raises Unopened (none, too many)."""
    if not papers:
        raise Unopened(EMPTY)
    if len(papers) > LIMITS.papers:
        raise Unopened(TOO_MANY_PAPERS)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(_MARKER), _MARK)
        for place, paper in enumerate(papers, start=1):
            archive.writestr(_entry(f"{place:03d}-{safe_name(paper.name)}"), paper.content)
    return written.getvalue()


def is_bundle(content: bytes) -> bool:
    """Does the item begin as our bundles do?"""
    return content.startswith(_LOCAL_HEADER) and content[30 : 30 + len(_MARKER)] == _MARKER.encode()


def unbundle(content: bytes, limits: FileLimits = LIMITS) -> tuple[Paper, ...]:
    """The papers of a bundle, under their safe names. Raises Unopened: a foreign ZIP, a damaged or swollen one."""
    if not is_bundle(content):
        raise wrong_type("zip")
    try:
        return _papers(content, limits)
    except Unopened:
        raise
    except Exception as error:  # zipfile raises as many kinds as there are ways to break a ZIP
        raise Unopened(CORRUPT if _ends_whole(content) else CUT_SHORT) from error


def safe_name(name: str) -> str:
    """A name that is one plain part of a path on every system, its suffix kept."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    seen = "".join(character for character in plain if unicodedata.category(character) not in _INVISIBLE)
    stem, dot, suffix = _UNSAFE.sub("_", seen).strip(". _").rpartition(".")
    kept = f"{stem[:_STEM]}{dot}{suffix[:_SUFFIX]}" if dot else suffix[:_STEM]
    return kept or "paper"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.create_system = 3  # else the host's own, and the bytes would differ
    return entry


def _papers(content: bytes, limits: FileLimits) -> tuple[Paper, ...]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        mark, *entries = archive.infolist()
        if len(entries) > limits.papers:
            raise Unopened(TOO_MANY_PAPERS)
        if not _is_ours(mark, entries, len(content)) or archive.read(mark) != _MARK:
            raise Unopened(CORRUPT)
        return tuple(Paper(name=_given_name(entry), content=archive.read(entry)) for entry in entries)


def _is_ours(mark: zipfile.ZipInfo, entries: Sequence[zipfile.ZipInfo], size: int) -> bool:
    """Written as we write: stored, so that nothing can swell, and no byte used by two entries."""
    every = [mark, *entries]
    stored = all(entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1 for entry in every)
    fits = all(entry.file_size == entry.compress_size for entry in every)
    return mark.filename == _MARKER and bool(entries) and stored and fits and sum(e.file_size for e in every) <= size


def _given_name(entry: zipfile.ZipInfo) -> str:
    return safe_name(re.sub(r"\A[0-9]{3}-", "", entry.filename))


def _ends_whole(content: bytes) -> bool:
    return content[-22:].startswith(b"PK\x05\x06")
