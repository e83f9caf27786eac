"""The gateway's inbox: an item becomes a turn of the dialogue, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from channels.base import Answer, CallReport, DeliveryReport, Item, Kept
from gateway.delivery.reports import take_report
from gateway.house import House
from gateway.intake.directory import Holding, NoDirectory, look_up
from gateway.intake.entering import enter, same_answer
from gateway.intake.filing import lay_down
from gateway.intake.handle import handle
from gateway.intake.quarantine import set_aside
from gateway.intake.scene import Scene
from gateway.intake.settle import settle
from gateway.intake.talk import Talk
from gateway.intake.understand import bounded
from gateway.operations.metrics import SUBMISSIONS
from normalizer.normalize import normalize
from normalizer.record import Gesture, Submission
from store.errors import Unavailable
from store.unit import Unit
from store.values import ComplaintId, Entry, File, LedgerState

log = structlog.get_logger(__name__)

PAUSES = (0.02, 0.1)  # seconds before the second and the third try
WORDLESS = frozenset({Gesture.NOTED, Gesture.UNFOLLOW, Gesture.FOLLOW})


class GatewayInbox:
    """What every channel submits to; implements ``channels.base.Inbox``."""

    def __init__(self, house: House, notice: Callable[[ComplaintId], None] | None = None) -> None:
        """``notice`` is told which complaint got new words, after the commit; it must return at once."""
        self._house = house
        self._notice = notice

    async def keep(self, item: Item) -> Kept:
        async with self._house.store.unit() as unit:
            entry = await unit.ledger.enter(
                channel=item.channel, key=item.key, received_at=item.received_at, raw=item.raw, envelope=item.envelope
            )
            await unit.commit()
        if entry.new:
            return Kept.NEW
        return Kept.WAITING if entry.state is LedgerState.STORED else Kept.DONE

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        files = await lay_down(self._house, submission)
        try:
            answer = await self._handle_patiently(submission, files, speak_by)
        except Exception as error:
            if is_store_away(error):
                raise  # nothing was stored: the provider delivers again
            log.exception("item_quarantined", channel=submission.channel, cause=type(error).__name__)
            answer = await set_aside(self._house, submission, files, error, speak_by)
        SUBMISSIONS.labels(channel=submission.channel, answer=answer.kind).inc()
        return answer

    async def report(self, report: DeliveryReport) -> None:
        await take_report(self._house, report)

    async def note_call(self, report: CallReport) -> None:
        async with self._house.store.unit() as unit:
            await unit.calls.note(
                channel=report.channel,
                call=report.call,
                state=report.state,
                at=report.at,
                contact=report.other,
                outgoing=report.outgoing,
                seconds=report.seconds,
            )
            await unit.commit()

    async def _handle_patiently(self, submission: Submission, files: Sequence[File], speak_by: float | None) -> Answer:
        """Once more when the database was busy or broke a deadlock: the item is not to blame."""
        for pause in PAUSES:
            try:
                return await self._handle(submission, files, speak_by)
            except Unavailable:
                await asyncio.sleep(pause)
        return await self._handle(submission, files, speak_by)

    async def _handle(self, submission: Submission, files: Sequence[File], speak_by: float | None) -> Answer:
        holdings = await self._held(submission)
        async with self._house.store.unit() as unit:
            entry = await enter(unit, submission)
            if entry.state is not LedgerState.STORED:
                return same_answer(entry)
            scene = await self._open_scene(unit, submission, entry, files)
            scene.holdings = holdings
            await handle(scene)
            answer = await settle(scene, speak_by)
            await unit.commit()
        if self._notice is not None and scene.case is not None and submission.text and submission.machine is None:
            self._notice(scene.case.id)
        return answer

    async def _held(self, submission: Submission) -> tuple[Holding, ...]:
        """Looked up before the transaction: a slow directory must not hold the database."""
        directory = self._house.directory
        if isinstance(directory, NoDirectory) or not submission.text:
            return ()
        return await look_up(directory, normalize(bounded(submission)))

    async def _open_scene(self, unit: Unit, submission: Submission, entry: Entry, files: Sequence[File]) -> Scene:
        now = self._house.clock.now()
        conversation = await unit.conversations.lock(submission.channel, submission.sender, now, talk=submission.talk)
        talk = Talk.from_state(conversation.state)
        if not talk.began_at and submission.gesture not in WORDLESS:
            talk = replace(talk, began_at=entry.received_at.isoformat())
        return Scene(
            house=self._house,
            unit=unit,
            now=now,
            submission=submission,
            entry=entry,
            conversation=conversation,
            talk=talk,
            files=tuple(replace(file, ledger_id=entry.id) for file in files),
        )


def is_store_away(error: Exception) -> bool:
    """The database or the disk cannot be reached, as opposed to an item that it refuses."""
    return isinstance(error, Unavailable | OSError)
