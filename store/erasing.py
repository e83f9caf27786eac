"""Erasing: all that is personal goes; numbers, dates, channel, category, outcome stay, and the blind keys of items."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    false,
    insert,
    select,
    tuple_,
    union_all,
    update,
)

from normalizer.record import NOBODY, Complaint, Field, Intent
from store.codec import complaint_to_json, contact_to_json
from store.line import AnyRow
from store.models import (
    approvals,
    calls,
    clock_events,
    complaints,
    conversations,
    emergencies,
    files,
    holds,
    in_line,
    ledger,
    links,
    meta,
    outbox,
    post,
    reports,
    scans,
    tasks,
    terms,
    timeline,
)
from store.prepared import Prepared
from store.repository import Repository
from store.values import ComplaintId, ConversationId, LedgerId, OutboxState

BLOBS, PLACE = "gone:", "meta.value"  # in meta: files that nothing names any more, to be removed after the commit
IDENTIFIERS = ("name", "phone", "email", "id_number", "policy_number", "claim_number")
# What is said of a complaint by codes alone, and stays in its record as in its columns.
COUNTED = ("category", "category_detail", "product", "priority")

# What is not of a complaint's making. The audit trail tells who did what; it is kept, and its details are sealed.
KEPT = frozenset(
    {
        *("audit.detail", "checks.body", "endpoints.body", "memory.value", "meta.value", "people.facts"),
        *("people.secrets", "sessions.facts", "texts.body", "views.body"),
    }
)
# Rows that say nothing once their words are gone.
DECIDED = (clock_events, approvals, emergencies, holds)
REMOVED = (timeline, scans, post, files, *DECIDED)

_NOTE = Prepared(insert(meta))
_NOTED = Prepared(select(meta).where(meta.c.key.like(f"{BLOBS}%")).order_by(meta.c.key))
_FORGET = Prepared(delete(meta).where(meta.c.key == bindparam("which")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Complaints, talks with what was said in them about no complaint, and items that belong to neither."""

    complaints: Sequence[ComplaintId] = ()
    talks: Sequence[ConversationId] = ()
    items: Sequence[LedgerId] = ()


class Erasing(Repository):
    """One scope at a time; everything in it is locked by whoever asks."""

    __slots__ = ()

    async def erase(self, scope: Scope, now: datetime) -> Mapping[str, int]:
        """Erase it; table → how many rows. The files are noted, to be removed once this is durable."""
        items = await self._items(scope)
        await self._note(await self._blobs(scope, items))
        done = Counter[str]()
        done["ledger"] = await self._update(ledger, ledger.c.id.in_(items), self._blank_item())
        await self._forget_reports(scope)
        in_scope = {table.name: condition for table, condition in self._conditions(scope, items)}
        done["outbox"] = await self._blank_parcels(in_scope["outbox"])
        done["tasks"] = await self._update(tasks, in_scope["tasks"], {"detail": None})
        await self._update(links, in_scope["links"], {"body": self._keys.seal_json({}, "links.body")})
        for table in REMOVED:
            done[str(table.name)] = await self._line.run(delete(table).where(in_scope[table.name]))
        await self._line.run(delete(terms).where(terms.c.complaint_id.in_(scope.complaints)))
        done["conversations"] = await self._erase_talks(scope)
        done["complaints"] = await self._erase_cases(scope, now)
        return done

    async def erase_recording(self, seq: int) -> None:
        """One file, with its words; the complaint stays as it is. Whoever asks has it locked."""
        rows = await self._line.rows(select(files.c.sha256).where(files.c.seq == seq))
        await self._note({row.sha256 for row in rows} - {""})
        await self._line.run(delete(files).where(files.c.seq == seq))

    async def _items(self, scope: Scope) -> list[int]:
        mine = _among(ledger, [*_about(ledger, scope), *_rows(ledger, scope.items, ledger.c.id)])
        return [int(row[0]) for row in await self._line.rows(select(ledger.c.id).where(mine))]

    def _conditions(self, scope: Scope, items: Sequence[int]) -> list[tuple[Table, ColumnElement[bool]]]:
        cases = scope.complaints
        of_item = {table: _rows(table, items, table.c.ledger_id) for table in (tasks, files, scans)}
        of_case = {table: _rows(table, cases, table.c.complaint_id) for table in (post, scans, *DECIDED)}
        either = [*_rows(links, cases, links.c.complaint_id), *_rows(links, cases, links.c.other_id)]
        return [
            *((table, _among(table, [*_about(table, scope), *of_item[table]])) for table in (tasks, files)),
            *((table, _among(table, ways)) for table, ways in of_case.items() if table is not scans),
            *((table, _among(table, _about(table, scope))) for table in (outbox, timeline)),
            (scans, _among(scans, [*of_case[scans], *of_item[scans]])),
            (links, _among(links, either)),
        ]

    async def _update(self, table: Table, condition: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        return await self._line.run(update(table).where(condition).values(values))

    def _blank_item(self) -> Mapping[str, Any]:
        return {
            "key": self._keys.seal("", "ledger.key"),
            "raw": None,
            "sha256": "",  # of a short message it would tell the message to whoever tries them all
            "envelope": self._keys.seal_json({}, "ledger.envelope"),
            "cause": None,
            "answer_kind": "silent",
            "answer_text": None,
            "answer_turn": "",
        }

    async def _forget_reports(self, scope: Scope) -> None:
        mine = _among(outbox, _about(outbox, scope))
        sent = select(outbox.c.provider_id).where(mine, outbox.c.provider_id.is_not(None))
        await self._update(reports, reports.c.provider_id.in_(sent), {"reason": None, "provider_id": ""})

    async def _blank_parcels(self, condition: ColumnElement[bool]) -> int:
        """What waited for them to write again leaves no more."""
        await self._update(outbox, and_(condition, in_line(outbox.c.state)), {"state": OutboxState.FAILED})
        names = ("text", "subject", "status_label", "link")
        body = {"to": contact_to_json(NOBODY), "context": {}, **dict.fromkeys(names, "")}
        blank = {"body": self._keys.seal_json(body, "outbox.body"), "error": None, "provider_id": None}
        return await self._update(outbox, condition, blank)

    async def _erase_talks(self, scope: Scope) -> int:
        wanted = conversations.c.id.in_(scope.talks)
        nobody = contact_to_json(NOBODY)
        bound = select(conversations.c.channel, conversations.c.who).where(wanted)
        unknown = {"sender": None, "contact": self._keys.seal_json(nobody, "calls.contact")}
        await self._update(calls, tuple_(calls.c.channel, calls.c.who).in_(bound), unknown)
        blank = {
            "who": None,
            "contact": self._keys.seal_json(nobody, "conversations.contact"),
            "state": self._keys.seal_json({}, "conversations.state"),
            "complaint_id": None,
            "remind_at": None,
            "parked": False,
        }
        return await self._update(conversations, wanted, blank)

    async def _erase_cases(self, scope: Scope, now: datetime) -> int:
        mine = complaints.c.id.in_(scope.complaints)
        rows = await self._line.rows(select(complaints).where(mine))
        theirs = conversations.c.id.in_([row.conversation_id for row in rows if row.conversation_id is not None])
        gone = and_(theirs, conversations.c.complaint_id.in_(scope.complaints))
        await self._update(conversations, gone, {"complaint_id": None})
        for row in rows:
            await self._update(complaints, complaints.c.id == row.id, self._skeleton(row, now))
        return len(rows)

    def _skeleton(self, row: AnyRow, now: datetime) -> Mapping[str, Any]:
        codes = {name: Field(value=code) for name in COUNTED if (code := getattr(row, name))}
        record = Complaint(intent=Intent(row.intent), fields=MappingProxyType(codes))
        return {
            "sender": None,
            "contact": self._keys.seal_json(contact_to_json(NOBODY), "complaints.contact"),
            "conversation_id": None,
            "record": self._keys.seal_json(complaint_to_json(record), "complaints.record"),
            "reply_context": None,
            "missing_count": 0,
            "unfound": True,  # that it has no words is written down too
            "keep_until": None,
            "erased_at": now,
            "updated_at": now,
            **{f"{kind}_index": None for kind in IDENTIFIERS},
        }

    async def _blobs(self, scope: Scope, items: Sequence[int]) -> set[str]:
        """The sha256 of all bytes that these rows name."""
        of = {table.name: condition for table, condition in self._conditions(scope, items)}
        found = set[str]()
        for query in (
            select(ledger.c.sha256).where(ledger.c.id.in_(items), ledger.c.raw.is_(None)),
            select(files.c.sha256).where(of["files"]),
            select(post.c.sha256).where(of["post"]),
        ):
            found.update(row[0] for row in await self._line.rows(query))
        for row in await self._line.rows(select(scans.c.body).where(of["scans"])):
            found.update(self._keys.open_json(row.body, "scans.body").get("images", ()))
        return found - {""}

    async def _note(self, blobs: Collection[str]) -> None:
        if blobs:
            key = BLOBS + secrets.token_hex(8)
            await self._line.run(_NOTE, {"key": key, "value": self._keys.seal_json(sorted(blobs), PLACE)})

    async def blobs_noted(self) -> Mapping[str, Sequence[str]]:
        """Note → the files that its erasure left behind."""
        rows = await self._line.rows(_NOTED)
        return {row.key: self._keys.open_json(row.value, PLACE) for row in rows}

    async def forget_note(self, note: str) -> None:
        """All of its files are gone, or belong to somebody else too."""
        await self._line.run(_FORGET, {"which": note})


def _about(table: Table, scope: Scope) -> list[Select[tuple[int]]]:
    """Rows of these complaints, and those of these talks that are of no complaint."""
    said = and_(table.c.conversation_id.in_(scope.talks), table.c.complaint_id.is_(None))
    return [*_rows(table, scope.complaints, table.c.complaint_id), *([_keys_of(table, said)] if scope.talks else [])]


def _rows(table: Table, ids: Sequence[int], column: ColumnElement[int]) -> list[Select[tuple[int]]]:
    return [_keys_of(table, column.in_(ids))] if ids else []


def _keys_of(table: Table, condition: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(*table.primary_key.columns).where(condition)


def _among(table: Table, ways: Sequence[Select[tuple[int]]]) -> ColumnElement[bool]:
    """Rows that are found in one of these ways: each by its own index, where OR would look at every row."""
    [key] = table.primary_key.columns
    return key.in_(union_all(*ways)) if ways else false()
