"""Emergency plans as they stand in files: ours, and the insurer's laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.casework.clocks.calendar import calendar
from gateway.casework.own_file import checked, parsed
from gateway.staff.actor import Role

SHIPPED = Path(__file__).parent / "plans.toml"
UNITS: Mapping[str, timedelta] = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Within = Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(m|h|d|wh)$")]


class BrokenPlans(ValueError):
    """A file of plans cannot be used; says where."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    zh: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class When(Part):
    """All that is named must hold; of each list one suffices."""

    priority: tuple[Literal["P0", "P1", "P2", "P3"], ...] = ()
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Step(Part):
    code: Code
    within: Within
    name: Words
    by_taking: bool = False  # done as soon as somebody takes it


class Escalation(Part):
    """If nobody has taken it by then, these are called too."""

    after: Within
    page: tuple[Code, ...]


class Recipient(Part):
    """Whom a plan calls, and how; several ways are all used."""

    name: Words
    webhook: bool = False
    mailbox: bool = False
    emails: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")], ...] = ()
    roles: tuple[Role, ...] = ()


class Plan(Part):
    kind: Code
    level: Literal["P0", "P1"]
    name: Words
    when: When
    responsible: Role
    page: tuple[Code, ...]
    escalation: tuple[Escalation, ...] = ()
    departments: tuple[Code, ...] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)


class Plans(Part):
    version: str
    effective_from: date
    opens: time
    closes: time
    recipients: Mapping[Code, Recipient]
    plan: tuple[Plan, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Everybody who is called is there, and no kind stands twice."""
        for plan in self.plan:
            called = {*plan.page, *plan.departments, *(code for each in plan.escalation for code in each.page)}
            if unknown := sorted(called - self.recipients.keys()):
                raise ValueError(f"plan {plan.kind}: no recipient {unknown[0]}")
        kinds = [plan.kind for plan in self.plan]
        if twice := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
            raise ValueError(f"plan {twice[0]} stands twice")
        return self

    def of(self, kind: str) -> Plan | None:
        """The plan of a kind; None for one that is in the files no more."""
        return next((plan for plan in self.plan if plan.kind == kind), None)

    def kinds(self, level: str) -> tuple[str, ...]:
        return tuple(plan.kind for plan in self.plan if plan.level == level)

    def due(self, moment: datetime, within: str) -> datetime:
        """That long after a moment."""
        if within.endswith("wh"):
            return calendar().add_hours(moment, int(within.removesuffix("wh")), self.opens, self.closes)
        return moment + int(within[:-1]) * UNITS[within[-1]]


def read_plans(own: Path | None) -> Plans:
    """The shipped plans with the insurer's laid over them; raises BrokenPlans."""
    data = parsed(SHIPPED, BrokenPlans)
    laid = _laid_over(data, parsed(own, BrokenPlans)) if own else data
    return checked(Plans, laid, own or SHIPPED, BrokenPlans)


def _laid_over(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Recipients and plans key by key; a kind that we do not know stands in front, as the first that fits is taken."""
    recipients = {**shipped["recipients"]}
    for code, told in _table(own.get("recipients", {}), "recipients").items():
        recipients[code] = {**recipients.get(code, {}), **_table(told, code)}
    given = own.get("plan", [])
    if not isinstance(given, list):
        raise BrokenPlans("plan: written [[plan]]")
    theirs = {str(each.get("kind")): each for each in given if isinstance(each, dict)}
    known = [{**each, **theirs.pop(each["kind"], {})} for each in shipped["plan"]]
    return {**shipped, **own, "recipients": recipients, "plan": [*theirs.values(), *known]}


def _table(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BrokenPlans(f"{name}: written [recipients.name]")
    return value


_in_force = read_plans(None)


def use(own: Path | None) -> None:
    """Put the insurer's plans in force for this process; raises BrokenPlans and then changes nothing."""
    global _in_force
    _in_force = read_plans(own)


def plans() -> Plans:
    """The plans in force."""
    return _in_force
