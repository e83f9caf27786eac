"""Callers who leave messages, and a recogniser to listen to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select, update

from channels.base import Answer, AnswerKind, Clock
from gateway.hearing.choosing import to_be_heard
from gateway.hearing.client import Transcriptions
from gateway.hearing.port import Transcriber
from gateway.hearing.simulator import SpeechSimulator
from gateway.hearing.worker import HearingWorker
from gateway.house import House
from gateway.settings import Settings
from normalizer.number import make_number
from normalizer.record import Contact, ContactKind, Gesture, Submission
from store.models import audit, files
from store.unit import Store
from store.values import Case, File, FileState, LedgerId, Task
from tests.clock import SetClock
from tests.store.things import NOW, RECORD, open_case

KEY = "sk-sehr-geheim"
TOKEN = "a-service-token-of-the-tests"
CALL = "CA0123456789abcdef0123456789abcdef"
ZHAO = Contact(kind=ContactKind.PHONE, value="+8613812345678")
SOUND = b"RIFF\x00\x00\x00\x00WAVEfmt "


@asynccontextmanager
async def listening(
    simulator: SpeechSimulator, clock: Clock | None = None, seconds: float = 0.3
) -> AsyncIterator[Transcriptions]:
    """A client of the simulator."""
    client = Transcriptions(
        url=simulator.url, key=SecretStr(KEY), name="w1", seconds=seconds, clock=clock or SetClock(NOW)
    )
    try:
        yield client
    finally:
        await client.aclose()


class Office:
    """What a test of hearing holds in its hands."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.clock = store, SetClock(NOW)
        self.house = House(
            store=store, clock=self.clock, settings=Settings(data_dir=folder, api_token=SecretStr(TOKEN))
        )
        self.transcriber: Transcriber | None = None
        self.taken_in: list[Submission] = []
        self.trouble: Exception | None = None  # what taking in runs into

    async def submit(self, submission: Submission) -> Answer:
        if self.trouble is not None:
            raise self.trouble
        self.taken_in.append(submission)
        return Answer(kind=AnswerKind.SILENT)

    @property
    def worker(self) -> HearingWorker:
        return HearingWorker(self.house, self.transcriber, self.submit)

    async def message(self, id: str = "f1", *, state: FileState = FileState.STORED, **more: Any) -> File:
        """A message that Zhao left, as the intake keeps it."""
        came: dict[str, Any] = {"channel": "phone", "gesture": Gesture.MESSAGE, "talk": CALL}
        submission = Submission(key=f"m-{id}", sender=ZHAO, received_at=NOW, **(came | more))
        sha256 = await self.store.blobs.put(SOUND)
        async with self.store.unit() as unit:
            entry = await unit.ledger.enter(
                channel=submission.channel, key=submission.key, received_at=NOW, raw=b"{}", envelope={}
            )
            talk = await unit.conversations.lock(submission.channel, ZHAO, NOW, talk=submission.talk)
            file = to_be_heard(_file(id, submission, entry.id, sha256, state), submission)
            file = replace(file, conversation_id=talk.id)
            await unit.files.add(file)
            await unit.commit()
        return file

    async def second_part(self, file: File) -> None:
        """Another recording that came with the same item."""
        async with self.store.unit() as unit:
            await unit.files.add(replace(file, id="f2"))
            await unit.commit()

    async def case(self, file: File) -> Case:
        """The complaint that the message turned out to belong to."""
        async with self.store.unit() as unit:
            number = make_number(NOW.date(), 1)
            case = await open_case(
                unit, number=number, status="REGISTERED", record=RECORD, conversation_id=file.conversation_id
            )
            await unit.files.assign(file.ledger_id, case.id, file.conversation_id)
            await unit.commit()
        return case

    async def file(self, id: str = "f1") -> File:
        async with self.store.reading() as unit:
            found = await unit.files.get(id)
        assert found is not None
        return found

    async def tasks(self) -> list[Task]:
        async with self.store.reading() as unit:
            return list(await unit.tasks.open_of(kind="review"))

    async def audited(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """Action, subject and facts of every entry of the audit trail."""
        async with self.store.reading() as unit:
            rows = await unit.audit._line.rows(select(audit).order_by(audit.c.id))
        keys = self.store.keyring
        return [(row.action, row.subject, keys.open_json(row.detail, "audit.detail")) for row in rows]

    async def damage(self, column: str) -> None:
        async with self.store.unit() as unit:
            await unit.files._line.run(update(files).values({column: b"rotten"}))
            await unit.commit()


def _file(id: str, submission: Submission, entry: LedgerId, sha256: str, state: FileState) -> File:
    return File(
        id=id,
        ledger_id=entry,
        complaint_id=None,
        channel=submission.channel,
        name="赵六的留言.wav",
        media_type="audio/wav",
        state=state,
        size=len(SOUND),
        sha256=sha256,
        received_at=submission.received_at,
    )
