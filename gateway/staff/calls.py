"""Calls: how each one stood, whom it was with, which complaint it was about, and what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiohttp import web

from channels.base import CallState
from gateway.house import House
from gateway.staff.actor import Right
from gateway.staff.answering import answer
from gateway.staff.known_pages import known_page
from gateway.staff.looking import Look, looking
from gateway.staff.masking import Masked, Plain
from gateway.staff.operation import Operation
from gateway.staff.paging import TASK_ID, cursor_of_id, id_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query, refuse_in_url
from gateway.staff.scope import seen
from gateway.staff.search_shapes import CallsSought, private_names
from gateway.staff.shapes import CallPage, CallsAsked, CallShown, Nothing, RecordingShown, Unmask
from normalizer.extract.phones import e164
from normalizer.record import Contact, ContactKind
from store.unit import Unit
from store.values import CallRecord, File

LIST, SEARCH = "calls", "POST /api/v1/calls/search"
PRIVATE = private_names(CallsAsked, CallsSought)
CHANNEL = "phone"


@dataclass(frozen=True, slots=True)
class Calls:
    """The part of the API that is about calls."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        refuse_in_url(request, PRIVATE, SEARCH)
        asked = read_query(request, CallsAsked)
        return await self._listed(request, CallsSought.model_construct(**asked.model_dump()))

    async def search(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return await self._listed(request, await read_body(request, CallsSought))

    async def _listed(self, request: web.Request, asked: CallsSought) -> web.Response:
        async with looking(self.house, request, asked.unmask) as look:
            page, after = await known_page(
                lambda before, most: _search(look.unit, asked, before, most),
                lambda records: _seen(look, records),
                lambda record: record.id,
                id_after(LIST, asked.cursor),
                asked.limit,
            )
            items = await _shown(look, page)
        return answer(CallPage(items=items, next=cursor_of_id(LIST, after) if after else None))

    async def get(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask) as look:
            records = await _seen(look, [await _call_of(look.unit, request)])
            if not records:
                raise Problem(404, "no_such_call")
            items = await _shown(look, records)
        return answer(items[0])

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/calls",
                name="listCalls",
                right=Right.SEE,
                summary="Calls that match all that is given, newest first",
                handler=self.list,
                query=CallsAsked,
                answer=CallPage,
                refusals=(404,),
            ),
            Operation(
                method="POST",
                path="/calls/search",
                name="searchCalls",
                right=Right.SEE,
                summary="The same, also by the number that the call was with",
                handler=self.search,
                body=CallsSought,
                answer=CallPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/calls/{call}",
                name="getCall",
                right=Right.SEE,
                summary="One call, by the carrier's id",
                handler=self.get,
                query=Unmask,
                answer=CallShown,
            ),
        )


async def _search(unit: Unit, asked: CallsSought, before: int | None, most: int) -> list[CallRecord]:
    phone = (e164(asked.phone) or asked.phone) if asked.phone else None
    return await unit.calls.list(
        after=before,
        limit=most,
        state=asked.state.value if asked.state else None,
        contact=Contact(kind=ContactKind.PHONE, value=phone) if phone else None,
    )


async def _call_of(unit: Unit, request: web.Request) -> CallRecord:
    id = request.match_info["call"]
    record = await unit.calls.get(CHANNEL, id) if TASK_ID.fullmatch(id) else None
    if record is None:
        raise Problem(404, "no_such_call")
    return record


async def _seen(look: Look, records: Sequence[CallRecord]) -> list[CallRecord]:
    """Those about a complaint that they may know of; those about none are for whoever looks into doubts."""
    ids = [record.complaint_id for record in records if record.complaint_id is not None]
    known = {case.id for case in seen(look.actor, (await look.unit.complaints.several(ids)).values())}
    loose = look.actor.may(Right.VERIFY) or look.actor.may(Right.MEND)
    return [each for each in records if (loose if each.complaint_id is None else each.complaint_id in known)]


async def _shown(look: Look, records: Sequence[CallRecord]) -> list[CallShown]:
    """Each call with what was recorded of it; plain only after the audit trail says so."""
    talks = [record.conversation_id for record in records if record.conversation_id is not None]
    files = await look.unit.files.of_conversations(talks)
    return [await _one(look, record, files) for record in records]


async def _one(look: Look, record: CallRecord, files: Iterable[File]) -> CallShown:
    name = f"call {record.call}"
    if look.reason is not None:
        await look.note(record.number or name, name)
    mask = Masked() if look.reason is None else Plain()
    return CallShown(
        call=record.call,
        direction="out" if record.outgoing else "in",
        phone=mask.contact(record.contact) if record.contact else None,
        state=CallState(record.state),
        started=record.started_at,
        heard=record.heard_at,
        ended=record.ended_at,
        seconds=record.seconds,
        complaint=record.number or None,
        recordings=[_recording(file) for file in files if _recorded(file, record)],
    )


def _recorded(file: File, record: CallRecord) -> bool:
    its_own = file.channel == record.channel and file.conversation_id == record.conversation_id
    return its_own and file.media_type.startswith("audio/")


def _recording(file: File) -> RecordingShown:
    return RecordingShown(id=file.id, size=file.size, sha256=file.sha256, state=file.state)
