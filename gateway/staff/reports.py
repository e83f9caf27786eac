"""Reports: the overview, the register, and the file of one complaint."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.house import House
from gateway.reports.asked import Export
from gateway.reports.casefile.taking import take
from gateway.reports.overview import Day, Overview, Overviews, Took
from gateway.reports.streaming import send_case_file, send_register
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.looking import case_of
from gateway.staff.operation import Operation
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.report_shapes import (
    BranchShown,
    CaseFileAsked,
    DayShown,
    OverviewShown,
    RegisterAsked,
    TookShown,
    TrendShown,
)
from gateway.staff.shapes import Nothing


@dataclass(frozen=True, slots=True)
class Reports:
    """The part of the API that is about many complaints at once, and about all of one."""

    house: House
    overviews: Overviews

    async def overview(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return answer(_shown(await self.overviews.of(actor_of(request))))

    async def register_csv(self, request: web.Request) -> web.StreamResponse:
        return await send_register(self.house, request, _export(request, "csv"))

    async def register_xlsx(self, request: web.Request) -> web.StreamResponse:
        return await send_register(self.house, request, _export(request, "xlsx"))

    async def case_file(self, request: web.Request) -> web.StreamResponse:
        asked = read_query(request, CaseFileAsked)
        async with self.house.store.reading() as unit:
            case = await case_of(unit, request)
        masked = asked.masked == "1"
        contents = await take(self.house, actor_of(request), case, reason=asked.unmask, masked=masked)
        return await send_case_file(self.house, request, contents)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/reports/overview",
                name="getOverview",
                right=Right.REPORT,
                summary="What came, how it stands, how long it takes, and whether people were content",
                handler=self.overview,
                answer=OverviewShown,
            ),
            Operation(
                method="GET",
                path="/reports/register.csv",
                name="getRegisterCsv",
                right=Right.REPORT,
                summary="One row for each complaint, as CSV; audited",
                handler=self.register_csv,
                query=RegisterAsked,
            ),
            Operation(
                method="GET",
                path="/reports/register.xlsx",
                name="getRegisterXlsx",
                right=Right.REPORT,
                summary="One row for each complaint, as XLSX; audited",
                handler=self.register_xlsx,
                query=RegisterAsked,
            ),
            Operation(
                method="GET",
                path="/complaints/{number}/file",
                name="getCaseFile",
                right=Right.EXPORT,
                summary="Everything that belongs to a complaint as a signed zip; needs a reason",
                handler=self.case_file,
                query=CaseFileAsked,
            ),
        )


def _export(request: web.Request, form: str) -> Export:
    """What was asked for; a Problem for names without the right to see them."""
    asked, actor = read_query(request, RegisterAsked), actor_of(request)
    if asked.unmask is not None and not actor.may(Right.UNMASK):
        raise Problem(403, "not_yours")
    return Export(
        actor=actor,
        form=form,
        first=asked.first,
        last=asked.last,
        branch=asked.branch,
        statuses=tuple(asked.status),
        reason=asked.unmask,
    )


def _shown(overview: Overview) -> OverviewShown:
    return OverviewShown(
        at=overview.at,
        open=overview.open,
        overdue=overview.overdue,
        soon=overview.soon,
        today=_day(overview.today),
        days=[_day(day) for day in overview.days],
        by_status=dict(overview.by_status),
        times=[_took(took) for took in overview.times],
        weeks=list(overview.weeks),
        categories=[TrendShown(code=trend.code, weeks=list(trend.weeks)) for trend in overview.categories],
        products=[TrendShown(code=trend.code, weeks=list(trend.weeks)) for trend in overview.products],
        scores=dict(overview.scores),
        score=overview.score,
        branches=[
            BranchShown(
                code=line.code,
                name=line.name,
                received=line.received,
                open=line.open,
                overdue=line.overdue,
                soon=line.soon,
            )
            for line in overview.branches
        ],
    )


def _day(day: Day) -> DayShown:
    return DayShown(day=day.day, total=day.total, channels=dict(day.channels))


def _took(took: Took) -> TookShown:
    return TookShown(
        step=took.step,
        count=took.count,
        median_seconds=took.median.total_seconds() if took.median is not None else None,
        ninety_percent_seconds=took.most.total_seconds() if took.most is not None else None,
    )
