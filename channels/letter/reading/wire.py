"""Letters on their way between the reading process and us: JSON, and beside it the pictures of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.meaning.letters import LetterRead, Reading
from normalizer.scans import scan_from_json, scan_to_json


def letter_to_fields(letter: LetterRead) -> tuple[dict[str, Any], Sequence[bytes]]:
    """A letter as JSON, and its pages' pictures in their order."""
    images = [page.image for page in letter.pages]
    fields = {"text": letter.text, "slip": letter.slip, "scan": scan_to_json(letter.scan)}
    return {"letter": fields | {"images": [len(image) for image in images]}}, images


def letter_from_fields(fields: Mapping[str, Any], content: bytes) -> LetterRead:
    """The letter again. Raises KeyError, TypeError or ValueError for what no process of ours wrote."""
    given = fields["letter"]
    scan = scan_from_json(given["scan"])
    images = _parted(content, given["images"])
    pages = tuple(replace(page, image=image) for page, image in zip(scan.pages, images, strict=True))
    scan = replace(scan, pages=pages)
    return LetterRead(pages=pages, text=str(given["text"]), slip=str(given["slip"]), scan=scan)


def whole_to_fields(reading: Reading) -> dict[str, Any]:
    """What is to say of the file itself; its letters went before."""
    return {"pages": reading.pages, "form": reading.form, "letters": len(reading.letters)}


def whole_from_fields(fields: Mapping[str, Any], letters: Sequence[LetterRead]) -> Reading:
    """The reading again. Raises KeyError, TypeError or ValueError for what no process of ours wrote."""
    if int(fields["letters"]) != len(letters):
        raise ValueError("a letter is missing")
    return Reading(letters=tuple(letters), pages=int(fields["pages"]), form=str(fields["form"]))


def limits_to_fields(limits: FileLimits) -> dict[str, int]:
    return asdict(limits)


def limits_from_fields(fields: Mapping[str, int]) -> FileLimits:
    return FileLimits(**fields)


def _parted(content: bytes, sizes: Sequence[int]) -> list[bytes]:
    if sum(sizes) != len(content) or min(sizes, default=0) < 0:
        raise ValueError("pictures do not fit their sizes")
    parts, at = [], 0
    for size in sizes:
        parts.append(content[at : at + size])
        at += size
    return parts
