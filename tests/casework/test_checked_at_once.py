"""A value that a person gives, its history and its audit entry are kept together, or none of them is."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.casework.acts.confirming import confirm
from gateway.casework.acts.grading import grade
from gateway.casework.acts.refusals import NotTaken
from gateway.casework.emergency import opening
from store.audit import Audit, Deeds
from store.errors import Unavailable
from store.timeline import Timeline
from store.values import Case
from tests.casework.office import FIELDS, Desk


def breaks(monkeypatch: pytest.MonkeyPatch, where: type[Any], verb: str, by: str, error: Exception) -> None:
    """The store breaks when it is to keep what this person did."""
    real = getattr(where, verb)

    async def broken(*args: Any, **given: Any) -> Any:
        if given["actor"] == by:
            raise error
        return await real(*args, **given)

    monkeypatch.setattr(where, verb, broken)


async def kept_of(desk: Desk, case: Case, by: str) -> tuple[list[str], list[str]]:
    """Kinds of the person's entries in the history, and their deeds in the audit trail, which is whole."""
    assert await desk.whole()
    told = [moment.kind for moment in await desk.history(case.number) if moment.actor == by]
    async with desk.house.store.reading() as unit:
        deeds = await unit.audit.list(Deeds(subject=case.number), limit=10)
    return told, [deed.action for deed in deeds if deed.actor == by]


async def test_a_corrected_value_is_kept_with_its_reason_its_history_and_its_audit_entry(desk: Desk) -> None:
    case, officer = await desk.complaint(), await desk.person()
    await confirm(desk.house, desk.inbox.submit, case.number, {"policy_number": "PA9"}, actor=officer, reason="看错")
    assert await kept_of(desk, case, officer.login) == (["field", "note"], ["fields_checked"])


@pytest.mark.parametrize(("error", "raised"), [(ValueError("x"), NotTaken), (Unavailable("away"), Unavailable)])
@pytest.mark.parametrize(("where", "verb"), [(Timeline, "add"), (Audit, "write")])
async def test_where_the_store_breaks_in_between_nothing_of_a_correction_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, where: type[Any], verb: str, error: Exception, raised: type[Exception]
) -> None:
    case, officer = await desk.complaint(), await desk.person()
    with monkeypatch.context() as broken:
        breaks(broken, where, verb, officer.login, error)
        with pytest.raises(raised):
            await confirm(desk.house, desk.inbox.submit, case.number, {"policy_number": "PA9"}, actor=officer)
    assert (await desk.case(case.number)).record.value("policy_number") == FIELDS["policy_number"]
    assert await kept_of(desk, case, officer.login) == ([], [])
    after = await confirm(desk.house, desk.inbox.submit, case.number, {"claim_number": "CL9"}, actor=officer)
    assert after.record.value("claim_number") == "CL9"


async def test_a_grade_whose_plan_cannot_begin_is_not_kept_either(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case, officer = await desk.complaint(), await desk.person()

    async def broken(*args: Any, **given: Any) -> None:
        raise Unavailable("away")

    with monkeypatch.context() as away:
        away.setattr(opening, "call", broken)
        with pytest.raises(Unavailable):
            await grade(desk.house, desk.inbox.submit, case.number, "P0", reason="持刀", actor=officer)
    assert (await desk.case(case.number)).record.value("priority") == "P3"
    assert await kept_of(desk, case, officer.login) == ([], [])
