"""The register: one row for each complaint, after the minimum export row of the rules.

Empty, because this software does not know it yet: ``source`` (a transfer by the regulator arrives by mail or letter
like any other), ``province``, ``joint_count``, ``staff_or_partner_id``, ``redress_type``, ``redress_amount``,
``review_result``, ``root_cause``, ``corrective_action_id``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.casework.lifecycle import Status
from gateway.staff.masking import Mask
from normalizer.record import SHANGHAI
from store.crypto import Keyring
from store.dossier import History, Sent
from store.values import Case

VULNERABLE = frozenset({"elderly", "minor", "disability", "illness", "death", "self_harm"})
EXTENSIONS = frozenset({"complex", "special"})
PAUSES = frozenset({"pause", "resume"})
NEWS, TO_STAFF = "status", "notice"
NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,4})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What one row is made of."""

    case: Case
    history: History
    mask: Mask
    keys: Keyring


Cell = Callable[[Line], str]


def cells(line: Line, columns: Mapping[str, Cell]) -> Sequence[str]:
    """The row, in the order of its columns."""
    return [cell(line) for cell in columns.values()]


def _field(name: str) -> Cell:
    return lambda line: line.mask.value(name, line.case.record.value(name))


def _code(name: str) -> Cell:
    return lambda line: line.case.record.value(name)


def _time(name: str) -> Cell:
    return lambda line: _moment(getattr(line.case, name))


def _unknown(_: Line) -> str:
    return ""


def _moment(moment: datetime | None) -> str:
    """ISO 8601 in Shanghai's time, to the second."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds") if moment else ""


def _yes(value: bool) -> str:
    return "1" if value else "0"


def _step_at(*statuses: Status) -> Cell:
    """When the complaint first came into one of these states."""

    def cell(line: Line) -> str:
        return _moment(next((step.at for step in line.history.steps if set(statuses) & set(step.path[1:])), None))

    return cell


def _acknowledged(line: Line) -> str:
    return _moment(min((sent.sent_at for sent in line.history.sent if sent.kind != TO_STAFF), default=None))


def _policy(line: Line) -> str:
    """The blind index: equal for equal policies, and nobody reads the policy from it."""
    number = line.case.record.value("policy_number")
    return line.keys.index("policy_number", number) if number else ""


def _claimed(line: Line) -> str:
    """The largest sum named in the request."""
    request, sums = line.case.record.value("request"), line.case.record.amounts
    named = [
        amount.value for amount in sums if amount.source and amount.source in request and NUMBER.fullmatch(amount.value)
    ]
    return max(named, key=float, default="")


def _pauses(line: Line) -> str:
    events = [event for event in line.history.clock if event.kind in PAUSES]
    return "; ".join(f"{event.kind} {_moment(event.at)} {event.facts.get('why', '')}".strip() for event in events)


def _extensions(fact: str) -> Cell:
    """A fact of every extension, in order, each after its kind."""

    def cell(line: Line) -> str:
        events = [event for event in line.history.clock if event.kind in EXTENSIONS]
        return "; ".join(line.mask.text(f"{event.kind}: {event.facts.get(fact) or ''}".strip()) for event in events)

    return cell


def _extensions_told(line: Line) -> str:
    """When the news of every extension left, in order, each after its kind; empty where it did not."""
    left = {sent.id: sent.sent_at for sent in line.history.sent}
    events = [event for event in line.history.clock if event.kind in EXTENSIONS]
    return "; ".join(f"{event.kind}: {_moment(left.get(event.facts.get('parcel', '')))}".strip() for event in events)


def _decision_told(line: Line) -> Sent | None:
    """The first news that left after the decision."""
    decided = line.case.decided_at
    if decided is None:
        return None
    return next((sent for sent in line.history.sent if sent.kind == NEWS and sent.sent_at >= decided), None)


def _of_news(show: Callable[[Sent], str]) -> Cell:
    def cell(line: Line) -> str:
        told = _decision_told(line)
        return show(told) if told else ""

    return cell


COLUMNS: Mapping[str, Cell] = {
    "case_no": lambda line: line.case.number,
    "received_at": _time("received_at"),
    "registered_at": _step_at(Status.REGISTERED, Status.SUPPLEMENT, Status.ACCEPTED),
    "ack_at": _acknowledged,
    "channel": lambda line: line.case.channel,
    "source": _unknown,
    "party_role": _code("party_role"),
    "vulnerable_flag": lambda line: _yes(bool(VULNERABLE & set(line.case.record.flag_codes))),
    "province": _unknown,
    "branch": lambda line: line.case.branch,
    "product": _code("product"),
    "cause_primary": _code("category"),
    "cause_secondary": _code("category_detail"),
    "priority": _code("priority"),
    "is_major": lambda line: _yes(line.history.emergency),
    "joint_count": _unknown,
    "policy_no_hash": _policy,
    "staff_or_partner_id": _unknown,
    "issue": _field("matter"),
    "request": _field("request"),
    "amount_claimed": _claimed,
    "due_at": _time("due_at"),
    "pauses": _pauses,
    "extensions_reason": _extensions("reason"),
    "extensions_approver": _extensions("approver"),
    "extensions_told_at": _extensions_told,
    "decision": lambda line: line.case.outcome,
    "redress_type": _unknown,
    "redress_amount": _unknown,
    "decided_at": _time("decided_at"),
    "told_at": _of_news(lambda told: _moment(told.sent_at)),
    "told_channel": _of_news(lambda told: told.channel),
    "proof_id": _of_news(lambda told: told.proof),
    "review_requested_at": _step_at(Status.REVIEW_REQUESTED),
    "review_result": _unknown,
    "mediation": _step_at(Status.MEDIATION),
    "satisfaction": lambda line: str(line.case.score or ""),
    "root_cause": _unknown,
    "corrective_action_id": _unknown,
    "closed_at": _time("closed_at"),
}
# Only for whoever gave a reason.
NAMED: Mapping[str, Cell] = {
    **COLUMNS,
    "complainant_name": _field("complainant_name"),
    "policy_no": _field("policy_number"),
}
