"""Figures: how much came, how it stands, how long it took: counted by the database, never complaint by complaint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, case, func, literal_column, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from store.besides import besides
from store.line import AnyRow
from store.models import branches as branch_table
from store.models import complaints as table
from store.models import ledger, outbox, still_open
from store.models.kinds import unanswered
from store.repository import Repository

STEPS = ("accepted", "told", "decided")  # from receipt to …
WAITING = ("waiting", "claimed", "held", "parked", "failed")  # messages that have not arrived

Branches = frozenset[str] | None  # codes; None: all


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Whose complaints are counted, and which are not, as the reader must not learn of them."""

    branches: Branches = None
    but: frozenset[int] = frozenset()


class seconds_between(GenericFunction[float]):
    """Seconds from one moment to a later one: the two databases keep moments in ways of their own."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _in_sqlite(element: seconds_between, compiler: SQLCompiler, **how: Any) -> str:
    first, last = (compiler.process(each, **how) for each in element.clauses)
    return f"(julianday({last}) - julianday({first})) * 86400.0"


@compiles(seconds_between, "postgresql")
def _in_postgresql(element: seconds_between, compiler: SQLCompiler, **how: Any) -> str:
    first, last = (compiler.process(each, **how) for each in element.clauses)
    return f"extract(epoch FROM {last} - {first})"


class Figures(Repository):
    """Counts over complaints; what is no complaint (a question, praise) is not counted.

    ``bounds`` are moments in order: what was received at or after ``bounds[i]`` and before the next is in period i.
    So a day is whatever day the caller means, and both databases agree on it.
    """

    __slots__ = ()

    async def received(self, bounds: Sequence[datetime], scope: Scope) -> list[tuple[int, str, int]]:
        """Period, channel, how many were received."""
        return await self._by_period(bounds, scope, table.c.channel)

    async def kinds(self, bounds: Sequence[datetime], scope: Scope) -> list[tuple[int, str, str, int]]:
        """Period, category, product, how many were received."""
        return await self._by_period(bounds, scope, table.c.category, table.c.product)

    async def scores(self, bounds: Sequence[datetime], scope: Scope) -> list[tuple[int, int, int]]:
        """Period of receipt, score 1 to 5, how many customers gave it."""
        return await self._by_period(bounds, scope, table.c.score, only=table.c.score.is_not(None))

    async def _by_period(
        self, bounds: Sequence[datetime], scope: Scope, *columns: ColumnElement[Any], only: Any = None
    ) -> list[Any]:
        narrowed = [*_seen(scope), table.c.received_at >= bounds[0], true() if only is None else only]
        inner = select(_period(bounds).label("period"), *columns).where(*narrowed).subquery()
        query = select(*inner.c, func.count()).group_by(*inner.c)
        return [tuple(row) for row in await self._line.rows(query)]

    async def standing(self, now: datetime, soon: datetime, scope: Scope) -> list[tuple[str, str, int, int, int]]:
        """Branch, status, how many are open, of these overdue, and due before ``soon`` but not overdue."""
        waits = unanswered(table.c.status)  # what was decided is due no more
        overdue = and_(waits, table.c.due_at <= now)
        near = and_(waits, table.c.due_at > now, table.c.due_at <= soon)
        query = (
            select(table.c.branch, table.c.status, func.count(), _how_many(overdue), _how_many(near))
            .where(*_seen(scope), still_open(table.c.status), table.c.merged_into.is_(None))
            .group_by(table.c.branch, table.c.status)
        )
        return [tuple(row) for row in await self._line.rows(query)]

    async def by_branch(self, since: datetime, scope: Scope) -> dict[str, int]:
        """How many each branch received since then."""
        query = (
            select(table.c.branch, func.count())
            .where(*_seen(scope), table.c.received_at >= since)
            .group_by(table.c.branch)
        )
        return {row[0]: int(row[1]) for row in await self._line.rows(query)}

    async def took(
        self, step: str, since: datetime, scope: Scope, shares: Sequence[int]
    ) -> tuple[int, tuple[float, ...]]:
        """How many complaints received since then have taken a step of STEPS, and in how many seconds.

        For each percentage of ``shares`` the time within which that many took it, by nearest rank.
        """
        spans = _spans(step, since, scope).subquery()
        place = func.row_number().over(order_by=spans.c.span).label("place")
        ranked = select(spans.c.span, place, func.count().over().label("total")).subquery()
        wanted = [ranked.c.place == (ranked.c.total * share + 99) // 100 for share in shares]
        query = select(ranked.c.span, ranked.c.place, ranked.c.total).where(or_(*wanted))
        return _at_shares(await self._line.rows(query), shares)

    async def branch_names(self) -> Mapping[str, str]:
        """Name of every branch by its code."""
        rows = await self._line.rows(select(branch_table.c.code, branch_table.c.name).order_by(branch_table.c.code))
        return {row.code: row.name for row in rows}

    async def parcels(self) -> dict[tuple[str, str], int]:
        """How many messages of a channel have not arrived, by channel and state of WAITING."""
        query = (
            select(outbox.c.channel, outbox.c.state, func.count())
            .where(outbox.c.state.in_(WAITING))
            .group_by(outbox.c.channel, outbox.c.state)
        )
        return {(row[0], row[1]): int(row[2]) for row in await self._line.rows(query)}

    async def last_items(self) -> dict[str, datetime]:
        """When the last item of each channel arrived."""
        query = select(ledger.c.channel, func.max(ledger.c.received_at)).group_by(ledger.c.channel)
        return {row[0]: row[1] for row in await self._line.rows(query)}


def _seen(scope: Scope) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = [table.c.intent == "complaint"]
    if scope.branches is not None:
        narrowed.append(table.c.branch.in_(sorted(scope.branches)))
    return [*narrowed, *besides(table.c.id, scope.but)]


def _period(bounds: Sequence[datetime]) -> ColumnElement[int]:
    """The number of the last bound that is not after the moment of receipt."""
    if len(bounds) == 1:
        return literal_column("0")
    return case(*[(table.c.received_at < end, place) for place, end in enumerate(bounds[1:])], else_=len(bounds) - 1)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _spans(step: str, since: datetime, scope: Scope) -> Select[Any]:
    """The seconds that each complaint took to a step it has taken."""
    narrowed = [*_seen(scope), table.c.received_at >= since]
    if step == "told":  # told_at is the last time; the first is the first message about it that left
        first = select(func.min(outbox.c.sent_at)).where(outbox.c.complaint_id == table.c.id).scalar_subquery()
        told = select(table.c.received_at, first.label("then")).where(*narrowed).subquery()
        return select(seconds_between(told.c.received_at, told.c.then).label("span")).where(told.c.then.is_not(None))
    then = table.c[f"{step}_at"]
    return select(seconds_between(table.c.received_at, then).label("span")).where(*narrowed, then.is_not(None))


def _at_shares(rows: Sequence[AnyRow], shares: Sequence[int]) -> tuple[int, tuple[float, ...]]:
    if not rows:
        return 0, ()
    total, spans = int(rows[0].total), {row.place: float(row.span) for row in rows}
    return total, tuple(spans[(total * share + 99) // 100] for share in shares)
