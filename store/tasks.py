"""Tasks: what a person must do, until somebody has done it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, tuple_, update

from store.line import AnyRow
from store.models import complaints
from store.models import tasks as table
from store.prepared import Prepared
from store.repository import Repository
from store.values import ComplaintId, ConversationId, Task

_ADD = Prepared(insert(table))
_GET = Prepared(select(table).where(table.c.id == bindparam("which")))
_DONE = Prepared(update(table).where(table.c.id == bindparam("which"), table.c.state == "open"))
_ADOPT = Prepared(update(table).where(table.c.conversation_id == bindparam("talk"), table.c.complaint_id.is_(None)))
_list = (
    select(table)
    .where(table.c.state == bindparam("in_state"))
    .order_by(table.c.due_at, table.c.seq)
    .limit(bindparam("most"))
)
_last = table.alias("last")
_LIST = Prepared(_list)
_LIST_AFTER = Prepared(
    _list.where(
        tuple_(table.c.due_at, table.c.seq)
        > select(_last.c.due_at, _last.c.seq).where(_last.c.id == bindparam("after")).scalar_subquery()
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TasksWanted:
    """Which tasks somebody's list shows."""

    state: str = "open"
    kinds: tuple[str, ...] = ()  # empty: all
    but: tuple[str, ...] = ()  # kinds that are shown elsewhere
    reason: str = ""  # empty: any
    branches: frozenset[str] | None = None  # that handle their complaints; None: all
    loose: bool = True  # also those that belong to no complaint


class Tasks(Repository):
    """Tasks, the most urgent first."""

    __slots__ = ()

    async def add(self, task: Task) -> None:
        """Ask a person to do something."""
        await self._line.run(_ADD, self._row(task))

    async def open_of(
        self,
        complaint_id: ComplaintId | None = None,
        conversation_id: ConversationId | None = None,
        kind: str | None = None,
    ) -> Sequence[Task]:
        """What is still open of a complaint, a conversation, a kind, or all that is given."""
        given = {"complaint_id": complaint_id, "conversation_id": conversation_id, "kind": kind}
        query = select(table).where(table.c.state == "open").order_by(table.c.due_at, table.c.seq)
        for name, value in given.items():
            if value is not None:
                query = query.where(table.c[name] == value)
        return self._tasks(await self._line.rows(query))

    async def list(self, state: str = "open", after: str | None = None, limit: int = 50) -> Sequence[Task]:
        """Tasks in a state, by due time; ``after`` is the last id of the page before."""
        terms = {"in_state": state, "most": limit}
        if after is None:
            return self._tasks(await self._line.rows(_LIST, terms))
        return self._tasks(await self._line.rows(_LIST_AFTER, {**terms, "after": after}))

    async def wanted(self, wanted: TasksWanted, after: str | None = None, limit: int = 50) -> Sequence[Task]:
        """Tasks that a list shows, by due time; ``after`` is the last id of the page before."""
        query = _narrowed(wanted).order_by(table.c.due_at, table.c.seq).limit(limit)
        if after is not None:
            place = select(_last.c.due_at, _last.c.seq).where(_last.c.id == after).scalar_subquery()
            query = query.where(tuple_(table.c.due_at, table.c.seq) > place)
        return self._tasks(await self._line.rows(query))

    async def get(self, id: str) -> Task | None:
        return next(iter(self._tasks(await self._line.rows(_GET, {"which": id}))), None)

    async def done(self, id: str, at: datetime, by: str) -> bool:
        """Somebody has done it; False when it was not open."""
        values = {"state": "done", "done_at": at, "done_by": by}
        return await self._line.run(_DONE, {"which": id, **values}) > 0

    async def adopt(self, conversation_id: ConversationId, complaint_id: ComplaintId, number: str) -> int:
        """Give a conversation's tasks that belong to no complaint to one; how many."""
        values = {"complaint_id": complaint_id, "number": number}
        return await self._line.run(_ADOPT, {"talk": conversation_id, **values})

    def _row(self, task: Task) -> dict[str, Any]:
        return {
            "id": task.id,
            "kind": task.kind,
            "reason": task.reason,
            "created_at": task.created_at,
            "due_at": task.due_at,
            "complaint_id": task.complaint_id,
            "conversation_id": task.conversation_id,
            "ledger_id": task.ledger_id,
            "number": task.number,
            "detail": self._keys.seal(task.detail, "tasks.detail") if task.detail else None,
            "state": task.state,
            "done_at": task.done_at,
            "done_by": task.done_by,
        }

    def _tasks(self, rows: Iterable[AnyRow]) -> Sequence[Task]:
        return [self._task(row) for row in rows]

    def _task(self, row: AnyRow) -> Task:
        return Task(
            id=row.id,
            kind=row.kind,
            reason=row.reason,
            created_at=row.created_at,
            due_at=row.due_at,
            complaint_id=row.complaint_id,
            number=row.number,
            conversation_id=row.conversation_id,
            ledger_id=row.ledger_id,
            detail=self._keys.open_text(row.detail, "tasks.detail"),
            state=row.state,
            done_at=row.done_at,
            done_by=row.done_by,
        )


def _narrowed(wanted: TasksWanted) -> Select[Any]:
    query = select(table).where(table.c.state == wanted.state)
    if wanted.kinds:
        query = query.where(table.c.kind.in_(wanted.kinds))
    if wanted.but:
        query = query.where(table.c.kind.not_in(wanted.but))
    if wanted.reason:
        query = query.where(table.c.reason == wanted.reason)
    if wanted.branches is not None:
        theirs = select(complaints.c.id).where(complaints.c.branch.in_(sorted(wanted.branches)))
        query = query.where(table.c.complaint_id.is_(None) | table.c.complaint_id.in_(theirs))
    return query if wanted.loose else query.where(table.c.complaint_id.is_not(None))
