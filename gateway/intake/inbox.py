"""The gateway's inbox: an item becomes a turn of the dialogue, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from channels.base import Answer, CallReport, DeliveryReport, Item, Kept
from gateway.delivery.reports import take_report
from gateway.house import House
from gateway.intake.directory import Holding, NoDirectory, look_up, matching
from gateway.intake.entering import enter, same_answer
from gateway.intake.filing import lay_down
from gateway.intake.floods import Floods, bundle
from gateway.intake.handle import handle
from gateway.intake.paper.keeping import lay_down_pages
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
from store.values import ComplaintId, Conversation, Entry, File, LedgerState

log = structlog.get_logger(__name__)

PAUSES = (0.02, 0.1)  # seconds before the second and the third try
KEPT_BEFORE = {
    LedgerState.STORED: Kept.WAITING,
    LedgerState.HANDLED: Kept.DONE,
    LedgerState.QUARANTINED: Kept.SET_ASIDE,
}
WORDLESS = frozenset({Gesture.NOTED, Gesture.UNFOLLOW, Gesture.FOLLOW})


class GatewayInbox:
    """What every channel submits to; implements ``channels.base.Inbox``."""

    def __init__(
        self, house: House, notice: Callable[[ComplaintId], None] | None = None, floods: Floods | None = None
    ) -> None:
        """``notice`` is told which complaint got new words, after the commit; it must return at once.

        ``floods`` bundles what one sender sends too much of; without it everything is handled, as when staff replay.
        """
        self._house = house
        self._notice = notice
        self._floods = floods

    async def keep(self, item: Item) -> Kept:
        async with self._house.store.unit() as unit:
            entry = await unit.ledger.enter(
                channel=item.channel, key=item.key, received_at=item.received_at, raw=item.raw, envelope=item.envelope
            )
            await unit.commit()
        if entry.new:
            return Kept.NEW
        return KEPT_BEFORE[entry.state]

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        files = await lay_down(self._house, submission)
        images = await lay_down_pages(self._house, submission)
        try:
            answer = await self._handle_patiently(submission, files, images, speak_by)
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

    async def _handle_patiently(
        self, submission: Submission, files: Sequence[File], images: tuple[str, ...], speak_by: float | None
    ) -> Answer:
        """Once more when the database was busy or broke a deadlock: the item is not to blame."""
        for pause in PAUSES:
            try:
                return await self._handle(submission, files, images, speak_by)
            except Unavailable:
                await asyncio.sleep(pause)
        return await self._handle(submission, files, images, speak_by)

    async def _handle(
        self, submission: Submission, files: Sequence[File], images: tuple[str, ...], speak_by: float | None
    ) -> Answer:
        holdings = await self._held(submission)
        async with self._house.store.unit() as unit:
            entry = await enter(unit, submission)
            if entry.state is not LedgerState.STORED:
                return same_answer(entry)
            if self._floods is not None and (excess := self._floods.excess(submission)):
                answer = await bundle(self._house, unit, submission, entry, files, excess, speak_by)
                await unit.commit()
                return answer
            scene = await self._open_scene(unit, submission, entry, files)
            scene.holdings, scene.images = holdings, images
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
        words = normalize(bounded(submission))
        found = await look_up(directory, words)
        return matching(words, found) if submission.scan is not None else found

    async def _open_scene(self, unit: Unit, submission: Submission, entry: Entry, files: Sequence[File]) -> Scene:
        now = self._house.clock.now()
        conversation = await _conversation(unit, submission, now)
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


async def _conversation(unit: Unit, submission: Submission, now: datetime) -> Conversation:
    """The talk with its sender; of what has no sender but provably belongs to a case, the talk about that case."""
    if not submission.sender and submission.thread is not None and submission.thread.proven:
        case = await unit.complaints.by_number(submission.thread.number)
        found = await unit.conversations.get(case.conversation_id, lock=True) if case and case.conversation_id else None
        if found is not None:
            return found
    return await unit.conversations.lock(submission.channel, submission.sender, now, talk=submission.talk)


def is_store_away(error: Exception) -> bool:
    """The database or the disk cannot be reached, as opposed to an item that it refuses."""
    return isinstance(error, Unavailable | OSError)
