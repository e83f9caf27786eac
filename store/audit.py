"""The audit trail: who did what to what, append-only, each entry's keyed hash covering the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select

from store.crypto import Keyring
from store.errors import StoreError
from store.line import AnyRow, Line
from store.models import audit as table
from store.prepared import Prepared
from store.repository import NEWEST, Repository

CHAIN_LOCK = 0x6175646974  # "audit": an advisory lock has a number for a name
BEGINNING = "0" * 64
PAGE = 500
NO_DETAIL: Mapping[str, Any] = MappingProxyType({})

_LOCK = Prepared(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
_HEAD = Prepared(select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1))
_WRITE = Prepared(insert(table))
_PAGE = Prepared(select(table).where(table.c.id > bindparam("after")).order_by(table.c.id).limit(PAGE))


class _Deed(NamedTuple):
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One entry of the trail, and its link of the chain."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deeds:
    """Which entries are meant; what is empty narrows nothing. ``until`` is exclusive."""

    subject: str = ""
    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Audit(Repository):
    """The chain shows every change and removal but one: that of its very end, which a copy of the last hash shows."""

    __slots__ = ("_pending",)

    def __init__(self, line: Line, keys: Keyring) -> None:
        super().__init__(line, keys)
        self._pending: list[_Deed] = []

    async def write(
        self, *, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, Any] = NO_DETAIL
    ) -> None:
        """Append an entry; ``actor`` and ``subject`` are names and numbers, ``detail`` is sealed."""
        self._pending.append(_Deed(at, actor, action, subject, dict(detail)))

    async def flush(self) -> None:
        """Write what was done to the end of the chain: the last thing that a unit does.

        All writers meet at that end, and whoever has it locks nothing more until the commit. Were entries written as
        they come, one unit would hold a row and wait for the chain, another the chain and wait for that row.
        """
        if self._pending:
            pending, self._pending = self._pending, []
            id, previous = await self._end()
            await self._line.run_many(_WRITE, self._linked(pending, id, previous))

    def _linked(self, deeds: Sequence[_Deed], first: int, previous: str) -> list[dict[str, Any]]:
        rows = []
        for id, deed in enumerate(deeds, start=first):
            previous = self._hash(previous, id, *deed)
            sealed = self._keys.seal_json(deed.detail, "audit.detail")
            rows.append({"id": id, **deed._asdict(), "detail": sealed, "hash": previous})
        return rows

    async def _end(self) -> tuple[int, str]:
        """The next id and the hash to go on from; two writers must not go on from the same."""
        if self._line.dialect == "postgresql":
            await self._line.rows(_LOCK)  # a statement of its own: the next one must see what its holder committed
        rows = await self._line.rows(_HEAD)
        return (rows[0].id + 1, rows[0].hash) if rows else (1, BEGINNING)

    async def list(self, wanted: Deeds, *, before: int | None = None, limit: int = 50) -> Sequence[Deed]:
        """Entries that match, the newest first; ``before`` is the last id of the page before."""
        query = select(table).where(table.c.id < (before or NEWEST))
        for name in ("subject", "actor", "action"):
            if value := getattr(wanted, name):
                query = query.where(table.c[name] == value)
        if wanted.since is not None:
            query = query.where(table.c.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(table.c.at < wanted.until)
        rows = await self._line.rows(query.order_by(table.c.id.desc()).limit(limit))
        return [self._deed(row) for row in rows]

    def _deed(self, row: AnyRow) -> Deed:
        return Deed(
            id=row.id,
            at=row.at,
            actor=row.actor,
            action=row.action,
            subject=row.subject,
            detail=self._keys.open_json(row.detail, "audit.detail"),
            hash=row.hash,
        )

    async def verify(self) -> int | None:
        """None when the chain is whole, else the id of the first entry that does not follow from the one before."""
        await self.flush()
        id, previous = 0, BEGINNING
        while rows := await self._line.rows(_PAGE, {"after": id}):
            for row in rows:
                if row.id != id + 1 or not self._follows(previous, row):
                    return int(row.id)
                id, previous = row.id, row.hash
        return None

    async def begins_well(self) -> bool:
        """Is the first entry one of this ring's, or not written yet?"""
        rows = await self._line.rows(_PAGE, {"after": 0})
        return not rows or self._follows(BEGINNING, rows[0])

    def _follows(self, previous: str, row: AnyRow) -> bool:
        try:
            facts = self._keys.open_json(row.detail, "audit.detail")
        except StoreError:
            return False
        expected = self._hash(previous, row.id, row.at, row.actor, row.action, row.subject, facts)
        return bool(row.hash == expected)

    def _hash(
        self, previous: str, id: int, at: datetime, actor: str, action: str, subject: str, facts: Mapping[str, Any]
    ) -> str:
        moment = at.astimezone(UTC).isoformat(timespec="microseconds")
        link = json.dumps([previous, id, moment, actor, action, subject, facts], sort_keys=True, ensure_ascii=False)
        return self._keys.chain(link.encode())
