"""What an event says of a change: codes alone. Whoever may know more asks for the ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from store.values import Moment

ACTORS = frozenset({"customer", "gateway", "machine", "model"})  # anybody else is a person or a system of ours: staff
SAID_BY = "staff"
# A code, as we write them. A name, a phone or a policy number must not pass for one: no capital amid small letters,
# few digits.
CODE = re.compile(r"(?:[a-z][a-z0-9_]{0,39}|[A-Z][A-Z_]{0,39}\d{0,2}|\d{1,4})")
LONG_NUMBER = re.compile(r"\d{5}")
OURS = re.compile(r"TS\d{12}|[0-9a-f]{32}")  # numbers of complaints, ids of parcels and tasks
STATE = re.compile(r"[A-Z][A-Z_]{0,39}\d{0,2}")
MOVED = ("from", "to")  # of a status or a grade; of an assignment they name people, and stay here
CODED = (
    "status",
    "what",
    "channel",
    "next",
    "via",
    "kind",
    "state",
    "plan",
    "step",
    "level",
    "score",
    "code",
    "priority",
    "category",
    "product",
    "outcome",
)
LISTED = ("path", "fields", "departments")
NAMED = ("parcel", "task", "number", "other")


def change_of(moment: Moment) -> dict[str, Any]:
    """The codes of an entry of the timeline; words, names and values stay here."""
    codes = {"kind": moment.kind, "by": moment.actor if moment.actor in ACTORS else SAID_BY, **_of_text(moment)}
    return codes | _of_data(moment.data)


def _of_data(data: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: data[name] for name in CODED if name != "kind" and is_code(data.get(name))}
    found |= {name: data[name] for name in MOVED if STATE.fullmatch(str(data.get(name, "")))}
    found |= {"task_kind": data["kind"]} if is_code(data.get("kind")) else {}
    found |= {
        name: [each for each in data[name] if is_code(each)] for name in LISTED if isinstance(data.get(name), list)
    }
    return found | {name: data[name] for name in NAMED if OURS.fullmatch(str(data.get(name, "")))}


def _of_text(moment: Moment) -> dict[str, Any]:
    """Some entries have their codes for a text: the name of a field, a task's kind and reason."""
    if moment.kind == "field" and is_code(moment.text):
        return {"fields": [moment.text]}
    kind, _, reason = moment.text.partition(": ")
    if moment.kind == "task" and is_code(kind) and is_code(reason):
        return {"task_kind": kind, "reason": reason}
    return {"what": moment.text} if moment.kind in ("call", "emergency") and is_code(moment.text) else {}


def is_code(value: object) -> bool:
    """A small number, or a word of ours."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return False
    return CODE.fullmatch(str(value)) is not None and LONG_NUMBER.search(str(value)) is None
