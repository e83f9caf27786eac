"""What customers do with their phones and mail programs."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from channels.base import Clock
from channels.email.simulator import MailSimulator
from channels.wechat.simulator import Pushed, WeChatSimulator
from gateway.operations.demo.cast import WRITERS, Player
from gateway.operations.demo.diary import Diary
from gateway.operations.demo.post import Letter, read, write
from gateway.operations.demo.samples import voice
from gateway.operations.demo.shelf import Upload

PASS, FORGED = "pass", "fail"


class Customers:
    """One person's messages leave one after the other, as from a phone; different people's side by side."""

    def __init__(self, *, wechat: WeChatSimulator, mail: MailSimulator, diary: Diary, clock: Clock) -> None:
        self._wechat = wechat
        self._mail = mail
        self._diary = diary
        self._clock = clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._fetched: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()  # messages under way, by openid
        self.media: dict[tuple[str, int], Upload] = {}  # what a line of a chat shows: openid and place in it

    # -- WeChat ------------------------------------------------------------------------------------------------------

    async def say(self, openid: str, text: str, msg_id: str | None = None) -> Pushed:
        async with self._turn(openid):
            return await self._wechat.push_text(openid, text, msg_id)

    async def show(self, openid: str, picture: Upload) -> Pushed:
        async with self._turn(openid):
            media_id = self._wechat.upload_media(picture.content, picture.media_type)
            self.media[openid, len(self._wechat.chat_of(openid))] = picture
            return await self._wechat.push_image(openid, media_id)

    async def speak(self, openid: str, recognised: str | None) -> Pushed:
        """A voice message; WeChat writes down what it understood only where the account has that switched on."""
        async with self._turn(openid):
            media_id = self._wechat.upload_media(voice(), "audio/amr")
            return await self._wechat.push_voice(openid, media_id, recognised)

    async def press(self, openid: str, key: str) -> Pushed:
        async with self._turn(openid):
            return await self._wechat.click(openid, key)

    async def follow(self, openid: str, following: bool) -> Pushed:
        async with self._turn(openid):
            return await (self._wechat.follow(openid) if following else self._wechat.unfollow(openid))

    async def greet(self) -> None:
        """Whoever has not yet been in the chat follows the account."""
        fresh = [player for player in self._diary.followers if not self._wechat.chat_of(player.address)]
        await asyncio.gather(*(self.follow(player.address, True) for player in fresh))

    @asynccontextmanager
    async def _turn(self, openid: str) -> AsyncIterator[None]:
        self.waiting[openid] += 1
        try:
            async with self._turns[openid]:
                yield
        finally:
            self.waiting[openid] -= 1

    # -- e-mail ------------------------------------------------------------------------------------------------------

    def post(
        self,
        writer: Player,
        *,
        subject: str,
        text: str,
        answers: Letter | None = None,
        files: Sequence[Upload] = (),
        verdict: str = PASS,
    ) -> Letter:
        """Write a mail and send it; it lies in the gateway's mailbox on return."""
        to = f"tousu@{self._mail.domain}"
        raw = write(writer, to=to, subject=subject, text=text, at=self._clock.now(), answers=answers, files=files)
        letter = read(raw, sent=True)
        self.collect()
        self._diary.letters[writer.address].append(letter)
        self._mail.deliver(raw, verdict=verdict)
        return letter

    def mailbox(self, address: str) -> list[Letter]:
        """Sent and received, in the order in which the owner saw them."""
        self.collect()
        return self._diary.letters[address]

    def collect(self) -> None:
        """Fetch what has come for everybody."""
        for player in WRITERS:
            come = self._mail.inbox_of(player.address)
            for raw in come[self._fetched[player.address] :]:
                self._diary.letters.setdefault(player.address, []).append(read(raw, sent=False))
            self._fetched[player.address] = len(come)


def writer_at(address: str) -> Player | None:
    return next((player for player in WRITERS if player.address == address), None)
