"""By what an item is known again: WeChat sends the same one up to four times."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from channels.origin import UNPROVEN
from channels.wechat.markup import Fields, one
from normalizer.record import Submission

MAX_ID = 64
PREFIX = "unproven:"  # an item that may be anybody's never stands where WeChat's own would


def key_of(fields: Fields, raw: bytes) -> str:
    """A message by its MsgId, an event by who, when, what, and by what else tells two of the same second apart.

    WeChat's documents name FromUserName + CreateTime for events; CreateTime is in seconds, and two events of one
    person in one second do happen (WxJava #2705). Raises Malformed when a field that names the item is not one value.
    """
    if one(fields, "MsgType").lower() == "event":
        return _event_key(fields)
    message_id = one(fields, "MsgId")
    return f"msg:{message_id}" if 0 < len(message_id) <= MAX_ID else raw_key(raw)


def raw_key(raw: bytes) -> str:
    """The key of an item that says nothing of itself."""
    return f"raw:{hashlib.sha256(raw).hexdigest()[:40]}"


def _event_key(fields: Fields) -> str:
    head = [one(fields, name) for name in ("FromUserName", "CreateTime", "Event", "EventKey")]
    tail = one(fields, "MsgID") or one(fields, "Ticket") or json.dumps(fields, sort_keys=True)
    told = json.dumps([*head, tail]).encode()
    return f"event:{hashlib.sha256(told).hexdigest()[:40]}"


def unproven(submission: Submission) -> Submission:
    """The same words, with nobody to vouch for whose they are."""
    key = submission.key if is_unproven(submission.key) else PREFIX + submission.key
    return replace(submission, key=key, attested=False, warnings=(*submission.warnings, UNPROVEN))


def is_unproven(key: str) -> bool:
    return key.startswith(PREFIX)
