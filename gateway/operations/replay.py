"""Items that were kept but not handled: read again by their channel, and submitted again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from channels.base import Inbox, Item
from channels.errors import NotNow, Unreadable
from channels.unread import unread
from gateway.delivery.damaged import damaged_task
from gateway.house import House
from gateway.intake.inbox import is_store_away
from gateway.intake.quarantine import cause_of, tell_staff
from gateway.own_items import Reader
from normalizer.record import Submission
from store.values import DamagedRow, Entry, LedgerId, LedgerState

log = structlog.get_logger(__name__)

LEFT_BEHIND_AFTER = timedelta(minutes=10)  # by then whoever kept an item has handled it, or has died
BATCH = 50


class Replayer:
    """Handles again what lies in the ledger: for staff by command, and after a crash by itself."""

    def __init__(self, house: House, inbox: Inbox, readers: Mapping[str, Reader]) -> None:
        self._house = house
        self._inbox = inbox
        self._readers = readers

    async def replay(self, id: LedgerId) -> str:
        """Take one item out of quarantine; the state it is in afterwards. Raises LookupError when there is none.

        ``stored``: it could not be read now, and is resumed later.
        """
        async with self._house.store.unit() as unit:
            entry = await unit.ledger.get(id)
            if entry is None or entry.channel not in self._readers:
                raise LookupError(f"no such item in a channel that is on: {id}")
            await unit.ledger.reopen(id)
            await unit.commit()
        try:
            return await self._again(entry)
        except NotNow:
            return LedgerState.STORED

    async def resume(self) -> int:
        """Handle what was left between keeping and handling; how many."""
        before = self._house.clock.now() - LEFT_BEHIND_AFTER
        return sum([await self._resume(channel, before) for channel in self._readers])

    async def _resume(self, channel: str, before: datetime) -> int:
        """Where one cannot be read now, those behind it cannot either: their channel waits, and holds up no other."""
        async with self._house.store.reading() as unit:
            waiting = await unit.ledger.waiting(before=before, limit=BATCH, channels=(channel,))
            damaged = unit.ledger.damaged
        for bad in damaged:
            await self._leave_to_staff(bad)
        for handled, entry in enumerate(waiting):
            log.info("item_resumed", channel=entry.channel, item=entry.id)
            try:
                await self._again(entry)
            except NotNow:
                return handled
        return len(waiting)

    async def _leave_to_staff(self, bad: DamagedRow) -> None:
        """It does not open, and would not the next time either."""
        log.error("item_damaged", channel=bad.channel, item=bad.ledger_id)
        async with self._house.store.unit() as unit:
            await unit.ledger.quarantine(LedgerId(int(bad.id)), "damaged")
            await unit.tasks.add(damaged_task(bad, "quarantine", self._house.clock.now()))
            await unit.commit()

    async def _again(self, entry: Entry) -> str:
        """Whatever goes wrong with one item, it goes back to quarantine with its cause and holds up no other.

        What cannot be read just now is not wrong, and stays stored. Raises NotNow.
        """
        try:
            async with self._house.store.reading() as unit:
                raw, envelope = await unit.ledger.raw(entry.id)
            item = Item(channel=entry.channel, key=entry.key, received_at=entry.received_at, raw=raw, envelope=envelope)
            await self._inbox.submit(await self._read(item))
        except NotNow:
            log.warning("item_waits", channel=entry.channel, item=entry.id)
            raise
        except Exception as error:
            if is_store_away(error):
                raise
            log.exception("replay_failed", channel=entry.channel, item=entry.id)
            await self._back_to_quarantine(entry, error)
        return await self._finish(entry)

    async def _finish(self, entry: Entry) -> str:
        """The state it ended in; a task about it is done when nothing is left to look at."""
        async with self._house.store.unit() as unit:
            after = await unit.ledger.get(entry.id)
            if after is not None and after.state is LedgerState.HANDLED:
                for task in await unit.tasks.open_of(kind="quarantine"):
                    if task.ledger_id == entry.id:
                        await unit.tasks.done(task.id, self._house.clock.now(), "replay")
            await unit.commit()
        return after.state if after else LedgerState.STORED

    async def _back_to_quarantine(self, entry: Entry, error: Exception) -> None:
        async with self._house.store.unit() as unit:
            await unit.ledger.quarantine(entry.id, cause_of(error))
            await tell_staff(self._house, unit, entry, error)
            await unit.commit()

    async def _read(self, item: Item) -> Submission:
        try:
            return await self._readers[item.channel].read(item)
        except Unreadable as error:
            return unread(item, str(error))
