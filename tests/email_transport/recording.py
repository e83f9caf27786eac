"""The gateway's side in tests: an inbox that keeps what it is given, and can fail at any step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from channels.base import Answer, AnswerKind, CallReport, DeliveryReport, Item, Kept
from channels.email.keys import fields, sender_of, split
from channels.errors import Unreadable
from normalizer.record import Contact, ContactKind, Machine, Submission


class Crash(BaseException):
    """The process dies here: nothing may catch it."""


class StoreAway(Exception):
    """The database cannot be reached."""


@dataclass
class RecordingInbox:
    """A ledger in memory with the promises of the real one. ``before`` and ``after`` are called around each step."""

    items: dict[str, Item] = field(default_factory=dict)
    done: dict[str, Submission] = field(default_factory=dict)
    reports: list[DeliveryReport] = field(default_factory=list)
    keeps: int = 0
    submits: int = 0
    before: Callable[[str, str], None] = lambda step, key: None
    after: Callable[[str, str], None] = lambda step, key: None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def keep(self, item: Item) -> Kept:
        self.before("keep", item.key)
        self.keeps += 1
        known = item.key in self.items
        self.items.setdefault(item.key, item)
        self.after("keep", item.key)
        await asyncio.sleep(0)
        if item.key in self.done:
            return Kept.DONE
        return Kept.WAITING if known else Kept.NEW

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        self.before("submit", submission.key)
        self.submits += 1
        assert submission.key in self.items, "submitted before it was kept"
        self.done.setdefault(submission.key, submission)
        self.after("submit", submission.key)
        async with self.changed:
            self.changed.notify_all()
        return Answer(kind=AnswerKind.SILENT)

    async def report(self, report: DeliveryReport) -> None:
        self.reports.append(report)

    async def note_call(self, report: CallReport) -> None:
        raise AssertionError("this channel has no calls")

    async def until_done(self, count: int, *, within: float = 20.0) -> None:
        """Wait until so many different mails are handled."""
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(lambda: len(self.done) >= count)

    @property
    def texts(self) -> list[str]:
        return [submission.text for submission in self.done.values()]


@dataclass
class PlainReader:
    """Reads just enough of a mail: its body as text; bounces marked by a header of the tests' own."""

    poison: bytes = b"POISON"
    breaks: bytes = b"BREAKS"
    reads: int = 0

    async def read(self, item: Item) -> Submission:
        self.reads += 1
        if self.poison in item.raw:
            raise Unreadable("poison")
        if self.breaks in item.raw:
            raise RuntimeError("the reader itself is broken by this")
        head, body = split(item.raw)
        known = {name.decode("ascii", "replace"): value.decode("utf-8", "replace") for name, value in fields(head)}
        return Submission(
            channel="email",
            key=item.key,
            sender=Contact(kind=ContactKind.EMAIL, value=sender_of(item.raw).decode("utf-8", "replace")),
            received_at=item.received_at,
            text=body[:200].decode("utf-8", "replace").strip(),
            subject=known.get("subject", ""),
            raw=item.raw,
            machine=Machine.BOUNCE if "x-test-bounce" in known else None,
            context=_bounce(known) if "x-test-bounce" in known else {},
        )

    async def aclose(self) -> None: ...


def _bounce(known: Mapping[str, str]) -> dict[str, str]:
    return {
        "bounce_recipient": "nobody@example.cn",
        "bounce_status": known["x-test-bounce"],
        "bounce_permanent": "yes" if known["x-test-bounce"].startswith("5") else "no",
        "bounce_message_id": known.get("x-test-returned", ""),
    }


class PlainMemory:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def put(self, key: str, value: str, *, keep: timedelta | None = None) -> None:
        self.values[key] = value

    async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
        if self.values.get(key) != old:
            return False
        self.values[key] = new
        return True


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)
