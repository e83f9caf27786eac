"""Does the ledger balance: the last look at the books, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aiohttp import web
from pydantic import Field

from gateway.house import House
from gateway.operations.balance.round import BalanceRound
from gateway.operations.balance.values import Answered, Balance, Verdict, Why, from_json
from gateway.staff.actor import Right
from gateway.staff.answering import answer
from gateway.staff.operation import Operation
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.shapes import Nothing, Shape
from store.checks import LEDGER


class BalanceLine(Shape):
    """One channel on one day in Shanghai."""

    channel: str
    day: date
    received: int
    handled: int
    quarantined: int
    in_work: int
    files_owed: int
    files_lost: int
    at_source: int | None = Field(description="Null: the source was not asked, or keeps no list")


class OffBalance(Shape):
    """One thing that does not balance, by a name that says nothing of anybody."""

    channel: str
    why: Why
    name: str
    kind: str
    day: date | None


class SourceShown(Shape):
    channel: str
    answered: Answered
    problem: str


class BalanceShown(Shape):
    at: datetime
    since: datetime
    until: datetime
    verdict: Verdict
    lines: Sequence[BalanceLine]
    off: Sequence[OffBalance]
    sources: Sequence[SourceShown]
    more: bool = Field(description="More does not balance than is named")


class LookBegun(Shape):
    begun: bool = Field(description="False: somebody was looking already")


@dataclass(frozen=True, slots=True)
class Balances:
    """The part of the API that is about the ledger as a whole."""

    house: House
    round: BalanceRound

    async def latest(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with self.house.store.reading() as unit:
            latest = await unit.checks.latest(LEDGER)
        if latest is None:
            raise Problem(404, "never_checked")
        return answer(_shown(from_json(latest.body)))

    async def look(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return answer(LookBegun(begun=self.round.start()))

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/balance",
                name="getBalance",
                right=Right.CHECK,
                summary="The last look at the books: does the ledger balance, by itself and by its sources?",
                handler=self.latest,
                answer=BalanceShown,
                refusals=(404,),
            ),
            Operation(
                method="POST",
                path="/balance",
                name="checkBalance",
                right=Right.CHECK,
                summary="Look at the books of the last two days now; the result is there when it is done",
                handler=self.look,
                answer=LookBegun,
            ),
        )


def _shown(balance: Balance) -> BalanceShown:
    return BalanceShown(
        at=balance.at,
        since=balance.since,
        until=balance.until,
        verdict=balance.verdict,
        lines=[BalanceLine.model_validate(line, from_attributes=True) for line in balance.lines],
        off=[OffBalance.model_validate(off, from_attributes=True) for off in balance.off],
        sources=[SourceShown.model_validate(source, from_attributes=True) for source in balance.sources],
        more=balance.more,
    )
