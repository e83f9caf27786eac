"""Who calls: they are cut off when nobody answers the carrier, and call again."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

from channels.phone.simulator import Call, NotListening
from channels.phone.simulator.values import Requested
from tests.chaos.people.around import Around, story_of

ACCEPTED = "您的投诉已受理"
# What a person believes, and hangs up: it is accepted, or it is kept and somebody calls back.
BELIEVED = (ACCEPTED, "给您回电", "已保存", "已经记下")
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Calling:
    channel = "phone"

    def __init__(self, around: Around) -> None:
        self._around = around
        self._told_later: set[int] = set()  # that somebody calls back

    async def come(self, n: int) -> None:
        await self._around.until_done(self.channel, lambda: self._call(n))

    def heard(self, n: int) -> bool:
        """The number in writing, after they heard it on the line; or that somebody calls back."""
        return n in self._told_later or bool(self._around.carrier.sms_of(number_of(n)))

    def acknowledged(self) -> set[str]:
        """Of what the carrier asked or told and was answered with 200. Of two keys one is enough: ``a|b``."""
        answered = [each for each in self._around.carrier.lines if each.status == 200 and each.kind != "rest"]
        return {key for each in answered if (key := _key(each))}

    async def _call(self, n: int) -> bool:
        call = await self._around.carrier.call(number_of(n))
        try:
            heard = await self._tell_all(call, story_of(self.channel, n))
        except NotListening:
            await asyncio.sleep(self._around.dice.uniform(0.2, 1.0))  # nobody dials faster
            return False
        if heard and ACCEPTED not in call.last_said:
            self._told_later.add(n)
        return heard

    async def _tell_all(self, call: Call, story: str) -> bool:
        """Did they hear that it is accepted, or kept for now?"""
        if "上次来电没有说完" in call.last_said:
            await call.press("2")
        await call.speak(story)
        await asyncio.sleep(self._around.dice.uniform(0, 0.2))
        await call.press("1")
        heard = any(words in call.last_said for words in BELIEVED)
        await call.hang_up()
        return heard


def number_of(n: int) -> str:
    return f"+8526123{4000 + n}"


def _key(told: Requested) -> str:
    address, form = urlsplit(told.url), told.params
    call, step = form.get("CallSid", ""), parse_qs(address.query).get("n", [""])[0]
    match address.path.rpartition("/")[2]:
        case "call":
            return f"{call}:0"
        case "step":
            return f"{call}:{step}|{call}:end"
        case "status" if form.get("CallStatus") in OVER:
            return f"{call}:end"
        case "recording" if form.get("RecordingStatus", "completed") == "completed":
            return f"recording:{form['RecordingSid']}"
    return ""
