"""How a run ended: answering.md 7.1, first match wins."""

from __future__ import annotations

from gateway.casework.lifecycle import Status
from gateway.intake.phrases import phrases
from tests.personas.held import Held
from tests.personas.player import digits_in, says_handed
from tests.personas.transcript import Run

FOR_A_PERSON = frozenset({"handover", "callback", "page"})


def outcome(run: Run, held: Held) -> str:
    """One of the outcomes of answering.md 7.1."""
    if run.main_goal == "withdraw" and any(case.status == Status.WITHDRAWN for case in held.cases):
        return "withdrawn"
    if _handed(run, held):
        return "handed_to_staff"
    if run.main_goal == "progress":
        return "progress_told" if told_a_state(run) else "not_told"
    if not held.complaints:
        return "no_complaint"
    if any(told_number(run, case.number) for case in held.accepted):
        return "accepted"
    return "awaiting_information"


def told_number(run: Run, number: str) -> bool:
    return any(_tells(text, number) for text in run.texts)


def told_a_state(run: Run) -> bool:
    """Does some reply hold the state of a case that was there before?"""
    words = phrases("zh-Hans")
    labels = {words.get("status", key) for key in words.keys("status")} | {"正在登记"}
    lines = [line for text in run.texts for line in text.splitlines()]
    told = [line for line in lines if any(_tells(line, number) for number in run.set_before)]
    return any(label in line for line in told for label in labels)


def _tells(text: str, number: str) -> bool:
    """Written as it is, or spoken digit by digit."""
    return number in text or digits_in(number) in digits_in(text)


def _handed(run: Run, held: Held) -> bool:
    if not any(task.kind in FOR_A_PERSON for task in held.tasks):
        return False
    return any(exchange.ctx.get("dial") or says_handed(exchange.text) for exchange in run.exchanges)
