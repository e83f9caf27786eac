"""Leases: what only one of several processes may tend at a time, whose turn it is, and until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Update, bindparam, or_, select, update

from store.models import leases as table
from store.prepared import Prepared, upsert
from store.repository import Repository

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # nobody's: whoever asks first has it


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """One thing that is tended, by whom, and until when unless they renew it."""

    name: str
    owner: str
    until: datetime


def _take() -> Update:
    """All that is free or ours already, in one statement. In the order of their names and past what another process
    is just taking, so that two who take at the same moment neither wait for nor undo one another.
    """
    free = (
        select(table.c.name)
        .where(
            table.c.name.in_(bindparam("names", expanding=True)),
            or_(
                table.c.owner == bindparam("me"),
                table.c.until <= bindparam("now"),
                table.c.owner.in_(bindparam("gone", expanding=True)),
            ),
        )
        .order_by(table.c.name)
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    return (
        update(table)
        .where(table.c.name.in_(select(free.c.name)))
        .values(owner=bindparam("me"), until=bindparam("end"))
        .returning(table.c.name)
    )


_ALL = Prepared(select(table.c.name, table.c.owner, table.c.until).order_by(table.c.name))
_KNOW = upsert(table, lambda insert: insert.on_conflict_do_nothing())
_TAKE = _take()
_GIVE_BACK = (
    update(table)
    .where(table.c.name.in_(bindparam("names", expanding=True)), table.c.owner == bindparam("me"))
    .values(owner="", until=LONG_AGO)
)
_RECOVER = Prepared(update(table).values(owner="", until=LONG_AGO))


class Leases(Repository):
    """Leases by the name of what is tended."""

    __slots__ = ()

    async def all(self) -> list[Lease]:
        """Every lease that was ever taken, also those that are over; given back ones have no owner."""
        return [Lease(name=row.name, owner=row.owner, until=row.until) for row in await self._line.rows(_ALL)]

    async def know(self, names: Collection[str]) -> None:
        """Make room for leases that nobody has had before."""
        for name in sorted(names):
            await self._line.run(_KNOW, {"name": name, "owner": "", "until": LONG_AGO})

    async def take(
        self, names: Collection[str], *, owner: str, now: datetime, lease: timedelta, gone: Collection[str] = ()
    ) -> frozenset[str]:
        """Take or renew those that are free, over, ours, or of owners that are ``gone``; the names we have now."""
        terms = {"names": list(names), "me": owner, "now": now, "end": now + lease, "gone": list(gone)}
        return frozenset(row.name for row in await self._line.rows(_TAKE, terms))

    async def recover(self) -> None:
        """Free all of them: whoever had one is gone."""
        await self._line.run(_RECOVER)

    async def give_back(self, names: Collection[str], *, owner: str) -> None:
        """Let go of what is ours, so that another takes it at once."""
        await self._line.run(_GIVE_BACK, {"names": list(names), "me": owner})
