"""One complaint as staff see it: the record with where each value is from, the way so far, and what may come next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.casework.lifecycle import NEEDS_NOTE, TOLD, NotAllowed, Status, way
from normalizer.record import Field
from normalizer.rulebook import rules
from store.unit import Unit
from store.values import Case, File, Moment

Facts = dict[str, Any]

# The straight way through a complaint's life; the first of these that is open is what staff will mostly want.
USUAL = (
    Status.ACCEPTED,
    Status.INVESTIGATING,
    Status.SOLUTION,
    Status.DECIDED,
    Status.FOLLOW_UP,
    Status.ARCHIVED,
    Status.REGISTERED,
)


def head_facts(case: Case) -> Facts:
    """What a list of cases shows of one."""
    return {
        "number": case.number,
        "status": case.status,
        "channel": case.channel,
        "intent": case.record.intent,
        "priority": case.record.value("priority"),
        "name": case.record.value("complainant_name"),
        "missing": len(case.record.missing),
        "received_at": _iso(case.received_at),
        "updated_at": _iso(case.updated_at),
    }


async def case_facts(unit: Unit, case: Case, now: datetime) -> Facts:
    """The whole case; four statements."""
    record = case.record
    return {
        **head_facts(case),
        "missing": list(record.missing),
        "accepted_at": _iso(case.accepted_at),
        "due_at": _iso(case.due_at),
        "days_left": (case.due_at - now).days,
        "detail_name": _detail_name(record.value("category_detail")),
        "attested": case.attested,
        "language": record.language,
        "fields": {name: _field(found) for name, found in record.fields.items()},
        "others": {name: [_field(each) for each in found] for name, found in record.others.items()},
        "people": [_field(found) for found in record.people],
        "amounts": [_field(found) for found in record.amounts],
        "dates": [_field(found) for found in record.dates],
        "flags": [_field(found) for found in record.flags],
        "files": [_file(file) for file in await unit.files.of_complaint(case.id)],
        "timeline": [_moment(moment) for moment in await unit.timeline.of(case.id)],
        "steps": _steps(case),
    }


def _detail_name(code: str) -> str:
    return next((detail["name"] for detail in rules("categories")["detail"] if detail["code"] == code), "")


def _steps(case: Case) -> list[Facts]:
    """The states that staff may name now, the usual one first."""
    open_ones = [status for status in (*USUAL, *Status) if _is_open(case, status)]
    return [
        {"status": status, "needs_note": status in NEEDS_NOTE, "told": status in TOLD, "usual": status in USUAL}
        for status in dict.fromkeys(open_ones)
    ]


def _is_open(case: Case, wanted: Status) -> bool:
    try:
        way(Status(case.status), wanted)
    except NotAllowed:
        return False
    return True


def _field(found: Field) -> Facts:
    return {
        "value": found.value,
        "source": found.source,
        "method": found.method,
        "confidence": found.confidence,
        "rule": found.rule,
    }


def _file(file: File) -> Facts:
    return {"name": file.name, "type": file.media_type, "state": file.state, "size": file.size}


def _moment(moment: Moment) -> Facts:
    return {
        "id": moment.id,
        "at": _iso(moment.at),
        "kind": moment.kind,
        "actor": moment.actor,
        "text": moment.text,
        "data": _plain(moment.data),
    }


def _plain(data: Mapping[str, Any]) -> Facts:
    return {name: data[name] for name in ("path", "note", "files", "channel", "next", "via") if name in data}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
