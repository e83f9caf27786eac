"""What we are about to send is written down first, so that nobody is told twice.

Twilio takes no idempotency key for messages and calls. After a time-out nobody knows whether it took one: the next
attempt finds the intent, looks into Twilio's own list, and takes what it finds there as sent.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.base import Clock, Memory
from channels.errors import DeliveryError, Retryable
from channels.phone.keeping import OF_A_MESSAGE
from channels.phone.refusals import ASK_FIRST, Unknown

SKEW = timedelta(minutes=2)  # by which Twilio's clock and ours may differ


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """One message to be sent by one way, and its sid once it was."""

    way: str
    to: str
    since: datetime
    sid: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """How one message is sent by one way, and how it is found again; neither knows of the other."""

    outbound_id: str
    way: str
    to: str
    create: Callable[[], Awaitable[str]]
    find: Callable[[datetime], Awaitable[Sequence[str]]]


class Intents:
    """``intent:<message>`` is what we are at; ``owner:<sid>`` is whose a message or call at Twilio is."""

    def __init__(self, *, memory: Memory, clock: Clock) -> None:
        self.memory = memory
        self.clock = clock

    async def of(self, outbound_id: str) -> Intent | None:
        """What earlier attempts at this message came to, if there were any."""
        return _read(await self.memory.get(_key(outbound_id)))

    async def once(self, sending: Sending) -> str:
        """The sid of the one message that leaves, whether now or in an earlier attempt. Raises a DeliveryError."""
        earlier = await self.of(sending.outbound_id)
        if earlier is not None and earlier.way == sending.way:
            return earlier.sid or await self._found(sending, earlier) or await self._create(sending, earlier)
        fresh = Intent(way=sending.way, to=sending.to, since=self.clock.now())
        await self._announce(sending, fresh)
        try:
            return await self._create(sending, fresh)
        except Unknown:
            raise
        except DeliveryError:  # a plain no, or not even sent: nothing to look for
            await self.memory.put(_key(sending.outbound_id), "", keep=OF_A_MESSAGE)
            raise

    async def _announce(self, sending: Sending, fresh: Intent) -> None:
        key = _key(sending.outbound_id)
        before = await self.memory.get(key)
        if not await self.memory.swap(key, before, _written(fresh), keep=OF_A_MESSAGE):
            raise Retryable("another attempt is under way", after=ASK_FIRST)

    async def _found(self, sending: Sending, earlier: Intent) -> str:
        """Twilio's list names the newest first; what is another message's own is not ours."""
        for sid in await sending.find(earlier.since - SKEW):
            if await self._claim(sid, sending.outbound_id):
                return await self._sent(sending, earlier, sid)
        return ""

    async def _create(self, sending: Sending, intent: Intent) -> str:
        sid = await sending.create()
        await self._claim(sid, sending.outbound_id)
        return await self._sent(sending, intent, sid)

    async def _claim(self, sid: str, outbound_id: str) -> bool:
        key = f"owner:{sid}"
        first = await self.memory.swap(key, None, outbound_id, keep=OF_A_MESSAGE)
        return first or await self.memory.get(key) == outbound_id

    async def _sent(self, sending: Sending, intent: Intent, sid: str) -> str:
        sent = Intent(way=intent.way, to=intent.to, since=intent.since, sid=sid)
        await self.memory.put(_key(sending.outbound_id), _written(sent), keep=OF_A_MESSAGE)
        return sid


def _key(outbound_id: str) -> str:
    return f"intent:{outbound_id}"


def _written(intent: Intent) -> str:
    return json.dumps({"way": intent.way, "to": intent.to, "since": intent.since.isoformat(), "sid": intent.sid})


def _read(told: str | None) -> Intent | None:
    if not told:
        return None
    found = json.loads(told)
    return Intent(
        way=found["way"], to=found["to"], since=datetime.fromisoformat(found["since"]), sid=found.get("sid", "")
    )
