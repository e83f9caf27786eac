"""Post: letters of ours, from the printer to the person's door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from store.line import AnyRow
from store.models import post as table
from store.prepared import Prepared, upsert
from store.repository import NEWEST, Repository
from store.values import ComplaintId, Posting, PostState

_ADD = upsert(table, lambda insert: insert.on_conflict_do_nothing())
_by_id = select(table).where(table.c.id == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_MOVE = Prepared(update(table).where(table.c.id == bindparam("which")))
_newest = select(table).where(table.c.seq < bindparam("before")).order_by(table.c.seq.desc()).limit(bindparam("most"))
_RECENT = Prepared(_newest)
_IN_STATE = Prepared(_newest.where(table.c.state == bindparam("in_state")))
_OF_COMPLAINT = Prepared(select(table).where(table.c.complaint_id == bindparam("whose")).order_by(table.c.seq))


class Post(Repository):
    """Letters by the id of their message."""

    __slots__ = ()

    async def printed(self, posting: Posting) -> None:
        """A letter was made; the same one made again changes nothing."""
        await self._line.run(
            _ADD,
            {
                "id": posting.id,
                "complaint_id": posting.complaint_id,
                "number": posting.number,
                "kind": posting.kind,
                "state": posting.state,
                "pages": posting.pages,
                "sha256": posting.sha256,
                "printed_at": posting.printed_at,
            },
        )

    async def posted(self, id: str, at: datetime, tracking: str) -> None:
        """It was handed to the post."""
        sealed = self._keys.seal(tracking, "post.tracking") if tracking else None
        await self._line.run(_MOVE, {"which": id, "state": PostState.POSTED, "posted_at": at, "tracking": sealed})

    async def ended(self, id: str, state: PostState, at: datetime) -> None:
        """It arrived, or came back."""
        await self._line.run(_MOVE, {"which": id, "state": state, "ended_at": at})

    async def get(self, id: str, *, lock: bool = False) -> Posting | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return self._posting(rows[0]) if rows else None

    async def list(self, state: str | None = None, before: int | None = None, limit: int = 50) -> Sequence[Posting]:
        """The newest first; ``before`` is the last seq of the page before."""
        terms = {"before": before or NEWEST, "most": limit}
        if state is None:
            return [self._posting(row) for row in await self._line.rows(_RECENT, terms)]
        return [self._posting(row) for row in await self._line.rows(_IN_STATE, {**terms, "in_state": state})]

    async def of_complaint(self, complaint_id: ComplaintId) -> Sequence[Posting]:
        return [self._posting(row) for row in await self._line.rows(_OF_COMPLAINT, {"whose": complaint_id})]

    def _posting(self, row: AnyRow) -> Posting:
        return Posting(
            id=row.id,
            complaint_id=row.complaint_id,
            number=row.number,
            kind=row.kind,
            state=PostState(row.state),
            pages=row.pages,
            sha256=row.sha256,
            printed_at=row.printed_at,
            tracking=self._keys.open_text(row.tracking, "post.tracking"),
            posted_at=row.posted_at,
            ended_at=row.ended_at,
            seq=row.seq,
        )
