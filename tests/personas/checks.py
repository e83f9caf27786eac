"""The ``checks`` of a persona: answering.md 7.5. Each takes the check, the run and what is held; "" when it passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from gateway.casework.lifecycle import Status
from normalizer.record import Complaint
from tests.personas import calls
from tests.personas.held import stored
from tests.personas.known import Check, Known, number_fault
from tests.personas.outcome import told_number
from tests.personas.player import fields_of, simple
from tests.personas.transcript import Part, Run

AFTER_THE_PHRASE = frozenset({"safety", "phone", "name"})
NOT_IN_FIELDS = ("complainant_name", "phone", "policy_number", "claim_number", "request", "matter")


def failure(check: Check, known: Known) -> str:
    """Why a check fails; empty when it passes. An unknown kind fails: nothing passes for not being looked at."""
    judge = CHECKS.get(check["kind"])
    if judge is None:
        return f"unknown check {check['kind']}"
    asked = check.get("if_asked")
    if asked and asked not in _times_asked(known.run):
        return ""
    if check.get("if_record_used") and not known.run.post.recordings:
        return ""
    why = judge(check, known)
    return f"{check['kind']}: {why}" if why else ""


def _cases_created(check: Check, known: Known) -> str:
    return number_fault(check, len(known.held.complaints))


def _accepted_cases(check: Check, known: Known) -> str:
    """Only a case whose number the person was told is accepted."""
    return number_fault(check, sum(1 for case in known.held.accepted if told_number(known.run, case.number)))


def _evidence_min(check: Check, known: Known) -> str:
    return number_fault({"min": check["value"]}, sum(1 for file in stored(known.held.files) if file.complaint_id))


def _messages_stored(check: Check, known: Known) -> str:
    return number_fault(check, known.held.heard(check["text"]))


def _same_reply_for_retry(_: Check, known: Known) -> str:
    """The very bytes, or an empty answer."""
    bodies: dict[str, set[bytes]] = {}
    for exchange in known.run.exchanges:
        for delivery in exchange.heard.deliveries:
            if delivery.id:
                bodies.setdefault(delivery.id, set()).update(set(delivery.bodies) - {b"", b"success"})
    return "a redelivery got other words" if any(len(each) > 1 for each in bodies.values()) else ""


def _replies_to_opening_max(check: Check, known: Known) -> str:
    return number_fault({"max": check["value"]}, len(known.run.of(Part.OPENING)[0].heard.texts))


def _prompts_max(check: Check, known: Known) -> str:
    return number_fault({"max": check["value"]}, known.run.main_turns)


def _asked_again(check: Check, known: Known) -> str:
    why = number_fault(check, len(known.run.player.asked_again))
    return f"{why}: {known.run.player.asked_again}" if why else ""


def _max_asks(check: Check, known: Known) -> str:
    return number_fault({"max": check["value"]}, _times_asked(known.run)[check["field"]])


def _was_asked(check: Check, known: Known) -> str:
    return "" if _times_asked(known.run)[check["field"]] else f"{check['field']} never was"


def _reply_any(check: Check, known: Known) -> str:
    return "" if _holds(known.run.texts, check["values"]) else f"no reply holds one of {check['values']}"


def _reply_none(check: Check, known: Known) -> str:
    held = [value for value in check["values"] if _holds(known.run.texts, [value])]
    return f"a reply holds {held}" if held else ""


def _reply_after(check: Check, known: Known) -> str:
    texts = [exchange.text for exchange in known.run.of(Part.AFTER)]
    return "" if _holds(texts, check["any"]) else f"no reply after holds one of {check['any']}"


def _reply_after_phrase(check: Check, known: Known) -> str:
    return "" if _holds(known.run.after_the_phrase(), check["any"]) else f"no reply holds one of {check['any']}"


def _no_form_after_phrase(_: Check, known: Known) -> str:
    asked = {name for text in known.run.after_the_phrase() for name in fields_of(text)} - AFTER_THE_PHRASE
    return f"asked for {sorted(asked)}" if asked else ""


def _staff_alert(check: Check, known: Known) -> str:
    """A page; where the check says so, being put through does as well."""
    paged = any(task.kind == "page" for task in known.held.tasks)
    if check.get("or") == "dial" and any(exchange.ctx.get("dial") for exchange in known.run.exchanges):
        return ""
    return "" if paged is bool(check["value"]) else f"a page: {paged}"


def _received_at(_: Check, known: Known) -> str:
    """The clock starts at the first message, not when the record is whole."""
    first = known.run.exchanges[0].heard.first_at
    case = known.held.main
    late = case is None or abs(case.received_at - first) > timedelta(seconds=1)
    return "the clock began later" if late else ""


def _policies_all(check: Check, known: Known) -> str:
    found = {value for case in known.held.cases for value in _policies(case.record)}
    lost = [value for value in check["values"] if value not in found]
    return f"lost {lost}" if lost else ""


def _policies(record: Complaint) -> set[str]:
    return {record.value("policy_number"), *(each.value for each in record.others.get("policy_number", ()))}


def _record_not_in_fields(check: Check, known: Known) -> str:
    values = [simple(case.record.value(name)) for case in known.held.cases for name in NOT_IN_FIELDS]
    wrong = [told for told in check["values"] if any(value and value.startswith(simple(told)) for value in values)]
    return f"{wrong} stands in a field" if wrong else ""


def _no_fetch(check: Check, known: Known) -> str:
    touched = known.looked_up & set(check["values"])
    return f"went to {sorted(touched)}" if touched else ""


def _score(check: Check, known: Known) -> str:
    scores = [moment.text for moment in known.held.moments if moment.kind == "score"]
    return "" if scores[-1:] == [str(check["equals"])] else f"scores: {scores}"


def _reopened(check: Check, known: Known) -> str:
    opened = any(case.status == Status.REOPENED for case in known.held.cases)
    return "" if opened is bool(check["value"]) else f"reopened: {opened}"


def _matter_min_chars(check: Check, known: Known) -> str:
    case = known.held.main
    return number_fault({"min": check["value"]}, len(case.record.value("matter")) if case else 0)


def _task(check: Check, known: Known) -> str:
    """Somebody must do something of this kind."""
    kinds = {task.kind for task in known.held.tasks}
    return "" if kinds & set(check["any"]) else f"{sorted(kinds)}, none of {check['any']}"


def _holds(texts: Any, values: Any) -> bool:
    return any(simple(value) in simple(text) for text in texts for value in values)


def _times_asked(run: Run) -> Counter[str]:
    return Counter(name for exchange in run.exchanges for name in dict.fromkeys(exchange.fields))


CHECKS: Mapping[str, Callable[[Check, Known], str]] = {
    "cases_created": _cases_created,
    "accepted_cases": _accepted_cases,
    "evidence_min": _evidence_min,
    "messages_stored": _messages_stored,
    "same_reply_for_retry": _same_reply_for_retry,
    "replies_to_opening_max": _replies_to_opening_max,
    "prompts_max": _prompts_max,
    "asked_again": _asked_again,
    "max_asks": _max_asks,
    "was_asked": _was_asked,
    "reply_any": _reply_any,
    "reply_none": _reply_none,
    "reply_after": _reply_after,
    "reply_after_phrase": _reply_after_phrase,
    "no_form_after_phrase": _no_form_after_phrase,
    "staff_alert": _staff_alert,
    "received_at_is_first_message": _received_at,
    "policies_all": _policies_all,
    "record_not_in_fields": _record_not_in_fields,
    "no_fetch": _no_fetch,
    "score": _score,
    "reopened": _reopened,
    "matter_min_chars": _matter_min_chars,
    "call_logged": calls.call_logged,
    "call_state": calls.call_state,
    "recordings": calls.recordings,
    "task": _task,
    "dialled": calls.dialled,
}
