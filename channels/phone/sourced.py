"""What Twilio's lists hold: calls to us and recordings, by the keys of our items; messages and calls of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from channels.base import Sourced
from channels.errors import Retryable
from channels.phone.books import COMPLETED, LONGEST_CALL, MORE_PAGES
from channels.phone.calls import contact_of
from channels.phone.client import Api
from channels.phone.facts import CallFacts, Facts, Listed, MessageFacts, RecordingFacts
from channels.phone.settings import SID, PhoneSettings

RECORDING = "recording:"
# Of calls that are over, those that were somebody's: who rang off before anybody answered asked nothing of us.
MISSED = frozenset({COMPLETED, "failed"})
CALL_OF_OURS, MESSAGE_OF_OURS = "CA", ("SM", "MM")  # with what Twilio's ids begin


async def sourced(api: Api, settings: PhoneSettings, since: datetime, until: datetime) -> list[Sourced]:
    """Calls, recordings and messages that began between two moments. Raises DeliveryError."""
    calls = _whole(await api.calls_since(since - LONGEST_CALL))
    recordings = _whole(await api.recordings_since(since))
    to_us = {call.sid: call for call in calls if _is_to(call, settings.number)}
    found = [
        *(_call(call) for call in to_us.values()),
        *_recordings(recordings, to_us),
        *(_message(message) for message in _whole(await api.messages_since(since))),
        *(_call_out(call) for call in _whole(await api.placed_since(since)) if call.direction == "outbound-api"),
    ]
    return [each for each in found if each.at is None or since <= each.at < until]


def vouches(key: str, *, keeps_recordings: bool) -> bool:
    """A call's beginning, a recording that nobody deleted there, a message that was sent."""
    call, _, step = key.partition(":")
    if key.startswith(RECORDING):
        return keeps_recordings
    if step:
        return step == "0" and SID.fullmatch(call) is not None
    return key.startswith((CALL_OF_OURS, *MESSAGE_OF_OURS)) and SID.fullmatch(key) is not None


def _whole(listed: Listed[Facts]) -> Sequence[Facts]:
    if not listed.whole:
        raise Retryable(MORE_PAGES)
    return listed.facts


def _is_to(call: CallFacts, number: str) -> bool:
    """The account may have other numbers."""
    return call.direction == "inbound" and contact_of(call.to) == contact_of(number)


def _call(call: CallFacts) -> Sourced:
    """Its beginning is told by the first webhook; where that was lost, its end is found in the books."""
    return Sourced(
        kind="call",
        name=call.sid,
        at=call.started_at or call.created_at,
        keys=(f"{call.sid}:0", f"{call.sid}:end"),
        due=call.status in MISSED,
    )


def _recordings(recordings: Sequence[RecordingFacts], to_us: dict[str, CallFacts]) -> Iterator[Sourced]:
    for tape in recordings:
        if tape.call_sid in to_us and tape.status == COMPLETED:
            yield Sourced(kind="recording", name=tape.sid, at=tape.created_at, keys=(f"{RECORDING}{tape.sid}",))


def _message(message: MessageFacts) -> Sourced:
    return Sourced(kind="message", name=message.sid, at=message.created_at, keys=(message.sid,), ours=True)


def _call_out(call: CallFacts) -> Sourced:
    return Sourced(kind="call_out", name=call.sid, at=call.created_at or call.started_at, keys=(call.sid,), ours=True)
