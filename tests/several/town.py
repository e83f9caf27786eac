"""Some gateways on one PostgreSQL, with one mailbox and one folder for scans between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from channels.base import Item, Kept
from channels.email.simulator import MailSimulator
from channels.letter.channel import LetterChannel
from channels.letter.limits import Limits
from channels.letter.sending import LetterSender
from channels.letter.settings import LetterSettings
from channels.letter.slips import Slips
from gateway.app import Gateway, open_gateway
from gateway.background import start_background_work
from gateway.intake.inbox import GatewayInbox
from gateway.settings import Settings
from gateway.turns import HERE
from tests.clock import SetClock
from tests.letter.mailroom import COMPLAINT, Drawer, HandPress, PaperClerk, scan
from tests.waiting import until

MAIL = (
    "From: Chen <c{n}@qq.example>\r\nTo: tousu@insurer.example\r\nSubject: =?utf-8?b?5oqV6K+J?=\r\n"
    "Message-ID: <m{n}@qq.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0800\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "我叫陈建国，车险理赔拖了两个月了还没赔，保单号PDAA2026410100008{n:05d}，请尽快赔付。\r\n"
)


@dataclass
class Town:
    """``kept`` counts how often each item was handed over: more than once is work done twice."""

    url: str
    folder: Path
    mail: MailSimulator
    clock: SetClock
    kept: Counter[str]
    gateways: list[Gateway] = field(default_factory=list)
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def scans(self) -> Path:
        return self.folder / "scans"

    def settings(self) -> dict[str, str]:
        return {
            "data_dir": str(self.folder / "data"),
            "database_url": self.url,
            "email_address": "tousu@insurer.example",
            "email_imap_url": self.mail.imap_url(),
            "email_smtp_url": self.mail.smtp_url(),
            "letter_in": str(self.scans),
            "letter_stable_seconds": "0",
            "letter_rescan_seconds": "0.2",
        }

    async def open(self) -> Gateway:
        """One more gateway, which does nothing by itself."""
        settings = Settings.model_validate(self.settings())
        return await self.closing.enter_async_context(open_gateway(settings, self.clock))

    async def start(self) -> Gateway:
        """One more gateway, at work."""
        opened = await self.open()
        self.closing.push_async_callback(opened.supervisor.aclose)
        opened.channels["letter"] = self._paper(opened)
        await start_background_work(opened)
        self.gateways.append(opened)
        return opened

    async def halt(self, gateway: Gateway) -> None:
        """It stops as if its machine had lost its power: nothing is given back, nobody is told."""

        async def nothing(name: str) -> None: ...

        gateway.turns._stop_beating()
        gateway.turns._give_back = nothing  # type: ignore[method-assign]
        await gateway.supervisor.aclose()

    async def tending(self, name: str) -> Gateway:
        """The one whose turn it is."""
        await until(lambda: any(self._tends(each, name) for each in self.gateways))
        (one,) = [each for each in self.gateways if self._tends(each, name)]
        return one

    async def handled(self, channel: str) -> int:
        async with self.gateways[0].house.store.reading() as unit:
            return sum(n for name, state, n in await unit.ledger.counts() if (name, state) == (channel, "handled"))

    async def all_handled(self, **expected: int) -> None:
        async def done() -> bool:
            return all([await self.handled(channel) == count for channel, count in expected.items()])

        await until(done, 60.0)

    def write(self, numbers: range) -> None:
        for n in numbers:
            self.mail.deliver(MAIL.format(n=n).encode())

    def post(self, numbers: range) -> None:
        for n in numbers:
            self._lay(n, self.scans)

    def claim(self, number: int) -> None:
        """As a gateway leaves it that dies right after its claim."""
        place = self.scans / "processing" / f"{number:032x}"
        place.mkdir(parents=True)
        self._lay(number, place)

    def _lay(self, number: int, folder: Path) -> None:
        (folder / f"SCN_{number:04d}.pdf").write_bytes(scan(f"{COMPLAINT} 第{number}封"))

    def _paper(self, gateway: Gateway) -> LetterChannel:
        """The channel of letters with somebody quick to read them."""
        slips = Slips(Drawer())
        channel = LetterChannel(
            LetterSettings(folder=self.scans, stable=0.0, rescan=0.2),
            reader=PaperClerk(),
            slips=slips,
            sender=LetterSender(HandPress(), None, slips),
            clock=gateway.house.clock,
            limits=Limits(closing_time=0.0),
        )
        channel.routes(gateway.inbox)
        return channel

    def _tends(self, gateway: Gateway, name: str) -> bool:
        return gateway.turns.tended_by(name) == HERE


@asynccontextmanager
async def town(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    kept, keep, mail, clock = Counter[str](), GatewayInbox.keep, MailSimulator(), SetClock()

    async def counted(self: GatewayInbox, item: Item) -> Kept:
        kept[item.key] += 1
        return await keep(self, item)

    monkeypatch.setattr(GatewayInbox, "keep", counted)
    (folder / "scans").mkdir()
    await mail.start()
    made = Town(url, folder, mail, clock, kept)
    try:
        yield made
    finally:
        await made.closing.aclose()
        await mail.stop()
