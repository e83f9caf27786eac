"""What the API says and hears of how long a complaint is kept."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from gateway.casework.retention.request import Keeping
from gateway.staff.act_shapes import Why
from gateway.staff.shapes import Asked, Shape


class Reasoned(Asked):
    reason: Why


class HoldShown(Shape):
    at: datetime
    by: str
    reason: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_reason: str


class KeepingShown(Shape):
    number: str
    standing: Keeping = Field(description="restricted: the customer wants it gone, and the law still keeps it")
    closed_at: datetime | None
    keep_until: datetime | None = Field(description="From when on it may be erased; null while it is open")
    erased_at: datetime | None
    holds: list[HoldShown]
