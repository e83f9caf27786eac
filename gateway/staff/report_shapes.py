"""What the API says and hears of reports and of the audit trail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from gateway.staff.shapes import Asked, Code, Cursor, Limit, Reason, Shape, Word

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)  # no complaint lies outside


def _within(day: date) -> date:
    return min(max(day, FIRST_DAY), LAST_DAY)


Day = Annotated[date, AfterValidator(_within)]
BranchCode = Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Za-z_-]*$")]


class RegisterAsked(Asked):
    """``unmask``: with names and policy numbers; needs that right, and is audited."""

    first: Day | None = Field(None, description="First day of receipt, in Shanghai")
    last: Day | None = Field(None, description="Last day of receipt, included")
    branch: BranchCode | None = Field(None, description="Code; empty: the head office")
    status: list[Code] = Field([], max_length=20, description="May be given several times")
    unmask: Reason | None = None


class CaseFileAsked(Asked):
    unmask: Reason
    masked: Literal["0", "1"] = Field("0", description="1: for the other side, without what cannot be masked")


class AuditAsked(Asked):
    subject: Word | None = Field(None, description="A complaint's number, or whatever else was acted upon")
    actor: Word | None = None
    action: Word | None = None
    day: Day | None = Field(None, description="In Shanghai")
    cursor: Cursor | None = None
    limit: Limit = 50


class DeedShown(Shape):
    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


class DeedPage(Shape):
    items: list[DeedShown]
    next: str | None


class ChainShown(Shape):
    whole: bool
    broken_at: int | None = Field(description="Id of the first entry that does not follow from the one before")


class DayShown(Shape):
    day: date
    total: int
    channels: dict[str, int]


class TookShown(Shape):
    step: str
    count: int
    median_seconds: float | None
    ninety_percent_seconds: float | None


class TrendShown(Shape):
    code: str
    weeks: list[int]


class BranchShown(Shape):
    code: str
    name: str
    received: int
    open: int
    overdue: int
    soon: int


class OverviewShown(Shape):
    at: datetime
    open: int
    overdue: int
    soon: int = Field(description="Due within three days")
    today: DayShown
    days: list[DayShown]
    by_status: dict[str, int]
    times: list[TookShown] = Field(description="From receipt, of complaints of the last 90 days")
    weeks: list[date] = Field(description="Mondays; what the numbers of a trend stand for")
    categories: list[TrendShown]
    products: list[TrendShown]
    scores: dict[int, int]
    score: float | None
    branches: list[BranchShown]
