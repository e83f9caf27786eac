"""The ledger held against the other tables: what was received, what became of it, and what is owed. Read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, func, or_, select

from store.line import AnyRow
from store.models import LEDGER_OPEN, complaints, files, ledger, one_of, outbox, scans
from store.repository import Repository
from store.values import FileState, LedgerState

AT_ONCE = 200  # keys that are looked up in one statement


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """One item as the books are compared by. ``envelope`` is what its transport knew."""

    id: int
    channel: str
    received_at: datetime
    state: str
    key: str
    envelope: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One row that something is owed for, by our own id."""

    id: str
    channel: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A message that a provider took."""

    id: str
    provider_id: str
    at: datetime


class Balance(Repository):
    """Counts and differences; every list is bounded by its ``limit``."""

    __slots__ = ()

    async def counts(self, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
        """Channel, state, how many items that were received between two moments."""
        query = select(ledger.c.channel, ledger.c.state, func.count()).where(*_between(since, until))
        rows = await self._line.rows(query.group_by(ledger.c.channel, ledger.c.state))
        return [(row[0], row[1], int(row[2])) for row in rows]

    async def files(self, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
        """Channel, state, how many files of items that were received between two moments."""
        query = (
            select(ledger.c.channel, files.c.state, func.count())
            .join(ledger, files.c.ledger_id == ledger.c.id)
            .where(*_between(since, until))
            .group_by(ledger.c.channel, files.c.state)
        )
        return [(row[0], row[1], int(row[2])) for row in await self._line.rows(query)]

    async def left_behind(self, before: datetime, limit: int) -> list[Owed]:
        """Items that were stored before a moment and never handled."""
        query = (
            select(ledger.c.id, ledger.c.channel, ledger.c.received_at.label("at"))
            .where(LEDGER_OPEN, ledger.c.state == LedgerState.STORED, ledger.c.received_at < before)
            .order_by(ledger.c.id)
            .limit(limit)
        )
        return _owed(await self._line.rows(query))

    async def unanswered(self, since: datetime, until: datetime, limit: int) -> list[Owed]:
        """Handled items whose answer was to leave by the outbox and is not in it; what was erased owes nothing."""
        query = (
            select(ledger.c.id, ledger.c.channel, ledger.c.received_at.label("at"))
            .outerjoin(outbox, outbox.c.ledger_id == ledger.c.id)
            .outerjoin(complaints, complaints.c.id == ledger.c.complaint_id)
            .where(*_between(since, until), ledger.c.state == LedgerState.HANDLED, ledger.c.answer_kind == "queued")
            .where(outbox.c.seq.is_(None), complaints.c.erased_at.is_(None))
            .order_by(ledger.c.id)
            .limit(limit)
        )
        return _owed(await self._line.rows(query))

    async def overdue_files(self, before: datetime, limit: int) -> list[Owed]:
        """Files that should have been fetched before a moment, and that nobody is fetching."""
        free = or_(files.c.lease_until.is_(None), files.c.lease_until < before)
        query = (
            select(files.c.id, files.c.channel, ledger.c.received_at.label("at"))
            .join(ledger, files.c.ledger_id == ledger.c.id)
            .where(one_of(files.c.state, FileState.WAITING), files.c.next_at < before, free)
            .order_by(files.c.seq)
            .limit(limit)
        )
        return _owed(await self._line.rows(query))

    async def page(self, channel: str, since: datetime, until: datetime, after: int, limit: int) -> list[Held]:
        """Items of a channel that were received between two moments, by id."""
        query = (
            select(ledger.c.id, ledger.c.received_at, ledger.c.state, ledger.c.key, ledger.c.envelope)
            .where(*_between(since, until), ledger.c.channel == channel, ledger.c.id > after)
            .order_by(ledger.c.id)
            .limit(limit)
        )
        return [self._held(channel, row) for row in await self._line.rows(query)]

    async def known(self, channel: str, keys: Sequence[str]) -> dict[str, str]:
        """Which of these keys the ledger has, and in which state their items are."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), AT_ONCE):
            blind = {self._keys.index("ledger", key): key for key in keys[start : start + AT_ONCE]}
            query = select(ledger.c.key_index, ledger.c.state).where(
                ledger.c.channel == channel, ledger.c.key_index.in_(list(blind))
            )
            found |= {blind[row.key_index]: row.state for row in await self._line.rows(query)}
        return found

    async def told(self, channel: str, provider_ids: Sequence[str]) -> set[str]:
        """Which of these ids of a provider our outbox knows."""
        found: set[str] = set()
        for start in range(0, len(provider_ids), AT_ONCE):
            asked = list(provider_ids[start : start + AT_ONCE])
            query = select(outbox.c.provider_id).where(outbox.c.provider_id.in_(asked), outbox.c.channel == channel)
            found |= {row.provider_id for row in await self._line.rows(query)}
        return found

    async def sent(
        self, channel: str, since: datetime, until: datetime, after: int, limit: int
    ) -> list[tuple[int, Sent]]:
        """Messages that a provider took between two moments; each with its place in the order."""
        query = (
            select(outbox.c.seq, outbox.c.id, outbox.c.provider_id, outbox.c.sent_at)
            .where(and_(outbox.c.sent_at >= since, outbox.c.sent_at < until), outbox.c.provider_id.is_not(None))
            .where(outbox.c.channel == channel, outbox.c.seq > after)
            .order_by(outbox.c.seq)
            .limit(limit)
        )
        rows = await self._line.rows(query)
        return [(row.seq, Sent(id=row.id, provider_id=row.provider_id, at=row.sent_at)) for row in rows]

    async def scanned(self, ids: Sequence[int]) -> dict[int, int]:
        """How many pages were read of these items; those that were not read as paper are left out."""
        query = select(scans.c.ledger_id, scans.c.body).where(scans.c.ledger_id.in_(list(ids)))
        rows = await self._line.rows(query)
        return {row.ledger_id: len(self._keys.open_json(row.body, "scans.body")["scan"]["pages"]) for row in rows}

    def _held(self, channel: str, row: AnyRow) -> Held:
        return Held(
            id=row.id,
            channel=channel,
            received_at=row.received_at,
            state=row.state,
            key=self._keys.open_text(row.key, "ledger.key"),
            envelope=MappingProxyType(self._keys.open_json(row.envelope, "ledger.envelope")),
        )


def _between(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (ledger.c.received_at >= since, ledger.c.received_at < until)


def _owed(rows: Sequence[AnyRow]) -> list[Owed]:
    return [Owed(id=str(row.id), channel=row.channel, at=row.at) for row in rows]
