"""Taking a case file along: written down before a byte of it leaves."""

from __future__ import annotations

from gateway.house import House
from gateway.reports.casefile.contents import contents
from gateway.reports.casefile.pieces import Contents
from gateway.staff.actor import Actor
from store.values import Case


async def take(house: House, actor: Actor, case: Case, *, reason: str, masked: bool) -> Contents:
    """What the file holds, for whoever has the right and sees the case; in the audit trail first."""
    detail = {"reason": reason.strip(), "masked": masked}
    async with house.store.unit() as unit:
        await unit.audit.write(
            at=house.clock.now(), actor=actor.login, action="export_case_file", subject=case.number, detail=detail
        )
        await unit.commit()
    async with house.store.reading() as unit:
        return await contents(house, unit, actor, case, masked=masked)


def file_name(contents: Contents) -> str:
    return f"{contents.number}-masked.zip" if contents.masked else f"{contents.number}.zip"
