"""A letter in a test: lines of paper as they were read, and the record that they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from normalizer.normalize import normalize
from normalizer.record import (
    NOBODY,
    SHANGHAI,
    Complaint,
    PageKind,
    Scan,
    ScanLine,
    ScanPage,
    Submission,
)
from normalizer.seen import Doubt, doubtful

HEIGHT, CHARACTER = 40, 16  # pixels: of a line, and of half a Chinese character
LEFT, TOP = 100, 200

POLICY = "PDAA202641010000123456"
PHONE = "13592071184"
ID_NUMBER = "110101199003074514"
HOME = "江苏省苏州市姑苏区平江路12号3幢502室"
CLEAN = (
    "投诉信\n青湖财产保险股份有限公司：\n"
    f"本人王建国，身份证号{ID_NUMBER}，在贵公司投保车险，\n"
    f"保单号{POLICY}，报案号RDAA202641010000987654，\n至今未赔付。要求尽快赔付8600元。\n"
    f"投诉人：王建国\n联系电话：{PHONE}\n联系地址：{HOME}\n2026年11月20日"
)


def line(text: str, number: int, start: int, *, score: float = 0.99, others: tuple[str, ...] = ()) -> ScanLine:
    width = CHARACTER * sum(1 if character.isascii() else 2 for character in text)
    top = TOP + number * 2 * HEIGHT
    return ScanLine(text=text, box=(LEFT, top, LEFT + width, top + HEIGHT), score=score, start=start, others=others)


def page(
    *lines: ScanLine,
    number: int = 1,
    kind: PageKind = PageKind.LETTER,
    by: str = "ocr",
    warnings: tuple[str, ...] = (),
) -> ScanPage:
    return ScanPage(
        number=number,
        kind=kind,
        rotation=0,
        width=1654,
        height=2339,
        dpi=200,
        lines=lines,
        by=by,
        warnings=warnings,
    )


def letter(
    text: str,
    *,
    scores: Mapping[str, float] = {},
    looks: Mapping[str, str] = {},
    by: str = "ocr",
    warnings: tuple[str, ...] = (),
) -> Submission:
    """A letter of one page. ``scores`` and ``looks``: by words of a line its score, and its words as another look has
    them."""
    lines, start = [], 0
    for number, written in enumerate(text.split("\n")):
        score = next((score for words, score in scores.items() if words in written), 0.99)
        others = tuple(written.replace(words, other) for words, other in looks.items() if words in written)
        lines.append(line(written, number, start, score=score, others=others))
        start += len(written) + 1
    return on_pages(text, [page(*lines, by=by, warnings=warnings)])


def on_pages(text: str, pages: Sequence[ScanPage]) -> Submission:
    return Submission(
        channel="letter",
        key="letter-1",
        sender=NOBODY,
        received_at=datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI),
        text=text,
        scan=Scan(pages=tuple(pages)),
    )


def posted(text: str) -> Complaint:
    """The record of a letter that was read without fault."""
    return normalize(letter(text))


def doubts(submission: Submission, known: Mapping[str, str] = {}) -> Mapping[str, Doubt]:
    return doubtful(normalize(submission), submission, known)


def why(submission: Submission, name: str) -> tuple[str, ...]:
    found = doubts(submission).get(name)
    return found.why if found else ()
