"""The queue: what there is to do, narrowed and in order; searched; given to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiDictProxy

from gateway.casework.acts.assigning import assign_all
from gateway.casework.acts.codes import categories, products
from gateway.casework.lifecycle import Status
from gateway.console.answers import refusing
from gateway.console.kit import HEADERS, PREFIX, Page, Room, back, language_of
from gateway.console.queue.asked import DUES, Asked, after_of, asked, cursor
from gateway.console.queue.names import Names, colleagues_of, names_of
from gateway.console.queue.rows import rows_of
from gateway.console.queue.views import (
    CHANNELS,
    NAME_CHARS,
    QUERY_CHARS,
    Shelf,
    asked_of,
    may_remove,
    shelves,
    shown_count,
    wanted_of,
)
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.problems import Problem
from gateway.staff.scope import seen
from store.desk import View
from store.queue import QueuePage, Wanted
from store.unit import Unit

PAGE = 50
MOST_AT_ONCE = 200
PRIORITIES = ("P0", "P1", "P2", "P3")


class QueueRoom(Room):
    """``/console`` and what its forms do."""

    def pages(self) -> Sequence[Page]:
        found = (
            Page(method="GET", path="", right=Right.SEE, handler=self.show),
            Page(method="POST", path="/search", right=Right.SEE, handler=self.search),
            Page(method="POST", path="/assign", right=Right.WORK, handler=self.assign),
            Page(method="POST", path="/views", right=Right.SEE, handler=self.save_view),
            Page(method="POST", path="/views/{id:[0-9]{1,18}}/remove", right=Right.SEE, handler=self.remove_view),
        )
        return [replace(page, handler=refusing(self.kit, page.handler)) for page in found]

    async def show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, asked(request.query))

    async def search(self, request: web.Request) -> web.StreamResponse:
        """By a form, as what people look for does not belong into addresses; filters alone make a link."""
        wanted = asked(await _form(request))
        if number := wanted.sought.number:
            return back(f"/complaints/{number}")
        if not wanted.q:
            return _to(wanted.query)
        return await self._page(request, wanted)

    async def assign(self, request: web.Request) -> web.StreamResponse:
        form = await _form(request)
        numbers = [str(number) for number in form.getall("number", ())][:MOST_AT_ONCE]
        person = str(form.get("person", ""))
        query = asked_of(str(form.get("back", ""))).query
        if not numbers or not person.isascii() or not person.isdigit():
            return _to(query, "nothing_chosen")
        went = await assign_all(self.house, numbers, int(person), actor=actor_of(request))
        undone = sum(1 for each in went if each.code)
        return _to(query, "assigned" if not undone else "some_not", done=str(len(went) - undone), undone=str(undone))

    async def save_view(self, request: web.Request) -> web.StreamResponse:
        form, actor = await _form(request), actor_of(request)
        name = " ".join(str(form.get("name", "")).split())[:NAME_CHARS]
        query = asked_of(str(form.get("query", ""))[:QUERY_CHARS]).query
        if not name or not query:
            return _to(query, "view_unnamed")
        everybodys = form.get("shared") == "1" and actor.may(Right.ASSIGN)
        async with self.house.store.unit() as unit:
            await unit.views.add(View(name=name, query=query, person_id=None if everybodys else actor.person_id))
            await unit.commit()
        return _to(query, "view_saved")

    async def remove_view(self, request: web.Request) -> web.StreamResponse:
        actor, id = actor_of(request), int(request.match_info["id"])
        async with self.house.store.unit() as unit:
            found = [view for view in await unit.views.of(actor.person_id) if view.id == id]
            if not found or not may_remove(found[0], actor):
                raise Problem(404, "no_such_page")
            await unit.views.remove(id)
            await unit.commit()
        return _to("", "view_removed")

    async def _page(self, request: web.Request, wanted: Asked) -> web.Response:
        if "HX-Request" in request.headers:
            return self.kit.render(request, "queue/table.html", **await self._table(request, wanted))
        return self.kit.render(request, "queue/page.html", **await self._whole(request, wanted))

    async def _whole(self, request: web.Request, wanted: Asked) -> dict[str, Any]:
        """The table, and all that stands around it."""
        actor, now, t = actor_of(request), self.house.clock.now(), language_of(request)
        async with self.house.store.reading() as unit:
            hidden = await self.house.hiding.of(unit, actor)
            table = await self._look(unit, request, wanted, hidden)
            found = shelves(await unit.views.of(actor.person_id), actor, wanted, t)
            counts = await unit.queue.counts(wanted_of(found, actor, now, hidden))
        counted = [replace(shelf, count=shown_count(counts[shelf.key])) for shelf in found]
        return {**table, **_choices(actor, table["names"]), "groups": _grouped(counted)}

    async def _table(self, request: web.Request, wanted: Asked) -> dict[str, Any]:
        async with self.house.store.reading() as unit:
            hidden = await self.house.hiding.of(unit, actor_of(request))
            return await self._look(unit, request, wanted, hidden)

    async def _look(self, unit: Unit, request: web.Request, wanted: Asked, hidden: frozenset[int]) -> dict[str, Any]:
        actor, now, t = actor_of(request), self.house.clock.now(), language_of(request)
        page = await _found(unit, wanted.wanted(actor, now, hidden), wanted.after)
        names = await names_of(unit)
        cases = seen(actor, page.cases)
        return {
            "asked": wanted,
            "rows": await rows_of(cases, names, actor.person_id, now, t),
            "following": cursor(page.after),
            "names": names,
            "colleagues": colleagues_of(actor, names),
        }


async def _found(unit: Unit, wanted: Wanted, after: str) -> QueuePage:
    if wanted.words:
        wanted = replace(wanted, terms=tuple(await unit.terms.of_words(wanted.words)))
    return await unit.queue.page(wanted, after=after_of(after), limit=PAGE)


def _choices(actor: Actor, names: Names) -> dict[str, Any]:
    branches = [each for each in names.branches.values() if actor.branches is None or each.code in actor.branches]
    return {
        "channels": CHANNELS,
        "statuses": [status.value for status in Status],
        "priorities": PRIORITIES,
        "categories": categories(),
        "products": products(),
        "branches": branches,
        "dues": DUES,
        "everyone": sorted(names.people.values(), key=lambda each: each.name),
    }


def _grouped(found: Sequence[Shelf]) -> list[tuple[str, list[Shelf]]]:
    groups = ("views", "channels", "saved")
    return [(group, [shelf for shelf in found if shelf.group == group]) for group in groups]


async def _form(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    return await request.post()


def _to(query: str, said: str = "", **more: str) -> web.HTTPSeeOther:
    """Back to the queue as it was narrowed: a filter may stand there several times, which ``back`` does not write."""
    told = urlencode({**more, **({"said": said} if said else {})})
    whole = "&".join(filter(None, (query, told)))
    return web.HTTPSeeOther(f"{PREFIX}?{whole}" if whole else PREFIX, headers=dict(HEADERS))
