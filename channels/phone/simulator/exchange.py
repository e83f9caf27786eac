"""What calls, recordings and the interface share: the account, its clock, its habits, and the ways to the customer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from channels.base import Clock
from channels.phone.simulator.faults import Faults
from channels.phone.simulator.habits import Habits
from channels.phone.simulator.ids import Ids
from channels.phone.simulator.tapes import Tapes
from channels.phone.simulator.values import KEPT, Requested, remember
from channels.phone.simulator.webhooks import Webhooks

if TYPE_CHECKING:
    from channels.phone.simulator.agent import AgentLeg
    from channels.phone.simulator.call import Call


class Exchange:
    """One account with one number."""

    def __init__(self, *, clock: Clock, account_sid: str, auth_token: str, number: str) -> None:
        self.clock = clock
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.number = number
        self.habits = Habits()
        self.faults = Faults()
        # The hour is part of the seed: another start of the demo meets a gateway that remembers the calls before it.
        self.ids = Ids(f"{account_sid}/{number}/{clock.now().isoformat()}")
        self.requested: list[Requested] = []
        self.webhooks = Webhooks(auth_token=auth_token, faults=self.faults, ids=self.ids, note=self.note)
        self.tapes = Tapes(self)
        self.make_leg: type[AgentLeg]  # set where everything is put together: a leg is a call, which dials legs
        self.calls: dict[str, Call] = {}
        self.under_way: set[asyncio.Task[None]] = set()
        self.on_change: Callable[[], None] | None = None

    def note(self, request: Requested) -> None:
        remember(self.requested, request)

    def add(self, call: Call) -> None:
        self.calls[call.sid] = call
        if len(self.calls) > KEPT:
            del self.calls[next(iter(self.calls))]

    def changed(self) -> None:
        if self.on_change is not None:
            self.on_change()

    def soon(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do it while others go on; ``settle`` waits for it."""
        task = asyncio.create_task(doing)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def settle(self) -> None:
        """Return when nothing is under way any more."""
        while self.under_way:
            await asyncio.gather(*self.under_way)

    async def aclose(self) -> None:
        self.faults.closing.set()
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)
        await self.webhooks.aclose()
