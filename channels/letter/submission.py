"""A letter that was read becomes a submission: words, enclosures, and the case it says it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from channels.base import Item, Paper
from channels.letter.items import papers_of
from channels.letter.media import media_type
from channels.letter.ports import ReadLetter
from channels.letter.slips import number_claimed
from normalizer.record import NOBODY, Attachment, Gesture, PageKind, ScanPage, Submission, Thread

WRITTEN = frozenset({PageKind.LETTER, PageKind.SLIP})
EMPTY = frozenset({PageKind.BLANK, PageKind.SEPARATOR})
ENCLOSED = {
    PageKind.ID_CARD: "身份证复印件",
    PageKind.INVOICE: "发票",
    PageKind.POLICY: "保险合同",
    PageKind.OTHER: "附件",
    PageKind.ENVELOPE: "信封",
}
CONTEXT = ("postmark", "tracking_number", "name")


def submission_of(item: Item, letter: ReadLetter, thread: Thread | None = None) -> Submission:
    """One letter as the gateway takes it. Raises Unreadable when its bundle does not open."""
    return Submission(
        channel=item.channel,
        key=item.key,
        sender=NOBODY,
        received_at=item.received_at,
        text=letter.text,
        raw=item.raw,
        attachments=(*_originals(item), *_enclosures(letter.pages)),
        thread=thread,
        attested=False,
        may_answer=True,
        warnings=tuple(_warnings(letter, thread)),
        context={name: item.envelope[name] for name in CONTEXT if name in item.envelope},
        scan=letter.scan,
    )


def batch_noted(item: Item, letters: int) -> Submission:
    """For a file of several letters, each of which is an item of its own by now."""
    return Submission(
        channel=item.channel,
        key=item.key,
        sender=NOBODY,
        received_at=item.received_at,
        raw=item.raw,
        gesture=Gesture.NOTED,
        attested=False,
        warnings=(f"batch:{letters}",),
    )


def thread_of(slip: str, proven: str | None) -> Thread | None:
    """The case a return slip names, and whether it is a slip that we printed."""
    number = proven or number_claimed(slip)
    return Thread(number=number, by=("slip",), proven=proven is not None) if number else None


def is_empty(letter: ReadLetter) -> bool:
    return all(page.kind in EMPTY for page in letter.pages)


def _warnings(letter: ReadLetter, thread: Thread | None) -> Iterator[str]:
    if not any(page.kind in WRITTEN for page in letter.pages):
        yield "no_letter_page"
    if letter.slip and not (thread and thread.proven):
        yield "slip_check_wrong"


def _originals(item: Item) -> Iterator[Attachment]:
    papers, envelope = papers_of(item)
    for paper in papers:
        yield replace(_attached(paper), inline=True)
    if envelope is not None:
        yield replace(_attached(envelope), name=f"信封{_suffix(envelope.name)}")


def _attached(paper: Paper) -> Attachment:
    return Attachment(name=paper.name, media_type=media_type(paper.content), content=paper.content)


def _enclosures(pages: Sequence[ScanPage]) -> Iterator[Attachment]:
    for page in pages:
        if page.kind in ENCLOSED and page.image:
            name = f"{ENCLOSED[page.kind]}（第{page.number}页）.jpg"
            yield Attachment(name=name, media_type="image/jpeg", content=page.image)


def _suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix}" if stem and dot and suffix.isalnum() and len(suffix) <= 5 else ""
