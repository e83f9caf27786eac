"""Is what is stored still what was stored: every sealed value opened, every item hashed, every reference followed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, and_, select

from store.blobs import Blobs
from store.crypto import Keyring
from store.errors import StoreError
from store.line import AnyRow, Line
from store.models import files, ledger, metadata, post, scans
from store.repository import Repository
from store.sealed import SealedTable, sealed_tables
from store.values import FileState

AT_ONCE = 100  # rows: the largest values are some hundred kilobytes
NAMED = 100  # rows of one table that point to nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """One thing that is not what was stored, by our own ids."""

    where: str  # table or table.column
    row: str
    what: str  # unopened, hash, size, blob, orphan, chain


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Some rows that were looked at. ``last``: where to go on; None: that was all."""

    last: Any
    looked: int
    damaged: Sequence[Damage]


class Integrity(Repository):
    """Looks window by window, so that neither memory nor a transaction grows with the house."""

    __slots__ = ("_blobs",)

    def __init__(self, line: Line, keys: Keyring, blobs: Blobs) -> None:
        super().__init__(line, keys)
        self._blobs = blobs

    async def sealed(self, of: SealedTable, after: Any) -> Window:
        """Every sealed value of the next rows opens."""
        query = select(of.key, *of.columns).order_by(of.key).limit(AT_ONCE)
        rows = await self._line.rows(query if after is None else query.where(of.key > after))
        damaged = await asyncio.to_thread(lambda: [each for row in rows for each in self._unopened(of, row)])
        return Window(last=rows[-1][0] if rows else None, looked=len(rows), damaged=damaged)

    def _unopened(self, of: SealedTable, row: AnyRow) -> list[Damage]:
        values = [(column.name, value) for column, value in zip(of.columns, row[1:], strict=True) if value]
        return [
            _damage(f"{of.name}.{name}", row[0], "unopened")
            for name, value in values
            if not self._opens(of, name, row[0], value)
        ]

    def _opens(self, of: SealedTable, name: str, key: object, value: bytes) -> bool:
        try:
            self._keys.open(bytes(value), of.place(name, key))
        except StoreError:
            return False
        return True

    async def items(self, after: Any) -> Window:
        """Every raw item has the size and the hash that it came with; one that was erased has neither."""
        query = select(ledger.c.id, ledger.c.raw, ledger.c.sha256, ledger.c.size).order_by(ledger.c.id).limit(AT_ONCE)
        rows = await self._line.rows(query.where(ledger.c.id > (after or 0), ledger.c.sha256 != ""))  # "": erased
        damaged = [each for row in rows if (each := await self._item(row)) is not None]
        return Window(last=rows[-1].id if rows else None, looked=len(rows), damaged=damaged)

    async def _item(self, row: AnyRow) -> Damage | None:
        try:
            content = await self._blobs.get(row.sha256) if row.raw is None else self._keys.open(row.raw, "ledger.raw")
        except (StoreError, OSError):
            return _damage("ledger.raw", row.id, "blob") if row.raw is None else None  # unopened: named already
        if len(content) != row.size:
            return _damage("ledger.raw", row.id, "size")
        whole = hashlib.sha256(content).hexdigest() == row.sha256
        return None if whole else _damage("ledger.raw", row.id, "hash")

    async def blobs(self, of: str, after: int) -> Window:
        """Everything that the next rows say lies in the blob store does, unchanged. ``of``: files, post, scans."""
        rows = await self._line.rows(_BLOBS[of].where(_KEYS[of] > after))
        damaged = [
            _damage(of, row[0], "blob")
            for row in rows
            for sha256 in self._named(of, row)
            if not await self._is_there(sha256)
        ]
        return Window(last=rows[-1][0] if rows else None, looked=len(rows), damaged=damaged)

    def _named(self, of: str, row: AnyRow) -> list[str]:
        if of != "scans":
            return [row.sha256] if row.sha256 else []
        try:
            return [image for image in self._keys.open_json(row.body, "scans.body")["images"] if image]
        except (StoreError, KeyError, ValueError):
            return []  # unopened: named already

    async def _is_there(self, sha256: str) -> bool:
        try:
            await self._blobs.get(sha256)
        except (StoreError, OSError, ValueError):
            return False
        return True

    async def orphans(self) -> AsyncIterator[Damage]:
        """Rows that point to rows that are not there; an embedded database can be written without its own guard."""
        for constraint in references():
            for row in await self._line.rows(_orphans(constraint)):
                yield _damage(f"{constraint.table.name}.{constraint.column_keys[0]}", row[0], "orphan")


def tables() -> list[SealedTable]:
    return sealed_tables()


def references() -> list[ForeignKeyConstraint]:
    return [each for table in metadata.sorted_tables for each in table.foreign_key_constraints]


def _orphans(constraint: ForeignKeyConstraint) -> Any:
    child = constraint.table
    parent = constraint.referred_table.alias("referred")
    pairs = [(each.parent, parent.c[each.column.name]) for each in constraint.elements]
    joined: ColumnElement[bool] = and_(*(own == other for own, other in pairs))
    key = next(iter(child.primary_key.columns))
    there = and_(*(own.is_not(None) for own, _ in pairs))
    return select(key).outerjoin_from(child, parent, joined).where(there, pairs[0][1].is_(None)).limit(NAMED)


def _damage(where: str, row: object, what: str) -> Damage:
    return Damage(where=where, row=str(row), what=what)


_KEYS: dict[str, Any] = {"files": files.c.seq, "post": post.c.seq, "scans": scans.c.id}
_BLOBS: dict[str, Any] = {
    "files": select(files.c.seq, files.c.sha256).where(files.c.state == FileState.STORED),
    "post": select(post.c.seq, post.c.sha256),
    "scans": select(scans.c.id, scans.c.body),
}
_BLOBS = {name: query.order_by(_KEYS[name]).limit(AT_ONCE) for name, query in _BLOBS.items()}
