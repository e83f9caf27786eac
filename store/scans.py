"""Scans: how what came on paper was read, for whoever checks a value against it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from normalizer.scans import scan_from_json, scan_to_json
from store.line import AnyRow
from store.models import one_of
from store.models import scans as table
from store.prepared import Prepared
from store.repository import NEWEST, Repository, sift
from store.values import ComplaintId, KeptDoubt, KeptScan, LedgerId, ScanState

_ADD = Prepared(insert(table))
_GET = Prepared(select(table).where(table.c.ledger_id == bindparam("which")))
_OF_COMPLAINT = Prepared(select(table).where(table.c.complaint_id == bindparam("which")).order_by(table.c.id))
_ASSIGN = Prepared(update(table).where(table.c.ledger_id == bindparam("which")))
_DROP = Prepared(update(table).where(table.c.complaint_id == bindparam("which"), one_of(table.c.state, "doubtful")))
_DOUBTFUL = Prepared(
    select(table)
    .where(one_of(table.c.state, "doubtful"), table.c.id > bindparam("after"))
    .order_by(table.c.id)
    .limit(bindparam("most"))
)
_RECENT = Prepared(
    select(table).where(table.c.id < bindparam("before")).order_by(table.c.id.desc()).limit(bindparam("most"))
)
_LOOKS = Prepared(
    select(table.c.likeness, table.c.complaint_id)
    .where(table.c.received_at >= bindparam("since"), table.c.complaint_id.is_not(None), table.c.likeness != "")
    .order_by(table.c.received_at.desc())
    .limit(bindparam("most"))
)


class Scans(Repository):
    """Scans by the item they are of."""

    __slots__ = ()

    async def keep(self, kept: KeptScan) -> None:
        """Write how an item was read."""
        await self._line.run(
            _ADD,
            {
                "ledger_id": kept.ledger_id,
                "complaint_id": kept.complaint_id,
                "received_at": kept.received_at,
                "state": kept.state,
                "likeness": kept.scan.likeness,
                "body": self._keys.seal_json(_body(kept), "scans.body"),
            },
        )

    async def settle(self, kept: KeptScan, state: ScanState, doubts: Mapping[str, KeptDoubt]) -> None:
        """A person has looked: the doubts that are left."""
        body = self._keys.seal_json(_body(kept) | {"doubts": _doubts_out(doubts)}, "scans.body")
        await self._line.run(_ASSIGN, {"which": kept.ledger_id, "state": state, "body": body})

    async def drop(self, complaint_id: ComplaintId) -> None:
        """Their complaint is over: nobody needs to look any more."""
        await self._line.run(_DROP, {"which": complaint_id, "state": ScanState.DROPPED})

    async def assign(self, ledger_id: LedgerId, complaint_id: ComplaintId | None) -> None:
        """Give it to a complaint."""
        await self._line.run(_ASSIGN, {"which": ledger_id, "complaint_id": complaint_id})

    async def of_ledger(self, ledger_id: LedgerId) -> KeptScan | None:
        rows = await self._line.rows(_GET, {"which": ledger_id})
        return self._scan(rows[0]) if rows else None

    async def of_complaint(self, complaint_id: ComplaintId) -> list[KeptScan]:
        return [self._scan(row) for row in await self._line.rows(_OF_COMPLAINT, {"which": complaint_id})]

    async def doubtful(self, after: int = 0, limit: int = 50) -> list[KeptScan]:
        """Those a person must look at, the oldest first; ``after`` is the last id of the page before."""
        rows = await self._line.rows(_DOUBTFUL, {"after": after, "most": limit})
        return sift(rows, self._scan, lambda row: row.id)[0]

    async def recent(self, before: int | None = None, limit: int = 50) -> list[KeptScan]:
        """The newest first."""
        rows = await self._line.rows(_RECENT, {"before": before or NEWEST, "most": limit})
        return sift(rows, self._scan, lambda row: row.id)[0]

    async def looks(self, since: datetime, limit: int) -> list[tuple[str, ComplaintId]]:
        """What letters since then look like, and whose they are; the newest first."""
        rows = await self._line.rows(_LOOKS, {"since": since, "most": limit})
        return [(row.likeness, ComplaintId(row.complaint_id)) for row in rows]

    def _scan(self, row: AnyRow) -> KeptScan:
        body = self._keys.open_json(row.body, "scans.body")
        return KeptScan(
            id=row.id,
            ledger_id=LedgerId(row.ledger_id),
            complaint_id=row.complaint_id,
            received_at=row.received_at,
            state=ScanState(row.state),
            scan=scan_from_json(body["scan"]),
            text=body["text"],
            images=tuple(body["images"]),
            doubts=_doubts_in(body["doubts"]),
        )


def _body(kept: KeptScan) -> dict[str, Any]:
    return {
        "scan": scan_to_json(kept.scan),
        "text": kept.text,
        "images": list(kept.images),
        "doubts": _doubts_out(kept.doubts),
    }


def _doubts_out(doubts: Mapping[str, KeptDoubt]) -> dict[str, Any]:
    return {
        name: [doubt.value, list(doubt.why), list(doubt.candidates), [[page, list(box)] for page, box in doubt.places]]
        for name, doubt in doubts.items()
    }


def _doubts_in(packed: Mapping[str, Any]) -> Mapping[str, KeptDoubt]:
    return MappingProxyType(
        {
            name: KeptDoubt(
                value=value,
                why=tuple(why),
                candidates=tuple(candidates),
                places=tuple((page, (box[0], box[1], box[2], box[3])) for page, box in places),
            )
            for name, (value, why, candidates, places) in packed.items()
        }
    )
