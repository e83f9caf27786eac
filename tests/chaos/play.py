"""People come by every way, things go wrong, gateways die and are born again; then it is seen what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median

from tests.chaos.cut import DatabaseLine
from tests.chaos.nursery import Life
from tests.chaos.people.around import People
from tests.chaos.settled import is_settled
from tests.chaos.town import Town
from tests.chaos.verdict import Verdict, verdict
from tests.chaos.weather import Weather
from tests.waiting import until

PATIENCE = 90.0  # seconds for everything to be over after the last birth
LONGEST_CALM = 1.2  # seconds between two deaths
CUT, CUT_SECONDS = 0.3, (0.5, 3.0)  # how often before a death the database goes away, and for how long
HANGS = 0.4
TROUBLES = 3  # at the providers, for each death


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    kills: int
    newcomers: int = 2  # of each way, for each death
    line: DatabaseLine | None = None  # that is cut now and then
    few: frozenset[str] = frozenset({"letter"})  # whose reader is slow: one newcomer


@dataclass(kw_only=True)
class Played:
    """The figures."""

    kills: int = 0
    restarts: int = 0
    cuts: int = 0
    troubles: int = 0
    again: int = 0  # times that somebody had to try once more
    recovery: list[float] = field(default_factory=list)  # seconds from each death until the gateway answers again
    calm_after: float = 0.0  # seconds from the last birth until all was answered and settled
    verdict: Verdict = field(default_factory=Verdict)

    def lines(self) -> list[str]:
        found, recovery = self.verdict, sorted(self.recovery) or [0.0]
        return [
            f"items in             {found.items}  ({found.complaints} complaints)",
            f"kills, restarts      {self.kills}, {self.restarts}",
            f"database cut         {self.cuts} times",
            f"troubles ordered     {self.troubles} at the providers; {self.again} times somebody tried again",
            f"lost                 {len(found.lost)}",
            f"doubled              {len(found.doubled)}",
            f"unsettled            {len(found.unsettled)}",
            f"in quarantine        {found.quarantined}",
            f"delivered twice      {found.twice}",
            f"time to recover      median {median(recovery):.1f} s, longest {recovery[-1]:.1f} s",
            f"all settled after    {self.calm_after:.1f} s",
            *(f"WRONG                {each}" for each in found.wrong[:40]),
        ]


class Play:
    """One play in one town."""

    def __init__(self, town: Town, plan: Plan) -> None:
        self._town = town
        self._plan = plan
        self._dice: Random = town.around.dice
        self._weather = Weather(town.around, self._dice)
        self._waiting: set[asyncio.Task[None]] = set()
        self._come = 0
        self.played = Played()

    async def begin(self) -> None:
        await self._town.start()

    async def go(self) -> Played:
        await self.begin()
        for _ in range(self._plan.kills):
            await self.act()
        return await self.end()

    async def act(self) -> None:
        """Newcomers, troubles, one death, and the birth after it; now and then without a database before."""
        if self._plan.line is not None and self._dice.random() < CUT:
            await self.act_while_cut(self._plan.line)
        self._newcomers()
        self._weather.turn(TROUBLES)
        await asyncio.sleep(self._dice.uniform(0.02, LONGEST_CALM))
        await self._kill(self._doomed())

    async def act_while_cut(self, line: DatabaseLine) -> None:
        """Newcomers who find the database away, for some seconds: it refuses, or it hangs."""
        if self._dice.random() < HANGS:
            line.hold()
        else:
            await line.cut()
        self.played.cuts += 1
        self._newcomers()
        await asyncio.sleep(self._dice.uniform(*CUT_SECONDS))
        await line.mend()

    async def end(self) -> Played:
        """Until everybody has heard and nothing is under way; then the verdict."""
        self._weather.clear()
        began = asyncio.get_running_loop().time()
        left = await self._left_after(PATIENCE)
        played = self.played
        played.calm_after = asyncio.get_running_loop().time() - began
        codes = await self._town.stop()
        played.troubles, played.again = sum(self._weather.had.values()), sum(self._town.around.tries.values())
        played.verdict = await verdict(self._town, self._counts())
        played.verdict.unsettled += [*left, *(f"a gateway stopped with {code}" for code in codes if code)]
        return played

    async def _left_after(self, seconds: float) -> list[str]:
        """Returns as soon as all is done; else what is not, when the patience is over."""
        coming = asyncio.gather(*self._waiting)
        try:
            async with asyncio.timeout(seconds):
                await coming
                await until(lambda: not self._unheard(), seconds)
                await until(lambda: is_settled(self._town.around), seconds)
        except TimeoutError:
            return [f"{each.channel} {n} has heard nothing" for each, n in self._unheard()] or ["it never became calm"]
        return []

    def _newcomers(self) -> None:
        for people in self._town.people:
            for n in range(self._come, self._come + self._plan.newcomers):
                if people.channel not in self._plan.few or n % self._plan.newcomers == 0:
                    self._waiting.add(asyncio.create_task(people.come(n)))
        self._waiting.add(asyncio.create_task(self._town.staff.take_on()))
        self._come += self._plan.newcomers

    def _counts(self) -> dict[str, Sequence[int]]:
        """Who has come, by way."""
        all_of_them, few = range(self._come), range(0, self._come, self._plan.newcomers)
        return {each.channel: few if each.channel in self._plan.few else all_of_them for each in self._town.people}

    def _unheard(self) -> list[tuple[People, int]]:
        counts = self._counts()
        return [(each, n) for each in self._town.people for n in counts[each.channel] if not each.heard(n)]

    def _doomed(self) -> list[Life]:
        """One; of several now and then all, as when a machine loses its power."""
        lives = list(self._town.lives)
        return lives if self._dice.random() < 0.2 else [self._dice.choice(lives)]

    async def _kill(self, doomed: Sequence[Life]) -> None:
        began = asyncio.get_running_loop().time()
        for life in doomed:
            await life.kill()
        self.played.kills += len(doomed)
        await asyncio.gather(*(life.start() for life in doomed))
        self.played.restarts += len(doomed)
        self.played.recovery.append(asyncio.get_running_loop().time() - began)
