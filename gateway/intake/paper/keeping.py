"""How a letter was read is kept beside it: every line, where it stands, and what a person must look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from gateway.casework.doubts import ALIKE
from gateway.house import House
from gateway.intake.scene import Scene
from normalizer.alike import looks_alike
from normalizer.record import Submission
from normalizer.seen import Doubt
from store.values import ComplaintId, KeptDoubt, KeptScan, ScanState

COMPARED_FOR = timedelta(days=180)
MOST_COMPARED = 5000
MOST_NAMED = 5  # of a printed form that hundreds send, the newest


async def lay_down_pages(house: House, submission: Submission) -> tuple[str, ...]:
    """The pictures of the pages go to the blob store, before the transaction that mentions them."""
    pages = submission.scan.pages if submission.scan is not None else ()
    return tuple([await house.store.blobs.put(page.image) if page.image else "" for page in pages])


async def keep_scan(scene: Scene) -> None:
    """Once for each item; read again, it stays as a person may have settled it."""
    scan = scene.submission.scan
    if scan is None or not scan.pages:
        return
    case_id = scene.case.id if scene.case else None
    if await scene.unit.scans.of_ledger(scene.entry.id) is not None:
        return await scene.unit.scans.assign(scene.entry.id, case_id)
    await _mention_those_alike(scene, scan.likeness, case_id)
    await scene.unit.scans.keep(
        KeptScan(
            ledger_id=scene.entry.id,
            complaint_id=case_id,
            received_at=scene.entry.received_at,
            state=ScanState.DOUBTFUL if scene.doubts else ScanState.CLEAR,
            scan=scan,
            text=scene.submission.text,
            images=scene.images,
            doubts=kept_doubts(scene.doubts),
        )
    )


def kept_doubts(doubts: Mapping[str, Doubt]) -> Mapping[str, KeptDoubt]:
    return {
        name: KeptDoubt(
            value=doubt.value,
            why=doubt.why,
            candidates=doubt.candidates,
            places=tuple((place.page, place.box) for place in doubt.places),
        )
        for name, doubt in doubts.items()
    }


async def _mention_those_alike(scene: Scene, likeness: str, case_id: ComplaintId | None) -> None:
    """The same letter scanned anew, or a printed form that many people send: only a person can tell."""
    if not likeness or case_id is None:
        return
    known = await scene.unit.scans.looks(scene.now - COMPARED_FOR, MOST_COMPARED)
    alike = {theirs for look, theirs in known if theirs != case_id and looks_alike(look, likeness)}
    if not alike:
        return
    cases = [await scene.unit.complaints.get(each) for each in sorted(alike)[-MOST_NAMED:]]
    numbers = "、".join(case.number for case in cases if case is not None)
    await scene.task("review", ALIKE, detail=f"{numbers} ({len(alike)})")
