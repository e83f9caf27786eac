"""Paper on the sandbox page as JSON: what came, how it was read, and what lies printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels.letter.channel import LetterChannel
from channels.letter.simulator import LetterOut
from gateway.operations.demo.paper import has_fonts
from gateway.operations.demo.stage import Stage
from normalizer.record import ScanPage
from store.unit import Unit
from store.values import Case, ComplaintId, KeptScan, Posting

Facts = dict[str, Any]

MOST_CAME = 12
MOST_PRINTED = 16


async def letter_facts(stage: Stage, unit: Unit, cases: Mapping[ComplaintId, Case]) -> Facts:
    """Everything of paper; two statements, and what lies in the two folders."""
    tray = await stage.letters.tray()
    return {
        "fonts": has_fonts(),
        "state": _state(stage),
        "waiting": [{"name": each.name, "is_read": each.is_read} for each in await stage.letters.waiting()],
        "came": [_came(kept, cases) for kept in await unit.scans.recent(limit=MOST_CAME)],
        "printed": [_printed(each, tray.get(each.id)) for each in await unit.post.list(limit=MOST_PRINTED)],
    }


def _state(stage: Stage) -> Facts:
    channel = stage.gateway.channels["letter"]
    return dict(channel.state()) if isinstance(channel, LetterChannel) else {}


def _came(kept: KeptScan, cases: Mapping[ComplaintId, Case]) -> Facts:
    case = cases.get(kept.complaint_id) if kept.complaint_id is not None else None
    return {
        "item": kept.ledger_id,
        "at": _iso(kept.received_at),
        "state": kept.state,
        "number": case.number if case else "",
        "who": case.record.value("complainant_name") if case else "",
        "doubts": sorted(kept.doubts),
        "marks": sorted(kept.scan.marks),
        "pages": [_page(page, image) for page, image in zip(kept.scan.pages, kept.images, strict=False)],
    }


def _page(page: ScanPage, image: str) -> Facts:
    return {
        "number": page.number,
        "kind": page.kind,
        "rotation": page.rotation,
        "width": page.width,
        "height": page.height,
        "warnings": list(page.warnings),
        "lines": len(page.lines),
        "has_picture": bool(image),
    }


def _printed(letter: Posting, lies: LetterOut | None) -> Facts:
    return {
        "id": letter.id,
        "number": letter.number,
        "kind": letter.kind,
        "state": letter.state,
        "pages": letter.pages,
        "slip": lies is not None and lies.slip,
        "is_here": lies is not None,
        "tracking": letter.tracking,
        "printed_at": _iso(letter.printed_at),
        "posted_at": _iso(letter.posted_at),
        "ended_at": _iso(letter.ended_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
