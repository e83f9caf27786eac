"""Emergencies at the desk: who has which, its checklist with times, and the plans that stand behind."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

from aiohttp import web

from gateway.casework.emergency import acts
from gateway.casework.emergency.looking import listed, one
from gateway.casework.emergency.plans import Recipient, plans
from gateway.console.kit import Page, Room, back
from gateway.staff.actor import Right, actor_of
from store.desk import Emergency
from store.emergencies import STATES

HOME = "/emergencies"
ONE = HOME + r"/{emergency:[1-9]\d{0,17}}"
SHOWN = 50


class EmergencyRoom(Room):
    def pages(self) -> Sequence[Page]:
        work = Right.WORK
        return (
            Page(method="GET", path=HOME, right=work, handler=self.list),
            Page(method="GET", path=ONE, right=work, handler=self.show),
            Page(method="POST", path=f"{ONE}/take", right=work, handler=self.take),
            Page(method="POST", path=f"{ONE}/step", right=work, handler=self.step),
            Page(method="POST", path=f"{ONE}/close", right=work, handler=self.close),
            Page(method="GET", path="/admin/plans", right=Right.ADMIN, handler=self.plans),
        )

    async def list(self, request: web.Request) -> web.Response:
        state = request.query.get("state", STATES[0])
        state = state if state in STATES else STATES[0]
        async with self.house.store.reading() as unit:
            found, after = await listed(unit, actor_of(request), state, before=_before(request), limit=SHOWN)
        return self.kit.render(request, "emergency/list.html", found=found, after=after, state=state, states=STATES)

    async def show(self, request: web.Request) -> web.Response:
        return await self._shown(request)

    async def take(self, request: web.Request) -> web.Response:
        return await self._done(request, acts.take(self.house, _id(request), actor_of(request)), "taken")

    async def step(self, request: web.Request) -> web.Response:
        """A step ticked, or with ``undo`` unticked."""
        form = await request.post()
        act = acts.untick if "undo" in form else acts.tick
        step, note = str(form.get("step", "")), str(form.get("note", ""))
        return await self._done(request, act(self.house, _id(request), step, actor_of(request), note), "ticked")

    async def close(self, request: web.Request) -> web.Response:
        form = await request.post()
        closing = acts.close(self.house, _id(request), actor_of(request), str(form.get("reason", "")))
        return await self._done(request, closing, "closed")

    async def plans(self, request: web.Request) -> web.Response:
        in_force = plans()
        ways = {code: _ways(recipient) for code, recipient in in_force.recipients.items()}
        return self.kit.render(request, "emergency/plans.html", plans=in_force, ways=ways)

    async def _done(self, request: web.Request, act: Awaitable[Emergency], said: str) -> web.Response:
        try:
            await act
        except acts.NoSuchEmergency:
            return self.kit.refuse(request, 404, "not_found")
        except acts.NotPossible as wrong:
            return await self._shown(request, wrong=str(wrong))
        raise back(f"{HOME}/{_id(request)}", said)

    async def _shown(self, request: web.Request, wrong: str = "") -> web.Response:
        async with self.house.store.reading() as unit:
            seen = await one(unit, actor_of(request), _id(request))
        if seen is None:
            return self.kit.refuse(request, 404, "not_found")
        return self.kit.render(request, "emergency/one.html", status=409 if wrong else 200, seen=seen, wrong=wrong)


def _ways(recipient: Recipient) -> list[str]:
    """By which ways somebody is called: keys of words, roles, and mail addresses of ours."""
    named = [name for name in ("webhook", "mailbox") if getattr(recipient, name)]
    return [f"way_{name}" for name in named] + [*recipient.roles, *recipient.emails]


def _id(request: web.Request) -> int:
    return int(request.match_info["emergency"])


def _before(request: web.Request) -> int | None:
    written = request.query.get("before", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
