"""What a person of ours says of values that were read, as an item of its own: in the ledger like all we take in.

``fields`` are the values as they are; an empty one is not in the letter. ``text`` is what a person typed from a page
that no machine could read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from channels.base import Item
from channels.errors import Unreadable
from normalizer.record import NOBODY, Gesture, Submission, Thread

PREFIX = "checked:"
CHECKED = "fields_checked"


class Check(BaseModel):
    """The item as it lies in the ledger: enough to read it again without anything else."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    number: str
    scan: int | None  # the item whose scan was looked at
    fields: dict[str, str]
    text: str
    by: str
    at: str  # ISO time: the same values given later are another look
    action: str = CHECKED  # by which the audit trail knows it
    reason: str = ""
    as_written: bool = False  # with a check digit that does not hold


def check_of(
    number: str,
    channel: str,
    scan: int | None,
    fields: Mapping[str, str],
    text: str,
    *,
    by: str,
    at: datetime,
    action: str = CHECKED,
    reason: str = "",
    as_written: bool = False,
) -> Submission:
    """The item to submit."""
    who = {"by": by, "at": at.isoformat(), "action": action, "reason": reason}
    raw = Check(number=number, scan=scan, fields=dict(fields), text=text, as_written=as_written, **who)
    content = raw.model_dump_json().encode()
    key = PREFIX + hashlib.sha256(content).hexdigest()
    return read_look(Item(channel=channel, key=key, received_at=at, raw=content))


def read_check(submission: Submission) -> Check:
    """What it says. Raises ValueError for what ``check_of`` did not make."""
    return Check.model_validate_json(submission.raw)


def read_look(item: Item) -> Submission:
    """The look again. Raises Unreadable for what we did not write."""
    try:
        check = Check.model_validate_json(item.raw)
    except (ValidationError, ValueError):
        raise Unreadable("values that were checked, not as we wrote them") from None
    return Submission(
        channel=item.channel,
        key=item.key,
        sender=NOBODY,
        received_at=item.received_at,
        raw=item.raw,
        gesture=Gesture.CHECKED,
        thread=Thread(number=check.number, by=("staff",), proven=True),
    )
