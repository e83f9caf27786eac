"""Who may take which step (complaint-rules 6.2): two people refuse, and whoever found out does not decide alone."""

from __future__ import annotations

from gateway.casework.acts.by import By, is_a_person, may, person_of
from gateway.casework.lifecycle import DECIDABLE, DECIDES, NotAllowed, Outcome, Status
from gateway.staff.actor import Right
from store.values import Case

GRAVE = frozenset({"P0", "P1"})
MERGED = "it was merged into another complaint; work goes on there"
TWO_PEOPLE = "not handling a complaint needs a reason code and a second person: ask for it"
APPROVER = "a decision of this priority is made by somebody who may approve"
FINDER = "a decision of this priority is not made by whoever investigated it"
NO_DECISION = "only a decision has this outcome: upheld, part, rejected"


def require_entitled(case: Case, wanted: Status, by: By, outcome: Outcome | None = None) -> None:
    """Raises NotAllowed for a step that is not theirs to take, or not now."""
    if why := _against(case, wanted, by, outcome):
        raise NotAllowed(Status(case.status), wanted, why)


def _against(case: Case, wanted: Status, by: By, outcome: Outcome | None) -> str:
    if case.merged_into is not None and is_a_person(by):
        return MERGED
    if wanted is Status.NOT_HANDLED and is_a_person(by):
        return TWO_PEOPLE
    if outcome is not None and (wanted not in DECIDES or outcome not in DECIDABLE):
        return NO_DECISION
    if wanted in DECIDES and case.record.value("priority") in GRAVE:
        return _against_deciding(case, by)
    return ""


def _against_deciding(case: Case, by: By) -> str:
    if not may(by, Right.APPROVE):
        return APPROVER
    return FINDER if is_a_person(by) and case.assignee_id == person_of(by) else ""
