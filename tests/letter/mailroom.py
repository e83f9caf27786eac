"""Stand-ins for the slow neighbours of the channel: paper that is a few words of text, and who reads and prints it.

A sheet is ``KIND words``; an empty line lies between two letters; the whole is dressed as a PDF.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from channels.base import Answer, AnswerKind, CallReport, DeliveryReport, Inbox, Item, Kept
from channels.errors import Unreadable
from channels.letter.printing.values import PrintedLetter, ReplyLetter
from channels.letter.reading.files.bundle import is_bundle, unbundle
from normalizer.record import PageKind, Scan, ScanLine, ScanPage, Submission
from tests.clock import SetClock

COMPLAINT = "letter 我叫陈建国，电话13812345678，车险理赔拖了两个月还没赔，保单号PDAA20264101000087654，请尽快赔付。"


def scan(*letters: str) -> bytes:
    """A file of these letters, each a few lines of ``kind words``."""
    return b"%PDF-1.7\n" + "\n\n".join(letters).encode() + b"\n%%EOF\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLetter:
    pages: tuple[ScanPage, ...]
    text: str
    slip: str
    scan: Scan


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperFile:
    letters: tuple[PaperLetter, ...]
    pages: int


@dataclass
class PaperClerk:
    """Reads such paper; ``read_so_far`` counts the pages, and ``broken`` makes the next readings fail otherwise."""

    read_so_far: int = 0
    cuts: int = 0
    closed: bool = False
    broken: list[Exception] = field(default_factory=list)
    uncut: list[Exception] = field(default_factory=list)
    before: Callable[[bytes], Awaitable[None]] | None = None

    async def read(self, content: bytes) -> PaperFile:
        if self.before is not None:
            await self.before(content)
        if self.broken:
            raise self.broken.pop(0)
        letters, number = [], 0
        for letter in letters_in(content):
            pages = tuple(page(line, number + at) for at, line in enumerate(letter, 1))
            number += len(pages)
            letters.append(read_letter(pages))
        self.read_so_far += number
        return PaperFile(letters=tuple(letters), pages=number)

    async def cut(self, content: bytes, pages: Sequence[int]) -> bytes:
        if self.uncut:
            raise self.uncut.pop(0)
        self.cuts += 1
        lines = [line for letter in letters_in(content) for line in letter]
        return scan("\n".join(lines[number - 1] for number in pages))

    async def aclose(self) -> None:
        self.closed = True


def letters_in(content: bytes) -> list[list[str]]:
    """The lines of each letter. Raises Unreadable."""
    papers = [paper.content for paper in unbundle(content)] if is_bundle(content) else [content]
    if not all(paper.startswith(b"%PDF") for paper in papers):
        raise Unreadable("文件已损坏 / the file is damaged")
    bodies = [paper.removeprefix(b"%PDF-1.7\n").removesuffix(b"\n%%EOF\n").decode() for paper in papers]
    if len(bodies) > 1:
        return [[line for body in bodies for line in body.splitlines() if line]]
    return [part.splitlines() for part in bodies[0].split("\n\n")]


def page(line: str, number: int) -> ScanPage:
    kind, _, words = line.partition(" ")
    lines = (ScanLine(text=words, box=(0, 0, 100, 20), score=0.99),) if words else ()
    return ScanPage(
        number=number,
        kind=PageKind(kind),
        rotation=0,
        width=100,
        height=100,
        dpi=200,
        lines=lines,
        image=b"\xff\xd8\xff",
    )


def read_letter(pages: tuple[ScanPage, ...]) -> PaperLetter:
    written = [each for each in pages if each.kind in (PageKind.LETTER, PageKind.SLIP) and each.lines]
    words = [line.text for each in written for line in each.lines]
    slips = [word for word in words if word.startswith("TOUSU:SLIP:")]
    text = "\n".join(word for word in words if word not in slips)
    return PaperLetter(
        pages=pages, text=text, slip=slips[0] if slips else "", scan=Scan(pages=pages, codes=tuple(slips))
    )


@dataclass
class Desk:
    """An inbox that remembers; ``away`` makes the store refuse."""

    kept: dict[str, Item] = field(default_factory=dict)
    submitted: list[Submission] = field(default_factory=list)
    away: bool = False

    async def keep(self, item: Item) -> Kept:
        self._check()
        for done in self.submitted:
            if done.key == item.key:
                return Kept.SET_ASIDE if done.unreadable else Kept.DONE
        new = item.key not in self.kept
        self.kept.setdefault(item.key, item)
        return Kept.NEW if new else Kept.WAITING

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        self._check()
        self.submitted.append(submission)
        return Answer(kind=AnswerKind.SILENT)

    async def report(self, report: DeliveryReport) -> None:
        raise AssertionError("letters report nothing")

    async def note_call(self, report: CallReport) -> None:
        raise AssertionError("nobody calls by letter")

    @property
    def texts(self) -> list[str]:
        return [submission.text for submission in self.submitted if submission.text]

    def _check(self) -> None:
        if self.away:
            raise ConnectionError("the store is away")


_: type[Inbox] = Desk


class Drawer:
    """A channel's memory for one test."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def put(self, key: str, value: str, *, keep: object = None) -> None:
        self.values[key] = value

    async def swap(self, key: str, old: str | None, new: str, *, keep: object = None) -> bool:
        if self.values.get(key) != old:
            return False
        self.values[key] = new
        return True


@dataclass
class Turns:
    """Hints that tell nothing: each wait moves the clock on by as much, and after ``most`` the watch is over."""

    clock: SetClock
    most: int = 50
    waits: list[float] = field(default_factory=list)
    mode: str = "polling"
    closed: bool = False

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) >= self.most:
            raise EnoughTurns
        self.clock.advance(seconds=seconds)

    def close(self) -> None:
        self.closed = True


class EnoughTurns(Exception):
    """The test has seen enough of the watch."""


@dataclass
class HandPress:
    """Prints the letter's own words."""

    printed: list[ReplyLetter] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)

    async def print(self, letter: ReplyLetter) -> PrintedLetter:
        if self.broken:
            raise self.broken.pop(0)
        self.printed.append(letter)
        return PrintedLetter(pdf=f"%PDF {letter} {len(self.printed)}".encode(), pages=2)

    async def aclose(self) -> None:
        self.printed.clear()


@dataclass
class Shelf:
    """A tray for one test."""

    laid: dict[str, PrintedLetter] = field(default_factory=dict)

    async def find(self, id: str) -> PrintedLetter | None:
        return self.laid.get(id)

    async def lay(self, letter: ReplyLetter, printed: PrintedLetter, at: datetime) -> PrintedLetter:
        return self.laid.setdefault(letter.id, printed)
