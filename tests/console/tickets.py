"""Tickets on a desk: what a person sees and does there over HTTP, and how the complaints stand afterwards."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from gateway.console.ticket.room import TicketRoom
from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.settings import Settings
from gateway.staff.actor import Role
from store.unit import Store
from store.values import Case, Parcel
from tests.clock import SetClock
from tests.console.desk import Desk, desk
from tests.staff.office import Office
from tests.staff.paper import SmallMailroom

REASON = "核实身份"


class Floor:
    """A desk with tickets on it."""

    def __init__(self, desk: Desk, office: Office) -> None:
        self.desk, self.office, self.house = desk, office, desk.house

    async def page(self, case: Case, *, status: int = 200, **cookies: str) -> str:
        answer = await self.desk.client.get(
            f"/console/complaints/{case.number}", cookies={**self.desk.cookies, **cookies}, allow_redirects=False
        )
        assert answer.status == status, await answer.text()
        return html.unescape(await answer.text())

    async def act(self, case: Case, name: str, **form: str) -> tuple[int, str]:
        """Status, and the page or where it leads."""
        answer = await self.desk.post(f"/complaints/{case.number}/acts/{name}", form)
        return answer.status, answer.headers.get("Location", "") or html.unescape(await answer.text())

    async def told(self, case: Case, name: str, **form: str) -> str:
        """Read the preview, and send just that; what was previewed."""
        status, page = await self.act(case, name, **form)
        assert status == 200, page
        [seen] = re.findall(r'name="seen" value="(\w+)"', page)
        status, where = await self.act(case, name, **form, seen=seen)
        assert (status, where) == (303, f"/console/complaints/{case.number}?said=done_{name}")
        [shown] = re.findall(r'<div class="preview".*?<p class="words">(.*?)</p>', page, re.S)
        return str(shown)

    async def parcels(self, case: Case) -> list[Parcel]:
        async with self.house.store.reading() as unit:
            return await unit.outbox.of_complaint(case.id)

    async def reread(self, case: Case) -> Case:
        async with self.house.store.reading() as unit:
            found = await unit.complaints.by_number(case.number)
        assert found is not None
        return found

    async def revealed(self, case: Case) -> str:
        answer = await self.desk.post(f"/complaints/{case.number}/reveal", {"reason": REASON})
        assert answer.status == 303
        cookie = answer.cookies["tousu_reveal"]
        assert cookie["httponly"]
        assert cookie["path"] == f"/console/complaints/{case.number}"
        return cookie.value


@asynccontextmanager
async def open_floor(store: Store) -> AsyncIterator[Floor]:
    """A supervisor is at it."""
    house = House(
        store=store,
        clock=SetClock(),
        settings=Settings(api_token=SecretStr("x")),
        open_channels=frozenset({"wechat"}),
    )
    inbox = GatewayInbox(house)
    nobody: Any = None
    office = Office(client=nobody, house=house, replayer=nobody, inbox=inbox, mailroom=SmallMailroom(inbox))
    async with desk(house, lambda kit: [TicketRoom(kit, inbox.submit)]) as opened:
        opened.as_(Role.SUPERVISOR, name="周主管")
        yield Floor(opened, office)
