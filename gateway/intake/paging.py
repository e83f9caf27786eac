"""Somebody must react at once: the emergency plan of the danger begins, and its people are called."""

from __future__ import annotations

from datetime import datetime

from gateway.casework.emergency.choosing import chosen
from gateway.casework.emergency.opening import open_emergency
from gateway.casework.emergency.plans import plans
from gateway.delivery.webhook import WEBHOOK
from gateway.house import House
from store.unit import Unit
from store.values import Case

UNNAMED = "other_p0"


async def page_somebody(house: House, unit: Unit, case: Case, danger: str, now: datetime) -> None:
    """Whoever the plan names, by webhook and mail; the page leaves by the outbox, like everything that leaves."""
    plan = chosen(plans(), case.record)
    kind = plan.kind if plan is not None and plan.level == "P0" else UNNAMED
    await open_emergency(house, unit, case, kind, why=danger)


__all__ = ["WEBHOOK", "page_somebody"]
