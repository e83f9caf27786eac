"""What stands in for the gateway in these tests: an inbox that records, a memory in a dict."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from channels.base import Answer, AnswerKind, CallReport, DeliveryReport, Item, Kept
from normalizer.record import Submission

NUMBER = "TS26112300001"


def say(text: str) -> Callable[[Submission], Answer]:
    return lambda submission: Answer(kind=AnswerKind.SPOKEN, text=text)


async def until(condition: Callable[[], bool]) -> None:
    """Let others go on until it is so; a test that waits in vain fails by its own time limit."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the far side is the code under test, which sets no event for us
            await asyncio.sleep(0.001)


@dataclass
class RecordingInbox:
    """Keeps the promise of channels.base.Inbox: once stored, the same answer for ever."""

    answer: Callable[[Submission], Answer] = field(default_factory=lambda: say("您好，请问您要投诉什么事？"))
    stored: dict[str, Submission] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    speak_bys: list[float | None] = field(default_factory=list)
    reports: list[DeliveryReport] = field(default_factory=list)
    failures: int = 0  # so many submits raise first
    gate: asyncio.Event | None = None  # nothing commits before it is set
    submits: int = 0
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self, item: Item) -> Kept:
        return Kept.NEW

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        self.submits += 1
        self.speak_bys.append(speak_by)
        self.entered.set()
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is down")
        if self.gate is not None:
            await self.gate.wait()
        if submission.key not in self.answers:
            self.stored[submission.key] = submission
            self.answers[submission.key] = self._decide(submission, speak_by)
        return self.answers[submission.key]

    async def report(self, report: DeliveryReport) -> None:
        self.reports.append(report)

    async def note_call(self, report: CallReport) -> None:
        raise AssertionError("this channel has no calls")

    def _decide(self, submission: Submission, speak_by: float | None) -> Answer:
        if not submission.may_answer:
            return Answer(kind=AnswerKind.SILENT)
        answer = self.answer(submission)
        if speak_by is None or asyncio.get_running_loop().time() > speak_by:
            return Answer(kind=AnswerKind.QUEUED, text=answer.text)
        return answer

    @property
    def only(self) -> Submission:
        (submission,) = self.stored.values()
        return submission


@dataclass
class DictMemory:
    """A Memory whose every verb lets others go first, as a database does."""

    values: dict[str, str] = field(default_factory=dict)
    kept: dict[str, timedelta | None] = field(default_factory=dict)  # for how long, as of the last write
    reads: int = 0

    async def get(self, key: str) -> str | None:
        self.reads += 1
        await asyncio.sleep(0)
        return self.values.get(key)

    async def put(self, key: str, value: str, *, keep: timedelta | None = None) -> None:
        await asyncio.sleep(0)
        self.values[key], self.kept[key] = value, keep

    async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
        await asyncio.sleep(0)
        if self.values.get(key) != old:
            return False
        self.values[key], self.kept[key] = new, keep
        return True
