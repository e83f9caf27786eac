"""The desk where happenings become items: the webhook and the books both bring theirs here, so none counts twice."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from contextlib import suppress
from datetime import datetime

import structlog

from channels.base import Answer, CallReport, CallState, Clock, Inbox, Item, Memory
from channels.phone.calls import CHANNEL, contact_of, sid_of
from channels.phone.handover import Handover, Pace
from channels.phone.happening import After, Happening, Kind, step_key
from channels.phone.health import Health
from channels.phone.keeping import OF_A_CALL
from channels.phone.parse import is_message, understand
from channels.phone.partials import Partial, Partials
from channels.phone.recordings import NotDeleted, Recorder
from channels.phone.settings import PhoneSettings
from channels.phone.signature import Form

log = structlog.get_logger(__name__)


class Desk:
    """Each verb returns when the item is stored. Raises NotStored, Unreadable."""

    def __init__(
        self,
        *,
        settings: PhoneSettings,
        inbox: Inbox,
        memory: Memory,
        clock: Clock,
        health: Health,
        pace: Pace,
        recorder: Recorder,
    ) -> None:
        self.settings = settings
        self.inbox = inbox
        self.memory = memory
        self.clock = clock
        self.health = health
        self.recorder = recorder
        self.partials = Partials(memory)
        self.handover = Handover(inbox=inbox, health=health, pace=pace)

    async def called(self, form: Form, speak_by: float) -> Answer:
        """A call begins."""
        call, caller = sid_of(form), contact_of(form.get("From", ""))
        state, now = CallState.IN_PROGRESS, self.clock.now()
        await self.handover.note(CallReport(channel=CHANNEL, call=call, state=state, at=now, other=caller))
        answer = await self._hand(Happening(kind=Kind.CALL, form=form), speak_by=speak_by)
        await self._quietly(self.memory.put(_key(call), json.dumps({"from": caller.value}), keep=OF_A_CALL))
        return answer

    async def stepped(self, form: Form, n: int, after: After, speak_by: float) -> Answer:
        """The caller's turn is over."""
        answer = await self._hand(Happening(kind=Kind.STEP, form=form, n=n, after=after), speak_by=speak_by)
        await self._quietly(self.partials.spend(sid_of(form), n))
        return answer

    async def heard(self, form: Form, partial: Partial) -> None:
        """Words so far of a turn that is not over; after the end of the call they count if nothing of the turn did."""
        if not await self.partials.heard(sid_of(form), partial):
            await self._broken_off(form, partial)

    async def ended(self, form: Form, at: datetime | None = None) -> None:
        """The call is over: first the words that the end cut off, then the end."""
        call = sid_of(form)
        left = await self.partials.left(call)
        if left is not None:
            await self._broken_off(form, left, at=at)
        await self._hand(Happening(kind=Kind.END, form=form), at=at)
        await self._quietly(self.partials.forget(call))

    async def recorded(self, form: Form) -> None:
        """A recording can be fetched, of a call that we may know."""
        happening = Happening(kind=Kind.RECORDING, form=form, caller=await self.caller(sid_of(form)) or "")
        if await self._is_unwanted(happening):
            with suppress(NotDeleted):  # it is counted, and in Twilio's books we meet it again
                await self.recorder.drop(sid_of(form, "RecordingSid"))
            return
        await self._hand(happening)

    async def found(self, form: Form, caller: str, at: datetime) -> None:
        """A recording in Twilio's books; most were told to us long ago. Raises NotDeleted."""
        happening = Happening(kind=Kind.RECORDING, form=form, caller=caller)
        if await self._is_unwanted(happening):
            await self.recorder.drop(sid_of(form, "RecordingSid"))
            return
        item = Item(channel=CHANNEL, key=happening.key, received_at=at, raw=happening.raw)
        if not (await self.inbox.keep(item)).finished:
            await self._hand(happening, at=at)

    async def strange(self, form: Form, fault: str) -> None:
        """Twilio signed it, and we do not understand it: kept whole for a person."""
        await self._hand(Happening(kind=Kind.STRANGE, form=form, fault=fault))

    async def caller(self, call: str) -> str | None:
        """Who called, empty when withheld; None: a call that we do not know, or know no more."""
        kept = await self.memory.get(_key(call))
        return str(json.loads(kept)["from"]) if kept else None

    async def forget(self, call: str) -> None:
        """Drop the caller's number: all that can still come of the call has come."""
        await self.memory.put(_key(call), "", keep=OF_A_CALL)

    async def aclose(self) -> None:
        await self.handover.aclose()

    async def _broken_off(self, form: Form, partial: Partial, *, at: datetime | None = None) -> None:
        """Words that the end of the call cut off, unless their turn is being stored whole at this moment."""
        if not await self.handover.stored(step_key(sid_of(form), partial.n)):
            await self._hand(Happening(kind=Kind.PARTIAL, form=form, n=partial.n, words=partial.text), at=at)

    async def _is_unwanted(self, happening: Happening) -> bool:
        """The talk of a caller who did not want it recorded; a message after a tone is left on purpose."""
        return not is_message(happening.form) and await self.recorder.is_refused(sid_of(happening.form))

    async def _hand(self, happening: Happening, *, speak_by: float | None = None, at: datetime | None = None) -> Answer:
        least = self.settings.least_confidence
        submission = understand(happening, received_at=at or self.clock.now(), least_confidence=least)
        self.health.count(happening.kind.value)
        return await self.handover.submit(submission, speak_by)

    async def _quietly(self, work: Awaitable[object]) -> None:
        """The item is stored: what we only note beside it must not cost the caller the answer."""
        try:
            await work
        except Exception as error:
            self.health.count("not_remembered")
            log.warning("phone_not_remembered", error=type(error).__name__)


def _key(call: str) -> str:
    return f"call:{call}"
