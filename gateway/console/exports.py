"""What staff take along: the register, and the file of one complaint. Asked for by forms: no URL holds a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from aiohttp import web

from gateway.casework.lifecycle import Status
from gateway.console.kit import Page, Room, back
from gateway.reports.asked import Export
from gateway.reports.casefile.taking import take
from gateway.reports.periods import today
from gateway.reports.streaming import send_case_file, send_register
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.looking import case_of
from gateway.staff.problems import Problem
from gateway.staff.shapes import REASON_CHARS
from store.unit import Unit
from store.values import Case

FORMS = ("csv", "xlsx")
EVERY = "*"  # of branches; the empty code is the head office
FIRST_YEAR, LAST_YEAR = 2000, 2099


class ExportRoom(Room):
    def pages(self) -> Sequence[Page]:
        file = "/complaints/{number}/file"
        return (
            Page(method="GET", path="/register", right=Right.REPORT, handler=self.ask_register),
            Page(method="POST", path="/register", right=Right.REPORT, handler=self.take_register),
            Page(method="GET", path=file, right=Right.EXPORT, handler=self.ask_file),
            Page(method="POST", path=file, right=Right.EXPORT, handler=self.take_file),
        )

    async def ask_register(self, request: web.Request) -> web.Response:
        day = today(self.house.clock.now())
        async with self.house.store.reading() as unit:
            branches = await _branches(unit, actor_of(request))
        return self.kit.render(
            request,
            "overview/register.html",
            first=day.replace(day=1),
            last=day,
            branches=branches,
            every=EVERY,
            statuses=[status.value for status in Status],
        )

    async def take_register(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        try:
            export = _export(
                actor_of(request), {name: str(value) for name, value in form.items()}, form.getall("status", [])
            )
        except ValueError:
            raise back("/register", "invalid") from None
        if export.reason == "":
            raise back("/register", "reason")
        return await send_register(self.house, request, export)

    async def ask_file(self, request: web.Request) -> web.Response:
        case = await self._case(request)
        if case is None:
            return self.kit.refuse(request, 404, "no_such_complaint")
        return self.kit.render(request, "overview/case_file.html", number=case.number)

    async def take_file(self, request: web.Request) -> web.StreamResponse:
        case, form = await self._case(request), await request.post()
        if case is None:
            return self.kit.refuse(request, 404, "no_such_complaint")
        reason = str(form.get("reason", "")).strip()[:REASON_CHARS]
        if not reason:
            raise back(f"/complaints/{case.number}/file", "reason")
        masked = form.get("version") == "masked"
        contents = await take(self.house, actor_of(request), case, reason=reason, masked=masked)
        return await send_case_file(self.house, request, contents)

    async def _case(self, request: web.Request) -> Case | None:
        async with self.house.store.reading() as unit:
            try:
                return await case_of(unit, request)
            except Problem:
                return None


async def _branches(unit: Unit, actor: Actor) -> Mapping[str, str]:
    """The branches to choose from: those whose complaints they see."""
    names = {"": "", **await unit.figures.branch_names()}
    return {code: name for code, name in names.items() if actor.branches is None or code in actor.branches}


def _export(actor: Actor, form: Mapping[str, str], statuses: Sequence[object]) -> Export:
    """What the form says; raises ValueError for what no form of ours says, and for names without the right."""
    named = form.get("names") == "1"
    if form.get("form") not in FORMS or (named and not actor.may(Right.UNMASK)):
        raise ValueError
    return Export(
        actor=actor,
        form=form["form"],
        first=_day(form.get("first", "")),
        last=_day(form.get("last", "")),
        branch=None if form.get("branch", EVERY) == EVERY else form["branch"],
        statuses=tuple(Status(str(each)) for each in statuses if each),
        reason=form.get("reason", "").strip()[:REASON_CHARS] if named else None,
    )


def _day(written: str) -> date | None:
    """A day of a form; raises ValueError for what is none, or none of our time."""
    if not written:
        return None
    day = date.fromisoformat(written)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day
