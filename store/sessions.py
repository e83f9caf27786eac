"""Sessions: who is signed in on which device. Of the cookie only its blind index is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from store.desk import Person, Session
from store.line import AnyRow
from store.models import people as people_table
from store.models import sessions as table
from store.people import People
from store.prepared import Prepared
from store.repository import Repository

FACTS = "sessions.facts"

_ours = [column.label(f"session_{column.name}") for column in table.c if column.name not in ("token", "person_id")]
_SIGNED_IN = Prepared(
    select(people_table, *_ours)
    .join(table, table.c.person_id == people_table.c.id)
    .where(table.c.token == bindparam("which"))
)
_ADD = Prepared(insert(table))
_OF = Prepared(select(table).where(table.c.person_id == bindparam("whose")).order_by(table.c.seen_at.desc()))
_TOUCH = Prepared(update(table).where(table.c.token == bindparam("which")))
_END = Prepared(delete(table).where(table.c.token == bindparam("which")))
_END_ONE = Prepared(delete(table).where(table.c.person_id == bindparam("whose"), table.c.id == bindparam("which")))
_END_ALL = Prepared(delete(table).where(table.c.person_id == bindparam("whose"), table.c.id != bindparam("but")))
_FORGET = Prepared(
    delete(table).where(or_(table.c.ends_at <= bindparam("now"), table.c.seen_at <= bindparam("idle_since")))
)


class Sessions(Repository):
    """Who is signed in."""

    __slots__ = ()

    async def add(self, cookie: str, session: Session) -> None:
        """Somebody signed in, and was given this cookie."""
        row = {
            "token": self._token(cookie),
            "id": session.id,
            "person_id": session.person_id,
            "created_at": session.created_at,
            "seen_at": session.seen_at,
            "ends_at": session.ends_at,
            "facts": self._keys.seal_json({"address": session.address, "agent": session.agent}, FACTS),
        }
        await self._line.run(_ADD, row)

    async def signed_in(self, cookie: str) -> tuple[Session, Person] | None:
        """The session of a cookie, over or not, and whose it is, active or not."""
        rows = await self._line.rows(_SIGNED_IN, {"which": self._token(cookie)})
        if not rows:
            return None
        row = rows[0]
        return self._session(row, row.id, "session_"), People(self._line, self._keys).of(row)

    async def of(self, person_id: int) -> Sequence[Session]:
        """Somebody's sessions, the one seen last first."""
        rows = await self._line.rows(_OF, {"whose": person_id})
        return [self._session(row, row.person_id, "") for row in rows]

    async def touch(self, cookie: str, at: datetime) -> None:
        await self._line.run(_TOUCH, {"which": self._token(cookie), "seen_at": at})

    async def end(self, cookie: str) -> bool:
        """End the session of a cookie; False when there was none."""
        return await self._line.run(_END, {"which": self._token(cookie)}) > 0

    async def end_one(self, person_id: int, id: str) -> bool:
        """End one of somebody's sessions; False when it is not theirs."""
        return await self._line.run(_END_ONE, {"whose": person_id, "which": id}) > 0

    async def end_all(self, person_id: int, *, but: str = "") -> int:
        """End somebody's sessions ``but`` the one of this id; how many."""
        return await self._line.run(_END_ALL, {"whose": person_id, "but": but})

    async def forget(self, now: datetime, idle_since: datetime) -> int:
        """Drop those that are over or were not used since; how many."""
        return await self._line.run(_FORGET, {"now": now, "idle_since": idle_since})

    def _token(self, cookie: str) -> str:
        return self._keys.index("session", cookie)

    def _session(self, row: AnyRow, person_id: int, prefix: str) -> Session:
        def value(name: str) -> Any:
            return getattr(row, prefix + name)

        facts = self._keys.open_json(value("facts"), FACTS)
        return Session(
            id=value("id"),
            person_id=person_id,
            created_at=value("created_at"),
            seen_at=value("seen_at"),
            ends_at=value("ends_at"),
            address=facts["address"],
            agent=facts["agent"],
        )
