"""Reports: what a provider said of a message before we had written down the id that it knows the message by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from store.models import reports as table
from store.prepared import Prepared
from store.repository import Repository
from store.values import EarlyReport

_KEEP = Prepared(insert(table))
_OF = Prepared(
    select(table)
    .where(table.c.provider_id == bindparam("which"), table.c.channel == bindparam("in_channel"))
    .order_by(table.c.seq)
    .limit(bindparam("most"))
)
_FORGET = Prepared(delete(table).where(table.c.at < bindparam("before")))
MOST = 20


class Reports(Repository):
    """Early reports by channel and the provider's id."""

    __slots__ = ()

    async def keep(self, report: EarlyReport) -> None:
        """Lay a report down for the message that will be settled under this id."""
        row = {
            "channel": report.channel,
            "provider_id": report.provider_id,
            "state": report.state,
            "at": report.at,
            "reason": self._keys.seal(report.reason, "reports.reason") if report.reason else None,
            "blocked": report.blocked,
        }
        await self._line.run(_KEEP, row)

    async def of(self, channel: str, provider_id: str) -> list[EarlyReport]:
        """What was said of a message, in order."""
        rows = await self._line.rows(_OF, {"which": provider_id, "in_channel": channel, "most": MOST})
        return [
            EarlyReport(
                channel=row.channel,
                provider_id=row.provider_id,
                state=row.state,
                at=row.at,
                reason=self._keys.open_text(row.reason, "reports.reason"),
                blocked=row.blocked,
            )
            for row in rows
        ]

    async def forget(self, before: datetime) -> int:
        """Drop what was said before a moment: no message of ours was meant, or it has long been told; how many."""
        return await self._line.run(_FORGET, {"before": before})
