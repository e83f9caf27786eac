"""The words that are shown before a step promise nothing that the step would refuse."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gateway.casework.acts.preview import preview, preview_of_ask
from gateway.casework.acts.refusals import Closed, MergedAway
from gateway.casework.lifecycle import NotAllowed, Outcome, Status
from gateway.casework.move import move
from gateway.casework.not_handled import preview_of_not_handling
from gateway.staff.actor import SERVICE, Actor
from tests.casework.office import Desk, set_work
from tests.casework.test_days_and_telling import counted, decide


@dataclass(frozen=True)
class Step:
    before: str
    wanted: Status
    note: str = ""
    priority: str = "P3"
    outcome: Outcome | None = None


STEPS = (
    Step("INVESTIGATING", Status.APPRAISAL),
    Step("SOLUTION", Status.MEDIATION),
    Step("SOLUTION", Status.MEDIATION, note="您已书面同意"),
    Step("INVESTIGATING", Status.DECIDED),
    Step("INVESTIGATING", Status.DECIDED, note="已核实"),
    Step("INVESTIGATING", Status.DECIDED, note="已核实", priority="P1"),
    Step("INVESTIGATING", Status.SOLUTION, outcome=Outcome.UPHELD),
    Step("REGISTERED", Status.NOT_HANDLED, note="不办"),
    Step("ACCEPTED", Status.ARCHIVED),
)


async def refusal(desk: Desk, number: str, step: Step, by: Actor, *, seen: bool) -> str:
    """Why it is refused; empty where it is not."""
    try:
        if seen:
            await preview(desk.house, number, step.wanted, note=step.note, actor=by, outcome=step.outcome)
        else:
            await move(desk.house, number, step.wanted, note=step.note, tell=True, actor=by, outcome=step.outcome)
    except NotAllowed as refused:
        return refused.why
    return ""


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.wanted}-{bool(step.note)}-{step.priority}")
async def test_what_a_step_refuses_its_preview_refuses_in_the_same_words(desk: Desk, step: Step) -> None:
    case, officer = await desk.complaint(step.before, priority=step.priority), await desk.person()
    for by in (officer, SERVICE):
        shown = await refusal(desk, case.number, step, by, seen=True)
        assert await desk.sent(case.number) == []
        if shown:
            assert shown == await refusal(desk, case.number, step, by, seen=False)
    if not shown:
        assert await refusal(desk, case.number, step, officer, seen=False) == ""


async def test_no_words_are_shown_for_carrying_on_with_a_decision_that_nobody_told(desk: Desk) -> None:
    untold, told, officer = await counted(desk), await counted(desk), await desk.person()
    await decide(desk, untold, officer, tell=False)
    await decide(desk, told, officer)
    with pytest.raises(NotAllowed, match="nobody has told"):
        await preview(desk.house, untold.number, Status.FOLLOW_UP, note="", actor=officer)
    assert (await preview(desk.house, told.number, Status.FOLLOW_UP, note="", actor=officer)).will_be_told


async def test_no_words_are_shown_for_a_complaint_that_takes_no_questions_and_no_refusal(desk: Desk) -> None:
    over, merged, officer = await desk.complaint("ARCHIVED"), await desk.complaint("REGISTERED"), await desk.person()
    await set_work(desk, merged, merged_into=over.id)
    for number, why in ((over.number, Closed), (merged.number, MergedAway)):
        with pytest.raises(why):
            await preview_of_ask(desk.house, number, items=["evidence"], words="", actor=officer)
        with pytest.raises(why):
            await preview_of_not_handling(desk.house, number, code="N1", note="", actor=officer)
