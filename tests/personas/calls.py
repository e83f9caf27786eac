"""The checks that only calls know: answering.md 7.5. Each says why it fails; "" when it passes."""

from __future__ import annotations

from channels.phone.simulator import Call
from store.values import CallRecord
from tests.personas.held import stored
from tests.personas.known import Check, Known, number_fault

WITHHELD = frozenset({"+266696687"})  # how a carrier writes "anonymous" in digits


def call_logged(check: Check, known: Known) -> str:
    """Number, time and end of every call, and staff find it by the API."""
    records = known.held.calls
    unknown = [call.sid for call in known.run.post.lines() if not any(_logs(record, call) for record in records)]
    unlisted = {record.call for record in records} - known.held.listed
    return f"not logged: {unknown}; not listed: {sorted(unlisted)}" if unknown or unlisted else ""


def _logs(record: CallRecord, call: Call) -> bool:
    number = call.from_ if call.from_.startswith("+") and call.from_ not in WITHHELD else ""
    return record.call == call.sid and record.over and record.contact.value == number


def call_state(check: Check, known: Known) -> str:
    states = [call.state for call in known.held.calls]
    return "" if states and set(states) == {check["equals"]} else f"{states}, not {check['equals']}"


def recordings(check: Check, known: Known) -> str:
    """Those whose bytes we have; ``max_per_segment``: so many for each that the carrier made."""
    kept = [file for file in stored(known.held.files) if file.media_type.startswith("audio/")]
    most = {"max": check["max_per_segment"] * known.run.post.recordings} if "max_per_segment" in check else {}
    return number_fault({**check, **most}, len(kept))


def dialled(check: Check, known: Known) -> str:
    rang = any(exchange.ctx.get("dial") for exchange in known.run.exchanges)
    return "" if rang is bool(check["value"]) else f"an agent was rung: {rang}"
