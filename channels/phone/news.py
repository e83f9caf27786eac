"""What Twilio tells of messages and calls of ours, and what it asks us to say on such a call."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from aiohttp import web

from channels.base import CallReport, CallState, Clock, DeliveryReport, DeliveryState, Inbox, Memory, Route
from channels.origin import UNPROVEN
from channels.phone.calls import CHANNEL
from channels.phone.ends import Ends
from channels.phone.gate import METHODS, Gate, Told, document, nothing
from channels.phone.keeping import OF_A_MESSAGE
from channels.phone.reach import E164
from channels.phone.refusals import blocks
from channels.phone.settings import SID, PhoneSettings
from channels.phone.signature import Form
from channels.phone.tell import MOST_HEARINGS, PIN_DIGITS, Script, Words, key_for, words_from
from normalizer.record import NOBODY, Contact, ContactKind

OURS = re.compile(r"[\w-]{1,64}", re.ASCII)  # an id of a message of ours
MOST_TRIES = 3
TOLD, MACHINE, NOT_VERIFIED = "told", "machine", "not_verified"
MESSAGE_ENDS = frozenset({"delivered", "undelivered", "failed"})  # all else is on the way
# A call that was answered and has no end of its own yet told nobody anything.
CALL_ENDS: Mapping[str, str] = MappingProxyType(
    {"completed": NOT_VERIFIED, "busy": "busy", "no-answer": "no-answer", "failed": "failed", "canceled": "canceled"}
)


class News:
    """/in/phone/message, /tell and /told."""

    def __init__(
        self,
        *,
        settings: PhoneSettings,
        memory: Memory,
        clock: Clock,
        inbox: Inbox,
        gate: Gate,
        ends: Ends | None = None,
    ) -> None:
        self.settings = settings
        self.memory = memory
        self.clock = clock
        self.inbox = inbox
        self.gate = gate
        self.ends = ends or Ends(memory)
        self.script = Script(settings)

    def routes(self) -> Iterable[Route]:
        handlers = {"/message": self.message, "/tell": self.tell, "/told": self.told}
        for path, does in handlers.items():
            handler = partial(self.gate.admit, partial(self._of_ours, does))
            for method in METHODS:
                yield Route(method=method, path=path, handler=handler)

    async def message(self, d: str, form: Form) -> web.Response:
        """What became of a text message."""
        sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
        if SID.fullmatch(sid) and status in MESSAGE_ENDS:
            end = status if status == "delivered" else f"{status}:{_code(form)}"
            await self.ends.close(f"message:{sid}", end, lambda first: self._report(d, sid, _of_message(first)))
        return nothing()

    async def tell(self, d: str, form: Form) -> web.Response:
        """What to say now on a call of ours; the same question has the same answer."""
        call, words = form.get("CallSid", ""), words_from(await self.memory.get(key_for(d)))
        if words is None or not SID.fullmatch(call):
            return document(self.script.turn_away(""))
        if _by_machine(form):
            await self._close(d, call, MACHINE)
            return document(self.script.to_machine(words.language))
        if form.get("again", "").isdecimal():
            return document(await self._again(d, call, words, form))
        if form.get("try", "") not in TRIES:
            return document(self.script.ask(d, 1, words.language))
        return document(await self._judged(d, call, words, form))

    async def told(self, d: str, form: Form) -> web.Response:
        """How a call of ours went."""
        call, status = form.get("CallSid", ""), form.get("CallStatus", "")
        if SID.fullmatch(call) and status in CALL_ENDS:
            end = MACHINE if status == "completed" and _by_machine(form) else CALL_ENDS[status]
            await self._close(d, call, end)
            await self.inbox.note_call(self._noted(call, form))
        return nothing()

    async def _judged(self, d: str, call: str, words: Words, form: Form) -> str:
        """After four digits, or silence: the words, another try, or the way out."""
        attempt = int(form["try"])
        right = await self._right(call, attempt, form.get("Digits", ""), words)
        if right and await self._close(d, call, TOLD) == TOLD:
            return self.script.tell(d, words, 1)
        if not right and attempt < MOST_TRIES and form.get("Digits"):
            return self.script.ask(d, attempt + 1, words.language)
        await self._close(d, call, NOT_VERIFIED)
        return self.script.turn_away(words.language)

    async def _right(self, call: str, attempt: int, digits: str, words: Words) -> bool:
        """Each try is judged once; tries out of turn are wrong, and nobody gets a fourth."""
        key = f"tries:{call}"
        before = await self.memory.get(key)
        tries: list[bool] = json.loads(before) if before else []
        if attempt <= len(tries):
            return tries[attempt - 1]
        right = attempt == len(tries) + 1 and len(words.pin) == PIN_DIGITS and _same(digits, words.pin)
        if not await self.memory.swap(key, before, json.dumps([*tries, right]), keep=OF_A_MESSAGE):
            return await self._right(call, attempt, digits, words)  # a double of this request was faster
        return right

    async def _again(self, d: str, call: str, words: Words, form: Form) -> str:
        """Once more, for who has proven themselves on this very call."""
        if await self.ends.of(f"placed:{call}") != TOLD:
            return self.script.turn_away(words.language)
        if form.get("Digits") != "1":
            return self.script.thank(words.language)
        return self.script.tell(d, words, min(int(form["again"][:2]), MOST_HEARINGS))

    async def _close(self, d: str, call: str, end: str) -> str:
        """The end that stands, which may be an earlier one."""
        return await self.ends.close(f"placed:{call}", end, lambda first: self._report(d, call, _of_call(first)))

    async def _report(self, d: str, sid: str, became: tuple[DeliveryState, str, bool]) -> None:
        state, reason, blocked = became
        await self.inbox.report(
            DeliveryReport(
                channel=CHANNEL,
                state=state,
                at=self.clock.now(),
                provider_id=sid,
                outbound_id=d,
                reason=reason,
                blocked=blocked,
            )
        )

    def _noted(self, call: str, form: Form) -> CallReport:
        to, seconds = form.get("To", ""), form.get("CallDuration", "")
        return CallReport(
            channel=CHANNEL,
            call=call,
            state=CallState(form["CallStatus"]),
            at=self.clock.now(),
            other=Contact(kind=ContactKind.PHONE, value=to) if E164.fullmatch(to) else NOBODY,
            outgoing=True,
            seconds=int(seconds) if re.fullmatch(r"\d{1,6}", seconds, re.ASCII) else None,
        )

    async def _of_ours(self, does: Callable[[str, Form], Awaitable[web.Response]], told: Told) -> web.Response:
        """Only what is about a message of ours."""
        d = told.query.get("d", "")
        if UNPROVEN in told.form:  # evidence that somebody was told must be Twilio's own word
            return self.gate.refuse(403, "forged")
        return await does(d, told.form) if OURS.fullmatch(d) else self.gate.refuse(404, "of_no_message")


TRIES = frozenset(str(attempt) for attempt in range(1, MOST_TRIES + 1))


def _of_message(end: str) -> tuple[DeliveryState, str, bool]:
    """``delivered``, or ``undelivered:30006``: the state, the reason, and whether another channel may do better."""
    if end == "delivered":
        return DeliveryState.DELIVERED, "", False
    return DeliveryState.FAILED, end, blocks(int(end.partition(":")[2]))


def _of_call(end: str) -> tuple[DeliveryState, str, bool]:
    if end == TOLD:
        return DeliveryState.DELIVERED, "", False
    return DeliveryState.FAILED, end, True


def _code(form: Form) -> int:
    code = form.get("ErrorCode", "")
    return int(code) if re.fullmatch(r"\d{1,6}", code, re.ASCII) else 0


def _by_machine(form: Form) -> bool:
    return form.get("AnsweredBy", "").startswith(("machine", "fax"))


def _same(digits: str, pin: str) -> bool:
    return hmac.compare_digest(digits.encode("utf-8", "surrogatepass"), pin.encode())
