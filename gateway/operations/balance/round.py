"""Once a day the books are compared by themselves; what does not balance becomes a task, a metric and a page."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import structlog

from gateway.casework.tasks import new_task
from gateway.house import House
from gateway.operations.balance.check import BalanceCheck
from gateway.operations.balance.values import Balance, Verdict, from_json, to_json
from gateway.operations.metrics import BALANCE_AT, BALANCE_OFF
from gateway.reports.periods import midnight, today
from store.checks import LEDGER, Check

log = structlog.get_logger(__name__)

HOUR = timedelta(hours=5)  # of the day in Shanghai: the post of the day before is in, today's is not
ASK_AGAIN = timedelta(hours=1)  # where a source was away
TASK = "balance"
WITHIN = timedelta(hours=4)


class BalanceRound:
    """Looks when it is due, or when somebody asks for it; never twice at the same time."""

    def __init__(self, house: House, check: BalanceCheck) -> None:
        self.check = check
        self._house = house
        self._began = house.clock.now()
        self._looking: asyncio.Task[Balance] | None = None

    async def go(self) -> None:
        """Look, if it is time."""
        async with self._house.store.reading() as unit:
            latest = await unit.checks.latest(LEDGER)
        if latest is not None:
            show(from_json(latest.body))
        if self._is_due(latest) and not self._is_looking():
            await self.look()

    def start(self) -> bool:
        """Look without waiting for it; False when somebody is looking just now."""
        if self._is_looking():
            return False
        self._looking = asyncio.create_task(self.look(), name="balance")
        self._looking.add_done_callback(_say_why_it_failed)
        return True

    async def settled(self) -> None:
        """Returns when nobody looks any more."""
        if self._looking is not None:
            await asyncio.wait([self._looking])

    async def look(self) -> Balance:
        """Compare the last two days, write down what came of it, and tell staff where it is not good."""
        balance = await self.check.last_days()
        await keep(self._house, balance)
        show(balance)
        log.info("balance_checked", verdict=balance.verdict, off=len(balance.faults))
        return balance

    def _is_looking(self) -> bool:
        return self._looking is not None and not self._looking.done()

    def _is_due(self, latest: Check | None) -> bool:
        """A house that was never looked into has its first look at the next hour, not while it is being set up."""
        now = self._house.clock.now()
        due = midnight(today(now)) + HOUR
        if now < due:
            due -= timedelta(days=1)
        last = latest.at if latest is not None else self._began
        if latest is not None and latest.body.get("verdict") == Verdict.UNKNOWN and now - latest.at > ASK_AGAIN:
            return True
        return last < due


async def keep(house: House, balance: Balance) -> None:
    """Write a look down; one task is open for all that does not balance."""
    async with house.store.unit() as unit:
        good = balance.verdict is Verdict.BALANCED
        await unit.checks.record(kind=LEDGER, at=balance.at, good=good, body=to_json(balance))
        if balance.faults and not await unit.tasks.open_of(kind=TASK):
            await unit.tasks.add(new_task(TASK, "not_balanced", balance.at, within=WITHIN, detail=_told(balance)))
        await unit.commit()


def show(balance: Balance) -> None:
    """In the metrics, as of the last look."""
    BALANCE_OFF.clear()
    for (channel, why), count in Counter((off.channel, off.why) for off in balance.faults).items():
        BALANCE_OFF.labels(channel=channel, why=why).set(count)
    BALANCE_AT.labels(verdict=balance.verdict).set(balance.at.timestamp())


def _told(balance: Balance) -> str:
    counts = Counter((off.channel, off.why) for off in balance.faults)
    return "; ".join(f"{channel} {why}: {count}" for (channel, why), count in sorted(counts.items()))


def _say_why_it_failed(task: asyncio.Task[Balance]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("balance_not_checked", error=type(error).__name__)
