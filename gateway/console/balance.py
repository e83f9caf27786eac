"""Does the ledger balance: the last look at the books, what does not balance, and a new look."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from gateway.console.kit import Kit, Page, Room, back
from gateway.operations.balance.round import BalanceRound
from gateway.operations.balance.values import from_json
from gateway.staff.actor import Right
from store.checks import LEDGER

PATH = "/admin/balance"
SHOWN = 14  # looks


class BalanceRoom(Room):
    def __init__(self, kit: Kit, round: BalanceRound) -> None:
        super().__init__(kit)
        self._round = round

    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path=PATH, right=Right.CHECK, handler=self.show),
            Page(method="POST", path=PATH, right=Right.CHECK, handler=self.look),
        )

    async def show(self, request: web.Request) -> web.Response:
        async with self.house.store.reading() as unit:
            looks = await unit.checks.list(LEDGER, SHOWN)
        latest = from_json(looks[0].body) if looks else None
        return self.kit.render(request, "balance/balance.html", latest=latest, looks=looks)

    async def look(self, _: web.Request) -> web.Response:
        raise back(PATH, "begun" if self._round.start() else "looking")
