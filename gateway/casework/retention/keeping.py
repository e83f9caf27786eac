"""Until when a complaint is kept: by its closing, and by the contract that it is about."""

from __future__ import annotations

import asyncio
from datetime import datetime

from gateway.casework.retention.periods import periods
from gateway.intake.directory import LOOK_UP_SECONDS, PolicyDirectory
from normalizer.record import Complaint
from store.values import Case

POLICY = "policy_number"


class DirectoryAway(Exception):
    """The insurer's files do not answer: what they may say is waited for."""


def keep_until(record: Complaint, closed_at: datetime) -> datetime:
    """By the closing alone; when that day has come, the contract is looked up once more."""
    return periods().after_closing(closed_at, of_policy=bool(record.value(POLICY)))


async def kept_by_contract(directory: PolicyDirectory, case: Case) -> datetime | None:
    """Until when its contract keeps it; None where the insurer's files know of no end. Raises DirectoryAway."""
    policy = case.record.value(POLICY)
    if not policy:
        return None
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            holdings = await directory.find(policy_number=policy)
    except Exception as away:  # whatever a directory of the insurer's may raise
        raise DirectoryAway from away
    ends = [periods().after_contract(each.begins, each.ends) for each in holdings if each.ends is not None]
    return max(ends, default=None)
