"""Twilio's REST interface, version 2010-04-01: the few requests that the channel makes.

https://www.twilio.com/docs/voice/api/call-resource, …/recording, https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from channels.errors import DeliveryError, Rejected, Retryable
from channels.phone.answers import believe, check, day, entries, not_before, safe
from channels.phone.facts import (
    CallFacts,
    Facts,
    Listed,
    MessageFacts,
    RecordingFacts,
    call_from,
    message_from,
    recording_from,
    sid_of,
)
from channels.phone.refusals import Unknown
from channels.phone.settings import PhoneSettings
from channels.phone.transport import LOAD_TIME, Reply, SessionFactory, TooLarge, Transport, Values

RECORDING_CAP = 32 * 1024 * 1024  # over two hours of telephone speech as MP3
PAGE = "200"
MAX_PAGES = 200  # more calls and recordings than a hotline has in two days: only a list without end has more
RING_SECONDS = "30"
LONGEST_CALL = "600"  # seconds of a call that we place
NOT_RECORDING = ("20404", "21220")  # no recording is under way, or the call is over
COMING = frozenset({"in-progress", "paused", "stopped", "processing", "completed"})


class Api:
    """The requests; each raises a DeliveryError when Twilio did not do as asked."""

    def __init__(self, settings: PhoneSettings, *, session_factory: SessionFactory | None = None) -> None:
        self.settings = settings
        self.root = f"/2010-04-01/Accounts/{settings.account_sid}/"
        self.transport = Transport(base=settings.api_url, login=settings.login, session_factory=session_factory)

    async def send_sms(self, *, to: str, body: str, status_callback: str) -> str:
        """One text message; its sid. Raises Unknown when it may have left."""
        form = {"To": to, "From": self.settings.number, "Body": body}
        return await self._create("Messages.json", form | _told("StatusCallback", status_callback))

    async def place_call(self, *, to: str, url: str, status_callback: str, detect_machine: bool) -> str:
        """One call, which fetches at ``url`` what to say; its sid. Raises Unknown when it may ring."""
        form: dict[str, str | Sequence[str]] = {
            "To": to,
            "From": self.settings.number,
            "Url": url,
            "Method": "POST",
            "StatusCallback": status_callback,
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": ["completed"],  # which is also how busy, failed and unanswered are told
            "Timeout": RING_SECONDS,
            "TimeLimit": LONGEST_CALL,
        }
        return await self._create("Calls.json", form | _told("MachineDetection", "Enable" if detect_machine else ""))

    async def find_messages(self, *, to: str, body: str, since: datetime) -> tuple[str, ...]:
        """Messages with these words that Twilio took since then, newest first.

        By number alone: a message that waits in Twilio's queue has no DateSent that a filter could see.
        """
        query = {"To": to, "From": self.settings.number, "PageSize": PAGE}
        found = await self._all("Messages.json", query, message_from, pages=1)
        # A trial account puts a line of its own before our words.
        same = [message for message in found.facts if message.body.strip().endswith(body.strip())]
        return tuple(message.sid for message in same if message.sid and not_before(message.created_at, since))

    async def find_calls(self, *, to: str, since: datetime) -> tuple[str, ...]:
        """Calls to this number that Twilio took since then, newest first; a call that is queued has no StartTime."""
        query = {"To": to, "From": self.settings.number, "PageSize": PAGE}
        found = (await self._all("Calls.json", query, call_from, pages=1)).facts
        return tuple(call.sid for call in found if call.sid and not_before(call.created_at or call.started_at, since))

    async def call(self, sid: str) -> CallFacts:
        """Raises Rejected when Twilio does not know the call."""
        reply = await self._ask("GET", f"Calls/{safe(sid)}.json")
        return call_from(believe(reply, missing=True))

    async def calls_since(self, when: datetime) -> Listed[CallFacts]:
        """Calls to our number. Twilio's filter knows days only; the rest is done here."""
        query = {"To": self.settings.number, "StartTime>": day(when), "PageSize": PAGE}
        found = await self._all("Calls.json", query, call_from)
        return replace(found, facts=[call for call in found.facts if call.sid and not_before(call.started_at, when)])

    async def placed_since(self, when: datetime) -> Listed[CallFacts]:
        """Calls from our number."""
        query = {"From": self.settings.number, "StartTime>": day(when), "PageSize": PAGE}
        found = await self._all("Calls.json", query, call_from)
        return replace(found, facts=[call for call in found.facts if call.sid and not_before(call.created_at, when)])

    async def messages_since(self, when: datetime) -> Listed[MessageFacts]:
        """Text messages from our number that have left; one that waits in Twilio's queue has no DateSent yet."""
        query = {"From": self.settings.number, "DateSent>": day(when), "PageSize": PAGE}
        found = await self._all("Messages.json", query, message_from)
        return replace(found, facts=[each for each in found.facts if each.sid and not_before(each.created_at, when)])

    async def recordings_since(self, when: datetime) -> Listed[RecordingFacts]:
        """Recordings of the whole account: Twilio does not find them by number."""
        query = {"DateCreated>": day(when), "PageSize": PAGE}
        found = await self._all("Recordings.json", query, recording_from)
        return replace(found, facts=[tape for tape in found.facts if tape.sid and not_before(tape.created_at, when)])

    async def fetch_recording(self, sid: str) -> tuple[bytes, str]:
        """The sound and its media type. Raises Retryable while it is being made, Rejected when it is gone for good."""
        reply = await self._ask("GET", f"Recordings/{safe(sid)}.mp3", cap=RECORDING_CAP, slow=True)
        if reply.status == 404:
            raise await self._why_missing(sid)
        check(reply, missing=True)
        if not reply.content_type.startswith("audio/") or not reply.body:
            raise Retryable("Twilio's answer is no recording")
        return reply.body, reply.content_type

    async def delete_recording(self, sid: str) -> None:
        """Gone already is as good."""
        reply = await self._ask("DELETE", f"Recordings/{safe(sid)}.json")
        if reply.status != 404:
            check(reply, missing=True)

    async def record_call(self, call_sid: str, callback: str) -> None:
        """Record a call under way; what becomes of the recording is told to ``callback``.

        Raises Unknown when it may be recorded.
        """
        form: Values = {
            "RecordingStatusCallback": callback,
            "RecordingStatusCallbackMethod": "POST",
            "RecordingStatusCallbackEvent": ["completed", "absent"],
            "Trim": "do-not-trim",  # a silence is part of what happened
        }
        check(await self._do(f"Calls/{safe(call_sid)}/Recordings.json", form), missing=True)

    async def stop_recording(self, call_sid: str) -> bool:
        """Nothing is recorded from here on; False: nothing was."""
        path = f"Calls/{safe(call_sid)}/Recordings/Twilio.CURRENT.json"
        try:
            check(await self._ask("POST", path, form={"Status": "stopped"}), missing=True)
        except Rejected as error:
            if error.code not in NOT_RECORDING:
                raise
            return False
        return True

    async def aclose(self) -> None:
        await self.transport.aclose()

    async def _create(self, path: str, form: Values) -> str:
        reply = await self._do(path, form)
        check(reply)
        sid = sid_of(reply.json())
        if not sid:
            raise Unknown("Twilio's answer names no sid")
        return sid

    async def _do(self, path: str, form: Values) -> Reply:
        """What a server in trouble took, it may still carry out: only a plain refusal is one. Raises Unknown."""
        try:
            reply = await self._ask("POST", path, form=form)
        except TooLarge:
            raise Unknown("Twilio's answer has no end") from None
        if reply.status >= 500 or reply.status == 408:
            raise Unknown(f"Twilio answers HTTP {reply.status}")
        return reply

    async def _ask(
        self, method: str, path: str, *, form: Values | None = None, cap: int | None = None, slow: bool = False
    ) -> Reply:
        limits: dict[str, Any] = ({"cap": cap} if cap else {}) | ({"within": LOAD_TIME} if slow else {})
        return await self.transport.exchange(method, self.root + path, form=form, **limits)

    async def _all(
        self, path: str, query: Values, read: Callable[[Mapping[str, Any]], Facts], *, pages: int = MAX_PAGES
    ) -> Listed[Facts]:
        """Every entry, page by page; only a next page of our own account is asked for."""
        found: list[Facts] = []
        following: object = self.root + path
        for page in range(pages):
            reply = await self.transport.exchange("GET", str(following), query=None if page else query)
            told = believe(reply)
            found += map(read, entries(told, path.removesuffix(".json").lower()))
            following = told.get("next_page_uri")
            if not isinstance(following, str) or not following.startswith(self.root):
                return Listed(facts=found)
        return Listed(facts=found, whole=False)

    async def _why_missing(self, sid: str) -> DeliveryError:
        """The sound is not there: not yet, or not any more?"""
        reply = await self._ask("GET", f"Recordings/{safe(sid)}.json")
        if reply.status == 404:
            return Rejected("Twilio does not know the recording", code="20404")
        told = recording_from(believe(reply, missing=True))
        if told.status in COMING:
            return Retryable("the recording is not there yet")
        return Rejected(f"the recording is {told.status or 'gone'}", code="gone")


def _told(name: str, value: str) -> dict[str, str | Sequence[str]]:
    return {name: value} if value else {}
