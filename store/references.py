"""Which files of the blob store are named by a row: looked through a part at a time, as no index serves this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, select

from store.errors import StoreError
from store.line import AnyRow
from store.models import files, ledger, post, scans
from store.repository import Repository

ROWS = 500


class Part(NamedTuple):
    """The files that some rows name, and the last of these rows; ``last`` is None at the end."""

    named: frozenset[str]
    last: int | None


class References(Repository):
    """Each way of naming files by its table."""

    __slots__ = ()

    TABLES = ("ledger", "files", "post", "scans")

    async def part(self, table: str, after: int) -> Part:
        """The next rows behind ``after``."""
        rows = await self._line.rows(_QUERIES[table](after))
        named = frozenset(sha256 for row in rows for sha256 in self._named(table, row))
        return Part(named=named, last=int(rows[-1][0]) if rows else None)

    def _named(self, table: str, row: AnyRow) -> Sequence[str]:
        if table != "scans":
            return (row[1],) if row[1] else ()
        try:
            return tuple(self._keys.open_json(row[1], "scans.body").get("images", ()))
        except StoreError:
            return ()


def _of_ledger(after: int) -> Select[tuple[int, str]]:
    query = select(ledger.c.id, ledger.c.sha256).where(ledger.c.id > after, ledger.c.raw.is_(None))
    return query.order_by(ledger.c.id).limit(ROWS)


def _of_files(after: int) -> Select[tuple[int, str]]:
    return select(files.c.seq, files.c.sha256).where(files.c.seq > after).order_by(files.c.seq).limit(ROWS)


def _of_post(after: int) -> Select[tuple[int, str]]:
    return select(post.c.seq, post.c.sha256).where(post.c.seq > after).order_by(post.c.seq).limit(ROWS)


def _of_scans(after: int) -> Select[tuple[int, bytes]]:
    return select(scans.c.id, scans.c.body).where(scans.c.id > after).order_by(scans.c.id).limit(ROWS // 10)


_QUERIES = {"ledger": _of_ledger, "files": _of_files, "post": _of_post, "scans": _of_scans}
