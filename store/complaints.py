"""Complaints: the record, sealed, with blind indexes for what staff and channels look people up by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, or_, select, update

from normalizer.record import NOBODY, Complaint, Contact, Field, nothing
from store.codec import complaint_from_json, complaint_to_json, contact_from_json, contact_to_json
from store.crypto import Keyring
from store.line import AnyRow, Line
from store.models import complaints as table
from store.models import sequences
from store.prepared import Prepared, upsert
from store.repository import Repository
from store.values import Case, ComplaintId, ConversationId

# Field of the record → kind of its blind index; the column is the kind and "_index".
IDENTIFIERS: Mapping[str, str] = {
    "complainant_name": "name",
    "phone": "phone",
    "email": "email",
    "id_number": "id_number",
    "policy_number": "policy_number",
    "claim_number": "claim_number",
}
# What staff and clocks write beside the record; None clears.
WORK = frozenset(
    {
        "branch",
        "assignee_id",
        "alert_at",
        "note_at",
        "told_at",
        "decided_at",
        "closed_at",
        "outcome",
        "score",
        "merged_into",
        "due_at",
        "received_at",
        "keep_until",
    }
)
COUNTABLE = frozenset({"status", "channel", "intent", "category", "product", "priority"})


def is_a_complaint() -> ColumnElement[bool]:
    """Not praise, a consultation or a stranger's item; danger is work for somebody, whatever its words are."""
    return or_(table.c.intent == "complaint", table.c.priority == "P0")


_CREATE = Prepared(insert(table).returning(table.c.id))
_SAVE = Prepared(update(table).where(table.c.id == bindparam("which")))
_by_id = select(table).where(table.c.id == bindparam("which"))
_by_number = select(table).where(table.c.number == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_BY_NUMBER = Prepared(_by_number)
_LOCK_BY_NUMBER = Prepared(_by_number.with_for_update(key_share=True))
_OF_CONTACT = Prepared(
    select(table)
    .where(table.c.sender == bindparam("by"), table.c.channel == bindparam("in_channel"))
    .order_by(table.c.id.desc())
    .limit(bindparam("most"))
)
_UNFINISHED_OF = (
    select(table)
    .where(
        table.c.sender == bindparam("by"),
        table.c.channel == bindparam("in_channel"),
        table.c.updated_at >= bindparam("since"),
        table.c.accepted_at.is_(None),
        table.c.status.in_(bindparam("statuses", expanding=True)),
    )
    .order_by(table.c.id.desc())
    .limit(1)
)
_NEXT = upsert(
    sequences,
    lambda insert: (
        insert.values(last=1)
        .on_conflict_do_update(index_elements=["day"], set_={"last": sequences.c.last + 1})
        .returning(sequences.c.last)
    ),
)


class Complaints(Repository):
    """Complaints by id, by number, and by whom or what they are about."""

    __slots__ = ("created",)

    def __init__(self, line: Line, keys: Keyring) -> None:
        super().__init__(line, keys)
        self.created: list[ComplaintId] = []  # in this unit, for whoever tells others of it

    async def create(
        self,
        *,
        channel: str,
        contact: Contact,
        conversation_id: ConversationId | None,
        received_at: datetime,
        due_at: datetime,
        status: str,
        record: Complaint,
        reply_context: Mapping[str, str],
        attested: bool,
        number: str,
        work: Mapping[str, Any] = nothing(),
        now: datetime | None = None,
    ) -> Case:
        """Open a complaint; ``work`` are columns of WORK known from the first, ``now`` when it is written down."""
        _only_work(work)
        written_at = now or received_at
        values = {
            "number": number,
            "status": status,
            "channel": channel,
            "sender": self._who(contact),
            "contact": self._keys.seal_json(contact_to_json(contact), "complaints.contact"),
            "conversation_id": conversation_id,
            "received_at": received_at,
            "due_at": due_at,
            "updated_at": written_at,
            "reply_context": self._context(reply_context),
            "attested": attested,
            **work,
            **self._record(record),
        }
        rows = await self._line.rows(_CREATE, values)
        self.created.append(ComplaintId(rows[0].id))
        return Case(
            id=ComplaintId(rows[0].id),
            number=number,
            status=status,
            channel=channel,
            contact=contact,
            conversation_id=conversation_id,
            received_at=received_at,
            due_at=due_at,
            record=record,
            reply_context=reply_context,
            attested=attested,
            updated_at=written_at,
            branch=work.get("branch", ""),
        )

    async def next_sequence(self, day: date) -> int:
        """The next complaint of a day, from 1, without gaps for what is committed."""
        rows = await self._line.rows(_NEXT, {"day": day})
        return int(rows[0].last)

    async def get(self, id: ComplaintId, *, lock: bool = False) -> Case | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return self._case(rows[0]) if rows else None

    async def several(self, ids: Iterable[ComplaintId]) -> dict[ComplaintId, Case]:
        """Those with these ids, in one statement."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        rows = await self._line.rows(select(table).where(table.c.id.in_(wanted)))
        return {case.id: case for case in map(self._case, rows)}

    async def numbered(self, numbers: Iterable[str]) -> dict[str, Case]:
        """Those with these numbers, in one statement."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        rows = await self._line.rows(select(table).where(table.c.number.in_(wanted)))
        return {case.number: case for case in map(self._case, rows)}

    async def by_number(self, number: str, *, lock: bool = False) -> Case | None:
        rows = await self._line.rows(_LOCK_BY_NUMBER if lock else _BY_NUMBER, {"which": number})
        return self._case(rows[0]) if rows else None

    def open_a_decoy(self) -> None:
        """The work of reading a case where there is none: the time it takes then tells nobody which numbers exist."""
        sealed, record = _decoy(self._keys, self._keys.key_ids)
        contact_from_json(self._keys.open_json(sealed, "complaints.contact"))
        complaint_from_json(self._keys.open_json(record, "complaints.record"))
        self._keys.open_json(None, "complaints.reply_context")

    async def save(
        self,
        id: ComplaintId,
        *,
        now: datetime,
        status: str | None = None,
        record: Complaint | None = None,
        accepted_at: datetime | None = None,
        due_at: datetime | None = None,
        reply_context: Mapping[str, str] | None = None,
        conversation_id: ConversationId | None = None,
    ) -> None:
        """Write what is given; the indexes follow the record."""
        plain = {"status": status, "accepted_at": accepted_at, "due_at": due_at, "conversation_id": conversation_id}
        values: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
        if record is not None:
            values |= self._record(record)
        if reply_context is not None:
            values["reply_context"] = self._context(reply_context)
        await self._line.run(_SAVE, {"which": id, "updated_at": now, **values})

    async def set_work(self, id: ComplaintId, values: Mapping[str, Any], *, now: datetime) -> None:
        """Write columns of WORK as they are given, None included."""
        _only_work(values)
        await self._line.run(_SAVE, {"which": id, "updated_at": now, **values})

    async def of_contact(self, channel: str, contact: Contact, limit: int = 20) -> list[Case]:
        """What came from an address, newest first."""
        who = self._who(contact)
        if who is None:
            return []
        found = await self._line.rows(_OF_CONTACT, {"by": who, "in_channel": channel, "most": limit})
        return [self._case(row) for row in found]

    async def unfinished_of(
        self, channel: str, contact: Contact, since: datetime, statuses: Sequence[str]
    ) -> Case | None:
        """The newest complaint from an address that is in one of these states, not accepted, and moved since then.

        Not locked: whoever goes on with it locks it by ``get``, and looks again.
        """
        who = self._who(contact)
        if who is None or not statuses:
            return None
        terms = {"by": who, "in_channel": channel, "since": since, "statuses": list(statuses)}
        found = await self._line.rows(_UNFINISHED_OF, terms)
        return self._case(found[0]) if found else None

    async def search(
        self,
        *,
        statuses: Sequence[str] = (),
        channel: str | None = None,
        phone: str | None = None,
        name: str | None = None,
        email: str | None = None,
        id_number: str | None = None,
        policy_number: str | None = None,
        claim_number: str | None = None,
        intent: str | None = None,
        priority: str | None = None,
        all_items: bool = True,
        branches: Collection[str] | None = None,
        before_id: int | None = None,
        limit: int = 50,
    ) -> list[Case]:
        """Complaints that match all that is given, newest first; ``before_id`` is the last id of the page before.

        ``branches`` that handle them; None for all. Without ``all_items`` no praise, consultations or strangers' items.
        """
        plain = {"channel": channel, "intent": intent, "priority": priority}
        blind = {
            "name": name,
            "phone": phone,
            "email": email,
            "id_number": id_number,
            "policy_number": policy_number,
            "claim_number": claim_number,
        }
        query = select(table).order_by(table.c.id.desc()).limit(limit)
        query = self._narrowed(query, plain, blind)
        if statuses:
            query = query.where(table.c.status.in_(statuses))
        if not all_items:
            query = query.where(is_a_complaint())
        if branches is not None:
            query = query.where(table.c.branch.in_(sorted(branches)))
        if before_id is not None:
            query = query.where(table.c.id < before_id)
        return [self._case(row) for row in await self._line.rows(query)]

    def _narrowed(
        self, query: Select[Any], plain: Mapping[str, str | None], blind: Mapping[str, str | None]
    ) -> Select[Any]:
        for name, value in plain.items():
            if value is not None:
                query = query.where(table.c[name] == value)
        for kind, value in blind.items():
            if value is not None:
                query = query.where(table.c[f"{kind}_index"] == self._keys.index(kind, value))
        return query

    async def count_by(self, *columns: str) -> list[tuple[Any, ...]]:
        """How many complaints there are by some of status, channel, intent, category, product, priority."""
        if not set(columns) <= COUNTABLE:
            raise ValueError("complaints are not counted by that")
        chosen = [table.c[name] for name in columns]
        return [tuple(row) for row in await self._line.rows(select(*chosen, func.count()).group_by(*chosen))]

    def _context(self, context: Mapping[str, str]) -> bytes | None:
        return self._keys.seal_json(dict(context), "complaints.reply_context") if context else None

    def _record(self, record: Complaint) -> dict[str, Any]:
        indexes = {
            f"{kind}_index": self._keys.index(kind, value) if (value := record.value(name)) else None
            for name, kind in IDENTIFIERS.items()
        }
        return {
            "record": self._keys.seal_json(complaint_to_json(record), "complaints.record"),
            "intent": record.intent.value,
            "category": record.value("category"),
            "product": record.value("product"),
            "priority": record.value("priority"),
            "missing_count": len(record.missing),
            "category_detail": record.value("category_detail"),
            "unfound": True,
            **indexes,
        }

    def _case(self, row: AnyRow) -> Case:
        return Case(
            id=ComplaintId(row.id),
            number=row.number,
            status=row.status,
            channel=row.channel,
            contact=contact_from_json(self._keys.open_json(row.contact, "complaints.contact")),
            conversation_id=row.conversation_id,
            received_at=row.received_at,
            due_at=row.due_at,
            record=complaint_from_json(self._keys.open_json(row.record, "complaints.record")),
            accepted_at=row.accepted_at,
            reply_context=MappingProxyType(self._keys.open_json(row.reply_context, "complaints.reply_context")),
            attested=row.attested,
            updated_at=row.updated_at,
            branch=row.branch,
            assignee_id=row.assignee_id,
            told_at=row.told_at,
            decided_at=row.decided_at,
            closed_at=row.closed_at,
            outcome=row.outcome,
            score=row.score,
            merged_into=row.merged_into,
            keep_until=row.keep_until,
            erased_at=row.erased_at,
        )


@lru_cache(maxsize=4)
def _decoy(keys: Keyring, _ring: tuple[str, ...]) -> tuple[bytes, bytes]:
    """A contact and a record as large as most, sealed once for each state of the ring."""
    value = Field(value="0" * 18, source="0" * 60)
    record = Complaint(fields=dict.fromkeys((*IDENTIFIERS, "complainant_name", "matter", "request", "category"), value))
    contact = keys.seal_json(contact_to_json(NOBODY), "complaints.contact")
    return contact, keys.seal_json(complaint_to_json(record), "complaints.record")


def _only_work(values: Mapping[str, Any]) -> None:
    if not set(values) <= WORK:
        raise ValueError("that is not for staff to set")
