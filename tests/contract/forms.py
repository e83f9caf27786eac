"""The rigs of the website and the counter: a message is a form, an answer what the page says or the mailbox holds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from unittest.mock import patch

from aiohttp.test_utils import TestClient, TestServer

from channels.base import Answer, Outbound, Receipt
from channels.errors import DeliveryError, Rejected, Retryable
from channels.forms import item_of, submission_of_form
from gateway.app import Gateway
from normalizer.record import Submission
from tests.clock import SetClock
from tests.web.visitor import DECLARED, Seen, Visitor, customers_app, hidden

BREAKING: dict[str, DeliveryError] = {
    "busy": Retryable("the page is being mended"),
    "refused": Rejected("no such visit", code="gone"),
}


class Mailbox:
    """What passes through a channel's ``send``, and the trouble that the next one meets."""

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.troubles: list[DeliveryError] = []

    def stands_before(self, gateway: Gateway, name: str, *, takes: bool) -> None:
        """``takes``: where the channel itself would only pass it on, it is taken here."""
        channel = gateway.channels[name]
        send = channel.send

        async def watched(outbound: Outbound) -> Receipt:
            if self.troubles:
                raise self.troubles.pop()
            receipt = Receipt(provider_id=outbound.id) if takes else await send(outbound)
            self.sent.append(outbound)
            return receipt

        patch.object(channel, "send", watched).start()


class WebRig:
    """One browser for each person."""

    name = "web"
    one_answer = True
    own_address_opens = False

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self._visitors: dict[str, Visitor] = {}
        self._forms: dict[str, dict[str, str]] = {}
        self._told: dict[str, list[str]] = {}
        self._numbers: dict[str, str] = {}
        self._mailbox = Mailbox()
        self._gateway: Gateway | None = None

    async def start(self) -> None:
        """Nothing to start: the far side is a browser."""

    async def aclose(self) -> None:
        for visitor in self._visitors.values():
            await visitor.client.close()

    def settings(self) -> dict[str, str]:
        return {"web": "True"}

    async def join(self, gateway: Gateway, base_url: str) -> None:
        self._gateway = gateway
        self._mailbox.stands_before(gateway, "web", takes=False)

    async def write(self, who: str, text: str, *, key: str) -> None:
        visitor = await self._visitor(who)
        if key not in self._forms:
            await self._before(visitor, who, text, key)
        seen = await visitor.send("/complain", self._forms[key])
        self._hear(who, seen)

    async def write_garbage(self, who: str) -> None:
        visitor = await self._visitor(who)
        await visitor.open("/complain")
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        await visitor.client.post("/complain", data=b"--x\r\nhalf a form", headers=headers)

    async def forge(self) -> int | None:
        visitor = await self._visitor("forger")
        page = await visitor.open("/complain")
        seen = await visitor.send("/complain", {**hidden(page, "/complain"), "csrf": "0" * 32, "matter": "赔付"})
        return seen.status

    def items(self) -> int:
        return len(self._forms)

    async def ask_how_it_stands(self, gateway: Gateway, who: str, number: str) -> str:
        return (await (await self._visitor(who)).prove(number, self.address(who)[-4:])).role_status

    async def read(self, gateway: Gateway, who: str) -> list[str]:
        while await gateway.worker.run_once():
            pass
        number = self._numbers.get(who, "?")
        return [*self._told.get(who, []), *(each.text for each in self._mailbox.sent if each.number == number)]

    def address(self, who: str) -> str:
        return f"138{sum(who.encode()) * 7919 % 100_000_000:08d}"

    def break_sending(self, how: str) -> None:
        self._mailbox.troubles.append(BREAKING[how])

    async def _before(self, visitor: Visitor, who: str, text: str, key: str) -> None:
        page = await visitor.open("/complain")
        if page.path != "/complain":
            page = await visitor.press(page, "/complain/new")
        self._clock.advance(seconds=20)
        self._forms[key] = {
            **hidden(page, "/complain"),
            **DECLARED,
            "matter": text,
            "phone": self.address(who),
        }

    def _hear(self, who: str, seen: Seen) -> None:
        told = self._told.setdefault(who, [])
        if seen.number:
            self._numbers[who] = seen.number
        said = "\n".join(seen.words) or seen.text
        if said not in told:
            told.append(said)

    async def _visitor(self, who: str) -> Visitor:
        assert self._gateway is not None
        if who not in self._visitors:
            client = TestClient(TestServer(customers_app(self._gateway)))
            await client.start_server()
            self._visitors[who] = Visitor(client, self._clock)
        return self._visitors[who]


class CounterRig:
    """A clerk who types what visitors say, and reads them the answer."""

    name = "counter"
    one_answer = True
    own_address_opens = True

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self._forms: dict[str, Submission] = {}
        self._told: dict[str, list[str]] = {}
        self._mailbox = Mailbox()
        self._gateway: Gateway | None = None

    async def start(self) -> None:
        """Nothing to start: the far side is a desk."""

    async def aclose(self) -> None:
        """Nothing is open."""

    def settings(self) -> dict[str, str]:
        return {"counter": "True"}

    async def join(self, gateway: Gateway, base_url: str) -> None:
        self._gateway = gateway
        self._mailbox.stands_before(gateway, "counter", takes=True)

    async def write(self, who: str, text: str, *, key: str) -> None:
        if key not in self._forms:
            values = {"phone": self.address(who)}
            self._forms[key] = submission_of_form(
                "counter", visit(who), values, text, (), token=key, at=self._clock.now()
            )
        self._hear(who, await self._submit(self._forms[key]))

    async def write_garbage(self, who: str) -> None:
        form = submission_of_form("counter", visit(who), {}, "x", (), token="garbage", at=self._clock.now())
        assert self._gateway is not None
        item = item_of(form)
        broken = Submission(
            channel="counter",
            key=item.key,
            sender=form.sender,
            received_at=form.received_at,
            raw=b"{",
            unreadable="no form",
        )
        await self._submit(broken)

    async def forge(self) -> int | None:
        """Nobody but a clerk who is signed in comes to this channel."""
        return None

    def items(self) -> int:
        return len(self._forms)

    async def ask_how_it_stands(self, gateway: Gateway, who: str, number: str) -> str:
        form = submission_of_form(
            "counter", visit(who), {}, "我的投诉处理到哪一步了？", (), token="how", at=self._clock.now()
        )
        return (await self._submit(form)).text

    async def read(self, gateway: Gateway, who: str) -> list[str]:
        while await gateway.worker.run_once():
            pass
        mine: Sequence[Outbound] = [each for each in self._mailbox.sent if each.to.value == visit(who)]
        return [*self._told.get(who, []), *(each.text for each in mine)]

    def address(self, who: str) -> str:
        return f"138{sum(who.encode()) * 7919 % 100_000_000:08d}"

    def break_sending(self, how: str) -> None:
        self._mailbox.troubles.append(BREAKING[how])

    async def _submit(self, form: Submission) -> Answer:
        assert self._gateway is not None
        return await self._gateway.inbox.submit(form, speak_by=float("inf"))

    def _hear(self, who: str, answer: Answer) -> None:
        told = self._told.setdefault(who, [])
        if answer.text and answer.text not in told:
            told.append(answer.text)


def visit(who: str) -> str:
    return hashlib.sha256(who.encode()).hexdigest()[:32]
