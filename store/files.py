"""Files: the attachments of items; their bytes lie in the blob store, or still at the provider."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Update, bindparam, insert, or_, select, update

from store.crypto import Keyring
from store.line import AnyRow, Line
from store.models import files as table
from store.models import one_of
from store.prepared import Prepared
from store.repository import Repository, sift
from store.values import ComplaintId, ConversationId, DamagedRow, File, FileState, Hearing, LedgerId, Words

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


def _claim() -> Update:
    due = (
        select(table.c.seq)
        .where(
            one_of(table.c.state, "waiting"),
            table.c.next_at <= bindparam("now"),
            or_(table.c.lease_until.is_(None), table.c.lease_until <= bindparam("now")),
            table.c.channel.in_(bindparam("channels", expanding=True)),
        )
        .order_by(table.c.next_at, table.c.seq)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, key_share=True)
        .cte("due")
    )
    return (
        update(table)
        .where(table.c.seq.in_(select(due.c.seq)))
        .values(lease_until=bindparam("until"), attempts=table.c.attempts + 1)
        .returning(*table.c)
    )


def _claim_unheard() -> Update:
    due = (
        select(table.c.seq)
        .where(
            one_of(table.c.heard, "waiting"),
            one_of(table.c.state, "stored"),
            table.c.hear_at <= bindparam("now"),
            or_(table.c.hear_until.is_(None), table.c.hear_until <= bindparam("now")),
        )
        .order_by(table.c.hear_at, table.c.seq)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
        .cte("due")
    )
    return (
        update(table)
        .where(table.c.seq.in_(select(due.c.seq)))
        .values(hear_until=bindparam("until"), hearings=table.c.hearings + 1)
        .returning(*table.c)
    )


_ADD = Prepared(insert(table))
_CLAIM = _claim()
_CLAIM_UNHEARD = Prepared(_claim_unheard())
_CHANGE = Prepared(update(table).where(table.c.id == bindparam("which")))
_ASSIGN = Prepared(update(table).where(table.c.ledger_id == bindparam("which")))
_ADOPT = Prepared(update(table).where(table.c.conversation_id == bindparam("talk"), table.c.complaint_id.is_(None)))
_RECOVER = Prepared(update(table).where(one_of(table.c.state, "waiting")))
_RECOVER_UNHEARD = Prepared(update(table).where(one_of(table.c.heard, "waiting")))
_UNHEARD = Prepared(update(table).where(table.c.id == bindparam("which"), one_of(table.c.heard, "waiting")))
_GET = Prepared(select(table).where(table.c.id == bindparam("which")))
_OF_COMPLAINT = Prepared(select(table).where(table.c.complaint_id == bindparam("which")).order_by(table.c.seq))
_OF_CONVERSATION = Prepared(select(table).where(table.c.conversation_id == bindparam("which")).order_by(table.c.seq))
_OF_CONVERSATIONS = (
    select(table).where(table.c.conversation_id.in_(bindparam("several", expanding=True))).order_by(table.c.seq)
)
_OF_LEDGER = Prepared(select(table).where(table.c.ledger_id == bindparam("which")).order_by(table.c.seq))


class Files(Repository):
    """Files by the item they came with and the complaint they belong to."""

    __slots__ = ("damaged",)

    def __init__(self, line: Line, keys: Keyring) -> None:
        super().__init__(line, keys)
        self.damaged: list[DamagedRow] = []  # what the last claim could not read

    async def add(self, file: File) -> None:
        """Note a file: stored already, or waiting at the provider under ``ref``."""
        await self._line.run(_ADD, self._row(file))

    async def claim(self, now: datetime, *, lease: timedelta, limit: int, channels: Sequence[str]) -> list[File]:
        """Take files that are due to be fetched, or whose worker died; ``attempts`` counts this one already.

        Those of other channels wait until these are on again. One that cannot be read is lost, and told in ``damaged``.
        """
        if not channels:
            return []
        terms = {"now": now, "until": now + lease, "most": limit, "channels": list(channels)}
        rows = sorted(await self._line.rows(_CLAIM, terms), key=lambda row: row.seq)
        files, self.damaged = sift(rows, self._file, self._unreadable)
        for bad in self.damaged:
            await self.lost(bad.id)
        return files

    async def recover(self) -> int:
        """End all leases: their workers are dead, because we alone work on this database and have just begun."""
        await self._line.run(_RECOVER_UNHEARD, {"hear_until": None})
        return await self._line.run(_RECOVER, {"lease_until": None})

    async def stored(self, id: str, *, sha256: str, size: int, media_type: str, name: str) -> None:
        """Its bytes are in the blob store now."""
        values = {"sha256": sha256, "size": size, "media_type": media_type, "label": self._label(name, "")}
        await self._settle(id, FileState.STORED, values)

    async def later(self, id: str, next_at: datetime) -> None:
        """It could not be fetched; try again at ``next_at``."""
        await self._settle(id, FileState.WAITING, {"next_at": next_at})

    async def lost(self, id: str) -> None:
        """It is gone at the provider."""
        await self._settle(id, FileState.LOST, {})

    async def _settle(self, id: str, state: FileState, values: dict[str, Any]) -> None:
        await self._line.run(_CHANGE, {"which": id, "state": state, "lease_until": None, **values})

    async def claim_unheard(self, now: datetime, *, lease: timedelta) -> File | None:
        """Take the recording that has waited longest for its words; ``hearings`` counts this time already.

        One that cannot be read fails, and is told in ``damaged``.
        """
        rows = await self._line.rows(_CLAIM_UNHEARD, {"now": now, "until": now + lease})
        files, self.damaged = sift(rows, self._file, self._unreadable)
        for bad in self.damaged:
            await self.heard(bad.id, Hearing.FAILED)
        return next(iter(files), None)

    async def keep_words(self, id: str, words: Words) -> bool:
        """What a machine heard in it; False when it waits no more, since a person was faster."""
        return await self._line.run(_UNHEARD, {"which": id, "words": self._sealed(words)}) > 0

    async def heard(self, id: str, state: Hearing) -> bool:
        """It waits no more: its words are where they belong, or a person listens. False when it did not wait."""
        return await self._line.run(_UNHEARD, {"which": id, "heard": state, "hear_until": None}) > 0

    async def hear_later(self, id: str, at: datetime, hearings: int) -> None:
        """It could not be heard; try again then. ``hearings`` is how many tries count."""
        await self._line.run(_UNHEARD, {"which": id, "hear_at": at, "hear_until": None, "hearings": hearings})

    async def typed(self, id: str, words: Words) -> None:
        """What a person heard in it, in place of whatever was heard before."""
        values = {"words": self._sealed(words), "heard": Hearing.DONE, "hear_until": None}
        await self._line.run(_CHANGE, {"which": id, **values})

    async def get(self, id: str) -> File | None:
        return next(iter(self._files(await self._line.rows(_GET, {"which": id}))), None)

    async def of_complaint(self, complaint_id: ComplaintId) -> list[File]:
        return self._files(await self._line.rows(_OF_COMPLAINT, {"which": complaint_id}))

    async def of_conversation(self, conversation_id: ConversationId) -> list[File]:
        """What came in one talk, whichever complaint it belongs to."""
        return self._files(await self._line.rows(_OF_CONVERSATION, {"which": conversation_id}))

    async def of_conversations(self, ids: Sequence[ConversationId]) -> list[File]:
        """The same for several talks at once."""
        if not ids:
            return []
        return self._files(await self._line.rows(_OF_CONVERSATIONS, {"several": list(ids)}))

    async def of_ledger(self, ledger_id: LedgerId) -> list[File]:
        return self._files(await self._line.rows(_OF_LEDGER, {"which": ledger_id}))

    async def assign(
        self, ledger_id: LedgerId, complaint_id: ComplaintId | None, conversation_id: ConversationId | None
    ) -> int:
        """Give the files of one item to a complaint; how many."""
        owners = {"complaint_id": complaint_id, "conversation_id": conversation_id}
        return await self._line.run(_ASSIGN, {"which": ledger_id, **owners})

    async def adopt(self, conversation_id: ConversationId, complaint_id: ComplaintId) -> int:
        """Give a conversation's files that belong to no complaint to one; how many."""
        return await self._line.run(_ADOPT, {"talk": conversation_id, "complaint_id": complaint_id})

    def _label(self, name: str, ref: str) -> bytes:
        return self._keys.seal_json({"name": name, "ref": ref}, "files.label")

    def _sealed(self, words: Words) -> bytes:
        told = {"text": words.text, "method": words.method, "confidence": words.confidence}
        return self._keys.seal_json(told, "files.words")

    def _row(self, file: File) -> dict[str, Any]:
        return {
            "id": file.id,
            "ledger_id": file.ledger_id,
            "complaint_id": file.complaint_id,
            "conversation_id": file.conversation_id,
            "channel": file.channel,
            "label": self._label(file.name, file.ref),
            "media_type": file.media_type,
            "state": file.state,
            "size": file.size,
            "sha256": file.sha256,
            "inline": file.inline,
            "attempts": file.attempts,
            "received_at": file.received_at,
            "next_at": file.next_at or file.received_at or AT_ONCE,
            "heard": file.heard,
            "hear_at": (file.received_at or AT_ONCE) if file.heard is Hearing.WAITING else None,
            "call": file.call,
        }

    def _files(self, rows: Iterable[AnyRow]) -> list[File]:
        return [self._file(row) for row in rows]

    def _unreadable(self, row: AnyRow) -> DamagedRow:
        return DamagedRow(
            id=row.id,
            channel=row.channel,
            complaint_id=row.complaint_id,
            conversation_id=row.conversation_id,
            ledger_id=row.ledger_id,
        )

    def _file(self, row: AnyRow) -> File:
        label = self._keys.open_json(row.label, "files.label")
        return File(
            id=row.id,
            ledger_id=row.ledger_id,
            complaint_id=row.complaint_id,
            conversation_id=row.conversation_id,
            channel=row.channel,
            name=label["name"],
            ref=label["ref"],
            media_type=row.media_type,
            state=FileState(row.state),
            size=row.size,
            sha256=row.sha256,
            inline=row.inline,
            attempts=row.attempts,
            received_at=row.received_at,
            next_at=row.next_at,
            heard=Hearing(row.heard),
            hearings=row.hearings,
            call=row.call,
            words=Words(**self._keys.open_json(row.words, "files.words")) if row.words is not None else None,
        )
