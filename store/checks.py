"""Checks of ourselves: when something was looked into, whether it was good, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, insert, select

from store.line import AnyRow
from store.models import checks as table
from store.prepared import Prepared
from store.repository import Repository

BODY = "checks.body"
LEDGER = "ledger"  # kind of the check whether the ledger balances

_RECORD = Prepared(insert(table))
_LIST = Prepared(
    select(table).where(table.c.kind == bindparam("of_kind")).order_by(table.c.id.desc()).limit(bindparam("most"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One look. ``body`` is what was found, in the words of whoever looked."""

    id: int
    kind: str
    at: datetime
    good: bool
    body: Mapping[str, Any]


class Checks(Repository):
    """Checks by their kind, the newest first."""

    __slots__ = ()

    async def record(self, *, kind: str, at: datetime, good: bool, body: Mapping[str, Any]) -> None:
        """Write down what a look came to."""
        sealed = self._keys.seal_json(dict(body), BODY)
        await self._line.run(_RECORD, {"kind": kind, "at": at, "good": good, "body": sealed})

    async def latest(self, kind: str) -> Check | None:
        return next(iter(await self.list(kind, 1)), None)

    async def list(self, kind: str, limit: int) -> list[Check]:
        rows = await self._line.rows(_LIST, {"of_kind": kind, "most": limit})
        return [self._check(row) for row in rows]

    def _check(self, row: AnyRow) -> Check:
        body = MappingProxyType(self._keys.open_json(row.body, BODY))
        return Check(id=row.id, kind=row.kind, at=row.at, good=row.good, body=body)
