"""The queue of complaints: narrowed, in order, a page at a time, and counted no further than people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from store.besides import besides
from store.complaints import Complaints, is_a_complaint
from store.line import AnyRow
from store.models import complaints as table
from store.models.kinds import Time, one_of, still_open, unanswered
from store.repository import sift
from store.terms import has_words, holding
from store.values import Case

COUNTED = 100  # beyond this many, nobody reads the number
EXACT_FOUND = 500  # complaints of one phone, policy or name that a search looks at
KINDS = frozenset({"name", "phone", "email", "id_number", "policy_number", "claim_number"})
CLOSED = ("WITHDRAWN", "ARCHIVED", "NOT_HANDLED")
NOBODY = 0  # as an assignee: nobody has it yet


class Life(StrEnum):
    """Which part of their lives complaints are in."""

    OPEN = "open"
    CLOSED = "closed"
    ANY = "any"


class Order(StrEnum):
    DUE = "due"  # of open ones only, the most urgent first
    NEWEST = "newest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the queue shows. Each filter that is empty narrows nothing."""

    life: Life = Life.OPEN
    order: Order = Order.DUE
    within: frozenset[str] | None = None  # codes of the branches whose complaints may be seen; None: all
    channels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    assignee: int | None = None  # the id of a person, or NOBODY
    due_from: datetime | None = None
    due_before: datetime | None = None
    with_merged: bool = False
    all_items: bool = False  # praise, consultations and strangers' items too, not only what the figures count
    exact: tuple[tuple[str, str], ...] = ()  # (kind, value) of identifiers; any of them may be the one
    words: tuple[str, ...] = ()  # folded; all must stand in the complaint
    terms: tuple[int, ...] = ()  # of the words, by store.terms
    but: frozenset[int] = frozenset()  # ids of complaints that the reader must not learn of

    @property
    def by_due(self) -> bool:
        return self.order is Order.DUE and self.life is Life.OPEN


@dataclass(frozen=True, kw_only=True, slots=True)
class After:
    """Where a page ends, and the next begins."""

    id: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuePage:
    """Complaints in order; ``after`` is None on the last page."""

    cases: Sequence[Case] = field(default=())
    after: After | None = None


class Queue(Complaints):
    """Complaints as staff go through them. Nothing here counts or skips rows that nobody will see."""

    __slots__ = ()

    async def page(self, wanted: Wanted, *, after: After | None = None, limit: int = 50) -> QueuePage:
        """One page; a row that does not open is left out, and so is one with the pairs but not the words."""
        rows = await self._line.rows(self.paged(wanted, after, limit + 1))
        shown = rows[:limit]
        cases, _ = sift(shown, self._case, lambda row: row.id)
        last = shown[-1] if len(rows) > limit else None
        return QueuePage(
            cases=[case for case in cases if self._is_meant(wanted, case)],
            after=After(id=last.id, due_at=last.due_at) if last is not None else None,
        )

    async def counts(self, views: Mapping[str, Wanted]) -> Mapping[str, int]:
        """How many complaints each view has, up to COUNTED, in one statement."""
        if not views:
            return {}
        asked = [self._counted(wanted) for wanted in views.values()]
        [row] = await self._line.rows(select(*asked))
        return dict(zip(views, row, strict=True))

    async def stamp(self) -> str:
        """Another text whenever a complaint came or changed; one row of one index."""
        newest = select(table.c.id, table.c.updated_at).order_by(table.c.updated_at.desc(), table.c.id.desc()).limit(1)
        rows: Sequence[AnyRow] = await self._line.rows(newest)
        return f"{rows[0].id}-{rows[0].updated_at.isoformat()}" if rows else ""

    def paged(self, wanted: Wanted, after: After | None, limit: int) -> Select[Any]:
        """The statement of one page: its order is that of an index, and it begins where the page before ended."""
        query = select(table).where(*self._conditions(wanted)).limit(limit)
        if wanted.by_due:
            query = query.order_by(table.c.due_at, table.c.id)
            return query if after is None else query.where(_later(after))
        query = query.order_by(table.c.id.desc())
        return query if after is None else query.where(table.c.id < after.id)

    def _is_meant(self, wanted: Wanted, case: Case) -> bool:
        if not wanted.words or has_words(case.record, wanted.words):
            return True
        return any(self._keys.index(kind, value) in self._indexes(case) for kind, value in wanted.exact)

    def _indexes(self, case: Case) -> frozenset[str]:
        return frozenset(str(index) for name, index in self._record(case.record).items() if name.endswith("_index"))

    def _counted(self, wanted: Wanted) -> ScalarSelect[int]:
        some = select(literal(1)).select_from(table).where(*self._conditions(wanted)).limit(COUNTED).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    def _conditions(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        lists = {
            "channel": wanted.channels,
            "status": wanted.statuses,
            "priority": wanted.priorities,
            "category": wanted.categories,
            "product": wanted.products,
            "branch": wanted.branches,
        }
        found: list[ColumnElement[bool]] = [table.c[name].in_(codes) for name, codes in lists.items() if codes]
        if wanted.within is not None:
            found.append(table.c.branch.in_(sorted(wanted.within)))
        if not wanted.with_merged:
            found.append(table.c.merged_into.is_(None))
        if not wanted.all_items:
            found.append(is_a_complaint())
        found += besides(table.c.id, wanted.but)
        return [*found, *_of_life(wanted.life), *_of_time(wanted), *_of_work(wanted), *self._of_search(wanted)]

    def _of_search(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        ways = [self._exactly(kind, value) for kind, value in wanted.exact if kind in KINDS]
        ways += [holding(wanted.terms)] if wanted.terms else []
        if not ways:
            return [literal(False)] if wanted.words or wanted.exact else []
        return [or_(*ways)]

    def _exactly(self, kind: str, value: str) -> ColumnElement[bool]:
        again = table.alias()
        column = again.c[f"{kind}_index"]
        newest = select(again.c.id).where(column == self._keys.index(kind, value))
        return table.c.id.in_(newest.order_by(again.c.id.desc()).limit(EXACT_FOUND))


def _of_life(life: Life) -> list[ColumnElement[bool]]:
    match life:
        case Life.OPEN:
            return [still_open(table.c.status)]
        case Life.CLOSED:
            return [one_of(table.c.status, *CLOSED)]
        case Life.ANY:
            return []


def _of_time(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.due_from is not None:
        found.append(table.c.due_at >= wanted.due_from)
    if wanted.due_before is not None:
        found += [table.c.due_at < wanted.due_before, unanswered(table.c.status)]
    return found


def _of_work(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.assignee is None:
        return []
    return [table.c.assignee_id.is_(None) if wanted.assignee == NOBODY else table.c.assignee_id == wanted.assignee]


def _later(after: After) -> ColumnElement[bool]:
    """Row values, so that the index is entered there and not read up to there."""
    return tuple_(table.c.due_at, table.c.id) > tuple_(literal(after.due_at, Time()), literal(after.id))
