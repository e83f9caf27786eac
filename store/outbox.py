"""The outbox: messages that are to leave, each with its state at its one destination."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Update, bindparam, case, exists, func, insert, or_, select, update

from store.codec import contact_from_json, contact_to_json
from store.crypto import Keyring
from store.line import AnyRow, Line
from store.models import in_line, one_of
from store.models import outbox as table
from store.prepared import Prepared
from store.repository import Repository, sift
from store.values import ComplaintId, ConversationId, DamagedRow, OutboxState, Parcel

ERROR_CHARS = 2000
STANDING = (OutboxState.FAILED, OutboxState.HELD, OutboxState.PARKED)
PATIENCE = timedelta(minutes=2)
HELD_FOR = timedelta(minutes=15)  # then one of a channel's held messages tries whether we were mended meanwhile


def _claim() -> Update:
    """Lease what is due, the oldest of each conversation and channel only: a person reads our messages in their order.

    Order ends where a message was tried and must wait long: a mail that a greylisting server wants again in four hours,
    or one it refuses for two days, would else keep back every later answer. Only what was never tried, is being tried
    now (its ``next_at`` has passed) or will be within PATIENCE stands in front; beyond that, late beats silent.

    The CTE is what keeps PostgreSQL to the limit: with a plain IN it may run the inner SELECT … FOR UPDATE SKIP LOCKED
    once for each row that it looks at.
    """
    older = table.alias("older")
    in_front = exists().where(
        one_of(older.c.state, "waiting", "claimed"),
        in_line(older.c.state),  # says again what ix_outbox_line holds, or it would not be used
        older.c.conversation_id == table.c.conversation_id,
        older.c.channel == table.c.channel,
        older.c.seq < table.c.seq,
        or_(older.c.attempts == 0, older.c.next_at <= bindparam("patience")),
    )
    due = (
        select(table.c.seq)
        .where(
            one_of(table.c.state, "waiting", "claimed"),
            table.c.next_at <= bindparam("now"),
            or_(table.c.lease_until.is_(None), table.c.lease_until <= bindparam("now")),
            table.c.channel.in_(bindparam("channels", expanding=True)),
            ~in_front,
        )
        .order_by(table.c.next_at, table.c.seq)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, key_share=True)
        .cte("due")
    )
    return (
        update(table)
        .where(table.c.seq.in_(select(due.c.seq)))
        .values(state=OutboxState.CLAIMED, lease_until=bindparam("until"), attempts=table.c.attempts + 1)
        .returning(*table.c)
    )


_PUT = Prepared(insert(table))
_CLAIM = _claim()
_CHANGE = Prepared(update(table).where(table.c.id == bindparam("which")))
_UNPARK = Prepared(
    update(table).where(
        table.c.conversation_id == bindparam("talk"), one_of(table.c.state, "parked"), in_line(table.c.state)
    )
)
_RECOVER = Prepared(update(table).where(one_of(table.c.state, "claimed")))
_HELD = (table.c.channel == bindparam("in_channel"), one_of(table.c.state, "held"), in_line(table.c.state))
_RELEASE = Prepared(update(table).where(*_HELD))
_RELEASE_ONE = Prepared(
    update(table).where(
        table.c.seq.in_(
            select(table.c.seq)
            .where(*_HELD, table.c.next_at <= bindparam("due"))
            .order_by(table.c.next_at, table.c.seq)
            .limit(1)
        ),
        one_of(table.c.state, "held"),
    )
)
# A report may be faster than we are: what the provider has said already stays.
_SENT = Prepared(
    update(table)
    .where(table.c.id == bindparam("which"))
    .values(
        state=case(
            (one_of(table.c.state, "delivered", "failed", "rerouted"), table.c.state), else_=bindparam("is_now")
        ),
        provider_id=bindparam("its_id"),
        via=bindparam("by_way"),
        sent_at=bindparam("at"),
        lease_until=None,
        error=None,
    )
)
_by_id = select(table).where(table.c.id == bindparam("which"))
_by_provider_id = (
    select(table)
    .where(table.c.provider_id == bindparam("which"), table.c.channel == bindparam("in_channel"))
    .order_by(table.c.seq.desc())
    .limit(1)
)
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_BY_PROVIDER_ID = Prepared(_by_provider_id)
_LOCK_BY_PROVIDER_ID = Prepared(_by_provider_id.with_for_update(key_share=True))
_OF_COMPLAINT = Prepared(select(table).where(table.c.complaint_id == bindparam("which")).order_by(table.c.seq))
_RECENT = Prepared(select(table).order_by(table.c.seq.desc()).limit(bindparam("most")))
_BETWEEN = Prepared(
    select(table)
    .where(table.c.provider_id >= bindparam("lowest"), table.c.provider_id < bindparam("highest"))
    .order_by(table.c.provider_id.desc(), table.c.seq.desc())
    .limit(bindparam("most"))
)
_DEPTH = Prepared(select(table.c.state, func.count()).group_by(table.c.state))
_HELD_SIZE = Prepared(
    select(func.count()).select_from(table).where(one_of(table.c.state, "held"), in_line(table.c.state))
)
_OLDEST = Prepared(
    select(
        func.min(table.c.next_at).label("due"),
        func.min(case((table.c.attempts > 0, table.c.created_at))).label("tried"),
    ).where(one_of(table.c.state, "waiting", "claimed"))
)


class Outbox(Repository):
    """Parcels: put with the change that caused them, claimed by workers, settled with what became of them."""

    __slots__ = ("damaged",)

    def __init__(self, line: Line, keys: Keyring) -> None:
        super().__init__(line, keys)
        self.damaged: list[DamagedRow] = []  # what the last claim could not read

    async def put(self, parcel: Parcel) -> None:
        """Lay a message down; it leaves after the commit."""
        await self._line.run(_PUT, self._row(parcel))

    async def put_all(self, parcels: Sequence[Parcel]) -> None:
        """Lay several down, on one trip."""
        if parcels:
            await self._line.run_many(_PUT, [self._row(parcel) for parcel in parcels])

    async def claim(self, now: datetime, *, lease: timedelta, limit: int, channels: Sequence[str]) -> list[Parcel]:
        """Take what is due, or was claimed by a worker that died; in order. ``attempts`` counts this one already.

        One that does not open has failed, and is told in ``damaged``: it must not stop all others.
        """
        if not channels:
            return []
        terms = {
            "now": now,
            "patience": now + PATIENCE,
            "until": now + lease,
            "most": limit,
            "channels": list(channels),
        }
        rows = sorted(await self._line.rows(_CLAIM, terms), key=lambda row: row.seq)
        parcels, self.damaged = sift(rows, self._parcel, self._unreadable)
        for bad in self.damaged:
            await self.finish(bad.id, OutboxState.FAILED, "damaged")
        return parcels

    async def recover(self) -> int:
        """End all leases: their workers are dead, because we alone work on this database and have just begun."""
        return await self._line.run(_RECOVER, {"state": OutboxState.WAITING, "lease_until": None})

    async def sent(self, id: str, *, provider_id: str, via: str, at: datetime, delivered: bool = False) -> None:
        """The provider took it; ``delivered`` when it says that the person has it. Lowers no later word of it."""
        state = OutboxState.DELIVERED if delivered else OutboxState.SENT
        terms = {"which": id, "is_now": state, "its_id": provider_id or None, "by_way": via, "at": at}
        await self._line.run(_SENT, terms)

    async def later(self, id: str, *, next_at: datetime, error: str) -> None:
        """It did not pass; try again at ``next_at``."""
        await self._settle(id, OutboxState.WAITING, {"next_at": next_at, "error": self._error(error)})

    async def hold(self, id: str, now: datetime, error: str) -> None:
        """Our own configuration is wrong: kept until ``release_held``."""
        await self._settle(id, OutboxState.HELD, {"next_at": now + HELD_FOR, "error": self._error(error)})

    async def finish(self, id: str, state: OutboxState, error: str) -> None:
        """It will not pass, or not this way."""
        await self._settle(id, state, {"error": self._error(error)})

    async def set_state(self, id: str, state: OutboxState, error: str = "") -> None:
        """What a provider or a person says of it later."""
        await self._settle(id, state, {"error": self._error(error)} if error else {})

    async def note_provider_id(self, id: str, provider_id: str) -> None:
        """By which id its provider knows it, as the provider tells us."""
        await self._line.run(_CHANGE, {"which": id, "provider_id": provider_id})

    async def _settle(self, id: str, state: OutboxState, values: dict[str, Any]) -> None:
        await self._line.run(_CHANGE, {"which": id, "state": state, "lease_until": None, **values})

    async def get(self, id: str, *, lock: bool = False) -> Parcel | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return next(iter(self._parcels(rows)), None)

    async def by_provider_id(self, channel: str, provider_id: str, *, lock: bool = False) -> Parcel | None:
        """Our message that a provider knows by its own id."""
        statement = _LOCK_BY_PROVIDER_ID if lock else _BY_PROVIDER_ID
        rows = await self._line.rows(statement, {"which": provider_id, "in_channel": channel})
        return next(iter(self._parcels(rows)), None)

    async def of_complaint(self, complaint_id: ComplaintId) -> list[Parcel]:
        """All messages about a complaint that can be read, in order."""
        rows = await self._line.rows(_OF_COMPLAINT, {"which": complaint_id})
        return sift(rows, self._parcel, self._unreadable)[0]

    async def standing(self, complaint_ids: Iterable[ComplaintId]) -> list[Parcel]:
        """Messages of these complaints that did not leave and will not by themselves, in order."""
        wanted = sorted(set(complaint_ids))
        if not wanted:
            return []
        of_them = (table.c.complaint_id.in_(wanted), table.c.state.in_(STANDING))
        query = select(table).where(*of_them).order_by(table.c.seq)
        return sift(await self._line.rows(query), self._parcel, self._unreadable)[0]

    async def held(self, limit: int) -> list[Parcel]:
        """Messages that our own settings hold back, the oldest first."""
        is_held = (one_of(table.c.state, "held"), in_line(table.c.state))
        rows = await self._line.rows(select(table).where(*is_held).order_by(table.c.seq).limit(limit))
        return sift(rows, self._parcel, self._unreadable)[0]

    async def unpark(self, conversation_id: ConversationId, now: datetime) -> int:
        """The person has written: what waited for that is due now; how many."""
        terms = {"talk": conversation_id, "state": OutboxState.WAITING, "next_at": now}
        return await self._line.run(_UNPARK, terms)

    async def release_held(self, channel: str, now: datetime) -> int:
        """Our configuration of a channel is mended: what was held is due now; how many."""
        terms = {"in_channel": channel, "state": OutboxState.WAITING, "next_at": now}
        return await self._line.run(_RELEASE, terms)

    async def release_one(self, channel: str, now: datetime, *, due: datetime) -> int:
        """Let the held message that has waited longest try whether we are mended, if it has waited until ``due``.

        One only: a hundred sign-ins with a wrong password lock an account. How many: 0 or 1.
        """
        terms = {"in_channel": channel, "due": due, "state": OutboxState.WAITING, "next_at": now}
        return await self._line.run(_RELEASE_ONE, terms)

    async def recent(self, limit: int) -> list[Parcel]:
        """The last messages put that can be read, newest first."""
        return sift(await self._line.rows(_RECENT, {"most": limit}), self._parcel, self._unreadable)[0]

    async def between(self, lowest: str, highest: str, limit: int) -> list[Parcel]:
        """Messages by their provider's id, lowest <= id < highest, the highest first; those that can be read."""
        terms = {"lowest": lowest, "highest": highest, "most": limit}
        return sift(await self._line.rows(_BETWEEN, terms), self._parcel, self._unreadable)[0]

    async def depth(self) -> dict[str, int]:
        """How many messages are in which state."""
        return {row[0]: int(row[1]) for row in await self._line.rows(_DEPTH)}

    async def held_size(self) -> int:
        """How many are held back by our own settings; by the index of those that have not left."""
        return int((await self._line.rows(_HELD_SIZE))[0][0])

    async def oldest(self) -> tuple[datetime | None, datetime | None]:
        """Of those that are to leave: when the first is due; since when the first that was tried in vain is here."""
        (row,) = await self._line.rows(_OLDEST)
        return row.due, row.tried

    def _error(self, error: str) -> bytes | None:
        return self._keys.seal(error[:ERROR_CHARS], "outbox.error") if error else None

    def _row(self, parcel: Parcel) -> dict[str, Any]:
        body = {
            "to": contact_to_json(parcel.to),
            "text": parcel.text,
            "subject": parcel.subject,
            "status_label": parcel.status_label,
            "link": parcel.link,
            "context": dict(parcel.context),
        }
        return {
            "id": parcel.id,
            "channel": parcel.channel,
            "kind": parcel.kind,
            "state": parcel.state,
            "created_at": parcel.created_at,
            "next_at": parcel.next_at,
            "attempts": parcel.attempts,
            "body": self._keys.seal_json(body, "outbox.body"),
            "number": parcel.number,
            "language": parcel.language,
            "complaint_id": parcel.complaint_id,
            "conversation_id": parcel.conversation_id,
            "ledger_id": parcel.ledger_id,
            "provider_id": parcel.provider_id or None,
            "via": parcel.via,
            "error": self._error(parcel.error),
            "sent_at": parcel.sent_at,
        }

    def _parcels(self, rows: Iterable[AnyRow]) -> list[Parcel]:
        return [self._parcel(row) for row in rows]

    def _unreadable(self, row: AnyRow) -> DamagedRow:
        return DamagedRow(
            id=row.id,
            channel=row.channel,
            number=row.number,
            complaint_id=row.complaint_id,
            conversation_id=row.conversation_id,
            ledger_id=row.ledger_id,
        )

    def _parcel(self, row: AnyRow) -> Parcel:
        body = self._keys.open_json(row.body, "outbox.body")
        return Parcel(
            id=row.id,
            channel=row.channel,
            to=contact_from_json(body["to"]),
            kind=row.kind,
            text=body["text"],
            created_at=row.created_at,
            next_at=row.next_at,
            state=OutboxState(row.state),
            subject=body["subject"],
            number=row.number,
            status_label=body["status_label"],
            link=body["link"],
            language=row.language,
            context=MappingProxyType(body["context"]),
            complaint_id=row.complaint_id,
            conversation_id=row.conversation_id,
            ledger_id=row.ledger_id,
            attempts=row.attempts,
            provider_id=row.provider_id or "",
            via=row.via,
            error=self._keys.open_text(row.error, "outbox.error"),
            sent_at=row.sent_at,
        )
