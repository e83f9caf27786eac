"""One scan through reader and normalizer, as in service: what it said, how it lay, what is left to a person."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.letter.reader import PaperReader
from normalizer.normalize import normalize
from normalizer.record import NOBODY, SHANGHAI, Complaint, PageKind, Scan, Submission
from normalizer.seen import Doubt, doubtful

RECEIVED = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What became of one scan."""

    seen: str  # all lines of all pages, before anything is left out or joined
    rotations: tuple[int, ...]
    kinds: tuple[PageKind, ...]
    record: Complaint
    doubts: Mapping[str, Doubt]
    seconds: float  # a page


async def read(reader: PaperReader, content: bytes) -> Read:
    """A scan that holds one letter. Raises Unreadable; ValueError when it was taken for several or for none."""
    began = time.perf_counter()
    reading = await reader.read(content)
    seconds = (time.perf_counter() - began) / reading.pages
    (letter,) = reading.letters
    submission = _submission(letter.text, letter.scan)
    record = normalize(submission)
    return Read(
        seen="\n".join(line.text for page in letter.pages for line in page.lines),
        rotations=tuple(page.rotation for page in letter.pages),
        kinds=tuple(page.kind for page in letter.pages),
        record=record,
        doubts=doubtful(record, submission),
        seconds=seconds,
    )


def understood(text: str) -> Complaint:
    """The record of a letter that was read without an error."""
    return normalize(_submission(text, None))


def _submission(text: str, scan: Scan | None) -> Submission:
    return Submission(channel="letter", key="eval", sender=NOBODY, received_at=RECEIVED, text=text, scan=scan)
