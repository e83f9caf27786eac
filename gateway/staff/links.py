"""Complaints that have to do with one another: linked, merged and parted again, suggested and decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.acts.linking import accept, accept_merging, link, refuse, unlink
from gateway.casework.acts.merging import merge, unmerge
from gateway.house import House
from gateway.staff.act_shapes import (
    Because,
    LinkPage,
    LinkShown,
    LinksShown,
    LinkTo,
    MergeInto,
    MergeLinked,
    SuggestionsAsked,
)
from gateway.staff.acting import refusing, said
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.known_pages import known_page
from gateway.staff.looking import case_of, looking, number_of
from gateway.staff.masking import Masked, masked_data
from gateway.staff.operation import Operation
from gateway.staff.paging import LARGEST_ID, cursor_of_id, id_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.scope import seen, sees
from gateway.staff.shapes import Nothing
from store.desk import Link
from store.unit import Unit

LIST = "suggestions"


@dataclass(frozen=True, slots=True)
class Links:
    """The part of the API that is about two complaints at once."""

    house: House

    async def of(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with looking(self.house, request) as look:
            case = await case_of(look.unit, request)
            items = await _shown(look.unit, look.actor, await look.unit.links.of(case.id))
        return answer(LinksShown(items=items))

    async def suggested(self, request: web.Request) -> web.Response:
        asked = read_query(request, SuggestionsAsked)
        async with looking(self.house, request) as look:
            page, after = await known_page(
                look.unit.links.suggested,
                lambda links: _known(look.unit, look.actor, links),
                lambda link: link.id,
                id_after(LIST, asked.cursor),
                asked.limit,
            )
            items = await _shown(look.unit, look.actor, page)
        return answer(LinkPage(items=items, next=cursor_of_id(LIST, after) if after else None))

    async def link(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, LinkTo), actor_of(request)
        with refusing():
            noted = await link(self.house, number, asked.other, kind=asked.kind, reason=asked.reason, actor=actor)
        return await self._one(noted, actor)

    async def merge(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, MergeInto), actor_of(request)
        with refusing():
            done = await merge(self.house, number, asked.into, reason=asked.reason, tell=asked.tell, actor=actor)
        return await self._one(done, actor)

    async def unmerge(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, Because), actor_of(request)
        with refusing():
            undone = await unmerge(self.house, number, reason=asked.reason, actor=actor)
        return await self._one(undone, actor)

    async def unlink(self, request: web.Request) -> web.Response:
        id, asked, actor = _id_of(request), await said(request, Because), actor_of(request)
        with refusing():
            decided = await unlink(self.house, id, reason=asked.reason, actor=actor)
        return await self._one(decided, actor)

    async def refuse(self, request: web.Request) -> web.Response:
        id, asked, actor = _id_of(request), await said(request, Because), actor_of(request)
        with refusing():
            decided = await refuse(self.house, id, reason=asked.reason, actor=actor)
        return await self._one(decided, actor)

    async def relate(self, request: web.Request) -> web.Response:
        id, asked, actor = _id_of(request), await said(request, Because), actor_of(request)
        with refusing():
            decided = await accept(self.house, id, reason=asked.reason, actor=actor)
        return await self._one(decided, actor)

    async def merge_suggested(self, request: web.Request) -> web.Response:
        id, asked, actor = _id_of(request), await said(request, MergeLinked), actor_of(request)
        with refusing():
            done = await accept_merging(self.house, id, reason=asked.reason, tell=asked.tell, actor=actor)
        return await self._one(done, actor)

    async def _one(self, link: Link, actor: Actor) -> web.Response:
        async with self.house.store.reading() as unit:
            shown = await _shown(unit, actor, [link])
        if not shown:
            raise Problem(404, "no_such_link")
        return answer(shown[0])

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_a_complaint(), *self._of_a_link())

    def _of_a_complaint(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/complaints/{number}/links",
                name="listLinks",
                right=Right.SEE,
                summary="What a complaint has to do with, as far as one may know of it",
                handler=self.of,
                answer=LinksShown,
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/links",
                name="linkComplaints",
                right=Right.WORK,
                summary="Note that two complaints have to do with one another",
                handler=self.link,
                body=LinkTo,
                answer=LinkShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/merge",
                name="mergeComplaint",
                right=Right.WORK,
                summary="Put a complaint into another that is the same matter",
                handler=self.merge,
                body=MergeInto,
                answer=LinkShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/unmerge",
                name="unmergeComplaint",
                right=Right.WORK,
                summary="Two complaints again",
                handler=self.unmerge,
                body=Because,
                answer=LinkShown,
                refusals=(409,),
            ),
        )

    def _of_a_link(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/links/suggested",
                name="listSuggestions",
                right=Right.SEE,
                summary="Complaints that may be the same, for a person to decide; newest first, a page may be short",
                handler=self.suggested,
                query=SuggestionsAsked,
                answer=LinkPage,
                refusals=(404,),
            ),
            *(
                Operation(
                    method="POST",
                    path=f"/links/{{link}}/{verb}",
                    name=name,
                    right=Right.WORK,
                    summary=summary,
                    handler=handler,
                    body=body,
                    answer=LinkShown,
                    refusals=(409,),
                )
                for verb, name, summary, handler, body in (
                    ("undo", "undoLink", "They have nothing to do with one another", self.unlink, Because),
                    ("refuse", "refuseSuggestion", "They do not, and it is not suggested again", self.refuse, Because),
                    ("relate", "acceptSuggestion", "They are related, and stay two", self.relate, Because),
                    ("merge", "mergeSuggested", "The later goes into the earlier", self.merge_suggested, MergeLinked),
                )
            ),
        )


def _id_of(request: web.Request) -> int:
    written = request.match_info["link"]
    if not (written.isascii() and written.isdigit()) or not 0 < len(written) < 20 or not 0 < int(written) <= LARGEST_ID:
        raise Problem(404, "no_such_link")
    return int(written)


async def _known(unit: Unit, actor: Actor, links: Sequence[Link]) -> list[Link]:
    """Those of which they may know both sides."""
    ids = {side for link in links for side in (link.complaint_id, link.other_id)}
    known = {case.id for case in seen(actor, (await unit.complaints.several(ids)).values())}
    return [link for link in links if {link.complaint_id, link.other_id} <= known]


async def _shown(unit: Unit, actor: Actor, links: Iterable[Link]) -> list[LinkShown]:
    """Those of which they may know both sides."""
    return [shown for link in links if (shown := await _one(unit, actor, link)) is not None]


async def _one(unit: Unit, actor: Actor, link: Link) -> LinkShown | None:
    one, other = await unit.complaints.get(link.complaint_id), await unit.complaints.get(link.other_id)
    if one is None or other is None or not (sees(actor, one) and sees(actor, other)):
        return None
    return LinkShown(
        id=link.id,
        number=one.number,
        other=other.number,
        kind=link.kind,
        state=link.state,
        at=link.at,
        by=link.by,
        facts=masked_data(Masked.of(one), masked_data(Masked.of(other), link.facts)),
    )
