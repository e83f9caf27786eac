"""The periods as they stand in files: ours, and the insurer's laid over it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.casework.own_file import checked, parsed

SHIPPED = Path(__file__).parent / "periods.toml"
LEAST_YEARS = 3  # 民法典 Art 188: within these somebody may still go to court about it
LONG = timedelta(days=366)  # a contract of a year has no more days

Years = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=1, le=36_500)]


class BrokenPeriods(ValueError):
    """A file of periods cannot be used; says where."""


class Periods(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    policy_years: Years
    contract_years: Years
    long_contract_years: Years
    other_years: Years
    least_years: Annotated[int, Field(ge=LEAST_YEARS, le=100)]
    recording_years: Years
    draft_days: Days
    item_days: Days

    def after_closing(self, closed_at: datetime, *, of_policy: bool) -> datetime:
        """Until when a complaint is kept, by its closing alone."""
        years = self.policy_years if of_policy else self.other_years
        return years_after(closed_at, max(years, self.least_years))

    def after_contract(self, begins: datetime | None, ends: datetime) -> datetime:
        """Until when what belongs to a contract is kept; one whose beginning we do not know counts as long."""
        long = begins is None or ends - begins > LONG
        return years_after(ends, self.long_contract_years if long else self.contract_years)


def years_after(moment: datetime, years: int) -> datetime:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def years_before(moment: datetime, years: int) -> datetime:
    return years_after(moment, -years)


def read_periods(own: Path | None) -> Periods:
    """The shipped periods with the insurer's laid over them; raises BrokenPeriods."""
    data = parsed(SHIPPED, BrokenPeriods) | (parsed(own, BrokenPeriods) if own else {})
    return checked(Periods, data, own or SHIPPED, BrokenPeriods)


_in_force = read_periods(None)


def use(own: Path | None) -> None:
    """Put the insurer's periods in force for this process; raises BrokenPeriods and then changes nothing."""
    global _in_force
    _in_force = read_periods(own)


def periods() -> Periods:
    """The periods in force."""
    return _in_force
