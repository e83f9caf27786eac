"""Somebody on the line: what they say, press and leave unsaid, and what they hear. No carrier in between."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels.base import Answer, AnswerKind, CallReport, CallState
from gateway.casework.lifecycle import Status
from gateway.hearing.item import STAFF, submission_of
from normalizer.record import NOBODY, Attachment, Contact, ContactKind, Gesture, Submission
from store.values import CallRecord, Case, Conversation, File, Task, Words
from tests.intake.talks import Office

MOBILE = "+85261234567"  # can get text messages
OTHER_MOBILE = "+85269876543"
LANDLINE = "+862161234567"
POLICY = "PDAA202641010000123456"

# Everything that is needed for acceptance, in one breath, as people speak.
WHOLE = f"我叫王小明，车险理赔拖了两个月还没赔，保单号{POLICY}，请尽快赔付"
STORY = "车险理赔拖了两个月还没赔，一直说在审核"  # what happened, and nothing else
NAME = "我叫王小明"
WISH = "请尽快赔付"
DANGER = "你们再不赔我就不想活了，安眠药都准备好了"
ELDERLY = "我今年七十六岁了，业务员骗我把存款买成了保险，我眼睛也看不清"

# A telephone that is on; nobody is at the far side.
A_HOTLINE = {
    "phone_account_sid": "AC" + "0" * 32,
    "phone_auth_token": "token",
    "phone_number": "+85230001234",
    "phone_api_url": "http://127.0.0.1:9",
}

SIDS = itertools.count(1)


@dataclass(kw_only=True)
class Call:
    """One call, from the ringing to the end; ``last`` is what was heard last."""

    office: Office
    number: str = MOBILE
    sid: str = field(default_factory=lambda: f"CA{next(SIDS):032x}")
    steps: Iterator[int] = field(default_factory=itertools.count)
    last: Answer = field(default_factory=lambda: Answer(kind=AnswerKind.SILENT))
    item: Submission | None = None  # what was told last

    @property
    def contact(self) -> Contact:
        return Contact(kind=ContactKind.PHONE, value=self.number) if self.number else NOBODY

    # -- what the person does ------------------------------------------------------------------------------------------

    async def say(self, text: str) -> Answer:
        return await self._tell(text=text)

    async def press(self, keys: str) -> Answer:
        return await self._tell(keyed=keys)

    async def keep_silent(self) -> Answer:
        return await self._tell(gesture=Gesture.SILENT)

    async def mumble(self, guess: str = "嗯那个") -> Answer:
        """Something is said, and the recogniser is not sure of it."""
        return await self._tell(gesture=Gesture.UNHEARD, quoted=guess)

    async def speak_after_the_tone(self) -> Answer:
        return await self._tell(gesture=Gesture.RECORDED)

    async def hang_up(self) -> Answer:
        return await self._tell(key=f"{self.sid}:end", gesture=Gesture.HUNG_UP)

    # -- what happens to them ------------------------------------------------------------------------------------------

    async def rings(self) -> Answer:
        return await self._tell(gesture=Gesture.CALLED)

    async def is_connected(self) -> Answer:
        return await self._tell(gesture=Gesture.CONNECTED)

    async def is_not_answered(self) -> Answer:
        return await self._tell(gesture=Gesture.UNANSWERED)

    async def leaves(self, recording: str, gesture: Gesture = Gesture.MESSAGE) -> Answer:
        """The recording arrives, as an item of its own; by reference, as a carrier gives it."""
        sound = Attachment(name=f"{recording}.mp3", media_type="audio/mpeg", ref=recording)
        before = self.last
        answer = await self._tell(key=f"recording:{recording}", gesture=gesture, attachments=(sound,))
        self.last = before  # nobody on the line hears of it
        return answer

    async def step(self, place: int | str, came: datetime, **what: Any) -> Answer:
        """A step that comes when it comes, and was taken in at ``came``."""
        return await self._tell(key=f"{self.sid}:{place}", received_at=came, **what)

    async def is_told_again(self) -> Answer:
        """The carrier brings the last step once more."""
        assert self.item is not None
        return await self.office.gateway.inbox.submit(self.item)

    async def _tell(self, **what: Any) -> Answer:
        """One step; also what has no answer is one."""
        key = what.pop("key", None) or f"{self.sid}:{next(self.steps)}"
        self.item = Submission(
            channel="phone",
            key=key,
            sender=self.contact,
            received_at=what.pop("received_at", self.office.clock.now()),
            raw=repr(what).encode(),
            attested=False,
            talk=self.sid,
            **what,
        )
        self.last = await self.office.gateway.inbox.submit(self.item)
        return self.last

    # -- what the office sees ------------------------------------------------------------------------------------------

    async def talk(self) -> Conversation:
        async with self.office.gateway.house.store.unit() as unit:
            return await unit.conversations.lock("phone", self.contact, self.office.clock.now(), talk=self.sid)

    async def case(self) -> Case:
        """What this call is about."""
        record = await self.talk()
        assert record.complaint_id is not None, "this call is about no complaint"
        async with self.office.gateway.house.store.reading() as unit:
            found = await unit.complaints.get(record.complaint_id)
        assert found is not None
        return found

    async def tasks(self, kind: str = "") -> list[Task]:
        """What a person must do because of this call."""
        talk = await self.talk()
        return [task for task in await self.office.tasks(kind) if task.conversation_id == talk.id]

    async def note(self, state: CallState) -> None:
        """The carrier's word on how the call stands."""
        at = self.office.clock.now()
        report = CallReport(channel="phone", call=self.sid, state=state, at=at, other=self.contact)
        await self.office.gateway.inbox.note_call(report)

    async def logged(self) -> CallRecord | None:
        async with self.office.gateway.house.store.reading() as unit:
            return await unit.calls.get("phone", self.sid)


async def calling(office: Office, number: str = MOBILE) -> Call:
    """Somebody calls, and has heard the greeting."""
    call = Call(office=office, number=number)
    await call.rings()
    return call


async def accepted(office: Office, number: str = MOBILE) -> tuple[Call, Case]:
    """A call whose complaint was told whole, confirmed and accepted; the line is still open."""
    call = await calling(office, number)
    await call.say(WHOLE)
    if call.last.asked == "phone":
        await call.say("就打这个")
    assert call.last.asked == "confirm", call.last
    await call.press("1")
    case = await call.case()
    assert case.status == Status.ACCEPTED
    return call, case


async def ask_for_progress(call: Call, number: str, last_four: str) -> Answer:
    """The key for it, the number, the proof."""
    if call.last.asked != "case_number":
        await call.press("2")
    await call.press(number.removeprefix("TS"))
    return await call.press(last_four)


async def write_down(office: Office, file: File, text: str) -> Answer:
    """Somebody has listened to a recording and typed what is said there."""
    store = office.gateway.house.store
    return await office.gateway.inbox.submit(await submission_of(store, file, Words(text=text, method=STAFF)))
