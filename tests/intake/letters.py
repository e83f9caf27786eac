"""People who write letters: what they wrote, as a scanner and a reader make it of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from channels.base import OutboundKind
from gateway.intake.paper.item import check_of
from normalizer.record import (
    NOBODY,
    Attachment,
    Contact,
    ContactKind,
    PageKind,
    Scan,
    ScanLine,
    ScanPage,
    Submission,
    Thread,
)
from store.values import Case, KeptScan, LedgerId, Parcel, PostState
from tests.intake.talks import Office

HOME = "上海市徐汇区漕溪北路88号3单元501室"
WHOLE = f"""投诉信
国诚财产保险股份有限公司：
我叫王小明，身份证号11010519491231002X，车险理赔拖了两个月还没赔。
保单号PDAA202641010000123456，请尽快赔付。
通讯地址：{HOME}
联系电话：13812345678
投诉人：王小明"""
NO_NAME = f"""投诉信
车险理赔拖了两个月还没赔，一直说在审核。
通讯地址：{HOME}"""
PICTURE = b"\xff\xd8 a picture of a page \xff\xd9"
SIGNED = frozenset({"signature"})


def scanned(
    text: str,
    *,
    score: float = 0.99,
    marks: frozenset[str] = SIGNED,
    odd: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Scan:
    """Each line of the text as one line of a page; ``odd`` gives lines with these words other readings or a score."""
    lines, start = [], 0
    for place, line in enumerate(text.split("\n")):
        seen = ScanLine(text=line, box=(120, 100 + 60 * place, 1500, 150 + 60 * place), score=score, start=start)
        lines.append(next((replace(seen, **how) for words, how in odd.items() if words in line), seen))
        start += len(line) + 1
    page = ScanPage(
        number=1, kind=PageKind.LETTER, rotation=0, width=1654, height=2339, dpi=200, lines=tuple(lines), image=PICTURE
    )
    return Scan(pages=(page,), marks=marks, engine="test", likeness="f" * 64)


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Somebody who writes by post."""

    office: Office

    def letter(self, text: str, *, scan: Scan | None = None, **more: Any) -> Submission:
        key = f"letter-{next(self.office.keys)}"
        original = Attachment(name="scan.pdf", media_type="application/pdf", content=key.encode(), inline=True)
        given: dict[str, Any] = {"attachments": (original,), "raw": key.encode()} | more
        return Submission(
            channel="letter",
            key=key,
            sender=NOBODY,
            received_at=self.office.clock.now(),
            text=text,
            attested=False,
            scan=scan or scanned(text),
            **given,
        )

    async def write(self, text: str, **more: Any) -> None:
        await self.office.gateway.inbox.submit(self.letter(text, **more))

    async def return_slip(self, case: Case, text: str, *, proven: bool = True, **more: Any) -> None:
        await self.write(text, thread=Thread(number=case.number, by=("slip",), proven=proven), **more)


async def letters_out(office: Office, kind: OutboundKind | None = None) -> list[Parcel]:
    return [each for each in await office.parcels(kind) if each.channel == "letter"]


async def scans(office: Office, case: Case) -> list[KeptScan]:
    async with office.gateway.house.store.reading() as unit:
        return await unit.scans.of_complaint(case.id)


async def check(
    office: Office, case: Case, fields: Mapping[str, str], *, text: str = "", item: LedgerId | None = None
) -> None:
    """A person of ours compares values with the page, and says what they are; of the first letter, unless told."""
    kept = await scans(office, case)
    item = item or (kept[0].ledger_id if kept else None)
    given = check_of(case.number, case.channel, item, fields, text, by="li", at=office.clock.now())
    await office.gateway.inbox.submit(given)


def home(address: str = HOME) -> Contact:
    return Contact(kind=ContactKind.POST, value=address)


__all__ = ["HOME", "NO_NAME", "WHOLE", "PostState", "Writer", "check", "home", "letters_out", "scanned", "scans"]
