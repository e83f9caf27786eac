"""The post's rig: a message is a letter that was scanned, and an answer is what was printed for that address."""

from __future__ import annotations

import asyncio
import itertools
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from channels.base import Outbound, Receipt
from channels.errors import DeliveryError, Rejected, Retryable
from channels.letter.reader import PaperReader, Reading
from channels.letter.simulator.codes import qr
from channels.letter.simulator.files import written
from channels.letter.simulator.office import LetterOut, PostOffice
from channels.letter.simulator.paper import Canvas, Page
from channels.letter.simulator.writing import write_letter
from gateway.app import Gateway
from tests.clock import SetClock
from tests.waiting import until

BREAKING: dict[str, DeliveryError] = {
    "busy": Retryable("the folder is full"),
    "refused": Rejected("a character that no font has", code="glyph_missing"),
}
ANSWERS = "关于"  # whoever begins so encloses the slip of the letter that they answer
TO_WHOM = re.compile(r"尊敬的[^：\n]{0,100}：|投诉人 [^\n]{0,100}")
NEVER_SENT = "TOUSU:SLIP:TS261122000010:AAAAAAAA"
PATIENCE = 60.0  # the reader's process starts, and reads


class KnowingReader(PaperReader):
    """Reads a scan when it is the first to see it: the same page says the same to every gateway of a test run.

    What cannot be read is tried each time, and told and logged each time.
    """

    _known: ClassVar[dict[bytes, Reading]] = {}

    async def read(self, content: bytes) -> Reading:
        if content not in self._known:
            self._known[content] = await super().read(content)
        return self._known[content]


class LetterRig:
    name = "letter"
    one_answer = True
    own_address_opens = False

    def __init__(self, clock: SetClock) -> None:
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self._folder.name)
        self.office = PostOffice(root / "in", root / "out")
        self._scans: dict[str, bytes] = {}
        self._out: list[LetterOut] = []  # in the order in which they were printed
        self._names = (f"SCN_{number:04d}.pdf" for number in itertools.count(1))
        self._listening: asyncio.Task[None] | None = None
        self._gateway: Gateway | None = None

    async def start(self) -> None:
        """Nothing to start: the post is two folders."""

    async def aclose(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        self._folder.cleanup()

    def settings(self) -> dict[str, str]:
        return {
            "letter_in": str(self.office.incoming),
            "letter_out": str(self.office.outgoing),
            "letter_stable_seconds": "0",
            "letter_rescan_seconds": "0.2",
        }

    async def join(self, gateway: Gateway, base_url: str) -> None:
        self._gateway = gateway
        self._listening = asyncio.create_task(gateway.channels["letter"].listen(gateway.inbox))

    async def write(self, who: str, text: str, *, key: str) -> None:
        if key not in self._scans:
            slip = await self._slip_of(who) if text.startswith(ANSWERS) else ()
            words = f"{text}\n通讯地址：{self.address(who)}\n联系电话：{phone(who)}"
            self._scans[key] = await asyncio.to_thread(scan_of, words, slip)
        await self._drop(self._scans[key])
        await self._letters_to(who)  # printed one after the other, and not in a heap

    async def write_garbage(self, who: str) -> None:
        await self._drop(b"%PDF-1.7\nno pages, no objects\n%%EOF\n")

    async def forge(self) -> int | None:
        """The slip of a letter that we never sent."""
        slip = Canvas()
        slip.paste(qr(NEVER_SENT), 30, 30, 25)
        words = f"我叫王伪，理赔拖了两个月，请赔付\n通讯地址：{self.address('forger')}"
        await self._drop(await asyncio.to_thread(scan_of, words, (slip.page(),)))
        return None

    def items(self) -> int:
        return len(self._scans)

    async def ask_how_it_stands(self, gateway: Gateway, who: str, number: str) -> str:
        """With the number, and the last four of the telephone that stood in the complaint."""
        text = f"查询投诉进度，投诉编号{number}，登记手机号后四位{phone(who)[-4:]}"
        words = f"{text}\n通讯地址：{self.address(who)}"
        self._scans["how it stands"] = await asyncio.to_thread(scan_of, words, ())
        await self._drop(self._scans["how it stands"])
        return (await self.read(gateway, who))[-1]

    async def read(self, gateway: Gateway, who: str) -> list[str]:
        """What is inside the envelope; a letter greets by name, and its slip bears one: that is no news."""
        letters = await self._letters_to(who)
        return [TO_WHOM.sub("", self.office.text_of(letter)) for letter in letters]

    def address(self, who: str) -> str:
        return f"上海市徐汇区漕溪北路{sum(who.encode())}号3单元501室"

    def break_sending(self, how: str) -> None:
        assert self._gateway is not None
        channel, troubles = self._gateway.channels["letter"], [BREAKING[how]]
        send = channel.send

        async def troubled(outbound: Outbound) -> Receipt:
            if troubles:
                raise troubles.pop()
            return await send(outbound)

        patch.object(channel, "send", troubled).start()

    async def _letters_to(self, who: str) -> list[LetterOut]:
        """Printed so far, after all that is due was printed."""
        assert self._gateway is not None
        while await self._gateway.worker.run_once():
            pass
        known = {letter.id for letter in self._out}
        self._out += [letter for letter in self.office.letters_out() if letter.id not in known]
        return [letter for letter in self._out if self.address(who) in flat(self.office.address_of(letter))]

    async def _slip_of(self, who: str) -> Sequence[Page]:
        *_, last = await self._letters_to(who)
        return self.office.answer_slip(last, "")

    async def _drop(self, content: bytes) -> None:
        assert self._gateway is not None
        name = next(self._names)
        self.office.drop(content, name=name)
        await until(lambda: self._is_put_away(name), PATIENCE)

    def _is_put_away(self, name: str) -> bool:
        put_away = [*self.office.incoming.glob(f"processed/*/{name}"), *self.office.incoming.glob(f"quarantine/{name}")]
        return bool(put_away)


def phone(who: str) -> str:
    return f"138{sum(who.encode()) * 7919 % 100_000_000:08d}"


def scan_of(words: str, enclosed: Sequence[Page]) -> bytes:
    return written([*write_letter(words), *enclosed], "scan.pdf")


def flat(text: str) -> str:
    return "".join(text.split())
