"""How a letter was read, and where ours are: kept sealed, found again, on each database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from normalizer.record import PageKind, Scan, ScanLine, ScanPage
from store.unit import Store
from store.values import ComplaintId, KeptDoubt, KeptScan, LedgerId, Posting, PostState, ScanState
from tests.store.things import open_case

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LINE = ScanLine(text="保单号PDAA2O26", box=(10, 20, 300, 60), score=0.91, start=0, others=("保单号PDAA2026",))
PAGE = ScanPage(
    number=1, kind=PageKind.LETTER, rotation=90, width=1654, height=2339, dpi=200, lines=(LINE,), warnings=("faxed",)
)
SCAN = Scan(pages=(PAGE,), codes=("x",), marks=frozenset({"seal"}), engine="e", settings={"a": "b"}, likeness="0f" * 32)
DOUBTS = {"policy_number": KeptDoubt(value="PDAA2O26", why=("look_alike",), places=((1, (10, 20, 300, 60)),))}


async def kept(store: Store, key: str, state: ScanState = ScanState.DOUBTFUL) -> KeptScan:
    async with store.unit() as unit:
        entry = await unit.ledger.enter(channel="letter", key=key, received_at=NOW, raw=b"scan", envelope={})
        case = await open_case(unit, f"TS{key}", channel="letter")
        scan = KeptScan(
            ledger_id=entry.id,
            complaint_id=case.id,
            received_at=NOW,
            state=state,
            scan=SCAN,
            text=LINE.text,
            images=("a" * 64,),
            doubts=DOUBTS if state is ScanState.DOUBTFUL else {},
        )
        await unit.scans.keep(scan)
        await unit.commit()
    return scan


async def test_a_scan_is_kept_with_every_line_and_doubt(store: Store) -> None:
    scan = await kept(store, "1")

    async with store.reading() as unit:
        found = await unit.scans.of_ledger(scan.ledger_id)
        assert found is not None
        assert replace(found, id=0) == scan
        assert [each.ledger_id for each in await unit.scans.of_complaint(ComplaintId(found.complaint_id or 0))]
        assert await unit.scans.of_ledger(LedgerId(99)) is None


async def test_those_to_be_looked_at_come_oldest_first_until_somebody_has(store: Store) -> None:
    first, second = await kept(store, "1"), await kept(store, "2")
    await kept(store, "3", ScanState.CLEAR)

    async with store.unit() as unit:
        assert [each.ledger_id for each in await unit.scans.doubtful()] == [first.ledger_id, second.ledger_id]
        await unit.scans.settle(first, ScanState.VERIFIED, {})
        await unit.commit()

    async with store.reading() as unit:
        assert [each.ledger_id for each in await unit.scans.doubtful()] == [second.ledger_id]
        assert len(await unit.scans.recent()) == 3


async def test_letters_of_the_last_months_are_compared_by_their_look(store: Store) -> None:
    scan = await kept(store, "1")

    async with store.reading() as unit:
        assert await unit.scans.looks(NOW - timedelta(days=1), 10) == [(SCAN.likeness, scan.complaint_id)]
        assert await unit.scans.looks(NOW + timedelta(days=1), 10) == []


async def test_a_letter_of_ours_is_followed_from_the_printer_to_the_door(store: Store) -> None:
    letter = Posting(
        id="p1",
        complaint_id=None,
        number="TS1",
        kind="receipt",
        state=PostState.PRINTED,
        pages=2,
        sha256="a" * 64,
        printed_at=NOW,
    )
    async with store.unit() as unit:
        await unit.post.printed(letter)
        await unit.post.printed(letter)
        await unit.post.posted("p1", NOW, "EMS123")
        await unit.commit()

    async with store.unit() as unit:
        [found] = await unit.post.list("posted")
        assert (found.tracking, found.posted_at) == ("EMS123", NOW)
        assert await unit.post.list("printed") == []
        await unit.post.ended("p1", PostState.RETURNED, NOW)
        assert [each.state for each in await unit.post.list()] == [PostState.RETURNED]
        assert await unit.post.get("nothing") is None
