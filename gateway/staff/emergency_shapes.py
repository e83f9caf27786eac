"""What the API says and hears of emergencies and their plans."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from gateway.staff.shapes import NO_CONTROLS, NOTE_CHARS, Asked, Cursor, Limit, Shape

State = Literal["open", "taken", "closed"]
Note = Annotated[str, Field(max_length=NOTE_CHARS, pattern=NO_CONTROLS)]
PlanCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class EmergenciesAsked(Asked):
    state: State = "open"
    cursor: Cursor | None = None
    limit: Limit = 50


class StepDone(Asked):
    step: PlanCode
    done: StrictBool = True
    note: Note = ""


class Closing(Asked):
    reason: Note = Field("", description="Needed while steps are left")


class PlanWanted(Asked):
    plan: PlanCode


class StepShown(Shape):
    code: str
    name: str
    due: datetime
    done_at: datetime | None
    by: str
    note: str


class EmergencyShown(Shape):
    id: int
    complaint: str
    plan: str
    priority: str | None
    name: str
    state: str
    level: int = Field(description="How often it was escalated")
    opened_at: datetime
    taken_at: datetime | None
    taken_by: str
    escalate_at: datetime | None
    closed_at: datetime | None
    reason: str
    steps: list[StepShown]


class EmergencyPage(Shape):
    items: list[EmergencyShown]
    next: str | None


class StepPlanned(Shape):
    code: str
    name: str
    within: str


class EscalationPlanned(Shape):
    after: str
    page: list[str]


class PlanShown(Shape):
    kind: str
    priority: str
    name: str
    responsible: str
    page: list[str]
    escalation: list[EscalationPlanned]
    departments: list[str]
    steps: list[StepPlanned]


class PlansShown(Shape):
    version: str
    items: list[PlanShown]
