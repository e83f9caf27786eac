"""The life of a complaint: its states, which may follow which, and what guards a step.

States and transitions after 《银行业保险业消费投诉处理管理办法》 (银保监会令2020年第3号), Arts 13–21.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    RECEIVED = "RECEIVED"
    REGISTERED = "REGISTERED"
    SUPPLEMENT = "SUPPLEMENT"
    ACCEPTED = "ACCEPTED"
    NOT_HANDLED = "NOT_HANDLED"
    GRADED = "GRADED"
    INVESTIGATING = "INVESTIGATING"
    APPRAISAL = "APPRAISAL"
    MEDIATION = "MEDIATION"
    SOLUTION = "SOLUTION"
    DECIDED = "DECIDED"
    IMPLEMENTING = "IMPLEMENTING"
    FOLLOW_UP = "FOLLOW_UP"
    EVALUATED = "EVALUATED"
    ARCHIVED = "ARCHIVED"
    WITHDRAWN = "WITHDRAWN"
    REVIEW_REQUESTED = "REVIEW_REQUESTED"
    REVIEWING = "REVIEWING"
    REVIEW_DECIDED = "REVIEW_DECIDED"
    REOPENED = "REOPENED"


class Outcome(StrEnum):
    """How a complaint ended."""

    UPHELD = "upheld"
    PART = "part"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NOT_HANDLED = "not_handled"


S = Status

NEXT: dict[Status, frozenset[Status]] = {
    S.RECEIVED: frozenset({S.REGISTERED, S.WITHDRAWN}),
    S.REGISTERED: frozenset({S.SUPPLEMENT, S.ACCEPTED, S.NOT_HANDLED, S.WITHDRAWN}),
    S.SUPPLEMENT: frozenset({S.ACCEPTED, S.INVESTIGATING, S.NOT_HANDLED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.GRADED, S.WITHDRAWN}),
    S.GRADED: frozenset({S.INVESTIGATING, S.SOLUTION, S.WITHDRAWN}),
    S.INVESTIGATING: frozenset({S.APPRAISAL, S.SUPPLEMENT, S.SOLUTION, S.DECIDED, S.NOT_HANDLED, S.WITHDRAWN}),
    S.APPRAISAL: frozenset({S.INVESTIGATING}),
    S.MEDIATION: frozenset({S.SOLUTION}),
    S.SOLUTION: frozenset({S.MEDIATION, S.DECIDED, S.INVESTIGATING, S.WITHDRAWN}),
    S.DECIDED: frozenset({S.IMPLEMENTING, S.FOLLOW_UP, S.REVIEW_REQUESTED}),
    S.IMPLEMENTING: frozenset({S.FOLLOW_UP, S.REOPENED}),
    S.FOLLOW_UP: frozenset({S.EVALUATED, S.REOPENED}),
    S.EVALUATED: frozenset({S.ARCHIVED}),
    S.ARCHIVED: frozenset({S.REOPENED, S.REVIEW_REQUESTED}),
    S.NOT_HANDLED: frozenset({S.REGISTERED, S.ARCHIVED}),
    S.WITHDRAWN: frozenset({S.ARCHIVED, S.REGISTERED}),
    S.REVIEW_REQUESTED: frozenset({S.REVIEWING}),
    S.REVIEWING: frozenset({S.REVIEW_DECIDED}),
    S.REVIEW_DECIDED: frozenset({S.ARCHIVED, S.REOPENED}),
    S.REOPENED: frozenset({S.GRADED, S.INVESTIGATING, S.SOLUTION, S.DECIDED, S.WITHDRAWN}),
}

# A customer hears of these; the others are the house's own steps.
TOLD = frozenset(set(Status) - {S.GRADED, S.EVALUATED})

CLOSED = frozenset({S.WITHDRAWN, S.ARCHIVED, S.NOT_HANDLED})

# The outcome that a state is by itself; a decision's is said by whoever decides.
ENDS_AS = {S.WITHDRAWN: Outcome.WITHDRAWN, S.NOT_HANDLED: Outcome.NOT_HANDLED}
DECIDABLE = frozenset({Outcome.UPHELD, Outcome.PART, Outcome.REJECTED})
DECIDES = frozenset({S.DECIDED, S.REVIEW_DECIDED})
BEGINS_AGAIN = frozenset({S.REOPENED, S.REGISTERED})

# Still collecting: the dialogue may ask, and an answer changes the record without a person.
OPEN_INTAKE = frozenset({S.RECEIVED, S.REGISTERED, S.SUPPLEMENT})

# A refusal or a decision says why (Arts 18, 19): its note may not be empty.
NEEDS_NOTE = frozenset({S.NOT_HANDLED, S.DECIDED})


class NotAllowed(Exception):
    """This step is not open to a complaint in this state."""

    def __init__(self, now: Status, wanted: Status, why: str) -> None:
        super().__init__(f"{now} → {wanted}: {why}")
        self.now, self.wanted, self.why = now, wanted, why


def way(now: Status, wanted: Status) -> tuple[Status, ...]:
    """The shortest legal path of steps from one state to another, without the start; raises NotAllowed.

    Staff may name a state two steps on (ACCEPTED → INVESTIGATING): the grading in between is recorded too.
    Steps that are told to the customer or need a reason are never skipped silently; and what is over does not begin
    again only to end again.
    """
    if wanted in NEXT[now]:
        return (wanted,)
    if now in CLOSED and wanted in CLOSED:
        raise NotAllowed(now, wanted, "it is over")
    for between in sorted(NEXT[now]):
        if between in SILENT_STEPS and wanted in NEXT[between]:
            return (between, wanted)
    raise NotAllowed(now, wanted, "no such step")


SILENT_STEPS = frozenset({S.REGISTERED, S.GRADED, S.EVALUATED})


def is_open_to(now: Status, wanted: Status) -> bool:
    """Can a complaint in this state be taken to that one?"""
    try:
        return bool(way(now, wanted))
    except NotAllowed:
        return False


def check(now: Status, wanted: Status, note: str) -> tuple[Status, ...]:
    """The steps to take, or NotAllowed with the reason."""
    steps = way(now, wanted)
    if wanted in NEEDS_NOTE and not note.strip():
        raise NotAllowed(now, wanted, "this step must tell the customer its reasons: a note is needed")
    return steps
