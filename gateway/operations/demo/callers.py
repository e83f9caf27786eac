"""What callers do with their telephones, and what they hear."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from channels.base import Clock
from channels.phone.simulator import Call, NotListening, PhoneSimulator, PlacedCall
from gateway.operations.demo.asking import Refusal
from gateway.operations.demo.cast import CALLERS, Player
from gateway.operations.demo.diary import Diary
from gateway.operations.demo.talks import By, Text, Turn

RINGING = ("queued", "ringing")
HAN = re.compile(r"[\u3400-\u9fff]")


class Callers:
    """One person does one thing after the other on their telephone; different people side by side."""

    def __init__(self, *, phone: PhoneSimulator, diary: Diary, clock: Clock) -> None:
        self._phone = phone
        self._diary = diary
        self._clock = clock
        self._calls: dict[str, Call] = {}  # that each is in, or was in last
        self._hands: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._heard: Counter[str] = Counter()  # turns of the hotline that are noted, by call
        self._over: set[str] = set()  # calls whose end is noted
        self._texts: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()  # things under way, by number

    # -- calls -------------------------------------------------------------------------------------------------------

    async def dial(self, caller: Player) -> None:
        async with self._hand(caller):
            if self.in_call(caller) is not None:
                raise Refusal("this telephone is in a call", 409)
            self._take(caller, await self._phone.call(caller.address), "begun")

    async def pick_up(self, caller: Player, answered_by: str) -> None:
        """Take the call that rings here: a person does, or the answering machine."""
        async with self._hand(caller):
            call = self.ringing(caller)
            if call is None:
                raise Refusal("nothing rings here", 409)
            self._take(caller, call, "machine" if answered_by == "machine" else "taken")
            await call.pick_up(answered_by)

    async def decline(self, caller: Player) -> None:
        """Let it ring until the hotline gives up."""
        call = self.ringing(caller)
        if call is None:
            raise Refusal("nothing rings here", 409)
        self._happened(caller, call, "missed")
        self._over.add(call.sid)
        await call.ring_out()

    async def say(self, caller: Player, text: str, confidence: float) -> None:
        async with self._on_the_line(caller) as call:
            self._note(caller, Turn(call=call.sid, at=self._clock.now(), by=By.PERSON, text=text))
            await call.speak(text, confidence=confidence)

    async def press(self, caller: Player, digits: str) -> None:
        async with self._on_the_line(caller) as call:
            self._note(caller, Turn(call=call.sid, at=self._clock.now(), by=By.KEYS, text=digits))
            await call.press(digits)

    async def be_silent(self, caller: Player) -> None:
        async with self._on_the_line(caller) as call:
            self._happened(caller, call, "silence")
            await call.be_silent()

    async def hang_up(self, caller: Player, partial: str = "") -> None:
        """``partial``: words under way when the line went. Nothing happens when the hotline was faster."""
        async with self._hand(caller):
            call = self.in_call(caller)
            if call is None:
                return
            if partial:
                self._note(caller, Turn(call=call.sid, at=self._clock.now(), by=By.PERSON, text=f"{partial}—"))
            self._happened(caller, call, "hung_up")
            self._over.add(call.sid)
            await call.hang_up(partial)

    async def let_go(self) -> None:
        """Time passes: nobody stays on the line for hours, and what rings is not answered."""
        for caller in CALLERS:
            if self.ringing(caller) is not None:
                await self.decline(caller)
            await self.hang_up(caller)
        await self._phone.settle()

    async def agent(self, caller: Player, outcome: str) -> None:
        """What becomes of the ringing of a person of ours: a dial status."""
        async with self._on_the_line(caller) as call:
            if call.waits_for is None or call.waits_for.verb != "dial":
                raise Refusal("nobody is rung now", 409)
            self._happened(caller, call, f"agent_{outcome}")
            await call.dial_ends(outcome)

    # -- what there is to see ----------------------------------------------------------------------------------------

    def in_call(self, caller: Player) -> Call | None:
        call = self._calls.get(caller.address)
        return call if call is not None and not call.ended else None

    def ringing(self, caller: Player) -> PlacedCall | None:
        """A call of the hotline that nobody has taken yet."""
        if self.in_call(caller) is not None:
            return None
        return next((call for call in self._phone.calls_to(caller.address) if call.state in RINGING), None)

    def turns(self, caller: Player) -> list[Turn]:
        return self._diary.talks[caller.address]

    def texts(self, caller: Player) -> list[Text]:
        return self._diary.texts[caller.address]

    def collect(self) -> None:
        """Note what has been heard and received since the last look."""
        for caller in CALLERS:
            call = self._calls.get(caller.address)
            if call is not None:
                self._listen(caller, call)
            come = self._phone.sms_of(caller.address)
            self.texts(caller).extend(Text(at=sms.at, text=sms.body) for sms in come[self._texts[caller.address] :])
            self._texts[caller.address] = len(come)

    def _listen(self, caller: Player, call: Call) -> None:
        lines = [line for line in call.lines if line.who == "gateway"]
        for line in lines[self._heard[call.sid] :]:
            words = Turn(call=call.sid, at=line.at, by=By.HOTLINE, text=line.text, language=_language(line.text))
            self._note(caller, words)
        self._heard[call.sid] = len(lines)
        if call.ended and call.sid not in self._over:
            self._over.add(call.sid)
            self._happened(caller, call, "ended")

    # -- noting ------------------------------------------------------------------------------------------------------

    def _take(self, caller: Player, call: Call, code: str) -> None:
        self._calls[caller.address] = call
        self._happened(caller, call, code)

    def _happened(self, caller: Player, call: Call, code: str) -> None:
        self._note(caller, Turn(call=call.sid, at=self._clock.now(), by=By.LINE, text=code))

    def _note(self, caller: Player, turn: Turn) -> None:
        self.turns(caller).append(turn)

    @asynccontextmanager
    async def _on_the_line(self, caller: Player) -> AsyncIterator[Call]:
        async with self._hand(caller):
            call = self.in_call(caller)
            if call is None:
                raise Refusal("this telephone is not in a call", 409)
            try:
                yield call
            except NotListening:
                raise Refusal("nobody listens on this line now", 409) from None

    @asynccontextmanager
    async def _hand(self, caller: Player) -> AsyncIterator[None]:
        self.waiting[caller.address] += 1
        try:
            async with self._hands[caller.address]:
                self.collect()
                yield
                self.collect()
        finally:
            self.waiting[caller.address] -= 1


def caller_at(number: str) -> Player | None:
    return next((player for player in CALLERS if player.address == number), None)


def _language(words: str) -> str:
    return "zh-CN" if HAN.search(words) else "en-US"
