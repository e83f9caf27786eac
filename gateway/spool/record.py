"""One thing that waits on disk: an item, a provider's report on a message, or a report on a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from channels.base import (
    Answer,
    AnswerKind,
    CallReport,
    CallState,
    DeliveryReport,
    DeliveryState,
    Item,
    Then,
)
from normalizer.record import Contact, ContactKind, Submission, nothing


class Kind(StrEnum):
    ITEM = "item"
    REPORT = "report"  # a DeliveryReport
    CALL = "call"  # a CallReport


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What is written, sealed as a whole."""

    kind: Kind
    channel: str
    key: str
    at: datetime  # when it was received
    lane: str  # what must stay in order: a sender, a call, a message of ours
    envelope: Mapping[str, str] = field(default_factory=nothing)
    context: Mapping[str, str] = field(default_factory=nothing)  # what only the hander-in knew of it
    told: Answer | None = None  # the interim words; a repeated delivery hears the same
    body: bytes = b""  # the raw item, or the report as JSON

    @property
    def item(self) -> Item:
        return Item(
            channel=self.channel, key=self.key, received_at=self.at, raw=self.body, envelope=dict(self.envelope)
        )


def packed(record: Record) -> bytes:
    """One line of JSON, then the body."""
    plain = replace(record, body=b"", envelope=dict(record.envelope), context=dict(record.context))
    head = {name: value for name, value in asdict(plain).items() if name != "body"}
    return orjson.dumps(head) + b"\n" + record.body


def unpacked(content: bytes) -> Record:
    """The record that ``packed`` made."""
    line, _, body = content.partition(b"\n")
    head = orjson.loads(line)
    told = head["told"]
    return Record(
        kind=Kind(head["kind"]),
        channel=head["channel"],
        key=head["key"],
        at=datetime.fromisoformat(head["at"]),
        lane=head["lane"],
        envelope=head["envelope"],
        context=head["context"],
        told=Answer(**{**told, "kind": AnswerKind(told["kind"]), "then": Then(told["then"])}) if told else None,
        body=body,
    )


def of_item(item: Item) -> Record:
    """Kept, and not yet read: nobody knows yet whose it is."""
    return Record(
        kind=Kind.ITEM,
        channel=item.channel,
        key=item.key,
        at=item.received_at,
        lane=f"{item.channel}:key:{item.key}",
        envelope=item.envelope,
        body=item.raw,
    )


def of_submission(submission: Submission, told: Answer) -> Record:
    return Record(
        kind=Kind.ITEM,
        channel=submission.channel,
        key=submission.key,
        at=submission.received_at,
        lane=lane_of(submission),
        context=submission.context,
        told=told,
        body=submission.raw,
    )


def of_report(report: DeliveryReport) -> Record:
    name = report.provider_id or report.outbound_id
    return _report(Kind.REPORT, report.channel, f"{name}:{report.state}", f"{report.channel}:sent:{name}", report)


def of_call(report: CallReport) -> Record:
    return _report(Kind.CALL, report.channel, f"{report.call}:{report.state}", _of_talk(report), report)


def report_in(record: Record) -> DeliveryReport:
    told = orjson.loads(record.body)
    state, at = DeliveryState(told["state"]), datetime.fromisoformat(told["at"])
    return DeliveryReport(**{**told, "state": state, "at": at})


def call_in(record: Record) -> CallReport:
    told = orjson.loads(record.body)
    other = Contact(kind=ContactKind(told["other"]["kind"]), value=told["other"]["value"])
    at = datetime.fromisoformat(told["at"])
    return CallReport(**{**told, "state": CallState(told["state"]), "at": at, "other": other})


def lane_of(submission: Submission) -> str:
    """The call, or whoever sent it; what comes from nobody stands for itself."""
    if submission.talk:
        return f"{submission.channel}:talk:{submission.talk}"
    sender = submission.sender
    return (
        f"{submission.channel}:{sender.kind}:{sender.value}" if sender else f"{submission.channel}:key:{submission.key}"
    )


def _of_talk(report: CallReport) -> str:
    return f"{report.channel}:talk:{report.call}"


def _report(kind: Kind, channel: str, key: str, lane: str, report: Any) -> Record:
    return Record(kind=kind, channel=channel, key=key, at=report.at, lane=lane, body=orjson.dumps(asdict(report)))
