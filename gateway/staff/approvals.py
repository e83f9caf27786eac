"""Approvals: what waits for a second person, and their word on it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.acts.refusals import Refused
from gateway.casework.approvals import NoSuchApproval, approve, refuse, take_back
from gateway.casework.lifecycle import NotAllowed
from gateway.house import House
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.clock_shapes import ApprovalPage, ApprovalsAsked, ApprovalShown, Decline
from gateway.staff.known_pages import known_page
from gateway.staff.looking import Look, looking
from gateway.staff.masking import Mask, masked_data
from gateway.staff.operation import Operation
from gateway.staff.paging import LARGEST_ID, cursor_of_id, id_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.scope import sees
from gateway.staff.shapes import Nothing
from store.desk import Approval
from store.values import Case

LIST = "approvals"
ID = re.compile(r"[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Approvals:
    """The part of the API that is about second persons."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, ApprovalsAsked)
        async with looking(self.house, request) as look:
            page, after = await known_page(
                lambda after, most: look.unit.approvals.open(after=after or 0, limit=most),
                lambda rows: _known(look, rows),
                lambda each: each.id,
                id_after(LIST, asked.cursor),
                asked.limit,
            )
            items = [shown for each in page if (shown := await _seen(look, each)) is not None]
        return answer(ApprovalPage(items=items, next=cursor_of_id(LIST, after) if after else None))

    async def approve(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return await self._decide(request, lambda id, by: approve(self.house, id, actor=by))

    async def refuse(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        asked = await read_body(request, Decline)
        return await self._decide(request, lambda id, by: refuse(self.house, id, reason=asked.reason, actor=by))

    async def take_back(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return await self._decide(request, lambda id, by: take_back(self.house, id, actor=by))

    async def _decide(self, request: web.Request, doing: Callable[[int, Actor], Awaitable[Approval]]) -> web.Response:
        id = await self._of_theirs(request)
        try:
            await doing(id, actor_of(request))
        except NoSuchApproval:
            raise Problem(404, "no_such_approval") from None
        except NotAllowed as refusal:
            raise Problem(409, "not_allowed", refusal.why) from None
        except Refused as refusal:
            raise Problem(409, refusal.code, refusal.why) from None
        async with looking(self.house, request) as look:
            shown = await _one(look, id)
        return answer(shown)

    async def _of_theirs(self, request: web.Request) -> int:
        """The id in the path, of a step for a complaint that they may know of."""
        written = request.match_info["approval"]
        id = int(written) if ID.fullmatch(written) else 0
        if not 0 < id <= LARGEST_ID:
            raise Problem(404, "no_such_approval")
        async with looking(self.house, request) as look:
            await _one(look, id)
        return id

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/approvals",
                name="listApprovals",
                right=Right.WORK,
                summary="What waits for a second person, the longest first; a short page may still have a next one",
                handler=self.list,
                query=ApprovalsAsked,
                answer=ApprovalPage,
                refusals=(404,),
            ),
            Operation(
                method="POST",
                path="/approvals/{approval}/approve",
                name="approveStep",
                right=Right.APPROVE,
                summary="Agree: the step is done at once. Never by whoever asked",
                handler=self.approve,
                answer=ApprovalShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/approvals/{approval}/refuse",
                name="refuseStep",
                right=Right.APPROVE,
                summary="Do not agree, and say why",
                handler=self.refuse,
                body=Decline,
                answer=ApprovalShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/approvals/{approval}/take-back",
                name="takeBackStep",
                right=Right.WORK,
                summary="Whoever asked does not want it any more",
                handler=self.take_back,
                answer=ApprovalShown,
                refusals=(409,),
            ),
        )


async def _one(look: Look, id: int) -> ApprovalShown:
    found = await look.unit.approvals.get(id)
    shown = await _seen(look, found) if found is not None else None
    if shown is None:
        raise Problem(404, "no_such_approval")
    return shown


async def _known(look: Look, waiting: Sequence[Approval]) -> list[Approval]:
    """Those about complaints that they may know of."""
    cases = await look.unit.complaints.several(each.complaint_id for each in waiting)
    return [each for each in waiting if each.complaint_id in cases and sees(look.actor, cases[each.complaint_id])]


async def _seen(look: Look, asked: Approval) -> ApprovalShown | None:
    """How it is shown; None when it is about a complaint that they may not know of."""
    case = await look.unit.complaints.get(asked.complaint_id)
    if case is None or not sees(look.actor, case):
        return None
    return approval_shown(asked, case, await look.at(case, "approval"))


def approval_shown(asked: Approval, case: Case, mask: Mask) -> ApprovalShown:
    return ApprovalShown(
        id=asked.id,
        complaint=case.number,
        kind=asked.kind,
        state=asked.state,
        asked_at=asked.asked_at,
        asked_by=asked.asked_by,
        facts=masked_data(mask, dict(asked.facts)),
        decided_at=asked.decided_at,
        decided_by=asked.decided_by,
    )
