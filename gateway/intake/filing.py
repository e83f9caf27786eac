"""Attachments of an item: on disk before the transaction that mentions them, in the case as soon as there is one."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from gateway.hearing.choosing import to_be_heard
from gateway.house import House
from gateway.intake.scene import Scene
from normalizer.record import Attachment, Submission
from store.values import File, FileState, LedgerId

NOT_YET = LedgerId(0)  # the item's line is written in the transaction that follows


async def lay_down(house: House, submission: Submission) -> list[File]:
    """Bytes that came along go to the blob store; references are left for the fetching worker."""
    return [await _laid_down(house, submission, each) for each in submission.attachments]


async def keep_files(scene: Scene) -> None:
    """The rows of these files, in the case they turned out to belong to; a case that begins later adopts them."""
    if not scene.files:
        return
    case_id = scene.case.id if scene.case else None
    if not scene.entry.new and await scene.unit.files.of_ledger(scene.entry.id):  # replayed: they came the first time
        await scene.unit.files.assign(scene.entry.id, case_id, scene.conversation.id)
        return
    for each in scene.files:
        file = to_be_heard(each, scene.submission)
        await scene.unit.files.add(replace(file, complaint_id=case_id, conversation_id=scene.conversation.id))
        if file.state is FileState.WAITING:
            scene.unit.wake()


async def _laid_down(house: House, submission: Submission, attachment: Attachment) -> File:
    content = attachment.content
    waiting = File(
        id=uuid4().hex,
        ledger_id=NOT_YET,
        complaint_id=None,
        channel=submission.channel,
        name=attachment.name,
        media_type=attachment.media_type,
        state=FileState.WAITING,
        ref=attachment.ref,
        inline=attachment.inline,
        received_at=submission.received_at,
    )
    if content is None:
        return waiting
    sha256 = await house.store.blobs.put(content)
    return replace(waiting, state=FileState.STORED, sha256=sha256, size=len(content))
