"""What events are called, and which entry of a timeline is which event."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RECEIVED, ACCEPTED, STATUS, CHANGED = (
    "complaint.received",
    "complaint.accepted",
    "complaint.status",
    "complaint.changed",
)
TEST = "endpoint.test"

# Kind of a timeline's entry → event; one that is not named here is CHANGED, so that no change goes untold.
OF_KIND: Mapping[str, str] = MappingProxyType(
    {
        "heard": "complaint.message",
        "said": "complaint.told",
        "status": STATUS,
        "field": "complaint.field",
        "file": "complaint.file",
        "note": "complaint.note",
        "delivery": "complaint.delivery",
        "task": "complaint.task",
        "call": "complaint.call",
        "score": "complaint.score",
        "assign": "complaint.assigned",
        "assigned": "complaint.assigned",
        "grade": "complaint.graded",
        "graded": "complaint.graded",
        "classify": "complaint.graded",
        "class": "complaint.graded",
        "clock": "complaint.clock",
        "link": "complaint.linked",
        "merge": "complaint.linked",
        "split": "complaint.linked",
        "approval": "complaint.approval",
        "emergency": "complaint.emergency",
    }
)
TYPES = (*sorted({RECEIVED, ACCEPTED, CHANGED, *OF_KIND.values()}),)
