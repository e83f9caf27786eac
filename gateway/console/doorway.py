"""What the pages before and behind the door share: forms of their own, visitors, and how somebody is let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.console.kit import HEADERS, Kit, Room
from gateway.staff.actor import COOKIE
from gateway.staff.signin.reception import Reception
from gateway.staff.signin.sessions import Visitor
from gateway.staff.signin.web import (
    DOOR,
    address_of,
    csrf_of,
    door_of,
    drop_cookies,
    home_of,
    is_own_form,
    local,
    set_cookie,
)

PENDING, SSO = "tousu_pending", "tousu_sso"


class Doorway(Room):
    """A room that knows how people sign in."""

    def __init__(self, kit: Kit, desk: Reception) -> None:
        super().__init__(kit)
        self.desk = desk
        self.keys = kit.house.store.keyring

    def show(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page for whoever is not signed in; its forms bear a token of this browser."""
        door = door_of(request)
        page = self.kit.render(request, template, status=status, token=csrf_of(self.keys, door), **values)
        set_cookie(page, self.house, DOOR, door)
        return page

    async def form(self, request: web.Request) -> Mapping[str, str] | None:
        """What was typed; None for a form that no page of ours gave to this browser."""
        if not await is_own_form(request, self.keys):
            return None
        return {name: str(value) for name, value in (await request.post()).items()}

    def visitor(self, request: web.Request) -> Visitor:
        return Visitor(address=self.address(request), agent=request.headers.get("User-Agent", ""))

    def address(self, request: web.Request) -> str:
        return address_of(request, self.desk.rules.proxies)

    async def let_in(self, cookie: str, target: str) -> web.HTTPSeeOther:
        """To the page they wanted, or where their day begins, with a cookie that nobody had before."""
        actor = await self.desk.sessions.actor(cookie)
        assert actor is not None, "the session has just begun"
        answer = web.HTTPSeeOther(local(target) or home_of(actor), headers=dict(HEADERS))
        set_cookie(answer, self.house, COOKIE, cookie)
        drop_cookies(answer, DOOR, PENDING, SSO)
        return answer
