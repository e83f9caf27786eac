"""The ledger: every item that arrived, whole, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, func, select, update

from store.blobs import Blobs
from store.crypto import Keyring
from store.errors import StoreError
from store.line import AnyRow, Line
from store.models import LEDGER_OPEN
from store.models import ledger as table
from store.prepared import Prepared, upsert
from store.repository import Repository, sift
from store.values import ComplaintId, ConversationId, DamagedRow, Entry, LedgerId, LedgerState

INLINE_BYTES = 64 * 1024  # larger items would make every page of the table slow; they lie in the blob store
CAUSE_CHARS = 2000
TURN_CHARS = 200

_SHOWN = [column for column in table.c if column.name not in ("raw", "envelope", "key_index", "conversation_id")]
_ENTER = upsert(table, lambda insert: insert.on_conflict_do_nothing().returning(table.c.id))
_by_key = select(*_SHOWN).where(table.c.channel == bindparam("in_channel"), table.c.key_index == bindparam("in_key"))
_FIND = Prepared(_by_key)
_LOCK = Prepared(_by_key.with_for_update(key_share=True))
_GET = Prepared(select(*_SHOWN).where(table.c.id == bindparam("which")))
_RAW = Prepared(select(table.c.raw, table.c.envelope, table.c.sha256).where(table.c.id == bindparam("which")))
_change = update(table).where(table.c.id == bindparam("which"))
_count_up = _change.values(attempts=table.c.attempts + 1)
_CHANGE = Prepared(_change)
_REOPEN = Prepared(_change.where(table.c.state == LedgerState.QUARANTINED))
_COUNT_UP = Prepared(_count_up)
_FAILED = Prepared(_count_up.returning(table.c.attempts))
_waiting = (
    select(*_SHOWN)
    .where(LEDGER_OPEN, table.c.state == LedgerState.STORED, table.c.received_at < bindparam("before"))
    .order_by(table.c.id)
    .limit(bindparam("most"))
)
_WAITING = Prepared(_waiting)
_WAITING_IN = _waiting.where(table.c.channel.in_(bindparam("channels", expanding=True)))
_QUARANTINED = Prepared(
    select(*_SHOWN)
    .where(LEDGER_OPEN, table.c.state == LedgerState.QUARANTINED, table.c.id > bindparam("after"))
    .order_by(table.c.id)
    .limit(bindparam("most"))
)
_COUNTS = Prepared(select(table.c.channel, table.c.state, func.count()).group_by(table.c.channel, table.c.state))

_QUARANTINE_SIZE = Prepared(
    select(func.count()).select_from(table).where(LEDGER_OPEN, table.c.state == LedgerState.QUARANTINED)
)


class Ledger(Repository):
    """Items by channel and key: the same key is the same item, for ever."""

    __slots__ = ("_blobs", "damaged")

    def __init__(self, line: Line, keys: Keyring, blobs: Blobs) -> None:
        super().__init__(line, keys)
        self._blobs = blobs
        self.damaged: list[DamagedRow] = []  # what the last look at those waiting could not read

    async def enter(
        self, *, channel: str, key: str, received_at: datetime, raw: bytes, envelope: Mapping[str, str]
    ) -> Entry:
        """Store an item whole; ``new`` only for the caller that stored it, anyone else gets what became of it."""
        sha256 = await self._lay_down(raw)
        row = self._row(channel, key, received_at, sha256, raw, envelope)
        stored = await self._line.rows(_ENTER, row)
        if not stored:
            return self._entry((await self._line.rows(_LOCK, self._place(channel, key)))[0])
        return Entry(
            id=LedgerId(stored[0].id),
            channel=channel,
            key=key,
            received_at=received_at,
            sha256=sha256,
            size=len(raw),
            state=LedgerState.STORED,
            new=True,
        )

    async def _lay_down(self, raw: bytes) -> str:
        """Large bytes are kept before the row that names them: a row without its bytes would be a loss."""
        if len(raw) > INLINE_BYTES:
            return await self._blobs.put(raw)
        return hashlib.sha256(raw).hexdigest()

    def _row(
        self, channel: str, key: str, received_at: datetime, sha256: str, raw: bytes, envelope: Mapping[str, str]
    ) -> dict[str, Any]:
        return {
            "channel": channel,
            "key_index": self._keys.index("ledger", key),
            "key": self._keys.seal(key, "ledger.key"),
            "received_at": received_at,
            "sha256": sha256,
            "size": len(raw),
            "raw": self._keys.seal(raw, "ledger.raw") if len(raw) <= INLINE_BYTES else None,
            "envelope": self._keys.seal_json(dict(envelope), "ledger.envelope"),
            "state": LedgerState.STORED,
            "attempts": 0,
            "answer_kind": "",
        }

    async def settle(
        self,
        id: LedgerId,
        *,
        answer_kind: str,
        answer_text: str,
        answer_turn: str = "",
        complaint_id: ComplaintId | None = None,
        conversation_id: ConversationId | None = None,
    ) -> None:
        """The item is handled; a repeated delivery gets this answer again.

        ``answer_turn``, what followed on the line, is kept as it is: in codes, at most 200 characters of them.
        """
        if len(answer_turn) > TURN_CHARS:
            raise ValueError("the turn of an answer is a few codes")
        values = {
            "state": LedgerState.HANDLED,
            "answer_kind": answer_kind,
            "answer_text": self._keys.seal(answer_text, "ledger.answer_text") if answer_text else None,
            "answer_turn": answer_turn or None,
            "complaint_id": complaint_id,
            "conversation_id": conversation_id,
        }
        await self._line.run(_CHANGE, {"which": id, **values})

    async def quarantine(self, id: LedgerId, cause: str) -> None:
        """The item could not be handled; a person looks at it."""
        sealed = self._keys.seal(cause[:CAUSE_CHARS], "ledger.cause")
        await self._line.run(_COUNT_UP, {"which": id, "state": LedgerState.QUARANTINED, "cause": sealed})

    async def queued_after_all(self, id: LedgerId) -> None:
        """What was to be spoken was heard by nobody and left by the outbox instead; no delivery hears it any more."""
        values = {"answer_kind": "queued", "answer_text": None, "answer_turn": None}
        await self._line.run(_CHANGE, {"which": id, **values})

    async def failed(self, id: LedgerId) -> int:
        """Handling failed once more, the item stays stored; how often by now."""
        rows = await self._line.rows(_FAILED, {"which": id})
        return int(rows[0].attempts) if rows else 0

    async def reopen(self, id: LedgerId) -> None:
        """Out of quarantine, to be handled again."""
        await self._line.run(_REOPEN, {"which": id, "state": LedgerState.STORED, "cause": None})

    async def get(self, id: LedgerId) -> Entry | None:
        rows = await self._line.rows(_GET, {"which": id})
        return self._entry(rows[0]) if rows else None

    async def find(self, channel: str, key: str) -> Entry | None:
        rows = await self._line.rows(_FIND, self._place(channel, key))
        return self._entry(rows[0]) if rows else None

    async def raw(self, id: LedgerId) -> tuple[bytes, Mapping[str, str]]:
        """The item byte for byte and its envelope; raises LookupError (also for what was erased) or Damaged."""
        rows = await self._line.rows(_RAW, {"which": id})
        if not rows or not rows[0].sha256:
            raise LookupError(f"no ledger entry {id}")
        row = rows[0]
        content = self._keys.open(row.raw, "ledger.raw") if row.raw is not None else await self._blobs.get(row.sha256)
        return content, MappingProxyType(self._keys.open_json(row.envelope, "ledger.envelope"))

    async def waiting(self, *, before: datetime, limit: int, channels: Sequence[str] | None = None) -> list[Entry]:
        """Stored, not yet handled, received before a moment; oldest first. Those that do not open: in ``damaged``.

        ``channels``: only theirs, so that a channel that is off does not stand before all others; None: of all.
        """
        terms: dict[str, Any] = {"before": before, "most": limit}
        if channels is None:
            rows = await self._line.rows(_WAITING, terms)
        else:
            rows = await self._line.rows(_WAITING_IN, terms | {"channels": list(channels)})
        entries, self.damaged = sift(rows, self._entry, self._unreadable)
        return entries

    async def quarantined(self, *, after: int = 0, limit: int = 50) -> list[Entry]:
        """In quarantine, by id; ``after`` is the last id of the page before."""
        rows = await self._line.rows(_QUARANTINED, {"after": after, "most": limit})
        return [self._entry_or_shell(row) for row in rows]

    async def quarantine_size(self) -> int:
        """How many items wait for a person; by the index of the open ones, however long the ledger is."""
        return int((await self._line.rows(_QUARANTINE_SIZE))[0][0])

    async def counts(self) -> list[tuple[str, str, int]]:
        """How many items of which channel are in which state."""
        return [(row[0], row[1], int(row[2])) for row in await self._line.rows(_COUNTS)]

    def _place(self, channel: str, key: str) -> dict[str, str]:
        return {"in_channel": channel, "in_key": self._keys.index("ledger", key)}

    def _unreadable(self, row: AnyRow) -> DamagedRow:
        id = LedgerId(row.id)
        return DamagedRow(id=str(id), channel=row.channel, complaint_id=row.complaint_id, ledger_id=id)

    def _entry_or_shell(self, row: AnyRow) -> Entry:
        """What staff see in a list: of one that does not open, only that it is there."""
        try:
            return self._entry(row)
        except StoreError as damaged:
            return Entry(
                id=LedgerId(row.id),
                channel=row.channel,
                key="",
                received_at=row.received_at,
                sha256=row.sha256,
                size=row.size,
                state=LedgerState(row.state),
                attempts=row.attempts,
                cause=type(damaged).__name__,
                complaint_id=row.complaint_id,
            )

    def _entry(self, row: AnyRow) -> Entry:
        return Entry(
            id=LedgerId(row.id),
            channel=row.channel,
            key=self._keys.open_text(row.key, "ledger.key"),
            received_at=row.received_at,
            sha256=row.sha256,
            size=row.size,
            state=LedgerState(row.state),
            attempts=row.attempts,
            cause=self._keys.open_text(row.cause, "ledger.cause"),
            answer_kind=row.answer_kind,
            answer_text=self._keys.open_text(row.answer_text, "ledger.answer_text"),
            answer_turn=row.answer_turn or "",
            complaint_id=row.complaint_id,
        )
