"""The telephone's rig: a message is a call, said at the first prompt, agreed to, and ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from unittest.mock import patch
from urllib.parse import urlsplit

from aiohttp import ClientSession

from channels.phone.simulator import Call, Fault, PhoneSimulator
from channels.phone.simulator.values import Trouble
from channels.phone.simulator.webhooks import Reply
from gateway.app import Gateway
from tests.clock import SetClock

MOST_TURNS = 6
# What is asked for the sake of a call alone, by a word in the question, and what the person does.
GOES_ON, POLICY, READ_BACK = "上次来电没有说完", "请问保单号是多少", "对请按1"
BREAKING = {"busy": Fault(endpoint="POST Messages", kind="http_429")} | {
    "refused": Fault(endpoint="POST Messages", kind="error_code", code=30007)
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request for a document, and the document."""

    url: str
    method: str
    params: Mapping[str, str]
    document: bytes


class PhoneRig:
    name = "phone"
    one_answer = False
    own_address_opens = False

    def __init__(self, clock: SetClock) -> None:
        self.carrier = PhoneSimulator(clock=clock)
        self.calls: dict[str, Call] = {}
        self.asked: list[Asked] = []
        self.told: dict[str, list[str]] = {}
        self.texts: dict[str, int] = {}  # how many text messages were read
        self._ask = self.carrier.exchange.webhooks.ask
        self._listening = patch.object(self.carrier.exchange.webhooks, "ask", self._keep_the_document)

    async def start(self) -> None:
        await self.carrier.start()
        self._listening.start()

    async def aclose(self) -> None:
        self._listening.stop()
        await self.carrier.aclose()

    def settings(self) -> dict[str, str]:
        return self.carrier.settings()

    async def join(self, gateway: Gateway, base_url: str) -> None:
        self.carrier.public_url = base_url
        self.carrier.voice_url, self.carrier.status_url = "/in/phone/call", "/in/phone/status"

    async def write(self, who: str, text: str, *, key: str) -> None:
        if key in self.calls:
            return await self._deliver_again(self.calls[key])
        call = self.calls[key] = await self._call(who)
        if GOES_ON in call.last_said:
            await call.press("1")
        await call.speak(text)
        await self._agree(call)
        await self._leave(who, call)

    async def write_garbage(self, who: str) -> None:
        try:
            await self._ask(self._url("step?n=seven"), "POST", {"CallSid": "CA" + "9" * 32, "From": self.address(who)})
        except Trouble:
            return  # the fallback document talks with them

    async def forge(self) -> int | None:
        headers = {"X-Twilio-Signature": "bm90IFR3aWxpbydzIHNpZ25hdHVyZQ=="}
        told = {"CallSid": "CA" + "8" * 32, "From": self.address("wang"), "CallStatus": "ringing"}
        url = self._url("call")
        async with ClientSession() as session, session.post(url, data=told, headers=headers) as response:
            return response.status

    def items(self) -> int:
        """Of each call its beginning, every step, and its end."""
        steps = {(each.params["CallSid"], each.url) for each in self.asked}
        return len(steps) + sum(1 for call in self.carrier.calls if call.ended)

    async def ask_how_it_stands(self, gateway: Gateway, who: str, number: str) -> str:
        call = await self._call(who)
        await call.press("2")
        await call.press(number.removeprefix("TS") + "#")
        await call.press(self.address(who)[-4:] + "#")
        await self._leave(who, call)
        return call.last_said

    async def read(self, gateway: Gateway, who: str) -> list[str]:
        """What was said on the line, turn by turn, and the text messages."""
        while await gateway.worker.run_once():
            pass
        await self.carrier.settle()
        told = self.told.setdefault(who, [])
        new = self.carrier.sms_of(self.address(who))[self.texts.get(who, 0) :]
        self.texts[who] = self.texts.get(who, 0) + len(new)
        told += [sms.body for sms in new]
        return list(told)

    def address(self, who: str) -> str:
        """A mobile in Hong Kong: text messages reach it."""
        return f"+8525{sum(who.encode()) % 10_000_000:07d}"

    def break_sending(self, how: str) -> None:
        self.carrier.inject(BREAKING[how])

    async def _call(self, who: str) -> Call:
        return await self.carrier.call(self.address(who))

    async def _agree(self, call: Call) -> None:
        for _ in range(MOST_TURNS):
            if call.ended or not (READ_BACK in call.last_said or POLICY in call.last_said):
                return
            await (call.press("1") if READ_BACK in call.last_said else call.speak("不知道"))

    async def _leave(self, who: str, call: Call) -> None:
        await call.hang_up()
        await self.carrier.settle()
        self.told.setdefault(who, []).extend(call.said)

    async def _deliver_again(self, call: Call) -> None:
        """Every request of the call once more, by chance in the order they came; each gets the same bytes."""
        for each in [each for each in self.asked if each.params["CallSid"] == call.sid]:
            reply = await self._ask(each.url, each.method, each.params)
            assert reply.content == each.document

    async def _keep_the_document(self, url: str, method: str, params: Mapping[str, str]) -> Reply:
        reply = await self._ask(url, method, params)
        self.asked.append(Asked(url=url, method=method, params=dict(params), document=reply.content))
        return reply

    def _url(self, path: str) -> str:
        base = urlsplit(self.carrier.public_url)
        return f"{base.scheme}://{base.netloc}/in/phone/{path}"
