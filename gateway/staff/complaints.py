"""Complaints: found, read, and moved through their life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.decision import Decision
from gateway.casework.move import move
from gateway.house import House
from gateway.staff.acting import refusing, ticket_now
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.known_pages import known_page
from gateway.staff.looking import Look, case_of, looking, number_of
from gateway.staff.naming import told_of
from gateway.staff.operation import Operation
from gateway.staff.paging import cursor_of_id, id_after
from gateway.staff.reading import read_body, read_query, refuse_in_url
from gateway.staff.scope import seen
from gateway.staff.search_shapes import ComplaintsSought, private_names
from gateway.staff.shapes import ComplaintsAsked, Move, Nothing, Ticket, TicketPage, TimelineAsked, TimelinePage, Unmask
from gateway.staff.ticket import moments, tickets, whole_ticket
from normalizer.extract.phones import e164
from store.values import Case

LIST, SEARCH = "complaints", "POST /api/v1/complaints/search"
PRIVATE = private_names(ComplaintsAsked, ComplaintsSought)
SOUGHT = ("phone", "name", "email", "id_number", "policy_number", "claim_number", "intent")


@dataclass(frozen=True, slots=True)
class Complaints:
    """The part of the API that is about complaints."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        refuse_in_url(request, PRIVATE, SEARCH)
        asked = read_query(request, ComplaintsAsked)
        return await self._listed(request, ComplaintsSought.model_construct(**asked.model_dump()))

    async def search(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return await self._listed(request, await read_body(request, ComplaintsSought))

    async def _listed(self, request: web.Request, asked: ComplaintsSought) -> web.Response:
        async with looking(self.house, request, asked.unmask) as look:
            page, after = await _page(look, asked)
            shown = [(case, await look.at(case, "list")) for case in page]
        return answer(TicketPage(items=await tickets(shown), next=cursor_of_id(LIST, after) if after else None))

    async def get(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask) as look:
            case = await case_of(look.unit, request)
            whole = await whole_ticket(look, case, await look.at(case, "ticket"))
        return answer(whole)

    async def timeline(self, request: web.Request) -> web.Response:
        asked = read_query(request, TimelineAsked)
        async with looking(self.house, request, asked.unmask) as look:
            case = await case_of(look.unit, request)
            mask = await look.at(case, "timeline")
            entries = await look.unit.timeline.of(case.id, after=asked.after, limit=asked.limit + 1)
            page = await told_of(look.unit, look.actor, case, entries[: asked.limit])
        following = page[-1].id if len(entries) > len(page) else None
        return answer(TimelinePage(items=await moments(page, mask), next=following))

    async def move(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        number = number_of(request)
        wanted = await read_body(request, Move)
        with refusing():
            await self._move(number, wanted, actor_of(request))
        return await ticket_now(self.house, request)

    async def _move(self, number: str, wanted: Move, by: Actor) -> None:
        decision = Decision(**wanted.decision.model_dump()) if wanted.decision is not None else None
        await move(
            self.house,
            number,
            wanted.status,
            note=wanted.note,
            tell=wanted.tell,
            actor=by,
            decision=decision,
            outcome=wanted.outcome,
        )

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/complaints",
                name="listComplaints",
                right=Right.SEE,
                summary="Complaints that match all that is given, newest first; without timeline and attachments",
                handler=self.list,
                query=ComplaintsAsked,
                answer=TicketPage,
                refusals=(404,),
            ),
            Operation(
                method="POST",
                path="/complaints/search",
                name="searchComplaints",
                right=Right.SEE,
                summary="The same, also by what is a person's own: telephone, name, e-mail, ID, policy, claim",
                handler=self.search,
                body=ComplaintsSought,
                answer=TicketPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/complaints/{number}",
                name="getComplaint",
                right=Right.SEE,
                summary="One complaint, with its attachments and timeline",
                handler=self.get,
                query=Unmask,
                answer=Ticket,
            ),
            Operation(
                method="GET",
                path="/complaints/{number}/timeline",
                name="getTimeline",
                right=Right.SEE,
                summary="What was said, done and changed, oldest first",
                handler=self.timeline,
                query=TimelineAsked,
                answer=TimelinePage,
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/status",
                name="moveComplaint",
                right=Right.WORK,
                summary="Take a complaint to another state, and tell the customer",
                handler=self.move,
                body=Move,
                answer=Ticket,
                refusals=(409,),
            ),
        )


def _is_sought(asked: ComplaintsSought) -> bool:
    """Whoever looks for somebody, or for what is no complaint, wants to find it."""
    return any(getattr(asked, name) is not None for name in SOUGHT)


async def _page(look: Look, asked: ComplaintsSought) -> tuple[list[Case], int | None]:
    async def known(found: Sequence[Case]) -> list[Case]:
        return seen(look.actor, found)

    return await known_page(
        lambda before, most: _search(look, asked, before, most),
        known,
        lambda case: case.id,
        id_after(LIST, asked.cursor),
        asked.limit,
    )


async def _search(look: Look, asked: ComplaintsSought, before: int | None, most: int) -> list[Case]:
    return await look.unit.complaints.search(
        statuses=[status.value for status in asked.status],
        channel=asked.channel,
        phone=(e164(asked.phone) or asked.phone) if asked.phone else None,
        name=asked.name,
        email=asked.email,
        id_number=asked.id_number,
        policy_number=asked.policy_number,
        claim_number=asked.claim_number,
        intent=asked.intent.value if asked.intent else None,
        priority=asked.priority,
        all_items=asked.items == "all" or _is_sought(asked),
        branches=look.actor.branches,
        before_id=before,
        limit=most,
    )
