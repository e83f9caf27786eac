"""A rig for each channel: the provider's far side, spoken to in the words that every channel shares."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Callable
from typing import Protocol

from aiohttp import ClientSession

from channels.email.simulator import MailSimulator
from channels.email.simulator.faults import Kind
from channels.wechat.simulator import WeChatSimulator
from channels.wechat.simulator.faults import Fault
from gateway.app import Gateway
from tests.clock import SetClock
from tests.contract.calls import PhoneRig
from tests.contract.forms import CounterRig, WebRig
from tests.contract.post import LetterRig
from tests.waiting import until

HOW_IT_STANDS = "我的投诉处理到哪一步了？"


class Rig(Protocol):
    """What the contract suite needs of a channel's far side."""

    name: str
    one_answer: bool  # is a message answered by one message?
    own_address_opens: bool  # is coming from the address of a complaint proof enough to ask about it?

    async def start(self) -> None: ...
    async def aclose(self) -> None: ...
    def settings(self) -> dict[str, str]:
        """The TOUSU_ settings, lower case, that point the gateway here."""
        ...

    async def join(self, gateway: Gateway, base_url: str) -> None: ...
    async def write(self, who: str, text: str, *, key: str) -> None:
        """A person writes; returns when the gateway has handled it. The same key is the same item, delivered again.

        On the telephone it is a call: the words, yes to what is read back, and the end.
        """
        ...

    def items(self) -> int:
        """How many items we were given so far, without what nobody can understand."""
        ...

    async def ask_how_it_stands(self, gateway: Gateway, who: str, number: str) -> str:
        """The owner asks, with all that an owner knows; the answer."""
        ...

    async def write_garbage(self, who: str) -> None:
        """An authentic item that nobody can understand."""
        ...

    async def forge(self) -> int | None:
        """An item with a wrong proof of its sender; the HTTP status, where there is one."""
        ...

    async def read(self, gateway: Gateway, who: str) -> list[str]:
        """All that the person has been told, in order."""
        ...

    def address(self, who: str) -> str:
        """What they come by, as nobody's logs may hold it."""
        ...

    def break_sending(self, how: str) -> None:
        """The next delivery meets trouble: busy, refused."""
        ...


class WeChatRig:
    name = "wechat"
    one_answer = True
    own_address_opens = True

    def __init__(self, clock: SetClock) -> None:
        self.world = WeChatSimulator(clock=clock)
        self._numbers: dict[str, str] = {}

    async def start(self) -> None:
        await self.world.start()

    async def aclose(self) -> None:
        await self.world.aclose()

    def settings(self) -> dict[str, str]:
        account = self.world.settings()
        return {
            "wechat_app_id": account.app_id,
            "wechat_app_secret": account.app_secret,
            "wechat_token": account.token,
            "wechat_aes_key": account.aes_key,
            "wechat_account_id": account.account_id,
            "wechat_api_url": account.api_url,
        }

    async def join(self, gateway: Gateway, base_url: str) -> None:
        self.world.webhook_url = f"{base_url}/in/wechat"

    async def write(self, who: str, text: str, *, key: str) -> None:
        number = self._numbers.setdefault(key, str(5_000_000 + len(self._numbers)))
        pushed = await self.world.push_text(who, text, msg_id=number)
        assert pushed.statuses[-1] == 200

    async def ask_how_it_stands(self, gateway: Gateway, who: str, number: str) -> str:
        await self.write(who, HOW_IT_STANDS, key="how it stands")
        return (await self.read(gateway, who))[-1]

    async def write_garbage(self, who: str) -> None:
        await self.world.push_message(
            who, "text", {"MsgType": "text", "Content": "<![CDATA[x]]>", "MsgId": "no number"}
        )

    async def forge(self) -> int | None:
        url = f"{self.world.webhook_url}?encrypt_type=aes&timestamp=1&nonce=1&msg_signature={'0' * 40}"
        async with ClientSession() as session, session.post(url, data=b"<xml><Encrypt>x</Encrypt></xml>") as response:
            return response.status

    def items(self) -> int:
        return len(self._numbers)

    def address(self, who: str) -> str:
        return who

    async def read(self, gateway: Gateway, who: str) -> list[str]:
        await drain(gateway)
        return [line.text for line in self.world.chat_of(who) if line.by != "person"]

    def break_sending(self, how: str) -> None:
        code = {"busy": -1, "refused": 40003}[how]
        self.world.inject(Fault(endpoint="message/custom/send", kind="errcode", code=code))


class EmailRig:
    name = "email"
    one_answer = True
    own_address_opens = True

    def __init__(self, clock: SetClock) -> None:
        self.provider = MailSimulator(clock=clock)
        self._listening: asyncio.Task[None] | None = None
        self._keys: set[str] = set()

    async def start(self) -> None:
        await self.provider.start()

    async def aclose(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self.provider.stop()

    def settings(self) -> dict[str, str]:
        return {
            "email_address": "tousu@insurer.example",
            "email_imap_url": self.provider.imap_url(),
            "email_smtp_url": self.provider.smtp_url(),
        }

    async def join(self, gateway: Gateway, base_url: str) -> None:
        self._listening = asyncio.create_task(gateway.channels["email"].listen(gateway.inbox))

    async def write(self, who: str, text: str, *, key: str) -> None:
        self._keys.add(key)
        self.provider.deliver(mail(who, text, key))
        await self._until_put_away()

    async def ask_how_it_stands(self, gateway: Gateway, who: str, number: str) -> str:
        await self.write(who, HOW_IT_STANDS, key="how it stands")
        return (await self.read(gateway, who))[-1]

    async def write_garbage(self, who: str) -> None:
        nested = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 4000
        self.provider.deliver(f"From: <{address(who)}>\r\nMessage-ID: <garbage@x.example>\r\n".encode() + nested)
        await self._until_put_away()

    async def forge(self) -> int | None:
        self.provider.deliver(mail("wang", "我叫王伪，理赔拖了两个月，请赔付", "forged"), verdict="fail")
        await self._until_put_away()
        return None

    def items(self) -> int:
        return len(self._keys)

    def address(self, who: str) -> str:
        return address(who)

    async def read(self, gateway: Gateway, who: str) -> list[str]:
        await drain(gateway)
        return [body_of(raw) for raw in self.provider.inbox_of(address(who))]

    def break_sending(self, how: str) -> None:
        answer = {"busy": "451 4.7.1 try again later", "refused": "550 5.1.1 no such user"}[how]
        self.provider.smtp_faults.plan("RCPT", Kind.REFUSE, answer=answer)

    async def _until_put_away(self) -> None:
        await until(lambda: not self.provider.folder("INBOX").mails)


async def drain(gateway: Gateway) -> None:
    """Deliver all that is due."""
    while await gateway.worker.run_once():
        pass


def address(who: str) -> str:
    return f"{who}@qq.example"


def mail(who: str, text: str, key: str) -> bytes:
    made = email.message.EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = f"<{address(who)}>", "tousu@insurer.example", "投诉"
    made["Message-ID"], made["Date"] = f"<{key}@qq.example>", "Mon, 23 Nov 2026 09:30:00 +0800"
    made.set_content(text)
    return made.as_bytes()


def body_of(raw: bytes) -> str:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    part = parsed.get_body(("plain",))
    return str(part.get_content()) if part else ""


RIGS: dict[str, Callable[[SetClock], Rig]] = {
    "wechat": WeChatRig,
    "email": EmailRig,
    "phone": PhoneRig,
    "letter": LetterRig,
    "web": WebRig,
    "counter": CounterRig,
}
