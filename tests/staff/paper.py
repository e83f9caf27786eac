"""Letters on paper, already read: a page with its lines, as a scanner and a reader hand them over."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from channels.base import HandIn, Inbox
from channels.errors import Unreadable
from normalizer.record import NOBODY, PageKind, Scan, ScanLine, ScanPage, Submission

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
WIDTH, HEIGHT, LEFT, TOP, STEP, SIZE = 1240, 1754, 130, 150, 74, 34  # an A4 page at 150 dpi
LETTER = (
    "投诉信",
    "示例保险公司：",
    "我叫李晓明，要投诉你公司拖延理赔。2026年9月1日我的车被追尾，",
    "我当天报了案，材料早已交齐，到现在两个多月没有赔付，客服每次",
    "都说在审核。",
    "我的电话是13812345678，保单号PDAA202641010000123456，",
    "身份证号110101199003074514，",
    "住址：北京市朝阳区建国路18号院3号楼402室，邮编100022。",
    "要求：尽快支付理赔款12800元。",
    "投诉人：李晓明",
    "2026年11月18日",
)
POLICY_LINE, ID_LINE = LETTER[5], LETTER[6]


def letter(
    key: str,
    at: datetime,
    lines: Sequence[str] = LETTER,
    *,
    unsure: Mapping[str, float] | None = None,
    others: Mapping[str, tuple[str, ...]] | None = None,
    warnings: tuple[str, ...] = (),
) -> Submission:
    """A letter of one page. ``unsure`` are lines with the score they got, ``others`` what else they were read as."""
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    read = tuple(
        ScanLine(
            text=line,
            box=box_of(number, line),
            score=(unsure or {}).get(line, 0.995),
            start=starts[number],
            others=(others or {}).get(line, ()),
        )
        for number, line in enumerate(lines)
    )
    page = ScanPage(
        number=1,
        kind=PageKind.LETTER,
        rotation=0,
        width=WIDTH,
        height=HEIGHT,
        dpi=150,
        lines=read,
        image=picture(lines),
        warnings=warnings,
    )
    scan = Scan(pages=(page,), marks=frozenset({"signature"}), engine="reader 1", settings={"side": "1280"})
    return Submission(
        channel="letter", key=key, sender=NOBODY, received_at=at, text="\n".join(lines), raw=key.encode(), scan=scan
    )


def box_of(number: int, line: str) -> tuple[int, int, int, int]:
    width = sum(SIZE if ord(character) > 0x2000 else SIZE * 0.56 for character in line)
    top = TOP + number * STEP
    return (LEFT, top, min(WIDTH - 40, LEFT + round(width)), top + SIZE + 12)


def picture(lines: Sequence[str]) -> bytes:
    """The page as a JPEG; without Chinese glyphs where the system has no font for them."""
    page = Image.new("RGB", (WIDTH, HEIGHT), (250, 249, 246))
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), SIZE) if FONT.exists() else None
    for number, line in enumerate(lines):
        pen.text((LEFT, TOP + number * STEP), line if font else ascii(line), fill=(35, 38, 60), font=font)
    content = io.BytesIO()
    page.save(content, "JPEG", quality=80)
    return content.getvalue()


@dataclass
class SmallMailroom:
    """Takes what is handed in, and has the letters that a test laid ready submitted, one for each hand-in."""

    inbox: Inbox | None = None
    ready: list[Submission] = field(default_factory=list)
    given: list[HandIn] = field(default_factory=list)

    async def hand_in(self, given: HandIn) -> tuple[str, bool]:
        if any(paper.content == b"MZ" for paper in given.papers):
            raise Unreadable("这不是扫描件 / not a scan")
        new = given not in self.given
        self.given.append(given)
        if self.inbox is None or not self.ready:
            return f"key{len(self.given)}", new
        submission = self.ready.pop(0)
        await self.inbox.submit(submission)
        return submission.key, new
