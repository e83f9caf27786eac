"""The insurer's side of the telephone: calls as they stand, and what was recorded of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.operations.demo.callers import caller_at
from store.unit import Unit
from store.values import CallRecord, ConversationId, File, Hearing

Facts = dict[str, Any]

MOST_CALLS = 30
AUDIO = ("audio/wav", "audio/x-wav", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm")  # that browsers play


async def call_facts(unit: Unit) -> Facts:
    """The last calls and their recordings, newest first; two statements."""
    calls = await unit.calls.list(limit=MOST_CALLS)
    talks = {call.conversation_id: call for call in calls if call.conversation_id is not None}
    files = [file for file in await unit.files.of_conversations(list(talks)) if is_recording(file)]
    return {
        "calls": [_call(call) for call in calls],
        "recordings": [_recording(file, _number(file, talks)) for file in reversed(files)],
    }


def is_recording(file: File) -> bool:
    """One that a browser may play in this page's name; one that is still to be fetched says of itself that it is."""
    return file.channel == "phone" and file.media_type in AUDIO


def _number(file: File, talks: dict[ConversationId, CallRecord]) -> str:
    return talks[file.conversation_id].number if file.conversation_id in talks else ""


def _call(call: CallRecord) -> Facts:
    player = caller_at(call.contact.value)
    return {
        "id": call.call,
        "who": player.name if player else call.contact.value,
        "outgoing": call.outgoing,
        "state": call.state,
        "over": call.over,
        "started_at": _iso(call.started_at),
        "seconds": call.seconds,
        "number": call.number,
    }


def _recording(file: File, number: str) -> Facts:
    return {
        "id": file.id,
        "message": file.heard is not Hearing.NEEDLESS,  # left by somebody, not the whole call
        "at": _iso(file.received_at),
        "state": file.state,
        "number": number,
        "words": file.words.text if file.words else "",
        "heard_by": file.words.method if file.words else "",
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
