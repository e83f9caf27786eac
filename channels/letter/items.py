"""What came in as one piece becomes an item of the ledger: its key, its day, and what the envelope says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import islice

from channels.base import HandIn, Item, Paper
from channels.errors import Unreadable
from channels.letter.days import NOT_LIKELY, is_likely, received_at, today_of
from channels.letter.limits import Limits
from channels.letter.naming import shown
from channels.letter.reading.files.bundle import bundle, unbundle
from channels.letter.reading.files.causes import CAUSES, Unopened, told

CHANNEL = "letter"
MOST_LISTED = 200  # files that a stand-in names
# Facts of the envelope that go on to every letter of a batch, and on to the complaint.
HANDED_ON = ("name", "received_on", "postmark", "tracking_number")


class Source(StrEnum):
    """How an item came to us."""

    FOLDER = "folder"
    UPLOAD = "upload"
    BATCH = "batch"  # one letter out of a file of several


def item_of(given: HandIn, source: Source, now: datetime) -> Item:
    """One paper is kept byte for byte, several as a bundle. Raises Unreadable when they cannot be one."""
    raw = _raw(given)
    return Item(
        channel=CHANNEL,
        key=hashlib.sha256(raw).hexdigest(),
        received_at=received_at(given.received_on, now),
        raw=raw,
        envelope=_envelope(given, source),
    )


def letter_of(parent: Item, n: int, pages: Sequence[int], raw: bytes) -> Item:
    """The ``n``-th letter of a file that holds several; ``raw`` is cut from it."""
    facts = {name: parent.envelope[name] for name in HANDED_ON if name in parent.envelope}
    own = {"source": Source.BATCH.value, "pages": ",".join(str(page) for page in pages)}
    return Item(channel=CHANNEL, key=f"{parent.key}/{n}", received_at=parent.received_at, raw=raw, envelope=facts | own)


def stand_in(identity: str, name: str, sizes: Mapping[str, int], cause: str, now: datetime) -> Item:
    """For what cannot be kept here: that it came, of which size, and why a person must look at the folder.

    ``identity`` tells it from all others: what it says of itself may be said of many.
    """
    listed = [f"{size} {shown(each)}" for each, size in islice(sizes.items(), MOST_LISTED)]
    more = [f"+ {len(sizes) - MOST_LISTED}"] if len(sizes) > MOST_LISTED else []
    return Item(
        channel=CHANNEL,
        key=hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest(),
        received_at=now,
        raw="\n".join((cause, shown(name), *listed, *more)).encode(),
        envelope={"name": shown(name), "source": Source.FOLDER.value, "unread": cause},
    )


def check_day(given: HandIn, now: datetime) -> None:
    """Raises Unreadable with words for the person who handed it in."""
    if not is_likely(given.received_on, today_of(now)):
        raise Unreadable(NOT_LIKELY)


def check_amount(given: HandIn, limits: Limits) -> None:
    """Raises Unreadable with words for the person who handed it in."""
    papers = (*given.papers, given.envelope) if given.envelope else given.papers
    if not given.papers:
        raise Unreadable("no file was given")
    if len(papers) > limits.files:
        raise Unreadable(f"more than {limits.files} files for one letter")
    if not all(paper.content for paper in papers):
        raise Unreadable("an empty file")
    if sum(len(paper.content) for paper in papers) > limits.largest:
        raise Unreadable(f"more than {limits.largest // (1024 * 1024)} MB for one letter")


def papers_of(item: Item) -> tuple[tuple[Paper, ...], Paper | None]:
    """The files of the letter, and the scan of its envelope where one was given. Raises Unreadable."""
    if "files" not in item.envelope:
        return (Paper(name=item.envelope.get("name", ""), content=item.raw),), None
    try:
        papers = unbundle(item.raw)
    except Unopened as error:
        raise Unreadable(in_words(error)) from error
    if "envelope_scan" in item.envelope and len(papers) > 1:
        return papers[:-1], papers[-1]
    return papers, None


def content_of(papers: Sequence[Paper]) -> bytes:
    """What a reader is given: the file, or the files as a bundle."""
    return papers[0].content if len(papers) == 1 else bundle(papers)


def in_words(error: Unopened) -> str:
    """For staff, in Chinese and English."""
    return f"{told(error.cause, 'zh')} / {told(error.cause, 'en')}"


def why_in_words(unreadable: str) -> str:
    """What made an item unreadable, as a note beside the scan: in Chinese, then in English."""
    cause, _, words = unreadable.partition(": ")
    if cause.partition(":")[0] in CAUSES and words:
        return f"{words}\n{told(cause, 'en')}"
    if " / " in unreadable:
        return unreadable.replace(" / ", "\n", 1)
    return f"这份文件无法读取，请人工处理。\nThis file could not be read; a person must look at it.\n({unreadable})"


def _raw(given: HandIn) -> bytes:
    papers = (*given.papers, given.envelope) if given.envelope else given.papers
    try:
        return content_of(papers)
    except Unopened as error:
        raise Unreadable(in_words(error)) from error


def _envelope(given: HandIn, source: Source) -> dict[str, str]:
    known = {
        "name": shown(given.papers[0].name),
        "received_on": given.received_on.isoformat() if given.received_on else "",
        "postmark": given.postmark.isoformat() if given.postmark else "",
        "tracking_number": given.tracking_number,
        "source": source.value,
        "files": str(len(given.papers)) if len(given.papers) > 1 or given.envelope else "",
        "envelope_scan": "yes" if given.envelope else "",
    }
    return {name: fact for name, fact in known.items() if fact}
