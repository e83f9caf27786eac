"""One look at the books of all channels."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog

from channels.base import Books, Channel
from channels.errors import ChannelError
from gateway.house import House
from gateway.operations.balance import own
from gateway.operations.balance.sources import Comparison
from gateway.operations.balance.values import Answered, Balance, Off, Source
from gateway.reports.periods import midnight, today

log = structlog.get_logger(__name__)

DAYS = 2  # yesterday and today, unless somebody asks for more
MOST_NAMED = 1000  # of what does not balance
ASKING_SECONDS = 600.0  # for one source: a mailbox is read whole


class BalanceCheck:
    """Compares; changes nothing."""

    def __init__(self, house: House, channels: Mapping[str, Channel], off: Mapping[str, str]) -> None:
        """``off``: the channels that are not configured, and why."""
        self._house = house
        self._channels = channels
        self._off = off

    async def last_days(self, days: int = DAYS) -> Balance:
        """Today and the days before it, in Shanghai."""
        now = self._house.clock.now()
        return await self.of(midnight(today(now) - timedelta(days=days - 1)))

    async def of(self, since: datetime) -> Balance:
        """From a moment until now."""
        now = self._house.clock.now()
        store = self._house.store
        lines = await own.lines(store, since, now)
        off = [*own.miscounted(lines), *await own.debts(store, since, now, now)]
        balance = Balance(at=now, since=since, until=now, lines=lines, off=off)
        return _bounded(await self._with_sources(balance))

    async def _with_sources(self, balance: Balance) -> Balance:
        sources = [Source(channel=name, answered=Answered.OFF, problem=why) for name, why in self._off.items()]
        counts: Counter[tuple[str, date]] = Counter()
        found: list[Off] = []
        for name, channel in self._channels.items():
            source, off, counted = await self._ask(name, channel, balance)
            sources.append(source)
            found += off
            counts.update({(name, day): count for day, count in counted.items()})
        told = frozenset(source.channel for source in sources if source.answered is Answered.TOLD)
        return replace(balance, sources=sources, off=[*balance.off, *found]).with_counts(counts, told)

    async def _ask(
        self, name: str, channel: Channel, balance: Balance
    ) -> tuple[Source, Sequence[Off], Mapping[date, int]]:
        if not isinstance(channel, Books):
            return Source(channel=name, answered=Answered.MUTE), (), {}
        comparison = Comparison(self._house.store, name, channel, balance.since, balance.until)
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                compared = await comparison.make(balance.at)
        except (ChannelError, OSError, TimeoutError) as error:
            # The words of a far side may quote what it was asked about; the kind of trouble does not.
            log.warning("source_away", channel=name, error=type(error).__name__)
            return Source(channel=name, answered=Answered.AWAY, problem=type(error).__name__), (), {}
        return Source(channel=name, answered=Answered.TOLD), compared.off, compared.counts


def _bounded(balance: Balance) -> Balance:
    """What is kept and shown has an end."""
    if len(balance.off) <= MOST_NAMED:
        return balance
    return replace(balance, off=balance.off[:MOST_NAMED], more=True)
