"""Who may take which step (complaint-rules 6.2): two people refuse, and whoever found out does not decide alone."""

from __future__ import annotations

from gateway.casework.acts.by import By, is_the_house, may, person_of
from gateway.casework.clocks.proof import decision_is_told
from gateway.casework.lifecycle import DECIDABLE, DECIDES, NotAllowed, Outcome, Status
from gateway.casework.telling import UNTOLD
from gateway.staff.actor import Right
from store.unit import Unit
from store.values import Case

GRAVE = frozenset({"P0", "P1"})
MERGED = "it was merged into another complaint; work goes on there"
TWO_PEOPLE = "not handling a complaint needs a reason code and a second person: ask for it"
APPROVER = "a decision of this priority is made by somebody who may approve"
FINDER = "a decision of this priority is not made by whoever investigated it"
NO_DECISION = "only a decision has this outcome: upheld, part, rejected"
PAUSE_UNTOLD = "the customer is told when outsiders take it up: days that count for nobody are not set apart in silence"
NO_CONSENT = "mediation needs the customer's consent: a note says how we know of it"
DECISION_UNTOLD = "nobody has told the customer what was decided: tell them, and record how they were told"
SET_APART = frozenset({Status.APPRAISAL, Status.MEDIATION})
CARRIED_ON = frozenset({Status.IMPLEMENTING, Status.FOLLOW_UP})


def require_entitled(case: Case, wanted: Status, by: By, outcome: Outcome | None = None) -> None:
    """Raises NotAllowed for a step that is not theirs to take, or not now."""
    if why := _against(case, wanted, by, outcome):
        raise NotAllowed(Status(case.status), wanted, why)


def _against(case: Case, wanted: Status, by: By, outcome: Outcome | None) -> str:
    if case.merged_into is not None and not is_the_house(by):
        return MERGED
    if wanted is Status.NOT_HANDLED and not is_the_house(by):
        return TWO_PEOPLE
    if outcome is not None and (wanted not in DECIDES or outcome not in DECIDABLE):
        return NO_DECISION
    if wanted in DECIDES and case.record.value("priority") in GRAVE:
        return _against_deciding(case, by)
    return ""


def _against_deciding(case: Case, by: By) -> str:
    if not may(by, Right.APPROVE):
        return APPROVER
    return FINDER if case.assignee_id is not None and case.assignee_id == person_of(by) else ""


def require_announced(case: Case, wanted: Status, by: By, note: str, *, tell: bool) -> None:
    """Raises NotAllowed where somebody would stop the days unheard (Art 18), or mediate unasked (Art 23)."""
    if wanted not in SET_APART or is_the_house(by):
        return
    if not tell:
        raise NotAllowed(Status(case.status), wanted, PAUSE_UNTOLD)
    if wanted is Status.MEDIATION and not note.strip():
        raise NotAllowed(Status(case.status), wanted, NO_CONSENT)


async def require_decision_told(unit: Unit, case: Case, wanted: Status, by: By) -> None:
    """Raises NotAllowed where somebody would carry on as if the customer knew of the decision (Art 18)."""
    if case.status != Status.DECIDED or wanted not in CARRIED_ON or is_the_house(by):
        return
    if UNTOLD not in case.reply_context and not await decision_is_told(unit, case):
        raise NotAllowed(Status.DECIDED, wanted, DECISION_UNTOLD)
