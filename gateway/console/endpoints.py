"""Other systems that are told of changes: their addresses, secrets, and what became of each telling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from gateway.console.kit import Kit, Page, Room, back
from gateway.events.guard import BadUrl
from gateway.events.keeping import Endpoints, NoSuchEndpoint, UnknownEvents, Wish
from gateway.events.kinds import TYPES
from gateway.staff.actor import Right, actor_of
from normalizer.record import SHANGHAI
from store.desk import Endpoint

HOME = "/admin/endpoints"
ONE = HOME + "/{endpoint:ep[0-9a-f]{16}}"
SHOWN = 50
NEW = Wish(url="https://")


class EndpointsRoom(Room):
    """For admins. A secret is shown in the answer to the form that made it, and nowhere else."""

    def __init__(self, kit: Kit, keeping: Endpoints) -> None:
        super().__init__(kit)
        self.keeping = keeping

    def pages(self) -> Sequence[Page]:
        admin = Right.ADMIN
        return (
            Page(method="GET", path=HOME, right=admin, handler=self.list),
            Page(method="GET", path=f"{HOME}/new", right=admin, handler=self.new),
            Page(method="POST", path=HOME, right=admin, handler=self.add),
            Page(method="GET", path=ONE, right=admin, handler=self.show),
            Page(method="POST", path=ONE, right=admin, handler=self.change),
            Page(method="POST", path=f"{ONE}/rotate", right=admin, handler=self.rotate),
            Page(method="POST", path=f"{ONE}/test", right=admin, handler=self.test),
            Page(method="POST", path=f"{ONE}/again", right=admin, handler=self.again),
        )

    async def list(self, request: web.Request) -> web.Response:
        return self.kit.render(request, "endpoints/list.html", endpoints=await self.keeping.all())

    async def new(self, request: web.Request) -> web.Response:
        return self._form(request, NEW)

    async def add(self, request: web.Request) -> web.Response:
        wish = await _wish(request)
        try:
            made = await self.keeping.add(wish, actor_of(request).login)
        except (BadUrl, UnknownEvents) as wrong:
            return self._form(request, wish, wrong=_why(wrong))
        return self._secret(request, made)

    async def show(self, request: web.Request) -> web.Response:
        return await self._shown(request)

    async def change(self, request: web.Request) -> web.Response:
        try:
            await self.keeping.change(_id(request), await _wish(request), actor_of(request).login)
        except NoSuchEndpoint:
            return self.kit.refuse(request, 404, "not_found")
        except (BadUrl, UnknownEvents) as wrong:
            return await self._shown(request, wrong=_why(wrong))
        raise back(f"{HOME}/{_id(request)}", "saved")

    async def rotate(self, request: web.Request) -> web.Response:
        try:
            return self._secret(request, await self.keeping.rotate(_id(request), actor_of(request).login))
        except NoSuchEndpoint:
            return self.kit.refuse(request, 404, "not_found")

    async def test(self, request: web.Request) -> web.Response:
        try:
            await self.keeping.test(_id(request), actor_of(request).login)
        except NoSuchEndpoint:
            return self.kit.refuse(request, 404, "not_found")
        raise back(f"{HOME}/{_id(request)}", "tested")

    async def again(self, request: web.Request) -> web.Response:
        """One event, or all of a span of time."""
        form = await request.post()
        event, by = str(form.get("event", "")), actor_of(request).login
        span = _moment(str(form.get("since", ""))), _moment(str(form.get("until", "")))
        try:
            if event:
                await self.keeping.replay_one(_id(request), event, by)
            elif span[0] and span[1]:
                await self.keeping.replay_span(_id(request), span[0], span[1], by)
            else:
                return await self._shown(request, wrong="span")
        except NoSuchEndpoint:
            return self.kit.refuse(request, 404, "not_found")
        raise back(f"{HOME}/{_id(request)}", "again")

    async def _shown(self, request: web.Request, wrong: str = "") -> web.Response:
        try:
            endpoint = await self.keeping.get(_id(request))
            told = await self.keeping.deliveries(endpoint.id, limit=SHOWN)
        except NoSuchEndpoint:
            return self.kit.refuse(request, 404, "not_found")
        return self.kit.render(
            request,
            "endpoints/one.html",
            status=422 if wrong else 200,
            endpoint=endpoint,
            told=told,
            types=TYPES,
            wrong=wrong,
        )

    def _form(self, request: web.Request, wish: Wish, wrong: str = "") -> web.Response:
        status = 422 if wrong else 200
        return self.kit.render(request, "endpoints/new.html", status=status, endpoint=wish, types=TYPES, wrong=wrong)

    def _secret(self, request: web.Request, endpoint: Endpoint) -> web.Response:
        return self.kit.render(request, "endpoints/secret.html", endpoint=endpoint)


async def _wish(request: web.Request) -> Wish:
    form = await request.post()
    return Wish(
        url=str(form.get("url", "")),
        events=frozenset(str(event) for event in form.getall("event", ())),
        active="active" in form,
        note=str(form.get("note", ""))[:200],
    )


def _id(request: web.Request) -> str:
    return request.match_info["endpoint"]


def _why(wrong: BadUrl | UnknownEvents) -> str:
    return str(wrong) if isinstance(wrong, BadUrl) else "events"


def _moment(written: str) -> datetime | None:
    """What a field for date and time says, Shanghai time."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
