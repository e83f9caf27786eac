"""The gateway's inbox: an item becomes a turn of the dialogue, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from channels.base import Answer, AnswerKind, DeliveryReport, Item, Kept
from gateway.delivery.reports import take_report
from gateway.house import House
from gateway.intake.filing import lay_down
from gateway.intake.handle import handle
from gateway.intake.quarantine import set_aside
from gateway.intake.scene import Scene
from gateway.intake.settle import settle
from gateway.intake.talk import Talk
from normalizer.record import Gesture, Submission
from store.unit import Unit
from store.values import Entry, File, LedgerState

log = structlog.get_logger(__name__)

WORDLESS = frozenset({Gesture.NOTED, Gesture.UNFOLLOW, Gesture.FOLLOW})


class GatewayInbox:
    """What every channel submits to; implements ``channels.base.Inbox``."""

    def __init__(self, house: House) -> None:
        self._house = house

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
            return await self._handle(submission, files, speak_by)
        except Exception as error:
            if is_store_away(error):
                raise  # nothing was stored: the provider delivers again
            log.exception("item_quarantined", channel=submission.channel, cause=type(error).__name__)
            return await set_aside(self._house, submission, files, error, speak_by)

    async def report(self, report: DeliveryReport) -> None:
        await take_report(self._house, report)

    async def _handle(self, submission: Submission, files: Sequence[File], speak_by: float | None) -> Answer:
        async with self._house.store.unit() as unit:
            entry = await enter(unit, submission)
            if entry.state is not LedgerState.STORED:
                return same_answer(entry)
            scene = await self._open_scene(unit, submission, entry, files)
            await handle(scene)
            answer = await settle(scene, speak_by)
            await unit.commit()
            return answer

    async def _open_scene(self, unit: Unit, submission: Submission, entry: Entry, files: Sequence[File]) -> Scene:
        now = self._house.clock.now()
        conversation = await unit.conversations.lock(submission.channel, submission.sender, now)
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


async def enter(unit: Unit, submission: Submission) -> Entry:
    """The item's line in the ledger: a new one, or what became of it before."""
    return await unit.ledger.enter(
        channel=submission.channel,
        key=submission.key,
        received_at=submission.received_at,
        raw=submission.raw,
        envelope={},
    )


def same_answer(entry: Entry) -> Answer:
    """A repeated delivery hears the very same; what left by the queue is not said a second time."""
    return Answer(kind=AnswerKind(entry.answer_kind or AnswerKind.SILENT), text=entry.answer_text)


def is_store_away(error: Exception) -> bool:
    """The database or the disk cannot be reached, as opposed to an item that it refuses."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError | PoolExhausted | OSError)
