"""Who did what to whom, and whether the record of it is whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aiohttp import web

from gateway.console.facts import deed_in_words
from gateway.console.kit import Page, Room, back
from gateway.staff.actor import Right, actor_of
from gateway.staff.audit import shown, wanted_of
from gateway.staff.paging import LARGEST_ID

ON_A_PAGE = 50
FILTERS = ("subject", "actor", "action", "day")
WORD_CHARS = 200


class AuditRoom(Room):
    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path="/audit", right=Right.AUDIT, handler=self.list),
            Page(method="POST", path="/audit/verify", right=Right.AUDIT, handler=self.verify),
        )

    async def list(self, request: web.Request) -> web.Response:
        asked = {name: request.query.get(name, "").strip()[:WORD_CHARS] for name in FILTERS}
        wanted = wanted_of(asked["subject"], asked["actor"], asked["action"], _day(asked["day"]))
        async with self.house.store.reading() as unit:
            before = _id(request.query.get("before", ""))
            page, after = await shown(unit, actor_of(request), wanted, before, ON_A_PAGE)
        return self.kit.render(
            request,
            "audit/audit.html",
            deeds=page,
            in_words=deed_in_words,
            asked=asked,
            given={name: value for name, value in asked.items() if value},
            after=after,
            broken=_id(request.query.get("broken", "")),
        )

    async def verify(self, request: web.Request) -> web.Response:
        async with self.house.store.reading() as unit:
            broken = await unit.audit.verify()
        raise back("/audit", "whole") if broken is None else back("/audit", "broken", broken=str(broken))


def _day(written: str) -> date | None:
    """The day asked for; what is none asks for nothing."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2099 else None


def _id(written: str) -> int | None:
    """The id of an entry; what is none asks for nothing."""
    if not (written.isascii() and written.isdigit()) or len(written) > len(str(LARGEST_ID)):
        return None
    return int(written) if 0 < int(written) <= LARGEST_ID else None
