"""One ticket: shown, and everything that is done with it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from gateway.casework.acts.confirming import Submit
from gateway.casework.acts.preview import Preview
from gateway.casework.acts.refusals import NoSuchCode, NotTheirWords, OutOfTime, Refused, Unfit
from gateway.casework.approvals import NoSuchApproval
from gateway.casework.emergency.acts import NoSuchEmergency, NotPossible
from gateway.casework.lifecycle import NotAllowed
from gateway.console.answers import refusing
from gateway.console.kit import Kit, Page, Room, back
from gateway.console.ticket.acts import ACTS
from gateway.console.ticket.doing import Act, Doing
from gateway.console.ticket.files import Bytes, looks
from gateway.console.ticket.forms import Form, Lacking
from gateway.console.ticket.grant import Grants
from gateway.console.ticket.view import gathered
from gateway.staff.actor import Right, actor_of
from gateway.staff.looking import case_of, looking, number_of
from gateway.staff.problems import Problem
from gateway.staff.shapes import REASON_CHARS

HERE = "/complaints/{number}"
REFUSALS = (Refused, NotAllowed, NotPossible, NoSuchApproval, NoSuchEmergency, Lacking, ValidationError)
# As it is typed, it can never be done.
MISTYPED = (Lacking, ValidationError, NoSuchCode, NotTheirWords, OutOfTime, Unfit)


class TicketRoom(Room):
    def __init__(self, kit: Kit, submit: Submit) -> None:
        super().__init__(kit)
        self._submit = submit
        self._grants = Grants(kit.house)

    def pages(self) -> Sequence[Page]:
        bytes_of = Bytes(self.house)
        found = (
            Page(method="GET", path=HERE, right=Right.SEE, handler=self.show),
            Page(method="POST", path=f"{HERE}/acts/{{act}}", right=Right.SEE, handler=self.act),
            Page(method="POST", path=f"{HERE}/reveal", right=Right.UNMASK, handler=self.reveal),
            Page(method="POST", path=f"{HERE}/hide", right=Right.SEE, handler=self.hide),
            Page(method="GET", path=f"{HERE}/files/{{file}}", right=Right.UNMASK, handler=bytes_of.file),
            Page(method="GET", path=f"{HERE}/items/{{item:[0-9]{{1,18}}}}", right=Right.UNMASK, handler=bytes_of.item),
        )
        return [replace(page, handler=refusing(self.kit, page.handler)) for page in found]

    async def show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, tab=request.query.get("tab", ""))

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Do it; or show the words first; or say in place why not, with what was typed."""
        number, name = number_of(request), request.match_info["act"]
        act = ACTS.get(name)
        if act is None:
            raise Problem(404, "no_such_page")
        if not actor_of(request).may(act.right):
            raise Problem(403, "not_yours")
        form = Form(await request.post())
        async with self.house.store.reading() as unit:
            await case_of(unit, request)  # one that they may not know of is not touched either
        doing = Doing(house=self.house, submit=self._submit, number=number, actor=actor_of(request), form=form)
        try:
            shown = await _to_show_first(act, doing)
            if shown is not None:
                return await self._page(request, tab=name, form=form, preview=shown, seen=_digest(shown))
            await act.do(doing)
        except REFUSALS as refusal:
            status = 422 if isinstance(refusal, MISTYPED) else 409
            return await self._page(request, status=status, tab=name, form=form, trouble=_why(refusal))
        except Problem as problem:
            if problem.status != 422:
                raise
            return await self._page(request, status=422, tab=name, form=form, trouble=(problem.code, ""))
        return back(f"/complaints/{number}", f"done_{name}")

    async def reveal(self, request: web.Request) -> web.StreamResponse:
        """For a reason; every look that follows is audited with it."""
        number, form = number_of(request), Form(await request.post())
        reason = form.text("reason")[:REASON_CHARS]
        async with self.house.store.reading() as unit:
            await case_of(unit, request)
        if not reason:
            return await self._page(request, status=422, tab="reveal", form=form, trouble=("lacking", "reason"))
        response = back(f"/complaints/{number}")
        self._grants.give(request, response, number, reason)
        return response

    async def hide(self, request: web.Request) -> web.StreamResponse:
        number = number_of(request)
        response = back(f"/complaints/{number}")
        self._grants.take(response, number)
        return response

    async def _page(
        self,
        request: web.Request,
        *,
        status: int = 200,
        tab: str = "",
        form: Form | None = None,
        trouble: tuple[str, str] | None = None,
        preview: Preview | None = None,
        seen: str = "",
    ) -> web.Response:
        grant = self._grants.of(request, number_of(request))
        grant = grant if actor_of(request).may(Right.UNMASK) else None
        async with looking(self.house, request, grant.reason if grant else None) as look:
            facts: dict[str, Any] = await gathered(self.house, look, request)
        return self.kit.render(
            request,
            "ticket/page.html",
            status=status,
            **facts,
            grant=grant,
            tab=tab,
            typed=form.kept() if form else {},
            trouble=trouble,
            preview=preview,
            seen=seen,
            looks=looks,
        )


async def _to_show_first(act: Act, doing: Doing) -> Preview | None:
    """The words, unless they were just shown and are still the same: only what was read is sent."""
    if act.previewed is None:
        return None
    words = await act.previewed(doing)
    if words is None or doing.form.text("seen") == _digest(words):
        return None
    return words


def _digest(words: Preview) -> str:
    whole = "\0".join((words.channel, words.subject, words.text, words.to_masked, str(words.decision)))
    return hashlib.sha256(whole.encode()).hexdigest()[:24]


def _why(refusal: Exception) -> tuple[str, str]:
    """A code of [trouble] in words/ticket.toml, and what it says more."""
    match refusal:
        case NoSuchCode():
            return refusal.code, f"of_{refusal.why}"
        case Refused():
            return refusal.code, refusal.why
        case NotAllowed():
            return "not_allowed", refusal.why
        case NotPossible():
            return "not_possible", str(refusal)
        case Lacking():
            return "lacking", f"of_{refusal}"
        case NoSuchApproval() | NoSuchEmergency():
            return "gone", ""
    return "invalid", ""
