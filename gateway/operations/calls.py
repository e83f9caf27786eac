"""Calls whose end nobody told us: asked for at the carrier, so that no caller's words wait for a word that got lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from channels.base import CallReport, CallState, Inbox, Line
from channels.errors import DeliveryError, Rejected
from gateway.house import House
from normalizer.record import Gesture, Submission
from store.values import CallRecord

log = structlog.get_logger(__name__)

QUIET = timedelta(minutes=10)  # longer than any single step of a call
TOO_LONG = timedelta(hours=5)  # no carrier keeps a line open for longer: by then it is over, whoever says so
BATCH = 50


class CallsRound:
    """One round over the calls that are open and have been quiet for long."""

    def __init__(self, house: House, inbox: Inbox, lines: Mapping[str, Line]) -> None:
        self._house = house
        self._inbox = inbox
        self._lines = lines

    async def go(self) -> None:
        async with self._house.store.reading() as unit:
            quiet = await unit.calls.open_since(self._house.clock.now() - QUIET, BATCH)
        for call in quiet:
            await self._look_after(call)

    async def _look_after(self, call: CallRecord) -> None:
        report = await self._how_it_stands(call)
        if report.state.over and not call.outgoing:
            log.info("call_ended_unnoticed", channel=call.channel)
            await self._inbox.submit(self._hung_up(call))
        await self._inbox.note_call(report)  # last: what is noted as over is not looked at again

    async def _how_it_stands(self, call: CallRecord) -> CallReport:
        """By the carrier's books; where they cannot be read, a call is over when it has been open far too long."""
        now = self._house.clock.now()
        line = self._lines.get(call.channel)
        try:
            if line is not None:
                return await line.look_up(call.call)
        except Rejected:
            return self._report(call, CallState.COMPLETED)
        except DeliveryError as error:
            log.warning("call_not_looked_up", channel=call.channel, cause=type(error).__name__)
        over = now - call.heard_at > TOO_LONG
        return self._report(call, CallState.COMPLETED if over else CallState(call.state))

    def _report(self, call: CallRecord, state: CallState) -> CallReport:
        # An open call whose carrier is silent keeps the time it was last heard of: the next round asks again.
        at = self._house.clock.now() if state.over else call.heard_at
        return CallReport(channel=call.channel, call=call.call, state=state, at=at, other=call.contact)

    def _hung_up(self, call: CallRecord) -> Submission:
        """The same item as the carrier's own word would be: whichever comes second changes nothing."""
        return Submission(
            channel=call.channel,
            key=f"{call.call}:end",
            sender=call.contact,
            received_at=self._house.clock.now(),
            raw=b"the carrier's word of the end did not come",
            gesture=Gesture.HUNG_UP,
            talk=call.call,
            attested=False,
        )
